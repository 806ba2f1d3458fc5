"""Background work of the cases."""

from __future__ import annotations

import structlog
from django.utils import timezone

from cases.services import months
from socialwork.core.tasks import task

log = structlog.get_logger(__name__)


@task(name="cases.end_months")
def end_months() -> int:
    """Every night: begin the monthly reports that are owed, then prove that their clocks agree with the facts."""
    at = timezone.now()
    begun = months.end_months(at=at)
    found = list(months.differences(at=at))
    if found:
        log.error("monthly_clocks_differ", count=len(found), kinds=sorted({difference.kind for difference in found}))
    return begun
