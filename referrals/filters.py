"""Narrowing the lists of referrals."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.models import NO_DUE
from referrals.states import ReferralState
from socialwork.core import vocabulary


class Ticked(django_filters.BooleanFilter):
    """A box: ticked it narrows, empty it does nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxInput, **kwargs)


class ReferralFilter(django_filters.FilterSet):
    """Filters of both lists; `other_side` is the agency for the organ and the organ for the agency."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=ReferralState.choices, empty_label=_("Any"))
    service = django_filters.ChoiceFilter(
        label=_("Service"), field_name="services__service_type", choices=lambda: vocabulary.choices("service_type"), empty_label=_("Any")
    )
    urgency = django_filters.ChoiceFilter(label=_("Urgency"), choices=lambda: vocabulary.choices("urgency"), empty_label=_("Any"))
    stage = django_filters.ChoiceFilter(label=_("Stage"), choices=lambda: vocabulary.choices("stage"), empty_label=_("Any"))
    agency = django_filters.ChoiceFilter(label=_("Agency"), field_name="agency_id", empty_label=_("Any"))
    organ = django_filters.ChoiceFilter(label=_("Organ"), field_name="organ_id", empty_label=_("Any"))
    overdue = Ticked(label=_("Overdue"), method="narrow_overdue")
    due_this_week = Ticked(label=_("Due within 7 days"), method="narrow_due_this_week")
    waiting = Ticked(label=_("Waiting for me"), method="narrow_waiting")

    def __init__(
        self, *args: Any, acts: Iterable[str] = (), other_side: str = "agency", others: Iterable[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.acts = list(acts)
        del self.filters["organ" if other_side == "agency" else "agency"]
        self.filters[other_side].extra["choices"] = list(others)

    def narrow_overdue(self, rows: QuerySet, name: str, value: bool | None) -> QuerySet:
        return rows.filter(next_due_at__lt=timezone.now()) if value else rows

    def narrow_due_this_week(self, rows: QuerySet, name: str, value: bool | None) -> QuerySet:
        if not value:
            return rows
        return rows.filter(next_due_at__lt=min(timezone.now() + dt.timedelta(days=7), NO_DUE))

    def narrow_waiting(self, rows: QuerySet, name: str, value: bool | None) -> QuerySet:
        return rows.filter(next_act__in=self.acts) if value else rows
