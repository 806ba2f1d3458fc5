"""Keeping and opening files of a dossier. Whoever calls has asked for the right on what the file belongs to."""
from __future__ import annotations

import hashlib
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from socialwork.core.crypto import CryptoError
from socialwork.core.errors import DomainError
from socialwork.files.models import StoredFile
from socialwork.files.places import Lost, place_of_files


class Sealer(Protocol):
    """The opened key of the dossier a file belongs to (`people.dossiers.Dossier`)."""

    def seal_bytes(self, content: bytes, row_id: UUID) -> bytes: ...

    def open_bytes(self, content: bytes, row_id: UUID) -> bytes: ...


class DamagedFile(DomainError):
    """What is kept is not what was stored: lost, cut short or changed."""

    status = 500

    def __init__(self) -> None:
        super().__init__(_("This file can no longer be read as it was kept. Tell the operator of the system."), code="damaged")


def store_file(*, content: bytes, name: str, content_type: str, thread_id: UUID, by: Any, dossier: Sealer) -> StoredFile:
    """Keep a file encrypted under the dossier's key, inside the caller's transaction.

    The bytes are in their place before the row commits, so no row ever points at nothing; what a rolled-back
    transaction leaves behind is an unreadable file that no row names. `name` is offered to people and carries no
    child's name. Raises StoreUnreachable.
    """
    row = StoredFile(
        name=name, content_type=content_type, size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        thread_id=thread_id, stored_by=by,
    )
    place_of_files().put(row.path, dossier.seal_bytes(content, row.pk))
    row.save(force_insert=True)
    return row


def open_file(file: StoredFile, *, dossier: Sealer) -> bytes:
    """The plain content, compared with the hash taken when it was stored. Raises DamagedFile, or StoreUnreachable."""
    try:
        content = dossier.open_bytes(place_of_files().get(file.path), file.pk)
    except (Lost, CryptoError) as error:
        raise DamagedFile() from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise DamagedFile()
    return content


def destroy_file(file: StoredFile) -> None:
    """Take the bytes away once the caller's transaction is committed; the row with its hash stays as a proof."""
    transaction.on_commit(lambda: place_of_files().remove(file.path))
