"""Clocks of a case and the next act that stands on its row."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from cases.models import Case, Plan, Report
from cases.models.recording import RecordKind, ServiceRecord
from cases.states import WORKING, CaseState, PlanState, ReportState
from referrals.models import NO_DUE, Referral
from referrals.services.clocks import in_custody
from socialwork.core import together
from socialwork.core.statements import ask
from socialwork.deadlines import calendar as days
from socialwork.deadlines import services as clocks
from socialwork.deadlines.queries import propose

RECORD = "D10"
# Clocks that end when a report is submitted, and those that end when a plan is agreed on.
REPORT_CLOCKS = ("D2", "D2b", "D2c", "D2c_fast_track", "D2d")
PLAN_CLOCKS = ("D8", "D8b")
# While a report lies with the supervisor the clock runs on, and the act is the supervisor's.
WITH_SUPERVISOR = {ReportState.IN_REVIEW: "review_report", ReportState.REVIEWED: "submit_report"}
# The last day of a service for which no rule knows one: the organ named it.
NAMED_DAY = "LIMIT"
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


def refresh_next_act(case: Case, *, at: datetime) -> None:
    """Write the next act and its date on the row: the earliest open clock or agreed contact, else what the state asks.

    `next_act` is the code of the deadline rule (D2, D12 …) or, without a clock, an action of the policy.
    """
    found: list[tuple[datetime, str]] = []
    deadline = clocks.next_open(case._meta.label_lower, case.pk)
    if deadline and not deadline.paused_at and case.state not in AWAITED:
        found.append((deadline.due_at, _decision_due(case, deadline.code) or deadline.code))
    if case.state in WORKING:
        found.extend(_agreed_dates(case))
    if not found:
        found.append((NO_DUE, NEXT_ACT.get(CaseState(case.state), "")))
    case.next_due_at, case.next_act = min(found)
    case.touched_at = at
    together.update(Case.objects.filter(pk=case.pk), next_act=case.next_act, next_due_at=case.next_due_at, touched_at=at)


def _decision_due(case: Case, code: str) -> str:
    """The colleague's decision that the act behind a clock waits for; empty when it waits for nobody."""
    if code in REPORT_CLOCKS:
        state = Report.objects.filter(case=case).values_list("state", flat=True).first()
        return WITH_SUPERVISOR.get(state, "")
    if code in PLAN_CLOCKS and Plan.objects.filter(case=case, state=PlanState.PROPOSED).exists():
        return "approve_plan"
    return ""


def _agreed_dates(case: Case) -> list[tuple[datetime, str]]:
    """End of the day agreed at the last contact for the next one, and of that agreed at the last counselling session.

    The counsellor's dates are not the workers' and the other way round, so each side has its own last record.
    """
    dates = [(kind == RecordKind.COUNSELLING, day) for kind, day in ask(_last_of_each_side, case.pk)]
    return [(days.end_of_day(day), "log_counselling" if own else "log_contact") for own, day in dates if day is not None]


def _last_of_each_side(case_id: UUID) -> QuerySet:
    """Kind and next date of the last counselling session and of the last other record."""
    records = ServiceRecord.objects.filter(case=case_id).order_by("-started_at", "-id").values_list("kind", "next_on")
    return records.filter(kind=RecordKind.COUNSELLING)[:1].union(records.exclude(kind=RecordKind.COUNSELLING)[:1], all=True)


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
