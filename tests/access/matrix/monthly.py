"""Monthly reports: the months of a case, one report, writing it, and the prosecutor's answer."""

from __future__ import annotations

from typing import Any

from cases.models import MonthlyReport
from tests.access.matrix import Row
from tests.access.matrix.reports import AROUND, INSIDE, READERS, WORKERS, by_case
from tests.factories import monthly, occasions


def planned(world: Any) -> MonthlyReport:
    """To be written in a case with a plan in force: everything the page computes is there to be computed."""
    case = monthly.guided(world)
    occasions.plan_in_force(world, case)
    return MonthlyReport.objects.get(pk=monthly.due(world, case).pk)


OBJECTS = {
    "monthly_due": planned,
    "monthly_sent": monthly.sent,
    "monthly_returned": monthly.returned,
}
PROSECUTOR = frozenset({"prosecutor"})

ROWS = [
    Row("cases:monthly_reports", of="monthly_sent", ok=READERS, forbidden=AROUND - READERS, args=by_case),
    Row("cases:monthly_report", of="monthly_due", ok=INSIDE, variant="to be written"),
    Row("cases:monthly_report", of="monthly_sent", ok=READERS, variant="sent"),
    Row("cases:monthly_report", of="monthly_returned", ok=READERS, variant="returned"),
    Row("cases:write_monthly_report", of="monthly_due", ok=WORKERS, forbidden=INSIDE - WORKERS),
    Row("cases:write_monthly_report", of="monthly_sent", late=WORKERS, forbidden=READERS - WORKERS, variant="too late"),
    Row(
        "cases:write_monthly_report",
        "POST",
        of="monthly_due",
        ok=WORKERS,
        forbidden=INSIDE - WORKERS,
        body=monthly.BODY,
    ),
    Row("cases:reply_monthly_report", of="monthly_sent", ok=PROSECUTOR, forbidden=READERS - PROSECUTOR),
    Row(
        "cases:reply_monthly_report",
        "POST",
        of="monthly_sent",
        ok=PROSECUTOR,
        forbidden=READERS - PROSECUTOR,
        body={"reply": "同意下月安排。"},
    ),
    Row("cases:return_monthly_report", of="monthly_sent", ok=PROSECUTOR, forbidden=READERS - PROSECUTOR),
    Row(
        "cases:return_monthly_report",
        "POST",
        of="monthly_sent",
        ok=PROSECUTOR,
        forbidden=READERS - PROSECUTOR,
        body={"return_reason": "请补充学校的反馈。"},
    ),
    Row(
        "cases:return_monthly_report",
        of="monthly_returned",
        late=PROSECUTOR,
        forbidden=READERS - PROSECUTOR,
        variant="too late",
    ),
]
