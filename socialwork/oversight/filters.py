"""What the registry and the record of acts can be narrowed to."""
from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from socialwork.audit.models import Access, Event
from socialwork.organisations.forms import day_input
from socialwork.organisations.models import Organisation
from socialwork.organisations.states import AgencyState
from socialwork.oversight import naming, queries, wording

# Without a day the record is read so far back: an index range, whatever else is asked.
RECENT = dt.timedelta(days=30)


class AgencyFilter(django_filters.FilterSet):
    """By state and part of the name."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=AgencyState.choices, empty_label=_("All"))
    name = django_filters.CharFilter(label=_("Name or short name"), method="named")

    class Meta:
        model = Organisation
        fields = ("state", "name")

    def named(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(name__icontains=value[:60])


class RecordFilter(django_filters.FilterSet):
    """By person and days. Nothing chosen: the last thirty days."""

    person = django_filters.ChoiceFilter(label=_("Name of the person"), field_name="actor_id", empty_label=_("All"))
    since = django_filters.DateFilter(label=_("First day"), method="from_day", widget=day_input())
    until = django_filters.DateFilter(label=_("Last day"), method="to_day", widget=day_input())

    def __init__(self, *args: Any, request: Any, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        people = queries.people_in_record(request.user)
        self.filters["person"].extra["choices"] = [(str(person.pk), person.name) for person in people]

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        rows = super().filter_queryset(queryset)
        if not self.form.cleaned_data.get("since"):
            rows = rows.filter(at__gte=timezone.now() - RECENT)
        return rows

    def from_day(self, rows: QuerySet, name: str, value: dt.date) -> QuerySet:
        return rows.filter(at__gte=_midnight(value))

    def to_day(self, rows: QuerySet, name: str, value: dt.date) -> QuerySet:
        return rows.filter(at__lt=_midnight(value + dt.timedelta(days=1)))


class ActFilter(RecordFilter):
    """By act as well."""

    verb = django_filters.ChoiceFilter(
        label=pgettext_lazy("record", "Act"), choices=naming.act_options, empty_label=_("All"), widget=forms.Select,
    )
    field_order = ("person", "verb", "since", "until")

    class Meta:
        model = Event
        fields = ("person", "verb", "since", "until")


class ReadingFilter(RecordFilter):
    """By outcome as well: what was refused."""

    outcome = django_filters.ChoiceFilter(label=_("Outcome"), choices=list(wording.OUTCOMES.items()), empty_label=_("All"))

    class Meta:
        model = Access
        fields = ("person", "outcome", "since", "until")


def _midnight(value: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(value, dt.time()))
