"""Background work of the clock. Neither task decides what is overdue: that follows from the facts."""
from __future__ import annotations

import structlog
from django.utils import timezone

from socialwork.core.tasks import send_after_commit, task
from socialwork.deadlines import queries, services
from socialwork.deadlines.models import Deadline

log = structlog.get_logger(__name__)


@task(name="deadlines.sweep")
def sweep(*, limit: int = 500) -> int:
    """Send the reminders and escalations that are due now; a backlog is worked off in portions of `limit`."""
    at = timezone.now()
    sent = services.remind(at=at, limit=limit)
    if sent and Deadline.objects.awaiting_reminder(at).exists():
        send_after_commit(sweep, limit=limit)
    return sent


@task(name="deadlines.check")
def check() -> int:
    """Every night: prove that no deadline differs from its facts; the number of differences is logged as an error."""
    found = list(queries.differences())
    if found:
        log.error("deadlines_differ", count=len(found), codes=sorted({difference.code for difference in found}))
    return len(found)
