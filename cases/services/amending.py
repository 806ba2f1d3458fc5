"""Correcting a submitted record: old and new side by side, with the reason, until a report rests on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.models import Amendment, Case, CounsellingNote, RecordGoal, ReviewComment, ServiceRecord
from cases.models.recording import RecordKind
from cases.queries_records import is_cited
from cases.record_kinds import Details
from cases.services.clocks import refresh_next_act
from cases.services.occasions import Occasion, Sequel, check_occasion, check_sequel, refuse_overlap
from cases.services.recording import refuse_long_summary, touch_goals
from cases.states import RECORD
from socialwork.access import api as access
from socialwork.core.errors import DomainError, Moved, Stale
from socialwork.people.dossiers import Dossier, open_dossier
from socialwork.workflow.transitions import run_transition

# Words a correction may change; what was told to the prosecutor was told.
TEXT = ("summary", "response", "concerns", "next_plan", "present", "questions", "documents")
COLUMNS = (
    "started_at",
    "lasted",
    "method",
    "place",
    "happened",
    "attended",
    "late_minutes",
    "absence_class",
    "absence_reason",
    "interviewee",
    "next_on",
)
NOTE = "note"


@dataclass(frozen=True)
class Correction:
    """How a record should read from now on. `note` and `goals` are left alone when None."""

    occasion: Occasion
    details: Details
    text: Mapping[str, str]
    interviewee: str = ""
    next_on: dt.date | None = None
    note: Mapping[str, str] | None = None
    goals: Mapping[UUID, str] | None = None
    overlap_confirmed: bool = False


def amend_record(
    *, record: ServiceRecord, by: Any, at: datetime, version: int, reason: str, correction: Correction
) -> ServiceRecord:
    """Correct a record: the former values are kept beside the new ones, with the reason; it must be read again.

    Raises Stale when it was changed since `version`, Moved once a report rests on it, DomainError when nothing changes.
    A counselling note is corrected in a row of its own, which only its counsellor can read.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("referral").get(pk=record.case_id)
        record = ServiceRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
        record.case = case
        dossier = open_dossier(case.juvenile_id)
        dossier.read(record)
        access.require(by, "amend_record", record)
        _require_amendable(record, version, reason)
        _check(record, correction, by=by, at=at)
        was = {"attended": record.attended, "lasted": record.lasted, "started_at": record.started_at.isoformat()}
        changed = _change(record, correction, dossier, reason, by=by, at=at)
        changed += _amend_note(record, correction.note, dossier, reason, by=by, at=at)
        if not changed:
            raise DomainError(_("Nothing was changed."), code="unchanged")
        # What was counted of it before goes along, so that the statistics can take it back.
        facts = {"fields": changed, "was": was}
        run_transition(record, RECORD["amend_record"], by=by, at=at, facts=facts, reviewed_at=None, reviewed_by=None)
        ReviewComment.objects.filter(record=record, settled_at__isnull=True).update(settled_at=at, settled_by=by)
        refresh_next_act(case, at=at)
    return record


def snapshot(record: ServiceRecord) -> dict[str, Any]:
    """Every value of an opened record that a correction may change, as it can be stored and shown."""
    found: dict[str, Any] = {}
    for name in COLUMNS:
        value = getattr(record, name)
        # One moment, one spelling, whatever clock the value was read on.
        value = value.astimezone(dt.UTC) if isinstance(value, datetime) else value
        found[name] = value.isoformat() if hasattr(value, "isoformat") else value
    found.update({f"details.{name}": value for name, value in record.details.items()})
    found.update({name: (record.text or {}).get(name, "") for name in TEXT})
    return found


def _require_amendable(record: ServiceRecord, version: int, reason: str) -> None:
    if is_cited(record):
        raise Moved(_("A submitted report rests on this record, so it stays as it is. Write a new record instead."))
    if record.version != version:
        raise Stale(record.text or {})
    if not reason.strip():
        raise DomainError(_("Give the reason for the correction."), code="required", field="reason")


def _check(record: ServiceRecord, correction: Correction, *, by: Any, at: datetime) -> None:
    occasion, summary = correction.occasion, correction.text.get("summary", "")
    check_occasion(replace(occasion, co_worker=None), record.case, by=by, at=at)
    check_sequel(Sequel(next_on=correction.next_on), occasion)
    correction.details.check()
    if record.kind != RecordKind.COUNSELLING and not summary:
        raise DomainError(_("Say in a few words what happened."), code="required", field="summary")
    if record.kind == RecordKind.CONTACT:
        refuse_long_summary(summary)
    refuse_overlap(
        occasion,
        by=by,
        # Somebody else's day is not the corrector's to sort out.
        confirmed=correction.overlap_confirmed or record.author_id != by.pk,
        activity_id=record.activity_id,
        besides=record.pk,
    )


def _change(
    record: ServiceRecord, correction: Correction, dossier: Dossier, reason: str, *, by: Any, at: datetime
) -> list[str]:
    """Write the new values and keep the old ones; the names of what changed."""
    before = {**snapshot(record), "goals": _touched(record, dossier)}
    for name, value in correction.occasion.columns().items():
        if name != "co_worker":
            setattr(record, name, value)
    record.interviewee = correction.interviewee or record.interviewee
    record.details = correction.details.stored()
    record.next_on = correction.next_on
    dossier.write(record, **{name: correction.text.get(name, "") for name in TEXT})
    record.save()
    if correction.goals is not None:
        RecordGoal.objects.filter(record=record).delete()
        touch_goals(record, correction.goals)
    after = {**snapshot(record), "goals": _touched(record, dossier)}
    changed = sorted(name for name in {*before, *after} if before.get(name, "") != after.get(name, ""))
    if changed:
        _store(record, changed, before, after, dossier, reason, by=by, at=at)
    return changed


def _touched(record: ServiceRecord, dossier: Dossier) -> dict[str, str]:
    """Goals the record touches in words, with how far each got."""
    touches = list(RecordGoal.objects.filter(record=record).select_related("goal").order_by("goal__position"))
    dossier.read(*(touch.goal for touch in touches))
    return {(touch.goal.text or {})["goal"]: touch.result for touch in touches}


def _amend_note(
    record: ServiceRecord, note: Mapping[str, str] | None, dossier: Dossier, reason: str, *, by: Any, at: datetime
) -> list[str]:
    """The counsellor's note changes in a correction of its own: nobody else may read either text."""
    row = CounsellingNote.objects.filter(record=record, counsellor=by).first() if note is not None else None
    if row is None or note is None:
        return []
    dossier.read(row)
    before = dict(row.text or {})
    if all(before.get(name, "") == note.get(name, "") for name in row.PROSE):
        return []
    dossier.write(row, **{name: note.get(name, "") for name in row.PROSE})
    row.save()
    _store(record, [NOTE], before, row.text or {}, dossier, reason, by=by, at=at)
    return [NOTE]


def _store(
    record: ServiceRecord,
    changed: list[str],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    dossier: Dossier,
    reason: str,
    *,
    by: Any,
    at: datetime,
) -> None:
    names = CounsellingNote.PROSE if changed == [NOTE] else changed
    row = Amendment(record=record, fields=changed, made_at=at, made_by=by, created_at=at)
    dossier.write(
        row,
        reason=reason.strip(),
        before={name: before.get(name, "") for name in names},
        after={name: after.get(name, "") for name in names},
    )
    row.save(force_insert=True)
