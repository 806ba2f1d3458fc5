"""Organisations: the operator's list, one's own page and its settings."""
from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from socialwork.access import api, listing
from socialwork.access.roles import Family, Role
from socialwork.access.views import DetailPage, FormPage, KeepsVersion, ListPage, now
from socialwork.organisations import forms, presenters, queries, services
from socialwork.organisations.models import District, Organisation

ACTS = (
    ("organisations:edit_organisation", _("Edit settings"), "link"),
    ("organisations:set_caseload_limits", _("Set caseload limits"), "link"),
    ("organisations:draft_agreement", _("Draft an agreement"), "link"),
    ("accounts:open_account", _("Open an account"), "link"),
    ("accounts:open_administrator", _("Open an administrator's account"), "link"),
)


class OrganisationList(ListPage):
    """The organisations of the installation, for who keeps it: names and places, nothing that happens there."""

    model = Organisation
    roles = (Role.SYSTEM_OPERATOR,)
    sorts = {"new": listing.Sort("created_at", descending=True)}

    def shape(self, rows: Any) -> Any:
        return rows.select_related("district")

    def page(self, listed: listing.Listed) -> dict[str, Any]:
        home = self.request.user.organisation
        columns = [{"label": _("Full name")}, {"label": _("Kind of organisation")}, {"label": _("District")}, {"label": _("Registry")}]
        return {
            "title": _("Organisations"), "listed": listed,
            "worklist": {
                "title": _("Organisations"), "columns": columns, "rows": presenters.organisation_rows(listed.rows),
            },
            "primary": {
                "label": _("Register an organisation"), "url": reverse("organisations:register_organisation", args=[home.pk]),
            },
        }


class OrganisationPage(DetailPage):
    """An organisation as this person may know it; its own people also see its settings."""

    model = Organisation
    template_name = "organisations/detail.html"
    shape = staticmethod(queries.for_organisation_page)

    def page(self, row: Any) -> dict[str, Any]:
        own = row.pk == self.request.user.organisation_id
        registry = row.family == Family.AGENCY and "read_registry" in row.allowed_actions
        return {
            "title": row.short_name, "facts": presenters.organisation_facts(row),
            "settings": presenters.settings_facts(row) if own else [],
            "acts": presenters.acts(row, ACTS), "why": api.why(self.request.user, row),
            "registry_url": reverse("oversight:agency", args=[row.pk]) if registry else "",
        }


class OfOrganisation(KeepsVersion):
    """Forms about one organisation."""

    model = Organisation

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        return {
            "crumbs": [{"label": row.short_name, "url": row.get_absolute_url()}, {"label": self.title}],
            "subtitle": row.name,
        }


class RegisterOrganisation(OfOrganisation, FormPage):
    """A procuratorate, bureau or other organisation begins to work here."""

    action = "register_organisation"
    title = _("Register an organisation")
    submit_label = _("Register")
    done_message = _("The organisation is registered. Open an administrator's account for it now.")
    template_name = "organisations/register_organisation.html"

    def make_form(self, row: Any, data: Any = None, files: Any = None) -> Any:
        return forms.RegisterOrganisationForm(data=data, districts=queries.district_groups(self.province(row, data)))

    def province(self, row: Any, data: Any = None) -> str:
        """The province whose divisions are offered: that of what was typed, the one asked for, or the operator's own."""
        typed = (data or {}).get("district", "")[:2]
        asked = f"{typed}0000" if typed else self.request.GET.get("province", "")
        return asked if asked in dict(queries.provinces()) else row.province_code

    def carry_out(self, row: Any, form: Any) -> Any:
        data = dict(form.cleaned_data)
        district = District.objects.get(pk=data.pop("district"))
        return services.register_organisation(home=row, by=self.request.user, at=now(), district=district, facts=data)

    def location(self, row: Any, result: Any) -> str:
        return result.get_absolute_url()

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        listed = reverse("organisations:list")
        return {
            "crumbs": [{"label": _("Organisations"), "url": listed}, {"label": self.title}], "cancel_url": listed,
            "provinces": presenters.province_chips(queries.provinces(), self.province(row, form.data)),
        }


class EditOrganisation(OfOrganisation, FormPage):
    """How the own organisation is reached, numbers its letters and approves its referrals."""

    action = "edit_organisation"
    title = _("Edit settings")
    done_message = _("The settings are kept.")
    form_class = forms.EditOrganisationForm

    def form_arguments(self, row: Any) -> dict[str, Any]:
        names = ("short_name", "letter_prefix", "contact", "phone", "address", "approval_levels")
        return {"organ": row.family == Family.ORGAN, "initial": {name: getattr(row, name) for name in names}}

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.edit_organisation(
            organisation=row, by=self.request.user, at=now(), version=self.version(), settings=form.cleaned_data
        )


class SetCaseloadLimits(OfOrganisation, FormPage):
    """How many cases one worker of the agency may have."""

    action = "set_caseload_limits"
    title = _("Set caseload limits")
    done_message = _("The limits are kept.")
    form_class = forms.CaseloadForm

    def form_arguments(self, row: Any) -> dict[str, Any]:
        return {"initial": {"caseload_warn": row.caseload_warn, "caseload_block": row.caseload_block}}

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.set_caseload_limits(
            organisation=row, by=self.request.user, at=now(), version=self.version(), **form.cleaned_data
        )
