"""Pre-assessment (F15): ten domains, strengths, the views of minor and guardian; and the confirmation of the level."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms.occasions import chips, lines, many_chips
from cases.models import Assessment
from cases.services.assessing import Rating
from socialwork.core import vocabulary

LONG = 2000
FACTS = 1000
OCCASIONS = {
    Assessment.Occasion.START: gettext_lazy("At the start"),
    Assessment.Occasion.MIDDLE: gettext_lazy("In the middle"),
    Assessment.Occasion.END: gettext_lazy("At the end"),
}
VIEWS = ("strengths", "minors_view", "guardians_view", "needs")


class AssessCaseForm(forms.Form):
    """Every domain with rating, strength, priority and facts."""

    occasion = forms.ChoiceField(label=gettext_lazy("Occasion"), widget=chips())
    protective = forms.MultipleChoiceField(
        label=gettext_lazy("Protective factors"), required=False, widget=many_chips()
    )
    strengths = forms.CharField(label=gettext_lazy("Strengths"), required=False, max_length=LONG, widget=lines(3, LONG))
    minors_view = forms.CharField(
        label=gettext_lazy("The minor's own view"),
        max_length=LONG,
        widget=lines(3, LONG),
        help_text=gettext_lazy("In the minor's own words."),
    )
    guardians_view = forms.CharField(
        label=gettext_lazy("The guardian's view"), required=False, max_length=LONG, widget=lines(3, LONG)
    )
    needs = forms.CharField(
        label=gettext_lazy("Needs to be met first"), required=False, max_length=LONG, widget=lines(3, LONG)
    )

    def __init__(self, *args: Any, occasions: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = occasions or [str(code) for code in OCCASIONS]
        self.fields["occasion"].choices = [(code, OCCASIONS[Assessment.Occasion(code)]) for code in offered]
        self.fields["protective"].choices = vocabulary.choices("protective_factor")
        ratings = [
            (term.extra["value"], f"{term.extra['value']} {term.label}") for term in vocabulary.terms("domain_rating")
        ]
        for domain in vocabulary.codes("assessment_domain"):
            self.fields[f"rating_{domain}"] = forms.TypedChoiceField(
                label=_("Rating"), choices=ratings, coerce=int, initial=0, widget=chips()
            )
            self.fields[f"strength_{domain}"] = forms.BooleanField(label=_("A strength"), required=False)
            self.fields[f"priority_{domain}"] = forms.BooleanField(label=_("A priority"), required=False)
            self.fields[f"facts_{domain}"] = forms.CharField(
                label=_("Facts"), required=False, max_length=FACTS, widget=lines(2, FACTS)
            )

    @property
    def version(self) -> int:
        """The version of the assessment the page was opened with, 0 for a new one."""
        text = self.data.get("_version", "")
        return int(text) if text.isdigit() else 0

    def ratings(self) -> list[Rating]:
        data = self.cleaned_data
        return [
            Rating(
                domain=domain,
                rating=data[f"rating_{domain}"],
                strength=data[f"strength_{domain}"],
                priority=data[f"priority_{domain}"],
                facts=data[f"facts_{domain}"].strip(),
            )
            for domain in vocabulary.codes("assessment_domain")
        ]

    def text(self) -> dict[str, str]:
        return {name: self.cleaned_data[name].strip() for name in VIEWS}

    def sections(self) -> list[dict[str, Any]]:
        """One section for each domain, then strengths and views."""
        found: list[dict[str, Any]] = [{"title": "", "fields": ["occasion"]}]
        for number, term in enumerate(vocabulary.terms("assessment_domain"), start=1):
            names = [f"{name}_{term.code}" for name in ("rating", "strength", "priority", "facts")]
            hint = _("What was sealed by law is not repeated here.") if term.code == "past_behaviour" else ""
            found.append({"title": f"{number}. {term.label}", "fields": names, "hint": hint})
        found.append({"title": _("Strengths and protective factors"), "fields": ["protective", "strengths"]})
        found.append({"title": _("Views and needs"), "fields": ["minors_view", "guardians_view", "needs"]})
        return found


class ConfirmAssessmentForm(forms.Form):
    """The level as proposed, or another one with a reason."""

    risk_level = forms.ChoiceField(label=gettext_lazy("Risk level"), widget=chips())
    override_reason = forms.CharField(
        label=gettext_lazy("Reason, where it differs from the proposal"),
        required=False,
        max_length=LONG,
        widget=lines(3, LONG),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["risk_level"].choices = vocabulary.choices("risk_level")

    @property
    def version(self) -> int:
        text = self.data.get("_version", "")
        return int(text) if text.isdigit() else 0
