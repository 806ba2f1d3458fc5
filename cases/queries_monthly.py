"""Which months a case owes a report for, and what the records and the plan say about one month (F25, D9, D12, V21)."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from cases.models import Case, CaseDecision, MonthlyReport, PlanGoal, RecordGoal, ServiceRecord
from cases.models.recording import RecordKind
from cases.queries import service_codes
from cases.queries_records import plan_in_force
from cases.states import ACTIVE, CaseState, PlanState
from referrals.models import ReferralService
from socialwork.core import vocabulary
from socialwork.deadlines import calendar as days
from socialwork.people.dossiers import open_dossier

# An outage is shorter; a case older than its reports does not get years of clocks at once.
LOOKS_BACK = 3
# Contacts (D9, local practice): weekly in the first month and while the risk is high, afterwards twice a month.
FIRST_MONTH, WEEK, A_MONTH = 30, 7, 2
OFTEN = frozenset({"high", "very_high"})
WORKERS = frozenset({"lead", "second"})
MEETINGS = (RecordKind.CONTACT, RecordKind.FAMILY_SESSION, RecordKind.WELFARE_ACTIVITY)
LEARNING = frozenset({"legal_education", "skills_training", "group_work", "parent_class"})
WELFARE = frozenset({"welfare_labour", "care_visit", "volunteering", "base_practice", "environment"})
Kind = CaseDecision.Kind


@dataclass(frozen=True)
class Month:
    """A calendar month in the time zone of the law."""

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month of "2026-11"."""
        return cls(int(text[:4]), int(text[5:]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, self.number, 1)

    @property
    def last(self) -> dt.date:
        return dt.date(self.year, self.number, self.length)

    @property
    def length(self) -> int:
        return calendar.monthrange(self.year, self.number)[1]

    @property
    def ended_at(self) -> datetime:
        """Its last second: the fact the clock of the report starts from."""
        return days.end_of_day(self.last)

    @property
    def before(self) -> Month:
        return Month.of(self.first - dt.timedelta(days=1))

    @property
    def days(self) -> list[dt.date]:
        return [self.first + dt.timedelta(days=number) for number in range(self.length)]


@dataclass(frozen=True)
class Figures:
    """What a month came to, in numbers: computed, never typed. Hours are those of welfare and learning activities."""

    contacts_planned: int = 0
    contacts_done: int = 0
    absences: int = 0
    unexcused: int = 0
    late: int = 0
    welfare_hours: float = 0
    welfare_total: float = 0
    education_hours: float = 0
    education_total: float = 0
    counselling: int = 0
    family_sessions: int = 0
    concerns: int = 0

    @property
    def contacts_missing(self) -> int:
        return max(0, self.contacts_planned - self.contacts_done)

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def load(cls, stored: dict[str, Any]) -> Figures:
        """The figures of a report as they were kept; a key this version does not know is left out."""
        known = {item.name for item in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})


def monthly_services() -> list[str]:
    """Services that run by the month and are reported on by the month (data of the vocabulary `service_type`)."""
    return [term.code for term in vocabulary.terms("service_type") if term.extra["unit"] == "per_month"]


def is_monthly(case: Case) -> bool:
    """Whether a service of the case is reported on every month; no query when the services were loaded."""
    return bool(set(service_codes(case)) & set(monthly_services()))


def guided_cases() -> QuerySet[Case]:
    """Cases whose guidance goes on today: not ended, not evaluated, and not confirmed as finished."""
    wanted = ReferralService.objects.filter(service_type__in=monthly_services()).values("referral")
    finished = CaseDecision.objects.filter(kind=Kind.FINISH).values("case")
    going_on = ACTIVE - {CaseState.EVALUATED}
    stops = CaseDecision.objects.filter(kind__in=[Kind.SUSPEND, Kind.RESUME]).order_by("decided_at", "id")
    rows = Case.objects.filter(state__in=going_on, referral__in=wanted).exclude(pk__in=finished)
    return rows.select_related("referral").prefetch_related(
        Prefetch("decisions", stops, to_attr="stops"),
        Prefetch("monthly_reports", MonthlyReport.objects.order_by("month")),
    )


def months_owed(case: Case, *, at: datetime) -> list[Month]:
    """Ended months with at least one day of work, oldest first; one that was suspended as a whole asks for nothing."""
    opened, found = days.local_day(case.created_at), []
    month = Month.of(days.local_day(at)).before
    for _number in range(LOOKS_BACK):
        if month.last >= opened and worked_days(case, month):
            found.append(month)
        month = month.before
    return found[::-1]


def worked_days(case: Case, month: Month) -> list[dt.date]:
    """Days of the month from the opening on, without those between a suspension and its end."""
    spans = _suspensions(case)
    opened = days.local_day(case.created_at)
    return [day for day in month.days if day >= opened and not any(stop < day < go for stop, go in spans)]


def _suspensions(case: Case) -> list[tuple[dt.date, dt.date]]:
    stops = getattr(case, "stops", None)
    if stops is None:
        stops = case.decisions.filter(kind__in=[Kind.SUSPEND, Kind.RESUME]).order_by("decided_at", "id")
    found: list[tuple[dt.date, dt.date]] = []
    since: dt.date | None = None
    for decision in stops:
        day = days.local_day(decision.decided_at)
        if decision.kind == Kind.SUSPEND:
            since = day
        elif since is not None:
            found.append((since, day))
            since = None
    return [*found, (since, dt.date.max)] if since is not None else found


def contacts_planned(case: Case, month: Month) -> int:
    """How often the workers had to meet the young person in the month: local practice (D9), or the plan where it asks
    for more. Rounded; a part of a month asks for a part."""
    worked = worked_days(case, month)
    beginning = days.local_day(case.created_at) + dt.timedelta(days=FIRST_MONTH)
    weekly = worked if case.risk_level in OFTEN else [day for day in worked if day < beginning]
    asked = len(weekly) / WEEK + (len(worked) - len(weekly)) * A_MONTH / month.length
    return max(int(asked + 0.5), _planned(case, month, worked))


def _planned(case: Case, month: Month, worked: Sequence[dt.date]) -> int:
    """The activity the workers do most often by the plan: one contact covers several goals."""
    plan = plan_in_force(case.pk)
    if plan is None:
        return 0
    since = days.local_day(plan.decided_at or plan.created_at)
    spans = {"week": 7, "fortnight": 14, "month": month.length, "quarter": 3 * month.length}
    often = 0.0
    for activity in (line for goal in plan.goals.all() for line in goal.activities.all()):
        if activity.responsible in WORKERS and activity.per in spans:
            during = sum(1 for day in worked if since <= day <= activity.until)
            often = max(often, activity.times * during / spans[activity.per])
    return int(often + 0.5)


def figures_of(case: Case, month: Month) -> Figures:
    """The numbers of the month from the records that took place in it, and the hours since the case was opened."""
    kept = ServiceRecord.objects.filter(case=case, started_at__lte=month.ended_at).order_by("started_at", "id")
    rows = list(kept)
    own = [row for row in rows if Month.of(days.local_day(row.started_at)) == month]
    met = [row for row in own if row.attended]
    missed = [row for row in own if not row.attended]
    return Figures(
        contacts_planned=contacts_planned(case, month),
        contacts_done=sum(1 for row in met if _is_meeting(row)),
        absences=len(missed),
        unexcused=sum(1 for row in missed if row.absence_class == "unacceptable"),
        late=sum(1 for row in met if row.late_minutes),
        welfare_hours=_hours(met, WELFARE),
        welfare_total=_hours(rows, WELFARE),
        education_hours=_hours(met, LEARNING),
        education_total=_hours(rows, LEARNING),
        counselling=sum(1 for row in met if row.kind == RecordKind.COUNSELLING),
        family_sessions=sum(1 for row in met if row.kind == RecordKind.FAMILY_SESSION),
        concerns=sum(1 for row in met if "concern" in row.details.get("duties", {}).values()),
    )


def _is_meeting(record: ServiceRecord) -> bool:
    return record.kind in MEETINGS or (record.kind == RecordKind.INTERVIEW and record.interviewee == "subject")


def _hours(records: Iterable[ServiceRecord], kinds: frozenset[str]) -> float:
    rows = [row for row in records if row.attended and row.kind == RecordKind.WELFARE_ACTIVITY]
    return round(sum(float(row.details.get("hours", 0)) for row in rows if row.details.get("activity") in kinds), 1)


def tasks_of(case: Case, month: Month) -> list[dict[str, Any]]:
    """The goals of the plan in force: words, how often the records of the month touched each, the latest result.

    A goal taken over from an earlier version word for word keeps what was done for it.
    """
    rows = list(PlanGoal.objects.filter(plan__case=case).select_related("plan").order_by("position", "pk"))
    open_dossier(case.juvenile_id).read(*rows)
    words = {row.pk: row.text["goal"] for row in rows}
    touches = RecordGoal.objects.filter(
        goal__in=rows, record__started_at__gt=month.before.ended_at, record__started_at__lte=month.ended_at
    )
    found: dict[str, list[str]] = {}
    for goal_id, result in touches.order_by("record__started_at", "pk").values_list("goal_id", "result"):
        found.setdefault(words[goal_id], []).append(result)
    in_force = [words[row.pk] for row in rows if row.plan.state == PlanState.APPROVED]
    return [_task(goal, found.get(goal, [])) for goal in in_force]


def _task(goal: str, results: Sequence[str]) -> dict[str, Any]:
    told = [result for result in results if result]
    return {"goal": goal, "touched": len(results), "result": told[-1] if told else ""}


def risk_before(case: Case, month: Month) -> str:
    """The level of the last report before this one, else the level of the case."""
    rows = case.monthly_reports.filter(month__lt=str(month)).exclude(risk_now="").order_by("-month")
    return rows.values_list("risk_now", flat=True).first() or case.risk_level


def with_case(rows: QuerySet) -> QuerySet:
    """A monthly report with what stands around its pages."""
    return rows.select_related(
        "case__referral",
        "case__juvenile__identity",
        "case__juvenile__dossier_key",
        "case__organ",
        "case__agency",
        "case__lead",
        "case__second",
        "case__supervisor",
        "case__prosecutor",
        "submitted_by",
        "read_by",
        "answered_by",
        "document__file",
    )


def reports_of(rows: QuerySet, case: Case) -> list[MonthlyReport]:
    """Of the monthly reports given, those of the case, newest month first."""
    return list(rows.filter(case=case).select_related("submitted_by").order_by("-month"))
