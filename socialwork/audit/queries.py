"""The story of one matter."""
from __future__ import annotations

from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from socialwork.audit.models import Access, Event
from socialwork.audit.years import not_before
from socialwork.core.statements import ask

MOST = 200


def events_of(thread_id: UUID, limit: int = MOST) -> QuerySet[Event]:
    """Newest acts first."""
    return Event.objects.filter(thread_id=thread_id, id__gte=not_before(thread_id)).order_by("-at", "-id")[:limit]


def acts_of(thread_id: UUID, verbs: tuple[str, ...]) -> list[Event]:
    """The newest acts of these kinds, newest first, however many others lie between them.

    A kind that ends in a dot stands for all that begin with it.
    """
    return list(ask(_acts_of, thread_id, not_before(thread_id), verbs))


def _acts_of(thread_id: UUID, first: UUID, verbs: tuple[str, ...]) -> QuerySet[Event]:
    kinds = [Q(verb__startswith=verb) for verb in verbs if verb.endswith(".")]
    wanted = reduce(or_, kinds, Q(verb__in=[verb for verb in verbs if not verb.endswith(".")]))
    return Event.objects.filter(wanted, thread_id=thread_id, id__gte=first).order_by("-at", "-id")[:MOST]


def readings_of(thread_id: UUID, limit: int = MOST) -> QuerySet[Access]:
    """Newest readings first."""
    return Access.objects.filter(thread_id=thread_id, id__gte=not_before(thread_id)).order_by("-at", "-id")[:limit]
