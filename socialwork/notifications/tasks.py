"""The worker's side of the outbox."""
from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from socialwork.core.tasks import send_after_commit, task
from socialwork.notifications import services


@task(name="notifications.deliver")
def deliver(*, event_id: str) -> None:
    services.deliver(event_id=UUID(event_id), at=timezone.now())


@task(name="notifications.relay_outbox")
def relay_outbox() -> None:
    for event_id in services.due_for_relay(at=timezone.now()):
        send_after_commit(deliver, event_id=str(event_id))


@task(name="notifications.send_digests")
def send_digests() -> None:
    services.send_digests(at=timezone.now())
