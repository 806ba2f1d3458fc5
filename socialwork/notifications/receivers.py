"""What the notices listen to: acts as they are recorded, and clocks that run out."""
from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef
from django.dispatch import receiver
from django.utils import timezone

from socialwork.audit.signals import recorded
from socialwork.core.registry import session_columns
from socialwork.core.tasks import send_after_commit
from socialwork.deadlines.hooks import reminder_due
from socialwork.notifications.models import Notice, Outgoing
from socialwork.notifications.recipients import people_of
from socialwork.notifications.registry import tellings

REMINDER = "deadline.reminded"
OVERDUE = "deadline.overdue"


@receiver(recorded)
def put_in_outbox(sender: Any, event: Any, target: Any, **kwargs: Any) -> None:
    """In the transaction of the act: if anybody is to be told, the outbox says so from now on."""
    if not tellings(event.verb):
        return
    from socialwork.notifications.services import LEASE
    from socialwork.notifications.tasks import deliver

    Outgoing.objects.create(event_id=event.pk, lease_until=timezone.now() + LEASE)
    send_after_commit(deliver, event_id=str(event.pk))


@receiver(reminder_due)
def remind(sender: Any, deadline: Any, reminder: Any, roles: Any, **kwargs: Any) -> None:
    """A clock runs out: tell its owner and, with growing delay, those above. The reminder row makes it once."""
    from socialwork.notifications.services import tell

    row = apps.get_model(deadline.subject_type)._default_manager.filter(pk=deadline.subject_id).first()
    if row is None:
        return
    now = timezone.now()
    # Points before the end are percents of the period.
    verb = REMINDER if reminder.point.isdigit() else OVERDUE
    for user in people_of(row, *roles):
        tell(
            user, key=reminder.pk, verb=verb, level=Notice.Level.ACT, target=row, label=str(row), path=row.get_absolute_url(),
            thread_id=row.thread_id, at=now, act_zh=deadline.title_zh, act_en=deadline.title_en,
        )


def unread() -> Any:
    """Unread notices of the user of the outer query, at most one hundred are counted."""
    waiting = Notice.objects.filter(recipient=OuterRef("pk"), read_at=None).exclude(level=Notice.Level.LOG)
    return Func(ArraySubquery(waiting.values("pk")[:100]), function="cardinality", output_field=IntegerField())


session_columns["unread_count"] = unread
