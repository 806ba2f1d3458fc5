"""What is typed about a child and the adults around the child: shape and wording; the services hold the rules."""
from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from socialwork.core import vocabulary
from socialwork.core.identifiers import (
    MIDDLE_DOTS,
    age_on,
    birth_on_from_id,
    clean_id_number,
    clean_phone,
    compact_code,
    sex_from_id,
)
from socialwork.files.fields import PaperField, help_on
from socialwork.files.validation import SCANS

LONGEST_NAME = 60
# Older than this nobody is referred as a minor; an earlier birth date is a slip of the hand.
OLDEST_YEARS = 30
MOST_GUARDIANS = 8
# The wording of the informed consent in use (form F05); a changed text gets a new mark.
CONSENT_TEXT = "F05-2026-1"

list_label = lazy(vocabulary.list_label, str)


def day_input(**attrs: Any) -> forms.DateInput:
    """The browser's own date picker."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


def prose(label: Any, *, longest: int = 500, rows: int = 3, **more: Any) -> forms.CharField:
    """A few sentences."""
    widget = forms.Textarea(attrs={"rows": rows, "data-wide": True})
    return forms.CharField(label=label, max_length=longest, required=more.pop("required", False), widget=widget, **more)


def one_of(name: str, *, searchable: bool = False, required: bool = False, **more: Any) -> forms.ChoiceField:
    """A drop-down of a vocabulary list, labelled with the list's name. Codes out of use stay choosable where stored."""
    return forms.ChoiceField(
        label=more.pop("label", list_label(name)), choices=lambda: _with_stored(name), required=required,
        widget=forms.Select(attrs={"data-searchable": True} if searchable else {}), **more,
    )


def _with_stored(name: str) -> list[Any]:
    return [("", _("— choose —")), *vocabulary.choices(name)]


def keep_stored(form: forms.Form, stored: Mapping[str, Any], lists: Mapping[str, str]) -> None:
    """Offer the codes a row already has, though they can no longer be chosen anew. `lists`: field name to list name."""
    for field, name in lists.items():
        values = stored.get(field) or ()
        codes = [values] if isinstance(values, str) else list(values)
        if codes:
            known = vocabulary.codes(name)
            several = isinstance(form.fields[field], forms.MultipleChoiceField)
            form.fields[field].choices = [
                *([] if several else [("", _("— choose —"))]),
                *vocabulary.choices(name, keep=codes),
                # What was taken over from another system stays as it was written.
                *((code, code) for code in codes if code not in known),
            ]


def proper_name(text: str) -> str:
    """A name as written: letters of any script, middle dots, blanks, hyphens. ValidationError for anything else."""
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not all(_belongs_in_a_name(character) for character in name):
        raise ValidationError(
            _("A name consists of characters, letters and the middle dot. Take out digits, signs and pictures."), code="name"
        )
    return name


def _belongs_in_a_name(character: str) -> bool:
    # Private-use and unassigned code points stand for rare ideographs in registers and newer versions of Unicode.
    category = unicodedata.category(character)
    return category[0] in "LM" or category in ("Co", "Cn") or character in f" -'’〇{MIDDLE_DOTS}"


def past_day(day: dt.date | None, *, oldest_years: int = OLDEST_YEARS) -> dt.date | None:
    """A day that has come and is not absurdly long ago. ValidationError otherwise."""
    if day is None:
        return None
    today = timezone.localdate()
    if day > today:
        raise ValidationError(_("This day has not come yet. Check the date."), code="future")
    if day < today.replace(month=1, day=1) - dt.timedelta(days=366 * oldest_years):
        raise ValidationError(_("This date lies too far back. Check the year."), code="too_old")
    return day


class FindForm(forms.Form):
    """One box: name, work code, ID number, last digits of the phone."""

    q = forms.CharField(
        label=_("Name, work code, ID number or last digits of the phone"), max_length=60, strip=True,
        help_text=_("Two characters of the name, or the last four digits of the phone, are enough."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )

    def clean_q(self) -> str:
        text = self.cleaned_data["q"]
        if len(text) < 2:
            raise ValidationError(_("Type at least two characters."), code="too_short")
        return text


class PersonForm(forms.Form):
    """Who the child is. Only the name is asked of everybody; what is not known yet stays empty and is corrected later."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    former_name = forms.CharField(label=_("Former name"), max_length=LONGEST_NAME, required=False)
    id_type = one_of("id_type", initial="resident_id")
    id_number = forms.CharField(
        label=_("ID number"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Birth date and sex are taken from it."),
    )
    birth_on = forms.DateField(label=_("Birth date"), required=False, widget=day_input())
    sex = one_of("sex")
    ethnicity = one_of("ethnicity", searchable=True)
    household = forms.CharField(label=_("Registered household"), max_length=200, required=False)
    address = forms.CharField(label=_("Residence"), max_length=200, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    )
    school = forms.CharField(label=_("School or employer"), max_length=120, required=False)
    grade = forms.CharField(label=_("Grade and class, or post"), max_length=60, required=False)
    occupation = forms.CharField(label=_("Occupation"), max_length=60, required=False)
    health = prose(_("Health"), longest=300, rows=2)
    special_needs = prose(_("Special needs"), longest=300, rows=2)
    language = forms.CharField(label=_("Language or dialect"), max_length=60, required=False)

    IDENTITY = (
        "name", "former_name", "id_type", "id_number", "birth_on", "ethnicity", "household", "address", "phone", "school",
        "grade", "occupation", "health", "special_needs", "language",
    )
    SECTIONS = (
        {"title": _("Person"), "fields": ["name", "former_name", "id_type", "id_number", "birth_on", "sex", "ethnicity"]},
        {"title": _("Residence and contact"), "fields": ["household", "address", "phone", "language"]},
        {"title": _("School or work, health"), "fields": ["school", "grade", "occupation", "health", "special_needs"]},
    )

    def clean_name(self) -> str:
        return proper_name(self.cleaned_data["name"])

    def clean_former_name(self) -> str:
        return proper_name(self.cleaned_data["former_name"])

    def clean_birth_on(self) -> dt.date | None:
        return past_day(self.cleaned_data["birth_on"])

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"]) if self.cleaned_data["phone"] else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        number = data.get("id_number", "")
        kind = data.get("id_type") or "other"
        if number and vocabulary.term("id_type", kind).extra["check_digit"]:
            try:
                data["id_number"] = clean_id_number(number)
            except ValidationError as wrong:
                self.add_error("id_number", wrong)
            else:
                self._fill_from_number(data)
        elif number:
            data["id_number"] = compact_code(number)
        if not data.get("sex") and "sex" not in self.errors and "id_number" not in self.errors:
            self.add_error("sex", ValidationError(_("Choose the sex, or give the ID number."), code="required"))
        return data

    def _fill_from_number(self, data: dict[str, Any]) -> None:
        if not data.get("birth_on") and "birth_on" not in self.errors:
            data["birth_on"] = birth_on_from_id(data["id_number"])
        if not data.get("sex"):
            data["sex"] = sex_from_id(data["id_number"])

    def identity(self) -> dict[str, Any]:
        """The keyword `identity` of the services: text only, the birth date in ISO form."""
        values = {name: self.cleaned_data.get(name) or "" for name in self.IDENTITY}
        born = values["birth_on"]
        return {**values, "birth_on": born.isoformat() if born else ""}


class CircumstancesForm(forms.Form):
    """Schooling, living arrangement and care, as codes (domain rules 10.6, 10.7)."""

    education_status = one_of("education_status")
    education_level = one_of("education_level")
    living = forms.MultipleChoiceField(
        label=list_label("living"), required=False, choices=lambda: vocabulary.choices("living", grouped=True),
        widget=forms.CheckboxSelectMultiple(attrs={"data-chips": True}),
    )
    parenting = one_of("parenting")


class GuardianForm(forms.Form):
    """A guardian or contact: who, how to be reached, and what stands in the way of their taking part."""

    relation = one_of("relation", required=True)
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    )
    occupation = forms.CharField(label=_("Occupation"), max_length=60, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False, widget=forms.TextInput(attrs={"data-wide": True}))
    flags = forms.MultipleChoiceField(
        label=list_label("guardian_flag"), required=False, choices=lambda: vocabulary.choices("guardian_flag"),
        widget=forms.CheckboxSelectMultiple(attrs={"data-chips": True, "data-wide": True}),
    )
    unavailable_reason = one_of("guardian_unavailable_reason", label=_("Cannot take part because"))
    note = prose(_("Note"), longest=300, rows=2)

    PROSE = ("name", "phone", "occupation", "address", "note")

    def clean_name(self) -> str:
        return proper_name(self.cleaned_data["name"])

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"]) if self.cleaned_data["phone"] else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        relation = data.get("relation")
        if relation and relation != "none" and not data.get("name") and "name" not in self.errors:
            self.add_error("name", ValidationError(_("Give the name, or choose that there is nobody."), code="required"))
        return data

    def guardian(self) -> dict[str, Any]:
        """Keyword arguments of add_guardian and change_guardian."""
        data = self.cleaned_data
        return {
            "relation": data["relation"], "flags": data["flags"], "unavailable_reason": data["unavailable_reason"],
            **{name: data[name] for name in self.PROSE},
        }


class GuardianRows(forms.BaseFormSet):
    """Guardians typed while a child is registered; rows left empty are not guardians."""

    def guardians(self) -> list[dict[str, Any]]:
        rows = [form for form in self.forms if form.has_changed() and form not in self.deleted_forms]
        return [row.guardian() for row in rows if row.cleaned_data.get("relation")]


GuardianFormSet = forms.formset_factory(
    GuardianForm, formset=GuardianRows, extra=1, max_num=MOST_GUARDIANS, validate_max=True, can_delete=True
)


class RegisterJuvenileForm(PersonForm, CircumstancesForm):
    """A child the organ refers for the first time. A clerk also names the prosecutor in charge."""

    prosecutor = forms.ChoiceField(label=_("Prosecutor in charge"))
    # Shown only when a colleague has registered a child with this number: the person decides, nothing is revealed.
    separately = forms.BooleanField(
        label=_("The head of the unit was asked; register the child separately"), required=False, widget=forms.HiddenInput()
    )

    SECTIONS = (
        *PersonForm.SECTIONS,
        {"title": _("Family and schooling"), "fields": ["education_status", "education_level", "living", "parenting"]},
    )
    CIRCUMSTANCES = ("education_status", "education_level", "living", "parenting")

    def __init__(self, *args: Any, prosecutors: Iterable[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if prosecutors is None:
            del self.fields["prosecutor"]
        else:
            self.fields["prosecutor"].choices = [("", _("— choose —")), *((str(row.pk), row.name) for row in prosecutors)]
        rows = self.data if self.is_bound else None
        self.formsets = {"guardians": GuardianFormSet(data=rows, prefix="guardians")}

    def circumstances(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.CIRCUMSTANCES}


class CorrectIdentityForm(PersonForm):
    """The same fields, filled with what is known."""

    def __init__(self, *args: Any, stored: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, initial=stored, **kwargs)
        keep_stored(self, stored, {"ethnicity": "ethnicity", "id_type": "id_type"})


class RecordConsentForm(forms.Form):
    """An agreement given by the child or a guardian (domain rules 8)."""

    kind = one_of("consent_kind", required=True)
    capacity = forms.ChoiceField(
        label=_("Given by"),
        choices=[("minor", _("The child")), ("guardian", _("A guardian")), ("substitute", _("Somebody in the guardian's place"))],
        widget=forms.RadioSelect(attrs={"data-chips": True}),
    )
    guardian = forms.ChoiceField(
        label=_("Guardian"), required=False, widget=forms.Select(attrs={"data-depends-on": "capacity=guardian"})
    )
    substitute_reason = one_of("guardian_unavailable_reason", label=_("Why no guardian could be asked"))
    signer = forms.CharField(
        label=_("Who signed"), max_length=LONGEST_NAME, required=False,
        help_text=_("Only where it is neither the child nor a guardian named above: office and name."),
        widget=forms.TextInput(attrs={"data-depends-on": "capacity=substitute"}),
    )
    given_on = forms.DateField(label=_("Given on"), widget=day_input())
    method = one_of("consent_method", required=True)
    scan = PaperField(
        label=_("Scan of the signed paper"), required=False,
        help_text=format_lazy("{} {}", help_on(SCANS), _("It may also be added later; until then the child's page says that it is missing.")),
    )
    text_version = forms.CharField(
        label=_("Version of the text"), max_length=40, initial=CONSENT_TEXT, help_text=_("Stands at the foot of the form.")
    )
    witness = forms.CharField(label=_("Witness"), max_length=LONGEST_NAME, required=False)
    note = prose(_("Note"), longest=500)

    def __init__(self, *args: Any, guardians: Iterable[Any], age: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.age, self.guardians = age, {str(row.pk): row for row in guardians}
        named = [(pk, f"{vocabulary.label('relation', row.relation)} {row.text['name']}") for pk, row in self.guardians.items()]
        self.fields["guardian"].choices = [("", _("— choose —")), *named]
        self.fields["substitute_reason"].widget.attrs["data-depends-on"] = "capacity=substitute"
        self.fields["scan"].widget.attrs["data-depends-on"] = f"method={'|'.join(signed_methods())}"

    def clean_given_on(self) -> dt.date | None:
        return past_day(self.cleaned_data["given_on"], oldest_years=2)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        {"guardian": self._by_guardian, "minor": self._by_minor, "substitute": self._by_substitute}.get(
            data.get("capacity", ""), lambda _data: None
        )(data)
        return data

    def _by_guardian(self, data: dict[str, Any]) -> None:
        chosen = self.guardians.get(data.get("guardian", ""))
        if chosen is None:
            self.add_error("guardian", ValidationError(_("Choose the guardian who agreed."), code="required"))
        elif any(vocabulary.term("guardian_flag", flag).extra.get("bars_consent") for flag in chosen.flags):
            self.add_error(
                "guardian", ValidationError(_("This person may not agree for the child. Choose another one."), code="barred")
            )

    def _by_minor(self, data: dict[str, Any]) -> None:
        """V9: below an age the child's own agreement does not count; the guardian's is needed."""
        if not data.get("kind") or self.age is None:
            return
        extra = vocabulary.term("consent_kind", data["kind"]).extra
        if "subject" not in extra["signers"]:
            self.add_error("capacity", ValidationError(_("This needs the agreement of a guardian."), code="V9"))
        elif self.age < extra.get("min_subject_age", 0):
            sentence = _("Below the age of %(age)s the agreement of a guardian is needed.") % {"age": extra["min_subject_age"]}
            self.add_error("capacity", ValidationError(sentence, code="V9"))

    def _by_substitute(self, data: dict[str, Any]) -> None:
        if not data.get("substitute_reason"):
            self.add_error("substitute_reason", ValidationError(_("Say why no guardian could be asked."), code="required"))
        if not data.get("signer"):
            self.add_error("signer", ValidationError(_("Name who signed in the guardian's place."), code="required"))


class AttachConsentScanForm(forms.Form):
    """The paper itself, and which scan it takes the place of."""

    scan = PaperField(label=_("Scan of the signed paper"))
    instead_of = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())


def signed_methods() -> list[str]:
    """Ways of agreeing that leave a paper behind."""
    return [term.code for term in vocabulary.terms("consent_method") if term.extra["needs_file"]]


def age_now(birth_on: str) -> int | None:
    """Completed years today, from the stored birth date."""
    return age_on(dt.date.fromisoformat(birth_on), timezone.localdate()) if birth_on else None
