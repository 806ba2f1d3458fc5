"""What the list of agreements can be narrowed to."""
from __future__ import annotations

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from socialwork.organisations.models import Agreement
from socialwork.organisations.states import AgreementState

EXPIRED = "expired"
STATES = [
    *AgreementState.choices[:2], (EXPIRED, pgettext_lazy("agreement", "Expired")), *AgreementState.choices[2:],
]


class AgreementFilter(django_filters.FilterSet):
    """By state, as the list words it: an agreement in force has not yet expired."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=STATES, empty_label=_("All"), method="in_state",
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    class Meta:
        model = Agreement
        fields = ("state",)

    def in_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        today = timezone.localdate()
        if value == EXPIRED:
            return rows.filter(state=AgreementState.ACTIVE, ends_on__lt=today)
        rows = rows.filter(state=value)
        return rows.filter(ends_on__gte=today) if value == AgreementState.ACTIVE else rows
