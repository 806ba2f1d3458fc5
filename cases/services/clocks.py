"""Clocks of a case and the next act that stands on its row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import DateField, QuerySet, Value

from cases.models import Case, Plan, Report
from cases.models.recording import RecordKind, ServiceRecord
from cases.states import WORKING, CaseState, PlanState, ReportState
from referrals.models import NO_DUE, Referral
from referrals.services.clocks import in_custody
from socialwork.core import together
from socialwork.core.statements import ask
from socialwork.deadlines import calendar as days
from socialwork.deadlines.queries import first_due, propose

RECORD = "D10"
# Clocks that end when a report is submitted, and those that end when a plan is agreed on.
REPORT_CLOCKS = ("D2", "D2b", "D2c", "D2c_fast_track", "D2d")
PLAN_CLOCKS = ("D8", "D8b")
# While a report lies with the supervisor the clock runs on, and the act is the supervisor's.
WITH_SUPERVISOR = {ReportState.IN_REVIEW: "review_report", ReportState.REVIEWED: "submit_report"}
# The last day of a service for which no rule knows one: the organ named it.
NAMED_DAY = "LIMIT"
# What may come next: a clock, or the day agreed at the last record of a side, with the act it calls for.
CLOCK, COUNSELLING, OTHER = "clock", "counselling", "other"
AGREED = {COUNSELLING: "log_counselling", OTHER: "log_contact"}
Coming = tuple[str, str, datetime, date | None, UUID]
# What is owed in a state when no clock names it; codes are actions of the policy.
NEXT_ACT = {
    CaseState.ACCEPTED: "start_case",
    CaseState.IN_PROGRESS: "log_contact",
    CaseState.SUSPENDED: "resume_case",
    CaseState.SUBMITTED: "accept_report",
    CaseState.RETURNED: "write_report",
    CaseState.REPORT_ACCEPTED: "evaluate_case",
    CaseState.EVALUATED: "close_case",
}


# In these states one person's decision is awaited, whatever other clock still runs.
AWAITED = frozenset({CaseState.SUBMITTED, CaseState.EVALUATED})


def refresh_next_act(case: Case, *, at: datetime, new: ServiceRecord | None = None) -> None:
    """Write the next act and its date on the row: the earliest open clock or agreed contact, else what the state asks.

    `next_act` is the code of the deadline rule (D2, D12 …) or, without a clock, an action of the policy. `new` is a record
    that is written together with it.
    """
    found: list[tuple[datetime, str]] = []
    for what, code, due_at, agreed_on, _id in _with_new(ask(_what_comes, case.pk), new):
        if what == CLOCK and case.state not in AWAITED:
            found.append((due_at, _decision_due(case, code) or code))
        elif what in AGREED and agreed_on is not None and case.state in WORKING:
            found.append((days.end_of_day(agreed_on), AGREED[what]))
    if not found:
        found.append((NO_DUE, NEXT_ACT.get(CaseState(case.state), "")))
    case.next_due_at, case.next_act = min(found)
    case.touched_at = at
    together.update(case, "next_act", "next_due_at", "touched_at")


def _decision_due(case: Case, code: str) -> str:
    """The colleague's decision that the act behind a clock waits for; empty when it waits for nobody."""
    if code in REPORT_CLOCKS:
        state = Report.objects.filter(case=case).values_list("state", flat=True).first()
        return WITH_SUPERVISOR.get(state, "")
    if code in PLAN_CLOCKS and Plan.objects.filter(case=case, state=PlanState.PROPOSED).exists():
        return "approve_plan"
    return ""


def _what_comes(case_id: UUID) -> QuerySet:
    """The clock that falls due first, the last counselling session and the last other record, each where there is one:

    what it is, code of the clock or kind of the record, end of the clock or beginning of the occasion, the day agreed for
    the next one, identifier. The counsellor's dates are not the workers' and the other way round, so each side has its own
    last record.
    """
    clock = first_due(Case, case_id).values_list(Value(CLOCK), "code", "due_at", Value(None, DateField()), "id")
    records = ServiceRecord.objects.filter(case=case_id).order_by("-started_at", "-id")
    sides = {COUNSELLING: records.filter(kind=RecordKind.COUNSELLING), OTHER: records.exclude(kind=RecordKind.COUNSELLING)}
    last = [rows.values_list(Value(side), "kind", "started_at", "next_on", "id")[:1] for side, rows in sides.items()]
    return clock.union(*last, all=True)


def _with_new(found: Iterable[Coming], new: ServiceRecord | None) -> Iterable[Coming]:
    """The same with a record that is not written yet, where it is the last of its side."""
    if new is None:
        return found
    side = COUNSELLING if new.kind == RecordKind.COUNSELLING else OTHER
    mine = (side, new.kind, new.started_at, new.next_on, new.pk)
    others = list(found)
    same = [row for row in others if row[0] == side]
    last = max([*same, mine], key=lambda row: (row[2], row[4]))
    return [row for row in others if row[0] != side] + [last]


def time_limit_rule(referral: Referral) -> str:
    """The rule under which the work on a referral ends: that of its service, else the day the organ named."""
    return referral.due_rule or NAMED_DAY


def written_late(case: Case, *, ended_at: datetime, at: datetime) -> bool:
    """Whether a record comes after its time (V7): rule D10 counted from the end of the event; 48 hours by default."""
    due_at = propose(
        RECORD,
        started_at=ended_at,
        organ_id=case.organ_id,
        agreement_id=case.agreement_id,
        referral_id=case.referral_id,
        in_custody=in_custody(case.referral.custody),
    ).due_at
    return at > due_at
