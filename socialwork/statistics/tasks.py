"""Background work of the counts: fold each minute, and each night prove that they agree with the rows."""
from __future__ import annotations

import structlog

from socialwork.core.tasks import task
from socialwork.statistics import services

log = structlog.get_logger(__name__)


@task(name="statistics.fold")
def fold() -> int:
    """Fold what was appended since the last time. Twice at once is no error: each takes other rows."""
    return services.fold()


@task(name="statistics.check")
def check() -> int:
    """Every night: the counts are those of the rows; the number of differences is logged as an error."""
    found = services.differences()
    if found:
        log.error("statistics_differ", count=len(found), measures=sorted({row[1] for row in found}))
    return len(found)
