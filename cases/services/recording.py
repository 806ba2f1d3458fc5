"""Writing down what was done with and for a child: one service per kind of record (V6–V10, V12, V23; D10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case, CounsellingNote, RecordGoal, ServiceRecord
from cases.models.recording import RecordKind
from cases.queries import with_services
from cases.queries_records import plan_in_force
from cases.record_kinds import (
    ActivityDetails,
    AttendanceDetails,
    ContactDetails,
    CounsellingDetails,
    Details,
    FamilySessionDetails,
    InterviewDetails,
)
from cases.services.clocks import refresh_next_act, written_late
from cases.services.consenting import require_consents
from cases.services.occasions import NOTHING, Occasion, Sequel, check_occasion, check_sequel, refuse_overlap
from cases.states import CASE, CaseState
from socialwork import audit
from socialwork.access import api as access
from socialwork.core import vocabulary
from socialwork.core.errors import DomainError, NotVisible
from socialwork.core.ids import uuid7
from socialwork.core.statements import ask
from socialwork.core.together import act, insert, together
from socialwork.deadlines import services as clocks
from socialwork.people.dossiers import open_dossier
from socialwork.workflow.transitions import run_transition

VERBS = {
    RecordKind.CONTACT: "log_contact",
    RecordKind.INTERVIEW: "log_interview",
    RecordKind.COUNSELLING: "log_counselling",
    RecordKind.FAMILY_SESSION: "log_family_session",
    RecordKind.WELFARE_ACTIVITY: "log_activity",
    RecordKind.ADULT_ATTENDANCE: "log_attendance",
}
# The contact log is short by rule (domain 6.9); other records may tell a story.
CONTACT_SUMMARY = 500
FIRST_CONTACT = "D20"
FIRST_SESSION = {RecordKind.COUNSELLING: "D18", RecordKind.FAMILY_SESSION: "D19"}


@dataclass(frozen=True)
class Participant:
    """One child at a joint activity, in the case the worker has about that child: came or not, hours, how it went.

    `late_minutes` belong to the outcome "late"; 0 takes those of the occasion, where all came late together.
    """

    case: Case
    hours: float = 0
    evaluation: str = ""
    outcome: str = "on_time"
    absence_reason: str = ""
    late_minutes: int = 0


@dataclass(frozen=True)
class Entry:
    """Everything a record is made of, besides who writes it about whom."""

    kind: RecordKind
    occasion: Occasion
    details: Details
    text: Mapping[str, str]
    sequel: Sequel = NOTHING
    goals: Mapping[UUID, str] = field(default_factory=dict)
    interviewee: str = ""
    activity_id: UUID | None = None
    overlap_confirmed: bool = False


def log_contact(
    *,
    case: Case,
    by: Any,
    at: datetime,
    occasion: Occasion,
    details: ContactDetails,
    text: Mapping[str, str],
    goals: Mapping[UUID, str] | None = None,
    sequel: Sequel = NOTHING,
    overlap_confirmed: bool = False,
) -> ServiceRecord:
    """Contact log (F20). `goals` maps goals of the plan in force to how far each got ("" for merely touched).

    Raises DomainError with the field and what to do (V6, V7, V9), NotYours, Moved.
    """
    refuse_long_summary(text.get("summary", ""))
    entry = Entry(RecordKind.CONTACT, occasion, details, text, sequel, goals or {}, overlap_confirmed=overlap_confirmed)
    return _log(case, entry, by=by, at=at)


def log_interview(
    *,
    case: Case,
    by: Any,
    at: datetime,
    occasion: Occasion,
    interviewee: str,
    details: InterviewDetails,
    text: Mapping[str, str],
    goals: Mapping[UUID, str] | None = None,
    sequel: Sequel = NOTHING,
    overlap_confirmed: bool = False,
) -> ServiceRecord:
    """Interview record (F08). `interviewee` is a code of the list; who it was stands in the text `present`."""
    if interviewee not in vocabulary.codes("interviewee"):
        raise DomainError(_("Choose whom you interviewed."), code="required", field="interviewee")
    entry = Entry(
        RecordKind.INTERVIEW,
        occasion,
        details,
        text,
        sequel,
        goals or {},
        interviewee,
        overlap_confirmed=overlap_confirmed,
    )
    return _log(case, entry, by=by, at=at)


def log_counselling(
    *,
    case: Case,
    by: Any,
    at: datetime,
    occasion: Occasion,
    details: CounsellingDetails,
    note: Mapping[str, str],
    sequel: Sequel = NOTHING,
    overlap_confirmed: bool = False,
) -> ServiceRecord:
    """Counselling record (F12): that it took place is for all, what was said (`note`) for the counsellor alone.

    Raises DomainError V8 when a consent is missing.
    """
    if occasion.present and not note.get("progress"):
        raise DomainError(_("Say in a few words how the session went."), code="required", field="progress")
    entry = Entry(RecordKind.COUNSELLING, occasion, details, {}, sequel, overlap_confirmed=overlap_confirmed)
    with transaction.atomic():
        record = _log(case, entry, by=by, at=at)
        if occasion.present:
            row = CounsellingNote(record=record, counsellor=by, session=details.session, created_at=at)
            open_dossier(case.juvenile_id).write(row, **note)
            row.save(force_insert=True)
    return record


def log_family_session(
    *,
    case: Case,
    by: Any,
    at: datetime,
    occasion: Occasion,
    details: FamilySessionDetails,
    text: Mapping[str, str],
    goals: Mapping[UUID, str] | None = None,
    sequel: Sequel = NOTHING,
    overlap_confirmed: bool = False,
) -> ServiceRecord:
    """Family-education session (F31); the homework stands in the text `next_plan`."""
    entry = Entry(
        RecordKind.FAMILY_SESSION, occasion, details, text, sequel, goals or {}, overlap_confirmed=overlap_confirmed
    )
    return _log(case, entry, by=by, at=at)


def log_activity(
    *,
    by: Any,
    at: datetime,
    occasion: Occasion,
    details: ActivityDetails,
    text: Mapping[str, str],
    participants: Sequence[Participant],
    sequel: Sequel = NOTHING,
    overlap_confirmed: bool = False,
) -> list[ServiceRecord]:
    """Welfare activity (F23) of one or several children: one record in the case of each, joined by one activity.

    All or nothing: a case the worker may not write in refuses the whole.
    """
    if not participants:
        raise DomainError(_("Name at least one participant."), code="required", field="participants")
    if len({row.case.pk for row in participants}) < len(participants):
        raise DomainError(_("The same child stands there twice."), code="twice", field="participants")
    activity_id = uuid7()
    found = []
    with transaction.atomic():
        for row in sorted(participants, key=lambda each: each.case.pk):
            own = replace(
                occasion,
                outcome=row.outcome, absence_reason=row.absence_reason,
                late_minutes=row.late_minutes or occasion.late_minutes,
                co_worker=occasion.co_worker if occasion.co_worker_of(row.case) else None,
            )
            entry = Entry(
                RecordKind.WELFARE_ACTIVITY,
                own,
                replace(details, hours=row.hours if own.present else 0),
                {**text, "response": row.evaluation},
                sequel,
                activity_id=activity_id,
                overlap_confirmed=overlap_confirmed,
            )
            found.append(_log(row.case, entry, by=by, at=at))
    return found


def log_attendance(
    *,
    case: Case,
    by: Any,
    at: datetime,
    occasion: Occasion,
    details: AttendanceDetails,
    text: Mapping[str, str],
    sequel: Sequel = NOTHING,
    overlap_confirmed: bool = False,
) -> ServiceRecord:
    """Attendance as appropriate adult (F14). V10: a woman of the staff is there when a girl is questioned (CPL 281)."""
    if occasion.present and case.juvenile.sex == "female":
        if details.female_staff_present is None:
            raise DomainError(
                _("Say whether a woman of the staff was present."), code="V10", field="female_staff_present"
            )
        if not details.female_staff_present and not text.get("concerns"):
            raise DomainError(
                _("No woman of the staff was present: write down what you objected."), code="V10", field="concerns"
            )
    entry = Entry(RecordKind.ADULT_ATTENDANCE, occasion, details, text, sequel, overlap_confirmed=overlap_confirmed)
    return _log(case, entry, by=by, at=at)


def _log(case: Case, entry: Entry, *, by: Any, at: datetime) -> ServiceRecord:
    with act():
        case = _locked(case, VERBS[entry.kind], by=by)
        _check(case, entry, by=by, at=at)
        record = _made(case, entry, by=by, at=at)
        touch_goals(record, entry.goals)
        if case.state == CaseState.ACCEPTED:
            run_transition(case, CASE["start_case"], by=by, at=at)
        _note_first_contact(case, record)
        _meet_clock_of_kind(case, record)
        with together(to_the_end=True):
            insert(record)
            audit.record("service_record.logged", record, by=by, at=at, facts=_facts(record))
            _tell(case, record, entry.sequel, by=by, at=at)
            refresh_next_act(case, at=at, new=record)
    return record


def _locked(case: Case, action: str, *, by: Any) -> Case:
    """The case for us alone, with what the rules ask of it. Raises NotVisible, NotYours, Moved."""
    found = next(iter(ask(_lockable, by, action, case.pk)), None)
    if found is None:
        raise NotVisible()
    access.require_taken(found)
    return found


def _lockable(by: Any, action: str, case_id: UUID) -> QuerySet[Case]:
    rows = access.with_right(access.permitted(Case, by), by, action).filter(pk=case_id).order_by().select_for_update(of=("self",))
    return with_services(rows).select_related("referral", "juvenile__identity", "juvenile__dossier_key")


def _check(case: Case, entry: Entry, *, by: Any, at: datetime) -> None:
    occasion, details = entry.occasion, entry.details
    check_occasion(occasion, case, by=by, at=at)
    details.check()
    check_sequel(entry.sequel, occasion)
    if entry.kind != RecordKind.COUNSELLING and not entry.text.get("summary"):
        raise DomainError(_("Say in a few words what happened."), code="required", field="summary")
    require_consents(
        case,
        entry.kind,
        on=timezone.localdate(occasion.started_at),
        statutory_basis=details.statutory_basis,
        crisis=bool(entry.sequel.crisis),
        tested=getattr(details, "tested", False),
    )
    refuse_overlap(occasion, by=by, confirmed=entry.overlap_confirmed, activity_id=entry.activity_id)


def _made(case: Case, entry: Entry, *, by: Any, at: datetime) -> ServiceRecord:
    """The record, not yet written."""
    record = ServiceRecord(
        case=case,
        agency_id=case.agency_id,
        supervisor_id=case.supervisor_id,
        kind=entry.kind,
        author=by,
        interviewee=entry.interviewee,
        details=entry.details.stored(),
        crisis=entry.sequel.crisis,
        next_on=entry.sequel.next_on,
        activity_id=entry.activity_id,
        submitted_at=at,
        created_at=at,
        written_late=written_late(case, ended_at=entry.occasion.ended_at, at=at),
        **entry.occasion.columns(),
    )
    open_dossier(case.juvenile_id, child=case.juvenile).write(record, **entry.text, tell_prosecutor=entry.sequel.tell_prosecutor)
    return record


def refuse_long_summary(summary: str) -> None:
    """The summary of a contact log is short by rule."""
    if len(summary) > CONTACT_SUMMARY:
        raise DomainError(
            _("At most %(most)s characters: shorten it, or use an interview record.") % {"most": CONTACT_SUMMARY},
            code="too_long",
            field="summary",
        )


def touch_goals(record: ServiceRecord, goals: Mapping[UUID, str]) -> None:
    """Write which goals of the plan in force the record touched. Raises DomainError for a goal that is not in force."""
    if not goals:
        return
    plan = plan_in_force(record.case_id)
    known = {goal.pk for goal in plan.goals.all()} if plan else set()
    if set(goals) - known or {result for result in goals.values() if result} - set(vocabulary.codes("task_result")):
        raise DomainError(_("Choose goals of the plan in force."), code="goal", field="goals")
    RecordGoal.objects.bulk_create(
        RecordGoal(record=record, goal_id=goal, result=result) for goal, result in goals.items()
    )


def _note_first_contact(case: Case, record: ServiceRecord) -> None:
    """The first time somebody was really met: a date of the case, and the end of a victim's clock of first contact."""
    if case.first_contact_at is not None or not record.attended:
        return
    case.first_contact_at = record.started_at
    Case.objects.filter(pk=case.pk).update(first_contact_at=record.started_at)
    clocks.meet(subject=case, code=FIRST_CONTACT, at=record.started_at)


def _meet_clock_of_kind(case: Case, record: ServiceRecord) -> None:
    """A session that took place is what the clock of its service waits for."""
    if record.attended and record.kind in FIRST_SESSION:
        clocks.meet(subject=case, code=FIRST_SESSION[record.kind], at=record.started_at)


def _facts(record: ServiceRecord) -> dict[str, Any]:
    facts = {"kind": str(record.kind), "attended": record.attended, "late": record.written_late}
    if risk := record.details.get("risk_change"):
        facts["risk_change"] = risk
    return facts


def _tell(case: Case, record: ServiceRecord, sequel: Sequel, *, by: Any, at: datetime) -> None:
    """V23: a crisis is told at once to supervisor and prosecutor; a message to the prosecutor is told as one."""
    if sequel.crisis:
        audit.record(
            "case.crisis_flagged", case, by=by, at=at, facts={"crisis": sequel.crisis, "record": str(record.pk)}
        )
    if sequel.tell_prosecutor:
        audit.record("case.prosecutor_told", case, by=by, at=at, facts={"record": str(record.pk)})
