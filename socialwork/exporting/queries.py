"""Exports for pages and tasks."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet

from socialwork.access.roles import Role
from socialwork.accounts.models import User
from socialwork.exporting.models import Export
from socialwork.exporting.policies import DECIDERS
from socialwork.exporting.wording import ExportState

_PROGRESS_SECONDS = 3600


def with_people(rows: QuerySet) -> QuerySet:
    return rows.select_related("asked_by", "decided_by", "organisation", "file")


def progress(export: Export) -> int:
    """Rows written so far. Kept where it may be lost: the worker's own transaction is not to be seen yet."""
    return export.rows if export.rows is not None else cache.get(_key(export), 0)


def note_progress(export: Export, done: int) -> None:
    cache.set(_key(export), done, _PROGRESS_SECONDS)


def waiting_to_be_made(before: datetime) -> QuerySet[Export]:
    """Queued so long ago that the queue must have lost them."""
    return Export.objects.filter(state=ExportState.QUEUED, created_at__lt=before).order_by("created_at", "pk")


def run_out(at: datetime) -> QuerySet[Export]:
    """Ready ones whose day is over."""
    return Export.objects.filter(state=ExportState.READY, expires_at__lte=at).order_by("expires_at", "pk")


def deciders_of(export: Export) -> list[Any]:
    """Heads of the house who did not ask for it themselves."""
    people = User.objects.filter(organisation_id=export.organisation_id, is_active=True).exclude(pk=export.asked_by_id)
    return [person for person in people.order_by("pk") if person.has_role(*(Role(role) for role in DECIDERS))]


def _key(export: Export) -> str:
    return f"export-progress:{export.pk}"
