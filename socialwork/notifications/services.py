"""Delivering what the outbox holds, and reading it."""
from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from socialwork.audit.models import Event
from socialwork.notifications.models import Notice, Outgoing
from socialwork.notifications.registry import tellings

LEASE = timedelta(minutes=5)
URGENCY = {Notice.Level.ACT: 0, Notice.Level.KNOW: 1, Notice.Level.LOG: 2}


def deliver(*, event_id: UUID, at: datetime) -> int:
    """Tell everybody of one event and confirm it. May run twice: a person is told once."""
    with transaction.atomic():
        waiting = Outgoing.objects.select_for_update(skip_locked=True).filter(pk=event_id, confirmed_at=None).first()
        if waiting is None:
            return 0
        event = Event.objects.get(pk=event_id)
        target = apps.get_model(event.target_type)._default_manager.filter(pk=event.target_id).first()
        told = 0
        if target is not None:
            chosen: dict[Any, Any] = {}
            for telling in sorted(tellings(event.verb), key=lambda telling: URGENCY[telling.level]):
                for user in telling.to(event, target):
                    if user.pk != event.actor_id:
                        chosen.setdefault(user.pk, (user, telling))
            for user, telling in chosen.values():
                told += tell(
                    user, key=event.pk, verb=event.verb, level=telling.level, target=target, label=telling.label(target),
                    path=telling.path(target), thread_id=event.thread_id, at=at,
                )
        Outgoing.objects.filter(pk=event_id).update(confirmed_at=at)
    return told


def tell(
    user: Any, *, key: UUID, verb: str, level: str, target: Any, label: str, path: str, thread_id: UUID, at: datetime, **more: str
) -> int:
    """Write one notice for one person unless the same event has told them already; mail it at once where they chose so.

    `more` are the words of a reminder, `act_zh` and `act_en`.
    """
    notice, created = Notice.objects.get_or_create(
        event_id=key, recipient=user,
        defaults={
            "verb": verb, "level": level, "target_type": target._meta.label_lower, "target_id": target.pk, "label": label,
            "path": path, "thread_id": thread_id, "created_at": at, **more,
        },
    )
    if created and user.mail_each and user.email and level == Notice.Level.ACT:
        Notice.objects.filter(pk=notice.pk).update(mailed_at=at)
        transaction.on_commit(lambda: mail(user.email, 1))
    return int(created)


def mail(address: str, count: int) -> None:
    """One recipient a message; nothing about anybody in it, only that something waits."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Huhang: something waits for you")
        body = _("%(count)s new item(s) wait for you. Sign in to see them. %(site)s") % {"count": count, "site": settings.SITE_URL}
        send_mail(subject, body, None, [address], fail_silently=True)


def send_digests(*, at: datetime, hour: int = 8) -> int:
    """Once a day from `hour` o'clock: one mail to each person with unread notices that were not mailed yet."""
    if timezone.localtime(at).hour < hour:
        return 0
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    sent = 0
    waiting = Notice.objects.filter(mailed_at=None, read_at=None, recipient__mail_digest=True, recipient__is_active=True)
    for recipient_id in list(waiting.order_by().values_list("recipient_id", flat=True).distinct()[:5000]):
        with transaction.atomic():
            mine = waiting.filter(recipient_id=recipient_id).exclude(level=Notice.Level.LOG).exclude(recipient__email="")
            if Notice.objects.filter(recipient_id=recipient_id, mailed_at__gte=today).exists() or not mine.exists():
                continue
            address, count = mine.first().recipient.email, mine.count()
            mine.update(mailed_at=at)
            transaction.on_commit(lambda address=address, count=count: mail(address, count))
            sent += 1
    return sent


def due_for_relay(*, at: datetime, limit: int = 500) -> list[UUID]:
    """Events nobody has confirmed: lease them for a while and hand them out again. A long queue is not made longer."""
    with transaction.atomic():
        rows = (
            Outgoing.objects.select_for_update(skip_locked=True).filter(confirmed_at=None, lease_until__lte=at)
            .order_by("lease_until")[:limit]
        )
        found = [row.pk for row in rows]
        Outgoing.objects.filter(pk__in=found).update(lease_until=at + LEASE)
    return found


def read_notices(*, by: Any, at: datetime, thread_id: UUID | None = None) -> int:
    """Mark one's own notices as read: all, or those of one matter."""
    mine = Notice.objects.filter(recipient=by, read_at=None)
    if thread_id:
        mine = mine.filter(thread_id=thread_id)
    return mine.update(read_at=at)


def choose_mail(*, by: Any, mail_each: bool, mail_digest: bool) -> None:
    """Each person chooses how to be told outside the product."""
    by.mail_each, by.mail_digest = mail_each, mail_digest
    by.save(update_fields=["mail_each", "mail_digest"])
