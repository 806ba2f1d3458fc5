"""Clocks of a case and the next act that stands on its row."""
from __future__ import annotations

from datetime import datetime

from cases.models import Case
from cases.states import ENDED, CaseState
from referrals.models import NO_DUE
from socialwork.deadlines import services as clocks

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


def refresh_next_act(case: Case, *, at: datetime) -> None:
    """Write the next act and its date on the row: the earliest open clock, else what the state calls for.

    `next_act` is the code of the deadline rule (D2, D12 …) or, without a clock, an action of the policy.
    """
    deadline = None if case.state in ENDED else clocks.next_open(case._meta.label_lower, case.pk)
    if deadline and not deadline.paused_at:
        case.next_act, case.next_due_at = deadline.code, deadline.due_at
    else:
        case.next_act, case.next_due_at = NEXT_ACT.get(CaseState(case.state), ""), NO_DUE
    case.touched_at = at
    Case.objects.filter(pk=case.pk).update(next_act=case.next_act, next_due_at=case.next_due_at, touched_at=at)
