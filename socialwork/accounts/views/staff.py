"""The staff list, and what its keepers do with an account."""
from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from socialwork.access import api, listing
from socialwork.access.roles import Family, Role
from socialwork.access.views import ActPage, DetailPage, FormPage, KeepsVersion, ListPage, now
from socialwork.accounts import forms, presenters, queries, registry, services
from socialwork.accounts.models import Certificate, StaffRecord, User
from socialwork.accounts.policies import KEEPERS, first_roles, grantable_roles
from socialwork.accounts.views.own import ShownOnce
from socialwork.organisations.models import Organisation
from socialwork.organisations.presenters import acts

ACTS = (
    ("accounts:change_roles", _("Change roles"), "link"),
    ("accounts:edit_account", _("Edit name and contact"), "link"),
    ("accounts:renew_password", _("Give a new one-time password"), "post"),
)
ENDS = {True: ("accounts:close_account", _("Close the account"), "link"),
        False: ("accounts:reopen_account", _("Reopen the account"), "post")}
STAFF_ACTS = (
    ("accounts:edit_staff_record", _("Edit the staff record"), "link"),
    ("accounts:add_certificate", _("Add a certificate"), "link"),
)


class Staff(ListPage):
    """Everybody of the own organisation with an account; in an agency with what must be in order before a case."""

    model = User
    action = "list_staff"
    roles = KEEPERS
    sorts = {"name": listing.Sort("name")}
    shape = staticmethod(queries.for_list)

    def narrow(self, rows: Any) -> Any:
        show = self.request.GET.get("show") or forms.StaffFilter.OPEN
        return rows if show == forms.StaffFilter.ALL else rows.filter(is_active=show != forms.StaffFilter.CLOSED)

    def page(self, listed: listing.Listed) -> dict[str, Any]:
        home, today = self.request.user.organisation, timezone.localdate()
        agency = home.family == Family.AGENCY
        return {
            "title": _("Staff"), "subtitle": home.name, "listed": listed,
            "worklist": {
                "title": _("Accounts"), "columns": presenters.staff_columns(agency=agency),
                "rows": presenters.staff_rows(listed.rows, today, agency=agency),
                "filter_form": forms.StaffFilter(self.request.GET or {"show": forms.StaffFilter.OPEN}),
                "actions": [{"label": _("Our organisation"), "url": home.get_absolute_url()}],
                "empty": {"title": _("Nobody"), "reason": _("No account fits what was chosen.")},
            },
            "primary": {"label": _("Open an account"), "url": reverse("accounts:open_account", args=[home.pk])},
        }


class Administrators(ListPage):
    """Administrators, auditors and operators of the installation, for who keeps it."""

    model = User
    action = "list_administrators"
    roles = (Role.SYSTEM_OPERATOR,)
    sorts = {"name": listing.Sort("name")}
    shape = staticmethod(queries.for_list)

    def page(self, listed: listing.Listed) -> dict[str, Any]:
        return {
            "title": _("Administrators"), "listed": listed,
            "worklist": {
                "title": _("Accounts"), "columns": presenters.administrator_columns(),
                "rows": presenters.administrator_rows(listed.rows),
                "actions": [{"label": _("Organisations"), "url": reverse("organisations:list")}],
            },
        }


class Person(DetailPage):
    """One account with its staff record."""

    model = User
    template_name = "accounts/person.html"

    def shape(self, rows: Any) -> Any:
        return queries.for_list(rows)

    def page(self, row: Any) -> dict[str, Any]:
        user, staff = self.request.user, queries.staff_of(row)
        kept = user.has_role(*KEEPERS)
        if staff:
            api.allowed(user, staff)
        buttons = acts(row, (*(ACTS if row.is_active else ()), ENDS[row.is_active]))
        may_remove = bool(staff) and "add_certificate" in staff.allowed_actions
        return {
            "title": row.name, "facts": presenters.account_facts(row), "roles": presenters.role_facts(row),
            "staff": presenters.staff_facts(staff, timezone.localdate()) if kept else [],
            "certificates": presenters.certificate_lines(staff, removable=may_remove) if kept else [],
            "open_work": registry.count_open_work(row) if kept else 0, "acts": buttons,
            "staff_acts": acts(staff, STAFF_ACTS) if staff else [], "why": api.why(user, row),
            "crumbs": presenters.person_crumbs(user, row),
        }


class Opening(ShownOnce):
    """A new account: the one-time password is shown to whoever opened it."""

    model = Organisation
    submit_label = _("Open the account")

    def location(self, row: Any, result: Any) -> str:
        return result.person.get_absolute_url()

    def secret(self, shown: Any) -> dict[str, Any]:
        return presenters.one_time(shown)


class OpenAccount(Opening, FormPage):
    """A colleague gets an account."""

    action = "open_account"
    form_class = forms.OpenAccountForm
    title = _("Open an account")

    def make_form(self, row: Any, data: Any = None, files: Any = None) -> Any:
        granted = grantable_roles(self.request.user, row)
        return forms.OpenAccountForm(data=data, roles=granted, agency=row.family == Family.AGENCY)

    def carry_out(self, row: Any, form: Any) -> Any:
        self.shown = services.open_account(
            organisation=row, by=self.request.user, at=now(), staff=form.staff(), **form.person()
        )
        return self.shown

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        listed = reverse("accounts:staff")
        return {"crumbs": [{"label": _("Staff"), "url": listed}, {"label": self.title}], "cancel_url": listed}


class OpenAdministrator(Opening, FormPage):
    """The first people of an organisation get their accounts."""

    action = "open_administrator"
    form_class = forms.OpenAdministratorForm
    title = _("Open an administrator's account")

    def make_form(self, row: Any, data: Any = None, files: Any = None) -> Any:
        return forms.OpenAdministratorForm(data=data, roles=first_roles(row))

    def carry_out(self, row: Any, form: Any) -> Any:
        self.shown = services.open_administrator(organisation=row, by=self.request.user, at=now(), **form.cleaned_data)
        return self.shown

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        listed = reverse("organisations:list")
        return {
            "subtitle": row.name, "cancel_url": row.get_absolute_url(),
            "crumbs": [
                {"label": _("Organisations"), "url": listed}, {"label": row.short_name, "url": row.get_absolute_url()},
                {"label": self.title},
            ],
        }


class OfPerson:
    """Forms about one person's account."""

    model = User

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        listed, _here = presenters.person_crumbs(self.request.user, row)
        person = {"label": row.name, "url": row.get_absolute_url()}
        return {"subtitle": row.name, "crumbs": [listed, person, {"label": self.title}]}


class EditAccount(OfPerson, FormPage):
    """Name and contact corrected."""

    action = "edit_account"
    title = _("Edit name and contact")
    done_message = _("Name and contact are kept.")
    form_class = forms.EditAccountForm

    def form_arguments(self, row: Any) -> dict[str, Any]:
        return {"initial": {"name": row.name, "email": row.email, "phone": row.phone}}

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.edit_account(person=row, by=self.request.user, at=now(), **form.cleaned_data)


class ChangeRoles(OfPerson, FormPage):
    """What a colleague does here."""

    action = "change_roles"
    title = _("Change roles")
    done_message = _("The roles are changed. They hold from the person's next click on.")
    form_class = forms.ChangeRolesForm

    def form_arguments(self, row: Any) -> dict[str, Any]:
        granted = grantable_roles(self.request.user, self.request.user.organisation)
        return {"roles": granted, "initial": {"roles": row.roles}}

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.change_roles(person=row, by=self.request.user, at=now(), roles=form.cleaned_data["roles"])


class CloseAccount(OfPerson, FormPage):
    """A colleague leaves. The page says what follows; there is nothing to type, so nothing is autosaved."""

    action = "close_account"
    title = _("Close the account")
    submit_label = _("Close the account")
    done_message = _("The account is closed.")
    form_class = forms.ConfirmForm
    autosaves = False

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.close_account(person=row, by=self.request.user, at=now())

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        follows = [
            _("The person can no longer sign in, and is signed out everywhere at once."),
            _("What the person has written stays, under the person's name."),
            _("The account can be reopened."),
        ]
        return {**super().page(row, form), "follows": follows, "danger": True}


class ReopenAccount(ShownOnce, ActPage):
    """A colleague comes back."""

    model = User
    action = "reopen_account"

    def carry_out(self, row: Any) -> Any:
        self.shown = services.reopen_account(person=row, by=self.request.user, at=now())
        return self.shown

    def secret(self, shown: Any) -> dict[str, Any]:
        return presenters.one_time(shown)


class RenewPassword(ShownOnce, ActPage):
    """A colleague has lost the password."""

    model = User
    action = "renew_password"

    def carry_out(self, row: Any) -> Any:
        self.shown = services.renew_password(person=row, by=self.request.user, at=now())
        return self.shown

    def secret(self, shown: Any) -> dict[str, Any]:
        return presenters.one_time(shown)


class OfStaff(KeepsVersion):
    """Forms about one staff record."""

    model = StaffRecord

    def shape(self, rows: Any) -> Any:
        return rows.select_related("user__organisation")

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        listed = reverse("accounts:staff")
        return {
            "subtitle": row.user.name,
            "crumbs": [
                {"label": _("Staff"), "url": listed}, {"label": row.user.name, "url": row.get_absolute_url()},
                {"label": self.title},
            ],
        }


class EditStaffRecord(OfStaff, FormPage):
    """Checks, undertaking, training, functions."""

    action = "edit_staff_record"
    title = _("Edit the staff record")
    done_message = _("The staff record is kept.")
    form_class = forms.StaffRecordForm

    def form_arguments(self, row: Any) -> dict[str, Any]:
        stored = {name: getattr(row, name) for name in forms.StaffRecordForm.base_fields}
        return {"initial": {**stored, "languages": ", ".join(row.languages)}}

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.edit_staff_record(
            staff=row, by=self.request.user, at=now(), version=self.version(), record=form.cleaned_data
        )


class AddCertificate(OfStaff, FormPage):
    """A certificate that was seen."""

    action = "add_certificate"
    title = _("Add a certificate")
    done_message = _("The certificate is recorded.")
    form_class = forms.CertificateForm

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.add_certificate(staff=row, by=self.request.user, at=now(), **form.cleaned_data)


class RemoveCertificate(ActPage):
    """A certificate recorded by mistake."""

    model = Certificate
    action = "remove_certificate"
    done_message = _("The certificate is taken off the record.")

    def shape(self, rows: Any) -> Any:
        return rows.select_related("staff")

    def carry_out(self, row: Any) -> Any:
        return services.remove_certificate(certificate=row, by=self.request.user, at=now())
