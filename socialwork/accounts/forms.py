"""What is typed about accounts and staff: shape and wording; the services hold the rules."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from socialwork.access.roles import PARAGRAPHS, Role
from socialwork.core import vocabulary
from socialwork.core.identifiers import clean_phone
from socialwork.organisations.forms import day, one_of, past_day

Roles = Iterable[Role]
# The Chinese comma and the mark between items of a list.
COMMAS = {0xFF0C: ",", 0x3001: ","}
login_shape = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,59}$",
    _("Three to sixty small letters, digits, dots or hyphens, beginning with a letter or digit."), code="login",
)


def role_options(roles: Roles) -> list[tuple[str, Any]]:
    """Roles with what each may do, so that nobody gives one by its name alone."""
    return [(str(role), f"{role.label} — {PARAGRAPHS[role]}") for role in roles]


class PersonFields(forms.Form):
    """How a colleague is called and reached."""

    name = forms.CharField(label=_("Name of the person"), max_length=80)
    email = forms.EmailField(
        label=_("Mail"), max_length=254, required=False, help_text=_("Only says that something waits; never a name or a fact.")
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"]) if self.cleaned_data["phone"] else ""


class LoginField(forms.CharField):
    """A sign-in name in its stored form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Sign-in name"), max_length=60, validators=[login_shape],
            help_text=_("Small letters, digits, dots; for example zhang.san. It cannot be changed later."),
            widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}), **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(value).strip().lower()


class OpenAccountForm(PersonFields):
    """A colleague's account and, in an agency, the beginning of the staff record."""

    login = LoginField()
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple(attrs={"data-wide": True}))
    sex = one_of("sex", required=False)
    functions = forms.MultipleChoiceField(
        label=_("Functions"), required=False, choices=lambda: vocabulary.choices("staff_function"),
        widget=forms.CheckboxSelectMultiple(attrs={"data-chips": True, "data-wide": True}),
    )
    employed_on = day(_("Employed since"), required=False)
    field_order = ("name", "login", "roles", "email", "phone", "sex", "functions", "employed_on")
    STAFF = ("sex", "functions", "employed_on")

    def __init__(self, *args: Any, roles: Roles, agency: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = role_options(roles)
        if not agency:
            for name in self.STAFF:
                del self.fields[name]

    def person(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("login", "name", "roles", "email", "phone")}

    def staff(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.STAFF if name in self.fields}


class OpenAdministratorForm(PersonFields):
    """The first people of an organisation."""

    login = LoginField()
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    field_order = ("name", "login", "role", "email", "phone")

    def __init__(self, *args: Any, roles: Roles, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_options(roles)


class EditAccountForm(PersonFields):
    """Name, mail and phone corrected."""


class ChangeRolesForm(forms.Form):
    """What the person does here."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple(attrs={"data-wide": True}))

    def __init__(self, *args: Any, roles: Roles, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = role_options(roles)


class StaffRecordForm(forms.Form):
    """One person one file (domain 9.3)."""

    sex = one_of("sex", required=False)
    functions = forms.MultipleChoiceField(
        label=_("Functions"), required=False, choices=lambda: vocabulary.choices("staff_function"),
        widget=forms.CheckboxSelectMultiple(attrs={"data-chips": True, "data-wide": True}),
    )
    languages = forms.CharField(
        label=_("Languages and dialects"), required=False, max_length=200, help_text=_("Several with commas between them.")
    )
    employed_on = day(_("Employed since"), required=False)
    background_check_on = past_day(
        _("Background check on"), required=False,
        help_text=_("Query for offences against minors; holds twelve months (Law on Protection of Minors, art. 62)."),
    )
    undertaking_on = past_day(
        _("Confidentiality undertaking signed on"), required=False, help_text=_("Needed before the first case.")
    )
    legal_training_on = past_day(
        _("Legal training by the organ on"), required=False, help_text=_("Needed before the first case.")
    )

    def clean_languages(self) -> list[str]:
        typed = self.cleaned_data["languages"].translate(COMMAS).split(",")
        found = [name.strip() for name in typed if name.strip()]
        if any(len(name) > 40 for name in found):
            raise ValidationError(_("One of the names is too long. Put commas between them."), code="long")
        return found


class CertificateForm(forms.Form):
    """A certificate that was seen."""

    kind = one_of("certificate")
    number = forms.CharField(label=_("Number of the certificate"), max_length=60, required=False)
    issued_on = past_day(_("Issued on"))
    valid_until = day(_("Valid until"), required=False, help_text=_("Empty when it does not run out."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        issued, until = data.get("issued_on"), data.get("valid_until")
        if issued and until and until < issued:
            self.add_error("valid_until", ValidationError(_("It cannot end before it was issued."), code="reversed"))
        return data


class CreateTokenForm(forms.Form):
    """The password once more, before a key is given out."""

    password = forms.CharField(
        label=_("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class ChoosePasswordForm(SetPasswordForm):
    """The first password of one's own."""


class StaffFilter(forms.Form):
    """Which accounts the staff list shows."""

    OPEN, CLOSED, ALL = "open", "closed", "all"

    show = forms.ChoiceField(
        label=_("Accounts"), required=False, widget=forms.Select(attrs={"class": "form-select"}),
        choices=[(OPEN, _("Open accounts")), (CLOSED, _("Closed accounts")), (ALL, _("All accounts"))],
    )



class ConfirmForm(forms.Form):
    """Nothing to type: the page says what follows."""
