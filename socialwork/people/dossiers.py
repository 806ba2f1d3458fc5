"""Reading and writing what is told about a child: all prose goes through the data key of the child's dossier."""
from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.core.signals import request_finished, request_started
from django.db.models.signals import post_delete
from django.dispatch import receiver

from socialwork.core import crypto
from socialwork.core.ids import written
from socialwork.people.models import DossierKey, Juvenile, Narrative


class DossierClosed(Exception):
    """There is no key any more: the dossier was sealed or destroyed."""


class Dossier:
    """The opened key of one child, for the length of one request or task. Never stored, never logged."""

    def __init__(self, juvenile_id: UUID | str, key: bytes) -> None:
        self.juvenile_id = str(juvenile_id)
        self._key = key

    def write(self, row: Narrative, **text: Any) -> None:
        """Replace the prose of a row (not yet saved). Keys must be declared in the row's PROSE."""
        unknown = set(text) - set(row.PROSE)
        if unknown:
            raise ValueError(f"{type(row).__name__} declares no prose {sorted(unknown)}")
        kept = {name: value for name, value in {**(row.text or {}), **text}.items() if value not in ("", None, [], {})}
        row.sealed = crypto.encrypt_json(self._key, kept, self._place(row))
        row.text = {name: kept.get(name, "") for name in row.PROSE}

    def read(self, *rows: Narrative) -> None:
        """Open the prose of loaded rows: `row.text` then has every declared key."""
        for row in rows:
            text: dict[str, Any] = dict.fromkeys(row.PROSE, "")
            if row.sealed:
                text |= crypto.decrypt_json(self._key, row.sealed, self._place(row))
            row.text = text

    def seal_bytes(self, content: bytes, row_id: UUID) -> bytes:
        """Encrypt a file of the dossier."""
        return crypto.encrypt(self._key, content, crypto.aad("files_storedfile", self.juvenile_id, row_id, "content"))

    def open_bytes(self, content: bytes, row_id: UUID) -> bytes:
        return crypto.decrypt(self._key, content, crypto.aad("files_storedfile", self.juvenile_id, row_id, "content"))

    def _place(self, row: Narrative) -> str:
        return crypto.aad(row._meta.db_table, self.juvenile_id, row.id, "sealed")


# Dossiers opened during the request that runs, by child; None outside of requests, where nothing is kept.
_opened_now: ContextVar[dict[UUID, Dossier] | None] = ContextVar("dossiers_opened_now", default=None)


@receiver(request_started)
def _begin(**kwargs: Any) -> None:
    _opened_now.set({})


@receiver(request_finished)
def _end(**kwargs: Any) -> None:
    _opened_now.set(None)


@receiver(post_delete, sender=DossierKey)
def _close(instance: DossierKey, **kwargs: Any) -> None:
    (_opened_now.get() or {}).pop(instance.pk, None)


def create_dossier(juvenile: Juvenile) -> Dossier:
    """Give a new child a data key."""
    key = crypto.new_data_key()
    DossierKey.objects.create(juvenile=juvenile, wrapped=crypto.wrap_data_key(key, key_context(juvenile.pk)))
    return Dossier(juvenile.pk, key)


def open_dossier(juvenile_id: UUID, *, child: Juvenile | None = None) -> Dossier:
    """The dossier of a child; no query where `child` was loaded with its key (`select_related("dossier_key")`).

    Raises DossierClosed when its key is gone. Rights are the caller's business.
    """
    opened = _open([juvenile_id], loaded=_keys_of([child] if child else ()))
    if juvenile_id not in opened:
        raise DossierClosed()
    return opened[juvenile_id]


def read_across(pairs: Iterable[tuple[UUID, Narrative]], *, children: Iterable[Juvenile] = ()) -> None:
    """Open rows of several children at once: pages of lists.

    One query for their keys, none where `children` were loaded with them (`select_related("dossier_key")`).
    """
    wanted = list(pairs)
    opened = _open([juvenile_id for juvenile_id, _ in wanted], loaded=_keys_of(children))
    for juvenile_id, row in wanted:
        if dossier := opened.get(juvenile_id):
            dossier.read(row)
        else:
            row.text = dict.fromkeys(row.PROSE, "")


def _open(juvenile_ids: Iterable[UUID], loaded: Iterable[DossierKey] = ()) -> dict[UUID, Dossier]:
    """Dossiers by child, those without a key left out: opened before in this request, by loaded keys, or by one query."""
    kept = _opened_now.get()
    opened = {} if kept is None else kept
    for row in loaded:
        if row.juvenile_id not in opened:
            opened[row.juvenile_id] = _opened(row)
    missing = {pk for pk in juvenile_ids if pk not in opened}
    if missing:
        opened.update((row.juvenile_id, _opened(row)) for row in DossierKey.objects.filter(pk__in=missing).order_by())
    return opened


def _keys_of(children: Iterable[Juvenile]) -> list[DossierKey]:
    return [key for child in children if (key := child._state.fields_cache.get("dossier_key")) is not None]


def _opened(row: DossierKey) -> Dossier:
    juvenile_id = written(row.juvenile_id)
    return Dossier(juvenile_id, crypto.unwrap_data_key(row.wrapped, key_context(juvenile_id)))


def key_context(juvenile_id: UUID | str) -> str:
    """Whose data key it is, as wrapped with it."""
    return f"dossier|{juvenile_id}"
