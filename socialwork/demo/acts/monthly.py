"""Monthly reports: sent by the lead worker of the day, answered or sent back by the prosecutor in charge."""

from __future__ import annotations

from cases.models import MonthlyReport
from cases.services import months
from cases.services.monthly import (
    WRITTEN,
    Judgement,
    reply_monthly_report,
    return_monthly_report,
    write_monthly_report,
)
from socialwork.demo.stage import Scene


def send_month(scene: Scene) -> None:
    """A month that asked for nothing, because the work stood still, has no report."""
    act, case = scene.act, scene.case
    months.begin_months(case=case, at=scene.at)
    report = _report(scene)
    if report is not None:
        write_monthly_report(
            report=report,
            by=case.lead,
            at=scene.at,
            version=report.version,
            judgement=Judgement(cooperation=act["cooperation"], risk_now=act["risk_now"], score=act.get("score")),
            text={name: act[name] for name in WRITTEN if name in act},
        )


def reply_month(scene: Scene) -> None:
    report = _report(scene)
    if report is not None:
        reply_monthly_report(report=report, by=scene.case.prosecutor, at=scene.at, reply=scene.act["reply"])


def return_month(scene: Scene) -> None:
    report = _report(scene)
    if report is not None:
        reason = scene.act["return_reason"]
        return_monthly_report(report=report, by=scene.case.prosecutor, at=scene.at, return_reason=reason)


def _report(scene: Scene) -> MonthlyReport | None:
    rows = MonthlyReport.objects.select_related("case").filter(case=scene.case, month=scene.act["month"])
    return rows.first()
