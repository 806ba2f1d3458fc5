"""What civil affairs types about agencies: shape and wording; the services hold the rules."""
from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from socialwork.access.roles import Family
from socialwork.organisations.forms import ReasonForm, RegistrationForm, past_day, prose

PARTS = (
    ("qualification", _("Qualification"), _("Registration certificate, annual inspection, credit record, insurance.")),
    ("staffing", _("Staffing"), _("Number of workers with their certificates, background checks, supervision.")),
    ("premises", _("Premises"), _("Talk room, counselling room, file room; how victims and suspects are kept apart.")),
    ("systems", _("Rules and systems"), _("Confidentiality, files, crisis, finance, professional supervision.")),
)


class AgencyForm(RegistrationForm):
    """An agency as the registry keeps it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, families=[Family.AGENCY], **kwargs)


class RecommendForm(forms.Form):
    """The letter by which the bureau recommends an agency."""

    letter_number = forms.CharField(label=_("Number of the letter"), max_length=60)
    recommended_on = past_day(_("Date of the letter"))
    reason = prose(_("Reason of the recommendation"), required=True)


class InspectionForm(forms.Form):
    """The checklist of an inspection on the spot: what was found, part by part."""

    inspected_on = past_day(_("Inspected on"))
    qualification = prose(PARTS[0][1], required=True, help_text=PARTS[0][2])
    staffing = prose(PARTS[1][1], required=True, help_text=PARTS[1][2])
    premises = prose(PARTS[2][1], required=True, help_text=PARTS[2][2])
    systems = prose(PARTS[3][1], required=True, help_text=PARTS[3][2])
    shortcomings = forms.MultipleChoiceField(
        label=_("Not in order"), required=False, choices=[(name, label) for name, label, _hint in PARTS],
        widget=forms.CheckboxSelectMultiple(attrs={"data-chips": True, "data-wide": True}),
    )
    findings = prose(_("Further findings and what was demanded"), longest=4000)
    passed = forms.TypedChoiceField(
        label=_("Result of the inspection"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", pgettext_lazy("inspection", "Passed")), ("no", pgettext_lazy("inspection", "Not passed"))],
    )

    sections = (
        {"title": _("What was found"), "fields": ["inspected_on", *(name for name, _label, _hint in PARTS)]},
        {"title": _("Result of the inspection"), "fields": ["shortcomings", "findings", "passed"]},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("passed") and data.get("shortcomings"):
            self.add_error("passed", ValidationError(
                _("An agency passes only when every part is in order. Untick the shortcomings or record that it did not pass."),
                code="shortcomings",
            ))
        return data

    def parts(self) -> dict[str, str]:
        """The keyword `parts` of the service."""
        return {name: self.cleaned_data[name] for name, _label, _hint in PARTS}


__all__ = ["AgencyForm", "InspectionForm", "ReasonForm", "RecommendForm"]
