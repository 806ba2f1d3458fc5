"""What is typed about organisations and agreements: shape and wording; the services hold the rules."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from socialwork.access.roles import Family
from socialwork.core import vocabulary
from socialwork.core.identifiers import clean_credit_code, clean_phone
from socialwork.organisations.models import AgreementVersion, Organisation

MOST_LINES = 40
LONGEST_HAND_OVER = 365
CHOOSE = ("", _("— choose —"))
GRADES = tuple((grade, grade) for grade in ("5A", "4A", "3A", "2A", "1A"))

list_label = lazy(vocabulary.list_label, str)


def day_input(**attrs: Any) -> forms.DateInput:
    """The browser's own date picker."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


def day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=day_input(), **more)


def past_day(label: Any, **more: Any) -> forms.DateField:
    """A day that has come."""
    return forms.DateField(label=label, widget=day_input(), validators=[_has_come], **more)


def prose(label: Any, *, longest: int = 2000, rows: int = 3, required: bool = False, **more: Any) -> forms.CharField:
    """A few sentences, with the characters left beside them."""
    widget = forms.Textarea(attrs={"rows": rows, "data-wide": True})
    return forms.CharField(label=label, max_length=longest, required=required, widget=widget, **more)


def one_of(name: str, *, required: bool = True, searchable: bool = False, **more: Any) -> forms.ChoiceField:
    """A drop-down of a vocabulary list."""
    return forms.ChoiceField(
        label=more.pop("label", list_label(name)), choices=lambda: [CHOOSE, *vocabulary.choices(name)], required=required,
        widget=forms.Select(attrs={"data-searchable": True} if searchable else {}), **more,
    )


def _has_come(value: dt.date) -> None:
    if value > timezone.localdate():
        raise ValidationError(_("This day has not come yet. Check the date."), code="future")


def kinds_of(*families: str) -> list[tuple[str, Any]]:
    """Kinds of organisation that stand on one of these sides of the wall; of none named, all that have a part here."""
    wanted = set(families) or set(Family.values)
    sides = {found.code: found.extra["access_family"] for found in vocabulary.terms("org_family")}
    return [
        (found.code, found.label) for found in vocabulary.terms("org_type") if sides[found.extra["family"]] in wanted
    ]


class ContactFields(forms.Form):
    """How an organisation is reached."""

    contact = forms.CharField(label=_("Contact person"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"]) if self.cleaned_data["phone"] else ""


class RegistrationForm(ContactFields):
    """What a register says of an organisation."""

    name = forms.CharField(label=_("Full name"), max_length=120)
    short_name = forms.CharField(label=_("Short name"), max_length=40, help_text=_("Stands in lists and in the top bar."))
    kind = forms.ChoiceField(label=_("Kind of organisation"))
    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=40, help_text=_("18 characters; the last one is checked."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    registered_on = past_day(_("Registered on"), required=False)
    supervising_unit = forms.CharField(label=_("Supervising unit"), max_length=120, required=False)
    assessment_grade = forms.ChoiceField(
        label=_("Assessment grade"), choices=[("", _("No grade")), *GRADES], required=False
    )

    SECTIONS = (
        {"title": _("Facts of registration"), "fields": [
            "name", "short_name", "kind", "credit_code", "registered_on", "supervising_unit", "assessment_grade",
        ]},
        {"title": _("How to reach it"), "fields": ["contact", "phone", "address"]},
    )

    def __init__(self, *args: Any, families: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [CHOOSE, *kinds_of(*families)]
        self.sections = list(self.SECTIONS)

    def clean_credit_code(self) -> str:
        return clean_credit_code(self.cleaned_data["credit_code"])


class RegisterOrganisationForm(RegistrationForm):
    """A new organisation of the installation and where it stands."""

    district = forms.ChoiceField(label=_("District"), widget=forms.Select(attrs={"data-searchable": True}))
    letter_prefix = forms.CharField(
        label=_("Prefix of letter numbers"), max_length=20, required=False,
        help_text=_("Stands before year and number of referral letters or cases."),
    )

    SECTIONS = (
        {"title": _("Facts of registration"), "fields": [
            "name", "short_name", "kind", "credit_code", "district", "letter_prefix", "registered_on", "supervising_unit",
            "assessment_grade",
        ]},
        {"title": _("How to reach it"), "fields": ["contact", "phone", "address"]},
    )

    def __init__(self, *args: Any, districts: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].choices = [CHOOSE, *districts]


class EditOrganisationForm(ContactFields):
    """The settings an organisation keeps itself."""

    short_name = forms.CharField(label=_("Short name"), max_length=40)
    letter_prefix = forms.CharField(
        label=_("Prefix of letter numbers"), max_length=20,
        help_text=_("Stands before year and number of referral letters or cases."),
    )
    approval_levels = forms.TypedChoiceField(
        label=_("Approval of referrals"), coerce=int, widget=forms.RadioSelect,
        choices=[(1, _("The head of the unit approves each referral")), (0, _("Referrals go out as soon as they are submitted"))],
    )
    field_order = ("short_name", "letter_prefix", "approval_levels", "contact", "phone", "address")

    def __init__(self, *args: Any, organ: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not organ:
            del self.fields["approval_levels"]


class CaseloadForm(forms.Form):
    """How much one worker carries."""

    caseload_warn = forms.IntegerField(
        label=_("Marked as loaded from"), min_value=1, max_value=500, help_text=_("Active cases as lead or second worker.")
    )
    caseload_block = forms.IntegerField(label=_("No further case from"), min_value=1, max_value=500)


class TermsForm(forms.Form):
    """Period, reach and clauses of an agreement. `draft` when nothing is signed yet."""

    starts_on = day(_("First day"))
    ends_on = day(_("Last day"), help_text=_("Usually one year, for a stable need up to three."))
    hand_over_days = forms.IntegerField(
        label=_("Days for handing over after the end"), min_value=0, max_value=LONGEST_HAND_OVER, initial=30,
        help_text=_("So long the agency's managers may still read; its workers may not."),
    )
    kind = one_of("agreement_type", label=_("Type of agreement"))
    procurement = one_of("procurement_method", required=False)
    area = forms.MultipleChoiceField(
        label=_("Area covered"), widget=forms.CheckboxSelectMultiple(attrs={"data-chips": True, "data-wide": True})
    )
    response_hours = forms.IntegerField(
        label=_("Answer to a referral within (working hours)"), min_value=1, max_value=999, initial=16
    )
    urgent_response_hours = forms.IntegerField(
        label=_("Answer to an urgent referral within (hours)"), min_value=1, max_value=999, initial=4
    )
    training_duty = prose(_("Legal training by the organ"))
    data_terms = prose(
        _("Personal information"), help_text=_("Purpose, period, kinds of data, protection, return or deletion (PIPL 21)."),
    )
    evaluation_method = prose(_("Evaluation method"))

    TERMS = (
        "kind", "procurement", "area", "response_hours", "urgent_response_hours", "training_duty", "data_terms",
        "evaluation_method",
    )
    PERIOD = ("starts_on", "ends_on", "hand_over_days")
    SECTIONS: tuple[Mapping[str, Any], ...] = (
        {"title": _("Area and answers"), "fields": ["area", "response_hours", "urgent_response_hours"]},
        {"title": "", "fields": [], "formsets": ["lines"]},
        {"title": _("Clauses"), "fields": ["training_duty", "data_terms", "evaluation_method"]},
    )

    def __init__(self, *args: Any, areas: Sequence[tuple[str, str]], lines: BaseFormSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = areas
        self.formsets = {lines.prefix: lines}
        self.sections = [*self.first_sections(), *self.SECTIONS]

    def first_sections(self) -> list[Mapping[str, Any]]:
        return []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", ValidationError(_("The end lies before the beginning."), code="reversed"))
        return data

    def terms(self) -> dict[str, Any]:
        """The keyword `terms` of the services."""
        return {name: self.cleaned_data[name] for name in self.TERMS}

    def services(self) -> list[dict[str, Any]]:
        """The keyword `services` of the services: one mapping per service line."""
        return self.formsets["lines"].wanted()


class OrganisationChoice(forms.ModelChoiceField):
    """One organisation by its full name."""

    def label_from_instance(self, row: Organisation) -> str:
        return row.name


class OrganisationChoices(forms.ModelMultipleChoiceField):
    """Several organisations by their full names."""

    def label_from_instance(self, row: Organisation) -> str:
        return row.name


class DraftAgreementForm(TermsForm):
    """A new agreement between the own organ, perhaps further organs, and an agency."""

    number = forms.CharField(label=_("Number of the agreement"), max_length=60)
    title = forms.CharField(label=_("Title of the agreement"), max_length=160)
    agency = OrganisationChoice(
        label=_("Agency"), queryset=None, empty_label=CHOOSE[1], widget=forms.Select(attrs={"data-searchable": True}),
        help_text=_("Agencies on the active list of the registry."),
    )
    parties = OrganisationChoices(
        label=_("Further organs"), queryset=None, required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-chips": True, "data-wide": True}),
        help_text=_("Where several organs found a service together."),
    )

    def __init__(self, *args: Any, agencies: Any, organs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        self.fields["parties"].queryset = organs
        if not organs:
            del self.fields["parties"]
            self.sections[0] = {**self.sections[0], "fields": ["number", "title", "agency"]}

    def first_sections(self) -> list[Mapping[str, Any]]:
        return [
            {"title": _("Parties"), "fields": ["number", "title", "agency", "parties"]},
            {"title": _("Period of the agreement"), "fields": [*self.PERIOD, "kind", "procurement"]},
        ]


class ChangeAgreementForm(TermsForm):
    """Other terms from a day on; the earlier ones stay on record."""

    valid_from = day(_("The new terms count from"))
    change_reason = prose(_("Reason of the change"), longest=500, rows=2, required=True)

    def __init__(self, *args: Any, draft: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if draft:
            del self.fields["valid_from"]
            self.fields["change_reason"].required = False
        else:
            # The first day of a signed agreement stays; it is sent along so that both texts can be compared.
            self.fields["starts_on"].widget = forms.HiddenInput()

    def first_sections(self) -> list[Mapping[str, Any]]:
        return [
            {"title": _("About the change"), "fields": [name for name in ("valid_from", "change_reason") if name in self.fields]},
            {"title": _("Period of the agreement"), "fields": [*self.PERIOD, "kind", "procurement"]},
        ]


class LineForm(forms.Form):
    """One service: how many places in the period, and its price."""

    service_type = one_of("service_type", searchable=False)
    quota = forms.IntegerField(label=_("Agreed places"), min_value=1, max_value=100_000)
    unit = one_of("unit")
    unit_price = forms.DecimalField(label=_("Price per unit (yuan)"), min_value=0, max_digits=10, decimal_places=2, initial=0)


class LineSet(BaseFormSet):
    """The services of an agreement, each once."""

    title = _("Services")
    add_label = _("Add a service")
    hint = _("Places are counted over the whole period of the agreement.")

    def clean(self) -> None:
        codes = [line["service_type"] for line in self.wanted() if line.get("service_type")]
        if any(self.errors):
            return
        if not codes:
            raise ValidationError(_("Name at least one service."), code="services")
        if len(set(codes)) != len(codes):
            raise ValidationError(_("Each service may stand in one line only."), code="services")

    def wanted(self) -> list[dict[str, Any]]:
        """The lines that were filled in and not removed."""
        filled = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        return [
            {name: value for name, value in line.items() if name != "DELETE"} for line in filled if not line.get("DELETE")
        ]


_Lines = formset_factory(LineForm, formset=LineSet, extra=0, can_delete=True, max_num=MOST_LINES, absolute_max=MOST_LINES)
_FirstLines = formset_factory(LineForm, formset=LineSet, extra=1, can_delete=True, max_num=MOST_LINES, absolute_max=MOST_LINES)


def service_lines(data: Any = None, *, version: AgreementVersion | None = None) -> BaseFormSet:
    """The service lines of a new agreement, or those of the terms in force to begin from."""
    if version is None:
        return _FirstLines(data=data, prefix="lines")
    names = ("service_type", "quota", "unit", "unit_price")
    initial = [{name: getattr(line, name) for name in names} for line in version.services.all()]
    return _Lines(data=data, prefix="lines", initial=initial)


class ReasonForm(forms.Form):
    """Why an act is done; read by everybody who may see its result."""

    reason = prose(_("Reason"), longest=500, required=True)


class TerminateForm(ReasonForm):
    """Why an agreement ends early, and how long the agency may hand over."""

    hand_over_days = forms.IntegerField(
        label=_("Days for handing over"), min_value=0, max_value=LONGEST_HAND_OVER,
        help_text=_("So long the agency's managers may still read; its workers stop today."),
    )
