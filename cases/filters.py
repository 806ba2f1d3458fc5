"""Filters of the list of cases. Each is applied to every arm of the list, so none may join what repeats rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Case
from cases.models.assigning import HAS_ENDED, NOT_ENDED
from cases.states import ACTIVE, CaseState
from referrals.filters import DistrictFilter, MonthFilter, begins
from referrals.models import ReferralService
from socialwork.core import vocabulary
from socialwork.deadlines import calendar as days

DUE = (("overdue", gettext_lazy("Overdue")), ("week", gettext_lazy("Due within seven days")))
ALL = "all"


def open_cases(rows: QuerySet) -> QuerySet:
    """The list as it is opened: without the cases that have ended."""
    return rows.filter(NOT_ENDED)


def ended_cases(rows: QuerySet) -> QuerySet:
    """Closed, cancelled and transferred ones."""
    return rows.filter(HAS_ENDED)


def all_cases(rows: QuerySet) -> list[QuerySet]:
    """Open and ended ones as arms of a list (access.listing): each lies in order of what is due, both together do not."""
    return [open_cases(rows), ended_cases(rows)]


class CaseFilter(django_filters.FilterSet):
    """State, risk, service, due date and worker. Without a choice of state, cases that have ended are left out."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), method="by_state", empty_label=gettext_lazy("Open cases")
    )
    risk = django_filters.ChoiceFilter(
        label=gettext_lazy("Risk"), field_name="risk_level", empty_label=gettext_lazy("Any")
    )
    service = django_filters.ChoiceFilter(
        label=gettext_lazy("Service"), method="by_service", empty_label=gettext_lazy("Any")
    )
    due = django_filters.ChoiceFilter(
        label=gettext_lazy("Due"), choices=DUE, method="by_due", empty_label=gettext_lazy("Any")
    )
    worker = django_filters.ChoiceFilter(
        label=gettext_lazy("Worker"), method="by_worker", empty_label=gettext_lazy("Any")
    )

    reason = django_filters.ChoiceFilter(
        label=gettext_lazy("Reason for closing"), field_name="closure_reason", widget=forms.HiddenInput
    )
    ended_from = MonthFilter(label=gettext_lazy("Ended from"), method="by_end_from")
    ended_to = MonthFilter(label=gettext_lazy("Ended until"), method="by_end_to")
    district = DistrictFilter()

    class Meta:
        model = Case
        fields: list[str] = []

    @classmethod
    def blank(cls, workers: Sequence[tuple[str, str]] | None) -> forms.Form:
        """The filters with nothing chosen."""
        return cls({}, queryset=Case.objects.none(), workers=workers).form

    def __init__(self, *args: Any, workers: Sequence[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        """`workers` are those one may choose, each with its name; None where nobody is to be chosen."""
        super().__init__(*args, **kwargs)
        self.filters["state"].extra["choices"] = [(ALL, _("All")), *CaseState.choices]
        self.filters["risk"].extra["choices"] = vocabulary.choices("risk_level")
        self.filters["service"].extra["choices"] = vocabulary.choices("service_type")
        self.filters["reason"].extra["choices"] = [(term.code, term.label) for term in vocabulary.terms("closure_reason")]
        if workers is None:
            del self.filters["worker"]
        else:
            self.filters["worker"].extra["choices"] = list(workers)

    def arms(self, rows: QuerySet) -> QuerySet | list[QuerySet]:
        """The chosen cases as a list in order of what is due asks for them."""
        found = self.filter_queryset(rows)
        return all_cases(found) if self.form.cleaned_data.get("state") == ALL else found

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.form.cleaned_data.get("state"):
            queryset = open_cases(queryset)
        return super().filter_queryset(queryset)

    @property
    def qs(self) -> QuerySet:
        # A choice nobody offers filters nothing away silently: it is ignored, and the form says so.
        self.form.is_valid()
        return self.filter_queryset(self.queryset.all())

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == ALL:
            return rows
        return (open_cases(rows) if value in ACTIVE else ended_cases(rows)).filter(state=value)

    def by_service(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        wanted = ReferralService.objects.filter(referral=OuterRef("referral_id"), service_type=value)
        return rows.filter(Exists(wanted))

    def by_due(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        now = timezone.now()
        if value == "overdue":
            return rows.filter(next_due_at__lt=now)
        last = days.end_of_day(days.local_day(now) + dt.timedelta(days=7))
        return rows.filter(next_due_at__gte=now, next_due_at__lte=last)

    def by_worker(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Q(lead_id=value) | Q(second_id=value))

    def by_end_from(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return ended_cases(rows).filter(closed_at__gte=begins(value))

    def by_end_to(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return ended_cases(rows).filter(closed_at__lt=begins(value, after=1))

    def in_force(self) -> list[tuple[str, str, str]]:
        """(name, label of the filter, label of the choice) of every filter that narrows the list."""
        found = []
        for name, field in self.form.fields.items():
            value = self.form.cleaned_data.get(name)
            labels = dict(field.choices) if hasattr(field, "choices") else {value: value}
            if value and value in labels:
                found.append((name, str(field.label), str(labels[value])))
        return found
