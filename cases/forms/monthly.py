"""What is typed into a monthly report, and what the prosecutor answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.occasions import SCALE, chips, lines, many_chips
from cases.models.monthly import HIGHEST_SCORE
from cases.services.monthly import WRITTEN, Judgement
from cases.wording_monthly import CHANGES, TEXTS
from socialwork.core import vocabulary

LONG, SHORT, LONGEST_MONTH = 4000, 1000, 31


def words(name: str, *, rows: int = 3, required: bool = False, most: int = LONG, hint: Any = "") -> forms.CharField:
    """One of the texts of the report."""
    return forms.CharField(
        label=TEXTS[name], required=required, max_length=most, help_text=hint, widget=lines(rows, most)
    )


def number(label: Any, most: int, *, required: bool, hint: Any = "") -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"min": 0, "max": most, "inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=0, max_value=most, required=required, widget=widget, help_text=hint
    )


class WriteMonthlyReportForm(forms.Form):
    """Judgement and words; everything that can be counted is counted. `missing` asks why contacts were not held."""

    missed_reason = words("missed_reason", required=True, most=SHORT)
    cooperation = forms.TypedChoiceField(
        label=_("Cooperation of the guardian (1–5)"),
        choices=SCALE,
        coerce=int,
        widget=chips(),
        help_text=_("1 refuses · 5 takes part of their own accord"),
    )
    risk_now = forms.ChoiceField(label=_("Risk level now"), widget=chips())
    leave_days = number(
        _("Days on leave"), LONGEST_MONTH, required=True, hint=_("Days away with the prosecutor's approval.")
    )
    score = number(
        _("Score (0–100, advisory)"),
        HIGHEST_SCORE,
        required=False,
        hint=_("Only where a scoring scheme is in use here. It decides nothing."),
    )
    breaches = words("breaches", hint=_("Facts, day, which duty, what was done. Leave empty if there was none."))
    changed = forms.MultipleChoiceField(
        label=_("Changed this month"), required=False, choices=list(CHANGES.items()), widget=many_chips()
    )
    changes = words("changes", rows=2, most=SHORT)
    progress = words("progress", required=True)
    problems = words("problems")
    next_month = words("next_month", required=True, hint=_("What is planned, by whom, how often."))
    request = words("request", rows=2, hint=_("Leave empty if nothing is asked of the prosecutor."))

    def __init__(self, *args: Any, missing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["risk_now"].choices = vocabulary.choices("risk_level")
        if not missing:
            del self.fields["missed_reason"]

    @property
    def sections(self) -> list[dict[str, Any]]:
        """How the page groups the form."""
        first = (
            [{"title": _("Missing contacts"), "fields": ["missed_reason"]}] if "missed_reason" in self.fields else []
        )
        return [
            *first,
            {
                "title": _("Conduct and risk"),
                "fields": ["cooperation", "risk_now", "leave_days", "score", "breaches", "changed", "changes"],
            },
            {
                "title": _("Work of this month and the next"),
                "fields": ["progress", "problems", "next_month", "request"],
            },
        ]

    def judgement(self) -> Judgement:
        data = self.cleaned_data
        return Judgement(
            cooperation=data["cooperation"],
            risk_now=data["risk_now"],
            leave_days=data["leave_days"],
            changed=tuple(data["changed"]),
            score=data["score"],
        )

    def text(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "").strip() for name in WRITTEN}


class ReplyMonthlyReportForm(forms.Form):
    reply = forms.CharField(
        label=_("Reply"), max_length=LONG, widget=lines(5, LONG), help_text=_("The workers read it.")
    )


class ReturnMonthlyReportForm(forms.Form):
    return_reason = forms.CharField(
        label=_("What must be corrected"),
        max_length=LONG,
        widget=lines(4, LONG),
        help_text=_("The workers correct the report and send it again within the same time limit."),
    )
