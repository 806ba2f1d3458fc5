"""Names of what stands in a monthly report, and how its numbers read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

MONTHLY_TONES = {"due": "warn", "submitted": "info", "returned": "danger", "answered": "done"}
# Figures in the order of the form, each with the sentence its number stands in.
FIGURES: Mapping[str, tuple[Any, Any]] = {
    "contacts_planned": (gettext_lazy("Contacts planned"), gettext_lazy("%(number)s times")),
    "contacts_done": (gettext_lazy("Contacts held"), gettext_lazy("%(number)s times")),
    "absences": (gettext_lazy("Did not come or did not take place"), gettext_lazy("%(number)s times")),
    "unexcused": (gettext_lazy("of these without an acceptable reason"), gettext_lazy("%(number)s times")),
    "late": (gettext_lazy("Came late"), gettext_lazy("%(number)s times")),
    "welfare_hours": (gettext_lazy("Welfare activities this month"), gettext_lazy("%(number)s hours")),
    "welfare_total": (gettext_lazy("Welfare activities since the beginning"), gettext_lazy("%(number)s hours")),
    "education_hours": (gettext_lazy("Education and training this month"), gettext_lazy("%(number)s hours")),
    "education_total": (gettext_lazy("Education and training since the beginning"), gettext_lazy("%(number)s hours")),
    "counselling": (gettext_lazy("Counselling sessions attended"), gettext_lazy("%(number)s times")),
    "family_sessions": (gettext_lazy("Family-education sessions attended"), gettext_lazy("%(number)s times")),
    "concerns": (gettext_lazy("Contacts with a concern about a duty"), gettext_lazy("%(number)s times")),
}
CHANGES: Mapping[str, Any] = {
    "address": gettext_lazy("Address"),
    "school": pgettext_lazy("monthly report", "School"),
    "job": pgettext_lazy("monthly report", "Job"),
    "phone": gettext_lazy("Phone"),
}
TEXTS: Mapping[str, Any] = {
    "breaches": gettext_lazy("Breaches of duties or conditions"),
    "changes": gettext_lazy("What changed, and since when"),
    "progress": gettext_lazy("What worked"),
    "problems": gettext_lazy("What is difficult"),
    "next_month": gettext_lazy("Next month"),
    "request": gettext_lazy("Request to the prosecutor"),
    "missed_reason": gettext_lazy("Why contacts are missing"),
}


def in_words(name: str, number: float) -> str:
    """A figure with its unit: "2 times", "1.5 hours"."""
    shown = int(number) if number == int(number) else number
    return str(FIGURES[name][1]) % {"number": shown}


def month_words(month: str) -> str:
    """ "2026-11" as it is said: November 2026."""
    year, number = month.split("-")
    return date_format(dt.date(int(year), int(number), 1), "YEAR_MONTH_FORMAT")


def touched_words(count: int) -> str:
    return _("%(number)s times") % {"number": count} if count else _("not worked on")
