"""Where sealed bytes are kept: a folder of this machine, or a bucket of an object store that several machines share.

What is kept is encrypted before it comes here, and is read back only by the views that ask for the right: neither place
has an address that somebody could be sent to.
"""
from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.translation import gettext_lazy as _

from socialwork.core.errors import DomainError

BUCKET = "files"


class Lost(Exception):
    """There is nothing of that name, or it cannot be read."""


class StoreUnreachable(DomainError):
    """The object store does not answer, or refuses: nothing is wrong with what it keeps."""

    status = 500

    def __init__(self) -> None:
        sentence = _("The store of files does not answer at the moment. Nothing is lost; try again in a few minutes.")
        super().__init__(sentence, code="store")


class Place(Protocol):
    """Names are relative (`StoredFile.path`) and the same in both kinds: a folder may be copied into a bucket."""

    def put(self, name: str, content: bytes) -> None:
        """Keep the bytes, whole or not at all, before returning."""

    def get(self, name: str) -> bytes:
        """The bytes as they were put. Raises Lost."""

    def remove(self, name: str) -> None:
        """Take the bytes away; nothing happens where there are none."""


class Folder:
    """A folder of this machine."""

    def __init__(self, top: Path) -> None:
        self._top = top

    def put(self, name: str, content: bytes) -> None:
        """A crash while writing leaves a file no row names."""
        place = self._top / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = place.with_suffix(".part")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(place)

    def get(self, name: str) -> bytes:
        try:
            return (self._top / name).read_bytes()
        except OSError as error:
            raise Lost from error

    def remove(self, name: str) -> None:
        (self._top / name).unlink(missing_ok=True)


class Bucket:
    """A bucket reached through django-storages (`socialwork.files.bucket`)."""

    def __init__(self) -> None:
        # the client's own errors: the package is an extra that offices with one machine do without
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        self._storage = storages[BUCKET]
        self._troubles = (BotoCoreError, ClientError, Boto3Error)

    def put(self, name: str, content: bytes) -> None:
        try:
            self._storage.save(name, ContentFile(content))
        except self._troubles as error:
            raise StoreUnreachable() from error

    def get(self, name: str) -> bytes:
        try:
            with self._storage.open(name) as kept:
                return kept.read()
        except FileNotFoundError as error:
            raise Lost from error
        except self._troubles as error:
            raise StoreUnreachable() from error

    def remove(self, name: str) -> None:
        try:
            self._storage.delete(name)
        except self._troubles as error:
            raise StoreUnreachable() from error


def place_of_files() -> Place:
    """The place this installation keeps files in: FILES_S3_BUCKET names a bucket, else it is MEDIA_ROOT."""
    return Bucket() if BUCKET in settings.STORAGES else Folder(Path(settings.MEDIA_ROOT))
