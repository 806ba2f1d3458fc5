"""Serial numbers of letters and agreements: without gaps inside one organisation, kind and year."""
from __future__ import annotations

from uuid import UUID

from django.db import models, transaction


def next_serial(*, scope: UUID, kind: str, year: int) -> int:
    """The next number of the series, starting at 1; the row lock is held until the caller's transaction ends."""
    from socialwork.core.models import Series

    with transaction.atomic():
        Series.objects.get_or_create(scope=scope, kind=kind, year=year)
        series = Series.objects.select_for_update().get(scope=scope, kind=kind, year=year)
        Series.objects.filter(pk=series.pk).update(last=models.F("last") + 1)
        return series.last + 1


def official_number(*, prefix: str, scope: UUID, kind: str, year: int) -> str:
    """A number as official letters carry it: prefix, year in tortoise-shell brackets, serial (GB/T 9704)."""
    return f"{prefix}〔{year}〕{next_serial(scope=scope, kind=kind, year=year)}号"
