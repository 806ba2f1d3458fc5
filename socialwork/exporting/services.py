"""Verbs of exports: asked for, decided, made in the background, destroyed."""
from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from socialwork import audit
from socialwork.access import api as access
from socialwork.core import crypto, vocabulary
from socialwork.core.errors import DomainError, Moved, NotVisible
from socialwork.core.identifiers import find_identifiers
from socialwork.core.tasks import send_after_commit
from socialwork.exporting import kinds
from socialwork.exporting.models import Export
from socialwork.exporting.queries import note_progress
from socialwork.exporting.states import EXPORT
from socialwork.exporting.wording import ExportState
from socialwork.files.services import destroy_file, open_file, store_file
from socialwork.organisations.models import Organisation
from socialwork.workflow.transitions import run_transition

KEPT = dt.timedelta(hours=24)
LANGUAGE = "zh-hans"


class ExportKey:
    """The key of one export's file; stands in for a dossier's."""

    def __init__(self, export: Export, key: bytes) -> None:
        self._export, self._key = export, key

    @classmethod
    def new(cls, export: Export) -> tuple[ExportKey, bytes]:
        """A new key, and the same key locked, as the row keeps it."""
        key = crypto.new_data_key()
        return cls(export, key), crypto.wrap_data_key(key, _context(export))

    @classmethod
    def of(cls, export: Export) -> ExportKey:
        return cls(export, crypto.unwrap_data_key(bytes(export.wrapped_key), _context(export)))

    def seal_bytes(self, content: bytes, row_id: Any) -> bytes:
        return crypto.encrypt(self._key, content, self._place(row_id))

    def open_bytes(self, content: bytes, row_id: Any) -> bytes:
        return crypto.decrypt(self._key, content, self._place(row_id))

    def _place(self, row_id: Any) -> str:
        return crypto.aad("files_storedfile", self._export.pk, row_id, "content")


def ask_export(
    *, organisation: Organisation, by: Any, at: datetime, kind: str, query: str, purpose: str, remark: str = ""
) -> Export:
    """Ask for a list as a file. A short one is made at once, above that a second person of the house decides.

    Raises NotVisible for a kind that is not offered to the person, DomainError for an empty list, one that is too
    long, an unknown purpose, or a remark with an ID or phone number in it.
    """
    with transaction.atomic():
        access.require(by, "ask_export", organisation)
        wanted = kinds.kind_of(kind)
        if wanted not in kinds.kinds_for(by):
            raise NotVisible()
        _check_purpose(purpose, remark)
        expected = wanted.count(by, kinds.filters_of(query))
        if not expected:
            raise DomainError(_("The list is empty: there is nothing to take out."), code="empty")
        if expected > wanted.most:
            sentence = _("More than %(most)s rows: narrow the list first.")
            raise DomainError(sentence % {"most": wanted.most}, code="too_many")
        # V13, V19: above a number that is local a second person decides.
        state = ExportState.WAITING if expected > wanted.alone_up_to else ExportState.QUEUED
        export = Export.objects.create(
            kind=kind, query=query, purpose=purpose, remark=remark.strip(), state=state, organisation=organisation,
            asked_by=by, expected=expected, created_at=at,
        )
        facts = {"kind": kind, "purpose": purpose, "expected": expected, "state": state}
        audit.record("export.asked", export, by=by, at=at, facts=facts)
        _send(export)
    return export


def approve_export(*, export: Export, by: Any, at: datetime) -> Export:
    """A second person lets it be made."""
    with transaction.atomic():
        run_transition(export, EXPORT["approve_export"], by=by, at=at)
        _send(export)
    return export


def refuse_export(*, export: Export, by: Any, at: datetime, reason: str) -> Export:
    """A second person refuses, with a reason for the one who asked."""
    if not reason.strip():
        raise DomainError(_("Give the reason."), code="required", field="reason")
    return run_transition(export, EXPORT["refuse_export"], by=by, at=at, reason=reason.strip())


def make_export(*, export: Export, at: datetime) -> Export:
    """Make the file, with the rights the person has now. Raises Moved when it was made, refused or destroyed before."""
    kind = kinds.kind_of(export.kind)
    with transaction.atomic(), translation.override(LANGUAGE):
        export = Export.objects.select_for_update(of=("self",)).select_related("asked_by", "organisation").get(pk=export.pk)
        by = export.asked_by
        if export.state != ExportState.QUEUED:
            raise Moved()
        content, rows = kind.write(
            by, kinds.filters_of(export.query), origin(export, at=at), lambda done: note_progress(export, done)
        )
        if rows > kind.alone_up_to and export.decided_by_id is None:
            # The list grew while the file waited: what one person may take out alone is counted in the file itself.
            raise DomainError(_("The list has become longer: it needs a second person now. Ask again."), code="grown")
        sealer, wrapped = ExportKey.new(export)
        name = f"{kind.label}_{timezone.localdate(at):%Y%m%d}.{kind.suffix}"
        stored = store_file(
            content=content, name=name, content_type=kind.content_type, thread_id=export.pk, by=by, dossier=sealer
        )
        return run_transition(
            export, EXPORT["finish_export"], by=by, at=at, facts={"rows": rows, "sha256": stored.sha256}, rows=rows,
            file=stored, wrapped_key=wrapped, finished_at=at, expires_at=at + KEPT,
        )


def fail_export(*, export: Export, at: datetime) -> Export:
    """The file could not be made; the person is told and may ask again."""
    return run_transition(export, EXPORT["fail_export"], by=export.asked_by, at=at, finished_at=at)


def destroy_export(*, export: Export, by: Any, at: datetime) -> Export:
    """Key and file are destroyed; that it existed, for whom and why, stays on record."""
    with transaction.atomic():
        run_transition(export, EXPORT["destroy_export"], by=by, at=at, wrapped_key=None)
        if export.file is not None:
            destroy_file(export.file)
    return export


def download_export(*, export: Export, by: Any, at: datetime) -> bytes:
    """The file as it was made. Raises Moved after its day."""
    access.require(by, "download_export", export)
    if export.expires_at is None or export.expires_at <= at:
        raise Moved(_("The file was kept for a day and is destroyed. Ask for it again."))
    return open_file(export.file, dossier=ExportKey.of(export))


def origin(export: Export, *, at: datetime) -> list[str]:
    """Who took it out, when and why: stands on the sheet and on every printed page."""
    when = date_format(timezone.localtime(at), "DATETIME_FORMAT")
    house = export.asked_by.organisation.name
    who = _("Taken out by %(name)s, %(house)s, %(when)s") % {"name": export.asked_by.name, "house": house, "when": when}
    purpose = vocabulary.label("export_purpose", export.purpose)
    why = _("Purpose: %(purpose)s") % {"purpose": purpose}
    return [who, f"{why} {export.remark}".strip(), _("For internal use. Contains data on minors: do not pass on.")]


def _check_purpose(purpose: str, remark: str) -> None:
    if purpose not in vocabulary.codes("export_purpose"):
        raise DomainError(_("Choose one of the values offered."), code="unknown_term", field="purpose")
    if vocabulary.term("export_purpose", purpose).needs_text and not remark.strip():
        raise DomainError(_("Say what it is needed for."), code="required", field="remark")
    if find_identifiers(remark):
        raise DomainError(
            _("The remark contains an ID or phone number. Take it out."), code="V24", field="remark"
        )


def _send(export: Export) -> None:
    """To the worker process, once the row is written."""
    if export.state == ExportState.QUEUED:
        send_after_commit("exports.make", export_id=str(export.pk), user_id=str(export.asked_by_id))


def _context(export: Export) -> str:
    return f"export:{export.pk}"
