"""Keeping and opening files of a dossier. Whoever calls has asked for the right on what the file belongs to."""
from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from socialwork.core.crypto import CryptoError
from socialwork.core.errors import DomainError
from socialwork.files.models import StoredFile


class Sealer(Protocol):
    """The opened key of the dossier a file belongs to (`people.dossiers.Dossier`)."""

    def seal_bytes(self, content: bytes, row_id: UUID) -> bytes: ...

    def open_bytes(self, content: bytes, row_id: UUID) -> bytes: ...


class DamagedFile(DomainError):
    """What stands on the disk is not what was stored: lost, cut short or changed."""

    status = 500

    def __init__(self) -> None:
        super().__init__(_("This file can no longer be read as it was kept. Tell the operator of the system."), code="damaged")


def store_file(*, content: bytes, name: str, content_type: str, thread_id: UUID, by: Any, dossier: Sealer) -> StoredFile:
    """Keep a file encrypted under the dossier's key, inside the caller's transaction.

    The bytes are on the disk before the row commits, so no row ever points at nothing; what a rolled-back transaction
    leaves behind is an unreadable file that no row names. `name` is offered to people and carries no child's name.
    """
    row = StoredFile(
        name=name, content_type=content_type, size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        thread_id=thread_id, stored_by=by,
    )
    _write(_place(row), dossier.seal_bytes(content, row.pk))
    row.save(force_insert=True)
    return row


def open_file(file: StoredFile, *, dossier: Sealer) -> bytes:
    """The plain content, compared with the hash taken when it was stored. Raises DamagedFile."""
    try:
        content = dossier.open_bytes(_place(file).read_bytes(), file.pk)
    except (OSError, CryptoError) as error:
        raise DamagedFile() from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise DamagedFile()
    return content


def destroy_file(file: StoredFile) -> None:
    """Take the bytes off the disk once the caller's transaction is committed; the row with its hash stays as a proof."""
    transaction.on_commit(lambda: _place(file).unlink(missing_ok=True))


def _place(row: StoredFile) -> Path:
    return Path(settings.MEDIA_ROOT) / row.path


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a crash while writing leaves a file no row names."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
