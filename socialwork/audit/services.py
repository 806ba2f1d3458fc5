"""Write the record. Both functions run inside the caller's transaction: what rolls back was never done."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from socialwork.audit.models import Access, Event
from socialwork.audit.signals import recorded
from socialwork.core import together


def record(
    verb: str, target: Model, *, by: Any, at: datetime, facts: Mapping[str, Any] | None = None, thread: UUID | None = None
) -> Event:
    """Record a business act, e.g. `record("referral.submitted", referral, by=user, at=now, facts={...})`.

    `by` is a user, or None for the product itself (a beat task). `facts` must hold codes and identifiers only.
    """
    event = Event(verb=verb, at=at, facts=dict(facts or {}), **_who(by), **_what(target, thread))
    together.insert(event)
    recorded.send(sender=Event, event=event, target=target)
    return event


def read(target: Model | None, *, by: Any, route: str, **more: Any) -> None:
    """Record that somebody opened, searched, printed, exported or was refused something about a child (`reading`)."""
    together.write(*reading(target, by=by, route=route, **more))


def reading(
    target: Model | None, *, by: Any, route: str, action: str = "viewed", outcome: str = "ok", detail: str = "",
    at: datetime | None = None,
) -> together.Part:
    """The record of a reading, now or `at`, as a statement for whoever sends it together with what is read."""
    return together.addition(Access(
        at=at or timezone.now(), route=route, action=action, outcome=outcome, detail=detail, **_who(by),
        **_what(target, None),
    ))


def _who(by: Any) -> dict[str, Any]:
    if by is None:
        return {}
    return {
        "actor_id": by.pk,
        "actor_name": by.name,
        "actor_roles": ",".join(sorted(by.roles)),
        "organisation_id": by.organisation_id,
        "organisation_name": by.organisation.name if by.organisation_id else "",
    }


def _what(target: Model | None, thread: UUID | None) -> dict[str, Any]:
    if target is None:
        return {"target_type": ""}
    return {
        "target_type": target._meta.label_lower,
        "target_id": target.pk,
        "thread_id": thread or getattr(target, "thread_id", None) or target.pk,
    }
