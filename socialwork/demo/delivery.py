"""What the acts left in the outbox reaches the people, and what lies back has been read."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.models import F

from socialwork.audit.models import Event
from socialwork.audit.signals import recorded
from socialwork.deadlines.models import DeadlineReminder
from socialwork.deadlines.services import remind
from socialwork.notifications.models import Notice, Outgoing
from socialwork.notifications.receivers import put_in_outbox
from socialwork.notifications.registry import verbs
from socialwork.notifications.services import deliver

# What lies further back nobody is told of any more.
TOLD_FOR = dt.timedelta(days=90)
# Nobody leaves a notice unread longer than this; most are opened the same or the next day.
READ_AFTER, READ_WITHIN = dt.timedelta(days=6), dt.timedelta(hours=20)


@dataclass(frozen=True)
class Delivered:
    notices: int
    unread: int


@contextmanager
def held_back() -> Iterator[None]:
    """Acts of the past go into no queue: `deliver_recent` tells of them as of their own day."""
    recorded.disconnect(put_in_outbox)
    try:
        yield
    finally:
        recorded.connect(put_in_outbox)


def deliver_recent(*, now: dt.datetime) -> Delivered:
    """Tell everybody of the events of the last months, each at its moment; what is older than a week is read."""
    recent = Event.objects.filter(verb__in=verbs(), at__gte=now - TOLD_FOR)
    events = list(recent.order_by("at", "id").values_list("pk", "at"))
    Outgoing.objects.bulk_create(Outgoing(event_id=pk, created_at=at, lease_until=at) for pk, at in events)
    for pk, at in events:
        deliver(event_id=pk, at=at)
    _remind(now=now)
    Notice.objects.filter(created_at__lt=now - READ_AFTER).update(read_at=F("created_at") + READ_WITHIN)
    return Delivered(Notice.objects.count(), Notice.objects.filter(read_at=None).count())


def _remind(*, now: dt.datetime) -> None:
    """What the clocks had to say, each at the moment its reminder fell due."""
    while remind(at=now):
        pass
    for reminder in DeadlineReminder.objects.order_by("pk"):
        Notice.objects.filter(event_id=reminder.pk).update(created_at=reminder.fell_due_at)
