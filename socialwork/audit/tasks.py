"""Background work of the record."""
from __future__ import annotations

import structlog
from django.utils import timezone

from socialwork.audit.years import OFFICE, make_years
from socialwork.core.tasks import task

log = structlog.get_logger(__name__)


@task(name="audit.make_years")
def make_next_year() -> list[str]:
    """Every night: the parts of this year and the next are there before the first entry needs them."""
    year = timezone.now().astimezone(OFFICE).year
    if made := make_years([year, year + 1]):
        log.info("parts_of_the_record_made", parts=made)
    return made
