"""What the figures can be narrowed to. Nothing chosen: the last twelve months; where small numbers are withheld: this year."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from socialwork.core import vocabulary
from socialwork.statistics import measures as m
from socialwork.statistics import queries
from socialwork.statistics.boards import DISTRICT, MONTH, SERVICE
from socialwork.statistics.policies import sees_what_others_own
from socialwork.statistics.wording import SUBJECTS

FIRST_YEAR = 2020
FURTHEST = 60


def month_field(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m", attrs={"type": "month"})
    return forms.DateField(label=label, required=False, input_formats=["%Y-%m"], widget=widget)


class BoardForm(forms.Form):
    """Months from and to, district and service; subject and rows stand in the address."""

    subject = forms.ChoiceField(choices=[(code, code) for code in SUBJECTS], required=False, widget=forms.HiddenInput)
    by = forms.ChoiceField(choices=[(code, code) for code in (MONTH, DISTRICT, SERVICE)], required=False, widget=forms.HiddenInput)
    since = month_field(_("From month"))
    until = month_field(_("To month"))
    district = forms.ChoiceField(label=_("District"), required=False)
    service = forms.ChoiceField(label=_("Service"), required=False)

    def __init__(self, data: Mapping[str, Any], *, districts: Mapping[str, str], today: dt.date) -> None:
        super().__init__({name: data.get(name, "") for name in self.base_fields} | _months(data, today))
        self.districts = districts
        self.fields["district"].choices = [("", _("Any")), *districts.items()]
        self.fields["service"].choices = [("", _("Any")), *vocabulary.choices("service_type")]
        self.is_valid()

    def chosen(self) -> dict[str, Any]:
        """What is asked for; what cannot be read is left out, and months the wrong way round are turned."""
        data = self.cleaned_data
        since, until = sorted([data["since"], data["until"]])
        return {
            "subject": data.get("subject") or next(iter(SUBJECTS)), "by": data.get("by") or MONTH,
            "since": max(since, m.earlier(until, FURTHEST - 1)), "until": until, "district": data.get("district") or "",
            "service": data.get("service") or "", "districts": self.districts,
        }


class YearForm(forms.Form):
    """A calendar year: where small numbers are withheld, every other period would give some of them away."""

    subject = forms.ChoiceField(choices=[(code, code) for code in SUBJECTS], required=False, widget=forms.HiddenInput)
    year = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False)

    def __init__(self, data: Mapping[str, Any], *, today: dt.date) -> None:
        super().__init__({"subject": data.get("subject", ""), "year": data.get("year") or str(today.year)})
        self.today = today
        self.fields["year"].choices = [(year, str(year)) for year in range(today.year, FIRST_YEAR - 1, -1)]
        self.is_valid()

    def chosen(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"subject": data.get("subject") or next(iter(SUBJECTS)), "year": data.get("year") or self.today.year}


def ask(user: Any, data: Mapping[str, Any], *, today: dt.date) -> BoardForm | YearForm:
    """The form of the page for this person, with what the address asks."""
    if sees_what_others_own(user):
        return YearForm(data, today=today)
    return BoardForm(data, districts=queries.districts(user), today=today)


def _months(data: Mapping[str, Any], today: dt.date) -> dict[str, str]:
    """The months asked for, or the last twelve; what is no month of these decades counts as not asked."""
    this = today.replace(day=1)
    found = {"since": m.earlier(this, 11), "until": this}
    for name in found:
        try:
            month = dt.date.fromisoformat(f"{data.get(name, '')}-01")
        except ValueError:
            continue
        found[name] = month if FIRST_YEAR - 20 <= month.year <= this.year + 1 else found[name]
    return {name: month.strftime("%Y-%m") for name, month in found.items()}
