"""The end of a month: every case in guidance owes a report, and its clock starts (D12). Derived from facts alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from cases.models import Case, MonthlyReport
from cases.queries_monthly import Month, guided_cases, months_owed
from cases.states import OWED, MonthlyState
from socialwork.deadlines import services as clocks
from socialwork.deadlines.models import Deadline
from socialwork.deadlines.queries import Difference

MONTHLY_CLOCK = "D12"
SUBJECT = Case._meta.label_lower


def end_months(*, at: datetime) -> int:
    """Begin what is missing of the reports on ended months, with their clocks; gives their number.

    Runs every night. Twice is no error, two runs at once begin each report once, and a run after days of standstill
    begins what the nights before would have.
    """
    begun = 0
    for case in guided_cases().order_by("pk").iterator(chunk_size=200):
        standing = {report.month for report in case.monthly_reports.all()}
        if any(str(month) not in standing for month in months_owed(case, at=at)):
            begun += begin_months(case=case, at=at)
    return begun


def begin_months(*, case: Case, at: datetime) -> int:
    """The same for one case. Nothing is begun where the guidance has ended."""
    begun = 0
    with transaction.atomic():
        # Another run, or the end of the case, may have come between: only the locked row tells.
        Case.objects.select_for_update(of=("self",)).filter(pk=case.pk).first()
        now = guided_cases().filter(pk=case.pk).first()
        for month in months_owed(now, at=at) if now else ():
            if str(month) not in {report.month for report in now.monthly_reports.all()}:
                MonthlyReport.objects.create(case=now, month=str(month), created_at=at)
                start_clock(now, str(month), started_at=month.ended_at)
                begun += 1
    return begun


def start_clock(case: Case, month: str, *, started_at: datetime) -> Deadline:
    """The report of that month is owed from the end of the month, or from the day it was sent back."""
    return clocks.start(
        code=MONTHLY_CLOCK,
        subject=case,
        organ_id=case.organ_id,
        agency_id=case.agency_id,
        owner_id=case.lead_id,
        started_at=started_at,
        occurrence=month,
        agreement_id=case.agreement_id,
        referral_id=case.referral_id,
    )


def is_guided(case: Case) -> bool:
    """Whether the guidance of the case still goes on, so that a report can be called for."""
    return guided_cases().filter(pk=case.pk).exists()


def differences(*, at: datetime) -> Iterator[Difference]:
    """The reconciliation of the monthly clocks: what should run against what does, and the other way round."""
    rows = Deadline.objects.open().filter(subject_type=SUBJECT, code=MONTHLY_CLOCK).order_by("id")
    standing = {(row.subject_id, row.occurrence): row.started_at for row in rows}
    for case in guided_cases().order_by("pk").iterator(chunk_size=200):
        expected = {str(month): month.ended_at for month in months_owed(case, at=at)}
        for report in case.monthly_reports.all():
            expected.pop(report.month, None)
            if report.state in OWED:
                expected[report.month] = _started(report)
        for month, started_at in expected.items():
            found = standing.pop((case.pk, month), None)
            if found is None:
                yield Difference("lost", SUBJECT, case.pk, MONTHLY_CLOCK, month)
            elif found != started_at:
                detail = f"started {found.isoformat()} -> {started_at.isoformat()}"
                yield Difference("moved", SUBJECT, case.pk, MONTHLY_CLOCK, month, detail)
    for case_id, month in standing:
        yield Difference("left_over", SUBJECT, case_id, MONTHLY_CLOCK, month)


def _started(report: MonthlyReport) -> datetime:
    if report.state == MonthlyState.RETURNED and report.answered_at is not None:
        return report.answered_at
    return Month.parse(report.month).ended_at
