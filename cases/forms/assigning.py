"""Who takes a case, who takes it over, who supervises and counsels: choices with the reason why somebody cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Assignment
from cases.services.eligibility import COUNSELLOR, LEAD, SECOND, SUPERVISOR, Standing
from socialwork.core import vocabulary

LONG = 4000


def people_for(function: str, standings: Sequence[Standing]) -> list[tuple[str, str]]:
    """Those who fit the function, with their load: what the choice offers."""
    return [
        (str(each.user.pk), _("%(name)s (%(count)s active)") % {"name": each.user.name, "count": each.active})
        for each in standings
        if each.fits(function)
    ]


class PersonField(forms.ChoiceField):
    """A choice of people. Who no longer fits since the page was opened is refused with what stands in the way."""

    obstacles: Mapping[str, Sequence[Any]] = {}

    def validate(self, value: Any) -> None:
        if found := self.obstacles.get(str(value)):
            raise forms.ValidationError(list(found), code="obstacle")
        super().validate(value)


def obstacles_of(functions: Sequence[str], standings: Sequence[Standing]) -> dict[str, list[str]]:
    """Sentences with the person's name, for those who fit none of these functions."""
    return {
        str(each.user.pk): [
            f"{each.user.name}{_(': ')}{sentence}"
            for name in functions
            for sentence in each.obstacles.get(Assignment.Function(name), [])
        ]
        for each in standings
        if not any(each.fits(name) for name in functions)
    }


class StaffForm(forms.Form):
    """Base of forms that choose people: `person("lead")` is the one chosen."""

    def __init__(self, *args: Any, standings: Sequence[Standing] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(each.user.pk): each.user for each in standings}
        for name, field in self.fields.items():
            if name in Assignment.Function.values:
                field.choices = [("", _("Nobody") if not field.required else _("— choose —")), *people_for(name, standings)]
                field.obstacles = obstacles_of([name], standings)

    def person(self, name: str) -> Any:
        return self.people.get(self.cleaned_data.get(name, ""))

    @property
    def version(self) -> int:
        """The version the page was opened with."""
        text = self.data.get("_version", "")
        return int(text) if text.isdigit() else 0


class AcceptReferralForm(StaffForm):
    """Two different workers are needed; supervisor and counsellor can be named later."""

    lead = PersonField(label=gettext_lazy("Lead worker"))
    second = PersonField(label=gettext_lazy("Second worker"))
    supervisor = PersonField(label=gettext_lazy("Supervisor"), required=False)
    counsellor = PersonField(label=gettext_lazy("Counsellor"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("lead") and cleaned.get("lead") == cleaned.get("second"):
            self.add_error("second", _("Two different workers are needed. Choose another second worker."))
        return cleaned


class AssignStaffForm(StaffForm):
    """Supervisor and counsellor of a case."""

    supervisor = PersonField(label=gettext_lazy("Supervisor"), required=False)
    counsellor = PersonField(
        label=gettext_lazy("Counsellor"),
        required=False,
        help_text=gettext_lazy("A new counsellor cannot read the notes of the former one."),
    )


class ReassignCaseForm(forms.Form):
    """Guided hand-over: which part, to whom, why, and everything the receiver must know."""

    function = forms.ChoiceField(label=gettext_lazy("What is handed over"))
    receiver = PersonField(label=gettext_lazy("To whom"))
    reason = forms.ChoiceField(label=gettext_lazy("Reason"))
    open_matters = forms.CharField(
        label=gettext_lazy("Open matters"),
        max_length=LONG,
        help_text=gettext_lazy("Proposed from the case; change what is wrong."),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONG}),
    )
    next_steps = forms.CharField(
        label=gettext_lazy("Next dates and steps"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONG}),
    )
    advice = forms.CharField(
        label=gettext_lazy("Advice to the receiver"),
        max_length=LONG,
        required=False,
        help_text=gettext_lazy("What works with this child and family, and what does not."),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONG}),
    )

    def __init__(
        self, *args: Any, functions: Sequence[str] = (), standings: Sequence[Standing] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(each.user.pk): each.user for each in standings}
        labels = {
            LEAD: _("Lead worker"),
            SECOND: _("Second worker"),
            SUPERVISOR: _("Supervisor"),
            COUNSELLOR: _("Counsellor"),
        }
        self.fields["function"].choices = [(str(name), labels[Assignment.Function(name)]) for name in functions]
        self.fields["reason"].choices = vocabulary.choices("handover_reason", blank=True)
        fitting = {key: label for name in functions for key, label in people_for(name, standings)}
        self.fields["receiver"].choices = [("", _("— choose —")), *fitting.items()]
        self.fields["receiver"].obstacles = obstacles_of(functions, standings)

    def person(self) -> Any:
        return self.people.get(self.cleaned_data["receiver"])


class AcceptHandoverForm(forms.Form):
    """Nothing is typed: the receiver says that the package was read."""

    read = forms.BooleanField(label=gettext_lazy("I have read the hand-over and take the case over from now on."))
