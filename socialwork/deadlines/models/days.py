"""Days that differ from the plain week."""
from __future__ import annotations

from django.db import models
from django.db.models import Q

from socialwork.core.models import BaseModel
from socialwork.deadlines.wording import DayKind, Origin


class Holiday(BaseModel):
    """A day on which China does not work although it is a weekday, or works although it is a weekend (调休).

    Source: the State Council's yearly notice. A year counts as published when it has rows of that origin; rows of
    origin "local" (an office closed by a typhoon) override single days and publish nothing.
    """

    day = models.DateField()
    kind = models.CharField(max_length=8, choices=DayKind)
    origin = models.CharField(max_length=16, choices=Origin)
    name = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "origin"], name="one_holiday_per_day_and_origin"),
            models.CheckConstraint(condition=Q(kind__in=DayKind.values), name="holiday_kind_known"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="holiday_origin_known"),
        ]
