"""The story of one matter."""
from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from socialwork.audit.models import Access, Event
from socialwork.audit.years import not_before


def events_of(thread_id: UUID, limit: int = 200) -> QuerySet[Event]:
    """Newest acts first."""
    return Event.objects.filter(thread_id=thread_id, id__gte=not_before(thread_id)).order_by("-at", "-id")[:limit]


def readings_of(thread_id: UUID, limit: int = 200) -> QuerySet[Access]:
    """Newest readings first."""
    return Access.objects.filter(thread_id=thread_id, id__gte=not_before(thread_id)).order_by("-at", "-id")[:limit]
