"""Cases in guidance since an earlier month, and monthly reports in the states tests start from."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from cases.models import Case, MonthlyReport
from cases.queries_monthly import Month, with_case
from cases.services.monthly import (
    Judgement,
    reply_monthly_report,
    return_monthly_report,
    write_monthly_report,
)
from cases.services.months import end_months
from tests import cast
from tests.factories import occasions, records

TEXT = {
    "progress": "能按时起床，主动报名电工班。",
    "next_month": "每两周家访一次，陪同办理入学手续。",
    "problems": "周末仍与校外人员来往。",
    "missed_reason": "月底服务对象随祖母返乡，已电话联系。",
}
JUDGEMENT = Judgement(cooperation=4, risk_now="low")
BODY = {
    **TEXT,
    "cooperation": "4",
    "risk_now": "low",
    "leave_days": "0",
    "score": "",
    "breaches": "",
    "changes": "",
    "request": "",
    "_version": "1",
}


def last_month() -> Month:
    return Month.of(timezone.localdate()).before


def day_of(month: Month, number: int, hour: int = 10) -> dt.datetime:
    return timezone.make_aware(dt.datetime(month.year, month.number, number, hour))


def guided(world: cast.World, *, since: dt.datetime | None = None, **more: Any) -> Case:
    """A case in guidance, opened on the tenth of last month unless said otherwise."""
    case = occasions.guided(world, **more)
    opened = since or day_of(last_month(), 10)
    Case.objects.filter(pk=case.pk).update(
        state="in_progress", created_at=opened, started_at=opened, started_by=case.lead
    )
    case.refresh_from_db()
    return case


def met(case: Case, month: Month, *numbers: int, **more: Any) -> None:
    """Home visits on these days of the month."""
    for number in numbers:
        row = records.record(case, "contact", **more)
        type(row).objects.filter(pk=row.pk).update(started_at=day_of(month, number))


def due(world: cast.World, case: Case | None = None) -> MonthlyReport:
    """Last month's report, not written yet, with its clock."""
    case = case or guided(world)
    end_months(at=timezone.now())
    return loaded(MonthlyReport.objects.get(case=case, month=str(last_month())))


def loaded(report: MonthlyReport) -> MonthlyReport:
    return with_case(MonthlyReport.objects.all()).get(pk=report.pk)


def send(world: cast.World, report: MonthlyReport, **more: Any) -> MonthlyReport:
    values = {
        "by": world.worker,
        "at": timezone.now(),
        "version": report.version,
        "judgement": JUDGEMENT,
        "text": TEXT,
        **more,
    }
    return write_monthly_report(report=report, **values)


def sent(world: cast.World, case: Case | None = None) -> MonthlyReport:
    """With the prosecutor."""
    return send(world, due(world, case))


def returned(world: cast.World, case: Case | None = None) -> MonthlyReport:
    """Sent back with a reason."""
    report = sent(world, case)
    return return_monthly_report(
        report=report, by=world.prosecutor, at=timezone.now(), return_reason="请补充学校的反馈。"
    )


def answered(world: cast.World, case: Case | None = None) -> MonthlyReport:
    report = sent(world, case)
    return reply_monthly_report(report=report, by=world.prosecutor, at=timezone.now(), reply="同意下月安排。")
