"""What the pages of service records need: goals in force, what was covered when, consents that are missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max, Prefetch, Q, QuerySet
from django.utils import timezone

from cases.models import (
    Amendment,
    Assessment,
    Case,
    CounsellingNote,
    FindingSource,
    Plan,
    PlanActivity,
    PlanGoal,
    RecordGoal,
    ReviewComment,
    ServiceRecord,
)
from cases.models.recording import RecordKind
from cases.states import PlanState, RecordState, ReportState
from socialwork.access import api as access
from socialwork.core import vocabulary
from socialwork.core.identifiers import age_on
from socialwork.core.statements import ask
from socialwork.people.dossiers import open_dossier
from socialwork.people.models import Consent
from socialwork.people.queries import with_identity

ADULT = 18
ON_TIMELINE = 100
SHOWN_ON_TIMELINE = (
    "sealed", "kind", "started_at", "lasted", "happened", "attended", "late_minutes", "absence_class", "interviewee", "details",
    "crisis", "author__name", "co_worker__name",
)
# A report that has been with the prosecutor rests on the records it cites: they stay as they were.
USED = (ReportState.SUBMITTED, ReportState.SENT_BACK, ReportState.ACCEPTED)


@dataclass(frozen=True)
class CoveredGoal:
    """A goal of the plan in force with its words and the day a record last touched it."""

    row: PlanGoal
    words: str
    last_on: dt.date | None


def for_record_page(rows: QuerySet) -> QuerySet:
    """One record with everything around it but its words."""
    return rows.select_related(
        "case__juvenile__identity", "case__juvenile__dossier_key",
        "case__referral",
        "case__lead",
        "case__second",
        "case__agency",
        "author",
        "co_worker",
        "supervisor",
        "reviewed_by",
        "amended_by",
    ).prefetch_related(Prefetch("goals", RecordGoal.objects.select_related("goal").order_by("goal__position")))


def for_record_list(rows: QuerySet) -> QuerySet:
    """What a row of the records of a case shows."""
    return rows.select_related("author", "co_worker", "reviewed_by", "case")


def records_of(user: Any, case: Case) -> QuerySet[ServiceRecord]:
    """The records of a case this person may read, newest first."""
    rows = access.permitted(ServiceRecord, user).filter(case=case)
    return for_record_list(rows).order_by("-started_at", "-id")


def records_on_timeline(user: Any, case: Case) -> list[ServiceRecord]:
    """The newest records of a case this person may read, of the people only their names."""
    return list(ask(_on_timeline, user, case.pk))


def _on_timeline(user: Any, case_id: UUID) -> QuerySet[ServiceRecord]:
    rows = access.permitted(ServiceRecord, user).filter(case=case_id).order_by("-started_at", "-id")
    return rows.select_related("author", "co_worker").only(*SHOWN_ON_TIMELINE)[:ON_TIMELINE]


def plan_in_force(case_id: UUID) -> Plan | None:
    """The approved plan of a case with its goals and activities."""
    return next(iter(ask(_plan_in_force, case_id)), None)


def _plan_in_force(case_id: UUID) -> QuerySet[Plan]:
    return plans_with_goals(Plan.objects.filter(case_id=case_id, state=PlanState.APPROVED))[:1]


def plans_with_goals(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Plans with goals and activities, newest version first."""
    activities = Prefetch("activities", PlanActivity.objects.order_by("position"))
    goals = Prefetch("goals", PlanGoal.objects.order_by("position").prefetch_related(activities))
    return plans.select_related("written_by", "decided_by", "proposed_by").prefetch_related(goals).order_by("-number")


def prose_of(plans: Sequence[Plan]) -> list[Any]:
    """Every row of these plans that carries words, for opening them at once."""
    rows: list[Any] = list(plans)
    for plan in plans:
        for goal in plan.goals.all():
            rows.append(goal)
            rows.extend(goal.activities.all())
    return rows


def covered_goals(case: Case) -> list[CoveredGoal]:
    """The goals of the plan in force, each with when it was last covered; empty without a plan.

    A goal taken over from an earlier version word for word keeps its past.
    """
    plan = plan_in_force(case.pk)
    if plan is None:
        return []
    rows = list(
        PlanGoal.objects.filter(plan__case=case).annotate(last=Max("touches__record__started_at")).order_by("position")
    )
    open_dossier(case.juvenile_id).read(*rows)
    last: dict[str, dt.date] = {}
    for row in rows:
        if row.last is not None:
            day = timezone.localdate(row.last)
            last[row.text["goal"]] = max(day, last.get(row.text["goal"], day))
    return [CoveredGoal(row, row.text["goal"], last.get(row.text["goal"])) for row in rows if row.plan_id == plan.pk]


def last_record(case: Case, author: Any, kind: str) -> ServiceRecord | None:
    """The author's last record of that kind in the case: method and place are proposed from it."""
    return next(iter(ask(_last_records, case.pk, author.pk, kind)), None)


def _last_records(case_id: UUID, author_id: UUID, kind: str) -> QuerySet[ServiceRecord]:
    return ServiceRecord.objects.filter(case=case_id, author=author_id, kind=kind).order_by("-started_at", "-id")[:1]


def next_session(case: Case, kind: str) -> int:
    """The number the next session of that kind would have."""
    rows = (
        ServiceRecord.objects.filter(case=case, kind=kind, attended=True)
        .order_by()
        .values_list("details__session", flat=True)
    )
    return max((number or 0 for number in rows), default=0) + 1


def overlapping(
    author: Any, started_at: dt.datetime, ended_at: dt.datetime, *, besides: Sequence[UUID] = ()
) -> list[ServiceRecord]:
    """Records of the same worker, in whatever case, that took place in the same time (V6)."""
    near = ServiceRecord.objects.filter(
        Q(author=author) | Q(co_worker=author),
        happened=True,
        started_at__lt=ended_at,
        started_at__gt=started_at - dt.timedelta(days=1),
    ).exclude(pk__in=list(besides))
    return [
        row
        for row in near.order_by("started_at", "id")
        if row.started_at + dt.timedelta(minutes=row.lasted) > started_at
    ]


def age_at(case: Case, on: dt.date) -> int | None:
    """Completed years of the child on a day, or None when the birth date is not known."""
    with_identity([case.juvenile])
    born = case.juvenile.identity.text["birth_on"]
    return age_on(dt.date.fromisoformat(born), on) if born else None


def consent_gaps(case: Case, kind: str, *, age: int | None, on: dt.date) -> list[str]:
    """Whose consent to `kind` is missing on a day: "subject", "guardian" (domain 8; signers are data of the list).

    From the day a person comes of age only the own consent counts.
    """
    term = vocabulary.term("consent_kind", kind)
    given = (
        Consent.objects.filter(
            Q(withdrawn_at__isnull=True) | Q(withdrawn_at__date__gt=on),
            juvenile_id=case.juvenile_id,
            kind=kind,
            given_on__lte=on,
        )
        .select_related("guardian")
        .order_by("given_on", "id")
    )
    signed = {_signer(consent) for consent in given}
    wanted = []
    for signer in term.extra["signers"]:
        if signer == "subject" and age is not None and age < term.extra.get("min_subject_age", 0):
            continue
        if signer != "subject" and age is not None and age >= ADULT:
            continue
        wanted.append(signer)
    found = [
        signer
        for signer in wanted
        if signer not in signed and not (signer == "guardian" and "legal_representative" in signed)
    ]
    return ["guardian" if signer == "legal_representative" else signer for signer in found]


def _signer(consent: Consent) -> str:
    if consent.capacity == "minor":
        return "subject"
    legal = consent.capacity == "substitute" or (consent.guardian and "legal_representative" in consent.guardian.flags)
    return "legal_representative" if legal else "guardian"


def is_cited(record: ServiceRecord) -> bool:
    """Whether a report that went to the prosecutor rests on the record."""
    sources = FindingSource.objects.filter(record=record)
    return sources.filter(
        Q(finding__section__report__state__in=USED) | Q(finding__section__report__round__gt=1)
    ).exists()


def note_of(user: Any, record: ServiceRecord) -> CounsellingNote | None:
    """The counselling note of a record, opened, for the counsellor alone; None for everybody else."""
    if record.kind != RecordKind.COUNSELLING:
        return None
    note = access.permitted(CounsellingNote, user).filter(record=record).first()
    if note is not None:
        open_dossier(record.case.juvenile_id).read(note)
    return note


def amendments_of(user: Any, record: ServiceRecord) -> list[Amendment]:
    """The corrections of a record this person may read, opened, oldest first."""
    rows = list(
        access.permitted(Amendment, user).filter(record=record).select_related("made_by").order_by("made_at", "id")
    )
    open_dossier(record.case.juvenile_id).read(*rows)
    return rows


def comments_on(record: ServiceRecord) -> list[ReviewComment]:
    """What the supervisor said about a record, opened, oldest first."""
    rows = list(ReviewComment.objects.filter(record=record).select_related("said_by").order_by("said_at", "id"))
    open_dossier(record.case.juvenile_id).read(*rows)
    return rows


def waiting_for(user: Any, case: Case) -> dict[str, Any]:
    """What of this case waits for this person: a plan to approve, a level to confirm, the oldest unread record."""
    found: dict[str, Any] = {}
    if case.prosecutor_id == user.pk:
        found["plan"] = Plan.objects.filter(case=case, state=PlanState.PROPOSED).exists()
    if case.supervisor_id == user.pk and user.pk not in (case.lead_id, case.second_id):
        open_levels = Assessment.objects.filter(case=case, confirmed_at=None, proposed_risk__in=["high", "very_high"])
        found["assessment"] = open_levels.values_list("pk", flat=True).first()
        unread = ServiceRecord.objects.filter(case=case, state=RecordState.SUBMITTED).order_by("submitted_at", "id")
        found["record"] = unread.values_list("pk", flat=True).first()
    return found


def loose_ends(case: Case) -> dict[str, Any]:
    """What a hand-over has to name: records sent back, the plan being made, an assessment nobody confirmed."""
    plan = Plan.objects.filter(case=case).exclude(state__in=[PlanState.APPROVED, PlanState.SUPERSEDED]).first()
    return {
        "returned": ServiceRecord.objects.filter(case=case, state=RecordState.RETURNED).count(),
        "plan": plan.get_state_display() if plan else "",
        "unconfirmed": Assessment.objects.filter(case=case, confirmed_at=None).exists(),
    }
