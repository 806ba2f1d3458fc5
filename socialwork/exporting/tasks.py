"""Background work of exports: make one, send again what the queue lost, destroy what is over."""
from __future__ import annotations

import datetime as dt

import structlog
from django.db import transaction
from django.utils import timezone

from socialwork.core.errors import Moved
from socialwork.core.tasks import send_after_commit, task
from socialwork.exporting import queries, services
from socialwork.exporting.models import Export

log = structlog.get_logger(__name__)
LOST_AFTER = dt.timedelta(minutes=15)


@task(name="exports.make")
def make(*, export_id: str, user_id: str) -> bool:
    """Make one export in the name of the person who asked. Twice is no error: the second finds it made."""
    export = Export.objects.select_related("asked_by").filter(pk=export_id).first()
    if export is None:
        return False
    try:
        with transaction.atomic():
            services.make_export(export=export, at=timezone.now())
        return True
    except Moved:
        log.info("export_was_made_before", export=export_id)
    except Exception as error:
        log.exception("export_failed", export=export_id, error=type(error).__name__)
        services.fail_export(export=export, at=timezone.now())
    return False


@task(name="exports.sweep")
def sweep() -> int:
    """Send lost ones again and destroy files whose day is over."""
    at = timezone.now()
    for export in queries.waiting_to_be_made(at - LOST_AFTER)[:100]:
        send_after_commit("exports.make", export_id=str(export.pk), user_id=str(export.asked_by_id))
    over = list(queries.run_out(at).select_related("asked_by", "file")[:100])
    for export in over:
        services.destroy_export(export=export, by=export.asked_by, at=at)
    return len(over)
