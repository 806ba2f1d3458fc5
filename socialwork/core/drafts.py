"""Typed text that is not yet submitted: kept on the server, encrypted, until the form is carried out."""
from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone

from socialwork.core import crypto, together
from socialwork.core.models import FormDraft

# Control fields of a form are not text anybody typed.
CONTROL_FIELDS = frozenset({"csrfmiddlewaretoken", "_key", "_tab", "_seen", "_order", "_add"})
LARGEST = 1_000_000


@dataclass(frozen=True)
class Saved:
    """A draft as it stands: the form body, when it was saved, and by which tab."""

    data: QueryDict
    saved_at: datetime
    tab: str


class NewerText(Exception):
    """Another tab of the same person saved a different text after this one was opened."""

    def __init__(self, saved: Saved) -> None:
        super().__init__("newer")
        self.saved = saved


def save_draft(
    *, user: Any, form: str, object_id: UUID, body: QueryDict, tab: str = "", seen: str = "", order: int = 0
) -> Saved:
    """Keep what was typed. `tab` names the browser tab; `seen` is the saved_at it last knew, empty for its first save.

    `order` counts the saves of the tab: one that was overtaken by a later one of the same tab changes nothing. Raises NewerText when another tab has saved since, ValueError when the text is larger than any form can be.
    """
    typed = {name: body.getlist(name) for name in body if name not in CONTROL_FIELDS}
    plain = json.dumps(typed, ensure_ascii=False).encode()
    if len(plain) > LARGEST:
        raise ValueError("too large")
    wanted = FormDraft(user=user, form=form, object_id=object_id, tab=tab[:36], order=order)
    try:
        return _keep(wanted, typed, plain, seen)
    except IntegrityError:
        # A page left during its first save saves once more. The other text stands by now: this one is measured by it.
        return _keep(wanted, typed, plain, seen)


def load_draft(*, user: Any, form: str, object_id: UUID) -> Saved | None:
    row = FormDraft.objects.filter(user=user, form=form, object_id=object_id).first()
    return _open(row) if row else None


def load_drafts(*, user: Any, form: str, object_ids: Iterable[UUID]) -> dict[UUID, Saved]:
    """What the person has typed into the same form about several things, in one query; those without are missing."""
    rows = FormDraft.objects.filter(user=user, form=form, object_id__in=list(object_ids)).order_by("pk")
    return {row.object_id: _open(row) for row in rows}


def discard_draft(*, user: Any, form: str, object_id: UUID) -> None:
    together.delete(FormDraft, user_id=user.pk, form=form, object_id=object_id)


def _keep(wanted: FormDraft, typed: dict[str, list[str]], plain: bytes, seen: str) -> Saved:
    """Write over what stands, or begin the draft; IntegrityError when somebody began it in the same moment."""
    stands = FormDraft.objects.filter(user=wanted.user, form=wanted.form, object_id=wanted.object_id)
    with transaction.atomic():
        row = stands.select_for_update().first()
        if row and row.tab and row.tab == wanted.tab and 0 < wanted.order < row.order:
            return _open(row)
        other = bool(row and row.tab and wanted.tab and row.tab != wanted.tab)
        if row and other and (not seen or row.saved_at.isoformat() != seen):
            saved = _open(row)
            if {name: saved.data.getlist(name) for name in saved.data} != typed:
                raise NewerText(saved)
        row = row or wanted
        key = crypto.new_data_key()
        row.wrapped_key = crypto.wrap_data_key(key, f"draft|{row.user_id}")
        row.payload = crypto.encrypt(key, plain, _place(row.user_id, row.form, row.object_id))
        row.saved_at, row.tab, row.order = timezone.now(), wanted.tab, wanted.order
        row.save()
    return _open(row)


def _place(user_id: object, form: str, object_id: object) -> str:
    return crypto.aad("core_formdraft", str(user_id), str(object_id), form)


def _open(row: FormDraft) -> Saved:
    key = crypto.unwrap_data_key(bytes(row.wrapped_key), f"draft|{row.user_id}")
    typed = json.loads(crypto.decrypt(key, bytes(row.payload), _place(row.user_id, row.form, row.object_id)))
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return Saved(data=data, saved_at=row.saved_at, tab=row.tab)
