"""The draft page: every part of the referral in one form, savable in any state of completeness."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from referrals.models import Referral
from socialwork.core import vocabulary
from socialwork.people.forms import day_input, keep_stored, one_of, past_day

LONGEST_PARAGRAPH = 3000
MOST_PARAGRAPHS, MOST_SERVICES = 20, 10
# Paragraphs a new draft offers, so that nobody begins with an empty sheet.
FIRST_PARAGRAPHS = ("facts", "family", "school", "request")
# Columns that take the typed value as it is.
COLUMNS = (
    "subject_type", "stage", "custody", "charge", "behaviours", "offence_on", "joint_offence", "incident", "urgency",
)
PROPOSED, OTHER = "proposed", "other"

list_label = lazy(vocabulary.list_label, str)


class ServiceForm(forms.Form):
    """One service and how many units of the agreement's quota it takes."""

    service_type = one_of("service_type", searchable=True)
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=999, initial=1, required=False,
        help_text=_("In the unit of the agreement: cases, sessions, hours or months."),
    )


class ServiceRows(forms.BaseFormSet):
    """The services wanted; each at most once."""

    def clean(self) -> None:
        chosen = [code for code in self._codes() if code]
        if len(chosen) != len(set(chosen)):
            raise ValidationError(_("A service stands twice. Name it once and raise the quantity."), code="twice")

    def wanted(self) -> dict[str, int]:
        """Service codes with quantities, of what is typed, also before it is judged."""
        found: dict[str, int] = {}
        known = vocabulary.codes("service_type")
        for row in self.forms:
            code, amount = row["service_type"].value(), str(row["quantity"].value() or "1")
            if code in known and not _removed(self, row):
                found[code] = int(amount) if amount.isdigit() and 0 < int(amount[:4]) < 1000 else 1
        return found

    def _codes(self) -> list[str]:
        return [row.cleaned_data.get("service_type", "") for row in self.forms if row.is_valid() and not _removed(self, row)]


class ParagraphForm(forms.Form):
    """One paragraph of the brief, and whether the agency is to read it."""

    kind = one_of("paragraph_kind")
    shared = forms.BooleanField(label=_("Share with the agency"), required=False)
    body = forms.CharField(
        label=_("Text"), max_length=LONGEST_PARAGRAPH, required=False, widget=forms.Textarea(attrs={"rows": 4, "data-wide": True})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("body") and not data.get("kind") and "kind" not in self.errors:
            self.add_error("kind", ValidationError(_("Say what this paragraph is about."), code="required"))
        return data


class ParagraphRows(forms.BaseFormSet):
    """The brief, in the order of the page; rows without text are left out."""

    def paragraphs(self) -> list[tuple[str, str, bool]]:
        """(kind, body, shared) of what is typed, also before it is judged."""
        found = []
        kinds = vocabulary.codes("paragraph_kind")
        for row in self.forms:
            kind, body = row["kind"].value() or "", str(row["body"].value() or "").strip()
            if body and kind in kinds and not _removed(self, row):
                found.append((kind, body, row["shared"].value() in (True, "on", "true", "True", "1")))
        return found


ServiceFormSet = forms.formset_factory(
    ServiceForm, formset=ServiceRows, extra=0, max_num=MOST_SERVICES, validate_max=True, can_delete=True
)
ParagraphFormSet = forms.formset_factory(
    ParagraphForm, formset=ParagraphRows, extra=0, max_num=MOST_PARAGRAPHS, validate_max=True, can_delete=True
)


def _removed(formset: forms.BaseFormSet, row: forms.Form) -> bool:
    return bool(row.is_bound and row["DELETE"].value())


class EditReferralForm(forms.Form):
    """Everything a referral says. Nothing is required to save; what is missing is named when it is submitted."""

    guardians = forms.MultipleChoiceField(
        label=_("Guardians the agency may contact"), required=False, widget=forms.CheckboxSelectMultiple()
    )
    subject_type = one_of("subject_type")
    stage = one_of("stage")
    custody = one_of("custody")
    charge = one_of("charge", searchable=True)
    behaviours = forms.MultipleChoiceField(
        label=_("Behaviour"), required=False, choices=lambda: behaviour_choices(),
        widget=forms.CheckboxSelectMultiple(
            attrs={"data-searchable": True, "data-depends-on": "subject_type=below_age_offender|serious_misbehaviour|misbehaviour"}
        ),
    )
    offence_on = forms.DateField(
        label=_("Day of the event"), required=False, widget=day_input(),
        help_text=_("Of the offence, the behaviour or the harm. The age at that time is counted from it."),
    )
    joint_offence = forms.BooleanField(label=_("Committed together with others"), required=False)
    incident = forms.CharField(
        label=_("Mark of the incident"), max_length=60, required=False,
        help_text=_(
            "The same mark on all referrals of one incident, for instance the number of your file: conflicts between "
            "suspects and victims are noticed by it. It is never shown to an agency. No names."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    urgency = forms.ChoiceField(
        label=list_label("urgency"), choices=lambda: vocabulary.choices("urgency"), initial="routine",
        widget=forms.RadioSelect(attrs={"data-chips": True}),
    )
    due_choice = forms.ChoiceField(
        label=_("Time limit"), choices=[(PROPOSED, _("As proposed")), (OTHER, _("Another day"))], initial=PROPOSED,
        required=False, widget=forms.RadioSelect(attrs={"data-chips": True}),
    )
    due_on = forms.DateField(
        label=_("Last day"), required=False, widget=day_input(**{"data-depends-on": "due_choice=other"}),
        help_text=_("A later day than proposed needs a reason when you submit."),
    )
    district = forms.ChoiceField(
        label=_("District where the service takes place"), required=False, widget=forms.Select(attrs={"data-searchable": True})
    )
    agreement = forms.ChoiceField(
        label=_("Agency"), required=False, widget=forms.RadioSelect(),
        error_messages={
            "invalid_choice": _("The agreement with this agency has ended or is suspended. Choose another agency."),
        },
    )

    def __init__(
        self, *args: Any, referral: Referral, guardians: Iterable[tuple[str, str]], districts: Sequence[tuple[str, str]],
        stored: Mapping[str, Any], services: Sequence[Mapping[str, Any]], paragraphs: Sequence[Mapping[str, Any]], **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial=stored, **kwargs)
        self.referral = referral
        self.fields["guardians"].choices = list(guardians)
        self.fields["district"].choices = [("", _("— choose —")), *districts]
        keep_stored(self, stored, {name: name for name in ("subject_type", "stage", "custody", "charge")})
        rows = self.data if self.is_bound else None
        self.formsets = {
            "services": ServiceFormSet(data=rows, prefix="services", initial=list(services) or [{}]),
            "paragraphs": ParagraphFormSet(data=rows, prefix="paragraphs", initial=list(paragraphs) or first_paragraphs()),
        }

    @property
    def formset_parts(self) -> list[dict[str, Any]]:
        """The formsets as the error summary reads them."""
        return [{"formset": formset} for formset in self.formsets.values()]

    def typed(self, name: str) -> str:
        """The value of a single choice or text as it stands in the form, judged or not."""
        value = self[name].value()
        return value if isinstance(value, str) else ""

    def typed_list(self, name: str) -> list[str]:
        return [str(item) for item in self[name].value() or ()]

    def typed_day(self, name: str) -> dt.date | None:
        value = self[name].value()
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value or "")
        except (TypeError, ValueError):
            return None

    def wanted(self) -> dict[str, int]:
        return self.formsets["services"].wanted()

    def paragraphs(self) -> list[tuple[str, str, bool]]:
        return self.formsets["paragraphs"].paragraphs()

    def offer(self, agreements: Sequence[tuple[str, str]]) -> None:
        """The agencies that may be chosen for what is typed."""
        self.fields["agreement"].choices = list(agreements)

    def clean_offence_on(self) -> dt.date | None:
        return past_day(self.cleaned_data["offence_on"])

    def clean_due_on(self) -> dt.date | None:
        return self.cleaned_data["due_on"] if self.cleaned_data.get("due_choice") == OTHER else None

    def columns(self, *, agency_of: Mapping[str, Any], proposal: Any) -> dict[str, Any]:
        """The keyword `fields` of edit_referral. The rule stays named when the day was chosen by hand, as its measure."""
        data = self.cleaned_data
        chosen = agency_of.get(data["agreement"])
        by_hand = data.get("due_choice") == OTHER
        return {
            **{name: data[name] for name in COLUMNS},
            "district": data["district"] or None,
            "agency": chosen.agency_id if chosen else None,
            "agreement": chosen.pk if chosen else None,
            "due_on": data["due_on"] if by_hand else proposal.due_on if proposal else None,
            "due_rule": proposal.code if proposal else "",
        }


def first_paragraphs() -> list[dict[str, Any]]:
    """Empty paragraphs of the usual kinds, shared or not as is usual."""
    return [{"kind": kind, "shared": vocabulary.term("paragraph_kind", kind).extra["shared"]} for kind in FIRST_PARAGRAPHS]


def behaviour_choices() -> list[Any]:
    """Misbehaviour and serious misbehaviour (Law on the Prevention of Juvenile Delinquency, art. 28 and 38)."""
    mild = vocabulary.choices("misbehaviour")
    taken = {code for code, _label in mild}
    serious = [pair for pair in vocabulary.choices("serious_misbehaviour") if pair[0] not in taken]
    return [(vocabulary.list_label("serious_misbehaviour"), serious), (vocabulary.list_label("misbehaviour"), mild)]


class DraftReferralForm(forms.Form):
    """Begin a referral about a child who is known. A clerk names the prosecutor in charge."""

    prosecutor = forms.ChoiceField(label=_("Prosecutor in charge"))

    def __init__(self, *args: Any, prosecutors: Iterable[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if prosecutors is None:
            del self.fields["prosecutor"]
        else:
            self.fields["prosecutor"].choices = [("", _("— choose —")), *((str(row.pk), row.name) for row in prosecutors)]
