"""What is counted, as data: an act (audit verb) and what it adds to which count, in which month.

Every count is a partition: each thing stands in exactly one of its details, so that details add up to a total. A change
of mind takes the thing out of one detail and puts it into another, in the month in which it was counted first.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cases.models.recording import RecordKind
from cases.services.clocks import NAMED_DAY, REPORT_CLOCKS
from cases.services.closing import grade_of
from referrals.states import WITH_AGENCY

# Measures.
REFERRALS, RECORDS, MINUTES, OUTCOMES, GRADES = "referrals", "records", "minutes", "outcomes", "grades"
# Where a referral that was sent stands. The first is where each begins.
WAITING, RUNNING, CLOSED, ENDED, DECLINED, WITHDRAWN, TRANSFERRED = STANDINGS = (
    "waiting", "running", "closed", "ended", "declined", "withdrawn", "transferred",
)
# Of a service record: its kind when the person was there, otherwise this.
MISSED = "missed"
KINDS = (*RecordKind.values, MISSED)
# Of an act that was due: done in time or not.
IN_TIME, LATE = PUNCTUALITY = ("in_time", "late")
# Measures of timeliness and the rules of their time limits; an answer is the one clock a referral itself has.
ANSWER, FIRST_CONTACT, REPORT, MONTHLY, WORK = TIMELINESS = ("answer", "first_contact", "report", "monthly", "work")
CLOCKS: Mapping[str, tuple[str, ...]] = {
    FIRST_CONTACT: ("D19", "D20"), REPORT: (*REPORT_CLOCKS, "D18"), MONTHLY: ("D12",), WORK: (NAMED_DAY,),
}
ON_REFERRAL, ON_CASE = "referrals.referral", "cases.case"


@dataclass(frozen=True)
class Step:
    """One addition to a count, in a month (its first day)."""

    measure: str
    detail: str
    amount: int
    month: dt.date


Steps = Sequence[Step]


def month_of(moment: dt.datetime | str) -> dt.date:
    """The first day of the month in which something happened, on the office's calendar."""
    instant = dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return timezone.localdate(instant).replace(day=1)


def months_between(since: dt.date, until: dt.date) -> Sequence[dt.date]:
    """First days of the months from one to another."""
    count = (until.year - since.year) * 12 + until.month - since.month
    return [earlier(until, back) for back in range(count, -1, -1)]


def earlier(month: dt.date, months: int) -> dt.date:
    """First day of the month so many months before."""
    number = month.year * 12 + month.month - 1 - months
    return dt.date(number // 12, number % 12 + 1, 1)


def sent(event: Any, referral: Any) -> Steps:
    return [Step(REFERRALS, WAITING, 1, month_of(referral.issued_at))]


def answered(standing: str) -> Callable[[Any, Any], Steps]:
    """The referral leaves the agency's desk for good; what never reached it is not counted."""

    def steps(event: Any, referral: Any) -> Steps:
        return _moved(referral, WAITING, standing) if event.facts.get("from") in WITH_AGENCY else []

    return steps


def ended(standing: str) -> Callable[[Any, Any], Steps]:
    def steps(event: Any, case: Any) -> Steps:
        return [*_moved(case.referral, RUNNING, standing), Step(OUTCOMES, case.closure_reason, 1, month_of(event.at))]

    return steps


def evaluated(event: Any, case: Any) -> Steps:
    points = 0 if event.facts["vetoes"] else sum(event.facts["points"].values())
    return [Step(GRADES, grade_of(points), 1, month_of(event.at))]


def logged(event: Any, record: Any) -> Steps:
    return recorded(record.kind, attended=record.attended, lasted=record.lasted, started_at=record.started_at)


def amended(event: Any, record: Any) -> Steps:
    """The record as it was is taken back, as it is now it is added. An event without former values changed no count."""
    was = event.facts.get("was")
    if was is None:
        return []
    before, after = recorded(record.kind, **was), logged(event, record)
    return [*(Step(step.measure, step.detail, -step.amount, step.month) for step in before), *after] if before != after else []


def recorded(kind: str, *, attended: bool, lasted: int, started_at: dt.datetime | str) -> list[Step]:
    """What one service record counts."""
    month = month_of(started_at)
    if not attended:
        return [Step(RECORDS, MISSED, 1, month)]
    return [Step(RECORDS, kind, 1, month), Step(MINUTES, kind, lasted, month)]


def clock_met(deadline: Any) -> Steps:
    """An act that was due is done: in time or late, in the month in which it was done."""
    measure = measure_of_clock(deadline.subject_type, deadline.code)
    if measure is None:
        return []
    return [Step(measure, LATE if deadline.met_late else IN_TIME, 1, month_of(deadline.met_at))]


def measure_of_clock(subject_type: str, code: str) -> str | None:
    if subject_type == ON_REFERRAL:
        return ANSWER
    return next((measure for measure, codes in CLOCKS.items() if code in codes), None) if subject_type == ON_CASE else None


def _moved(referral: Any, before: str, after: str) -> list[Step]:
    month = month_of(referral.issued_at)
    return [Step(REFERRALS, before, -1, month), Step(REFERRALS, after, 1, month)]


# Act by act. What stands nowhere here changes no count.
COUNTED: Mapping[str, Callable[[Any, Any], Steps]] = {
    "referral.approved": sent,
    "referral.issued": sent,
    "referral.accepted": answered(RUNNING),
    "referral.declined": answered(DECLINED),
    "referral.withdrawn": answered(WITHDRAWN),
    "referral.transferred": answered(TRANSFERRED),
    "case.closed": ended(CLOSED),
    "case.cancelled": ended(ENDED),
    "case.transferred": ended(ENDED),
    "case.evaluated": evaluated,
    "service_record.logged": logged,
    "service_record.amended": amended,
}
