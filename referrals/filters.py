"""Narrowing the lists of referrals."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referrals.models import NO_DUE, Referral
from referrals.states import WITH_AGENCY, ReferralState
from socialwork.core import vocabulary
from socialwork.organisations.models import District

# States of a case that has ended; cases is above this app and tests hold the two together.
ENDED_CASES = ("closed", "cancelled", "transferred")


class Ticked(django_filters.BooleanFilter):
    """A box: ticked it narrows, empty it does nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxInput, **kwargs)


class MonthFilter(django_filters.Filter):
    """A month as YYYY-MM that the statistics ask for: it stands in the address and as a chip, not among the controls."""

    field_class = forms.RegexField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(regex=r"^20\d\d-(0[1-9]|1[0-2])$", widget=forms.HiddenInput, **kwargs)


class DistrictField(forms.CharField):
    """The code of a division, known to the register."""

    def to_python(self, value: Any) -> Any:
        code = super().to_python(value)
        found = District.objects.filter(pk=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_("There is no such district."), code="unknown")
        return found


class DistrictFilter(django_filters.Filter):
    """The district of the service, as the statistics ask for it."""

    field_class = DistrictField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("District"), field_name="district", widget=forms.HiddenInput, **kwargs)


def begins(month: str, *, after: int = 0) -> dt.datetime:
    """The first instant of a month YYYY-MM, or of one so many months after it, on the office's calendar."""
    year, number = (int(part) for part in month.split("-"))
    number += after - 1
    return timezone.make_aware(dt.datetime(year + number // 12, number % 12 + 1, 1))


# Where a referral that was sent stands, as the statistics count it: each stands in exactly one.
STANDINGS: dict[str, tuple[Any, Q]] = {
    "waiting": (pgettext_lazy("statistics", "Waiting for an answer"), Q(state__in=WITH_AGENCY)),
    "accepted": (pgettext_lazy("statistics", "Accepted"), Q(case__isnull=False)),
    "running": (pgettext_lazy("statistics", "Case running"), Q(case__isnull=False) & ~Q(case__state__in=ENDED_CASES)),
    "closed": (pgettext_lazy("statistics", "Case closed"), Q(case__state="closed")),
    "ended": (pgettext_lazy("statistics", "Case ended otherwise"), Q(case__state__in=ENDED_CASES) & ~Q(case__state="closed")),
    "declined": (pgettext_lazy("statistics", "Declined"), Q(declined_at__isnull=False)),
    "withdrawn": (pgettext_lazy("statistics", "Withdrawn"), Q(state=ReferralState.WITHDRAWN)),
    "transferred": (
        pgettext_lazy("statistics", "Passed on unanswered"), Q(state=ReferralState.TRANSFERRED, case__isnull=True, declined_at__isnull=True)
    ),
}


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
    sent_from = MonthFilter(label=_("Sent from"), method="narrow_sent_from")
    sent_to = MonthFilter(label=_("Sent until"), method="narrow_sent_to")
    standing = django_filters.ChoiceFilter(
        label=_("Where it stands"), choices=[(code, label) for code, (label, _rows) in STANDINGS.items()],
        method="narrow_standing", widget=forms.HiddenInput,
    )
    district = DistrictFilter()

    @classmethod
    def blank(cls, other_side: str, others: Iterable[tuple[str, str]] = ()) -> forms.Form:
        """The filters with nothing chosen."""
        return cls({}, queryset=Referral.objects.none(), other_side=other_side, others=others).form

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

    def narrow_sent_from(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(issued_at__gte=begins(value))

    def narrow_sent_to(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(issued_at__lt=begins(value, after=1))

    def narrow_standing(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(STANDINGS[value][1], issued_at__isnull=False)
