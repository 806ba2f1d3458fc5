"""Background work of the clock. Neither task decides what is overdue: that follows from the facts."""
from __future__ import annotations

import structlog
from django.utils import timezone

from socialwork.core.tasks import task
from socialwork.deadlines import queries, services

log = structlog.get_logger(__name__)


@task(name="deadlines.sweep")
def sweep() -> int:
    """Send the reminders and escalations that are due now."""
    return services.remind(at=timezone.now())


@task(name="deadlines.check")
def check() -> int:
    """Every night: prove that no deadline differs from its facts; the number of differences is logged as an error."""
    found = list(queries.differences())
    if found:
        log.error("deadlines_differ", count=len(found), codes=sorted({difference.code for difference in found}))
    return len(found)
