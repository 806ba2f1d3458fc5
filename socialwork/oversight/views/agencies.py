"""The registry of agencies: list, page with history, and the acts of civil affairs and of the organs that choose."""
from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from socialwork.access import api, listing
from socialwork.access.roles import Role
from socialwork.access.views import ActPage, DetailPage, FormPage, KeepsVersion, ListPage, now
from socialwork.organisations import presenters as organisation_presenters
from socialwork.organisations import queries as organisation_queries
from socialwork.organisations import services
from socialwork.organisations.models import Organisation
from socialwork.oversight import filters, forms, presenters, queries

PRIMARY = (
    ("oversight:recommend_agency", _("Recommend"), "link"),
    ("oversight:admit_agency", _("Choose this agency"), "post"),
    ("oversight:activate_agency", _("Put on the active list"), "post"),
)
FURTHER = (
    ("oversight:record_inspection", _("Record an inspection"), "link"),
    ("oversight:edit_registration", _("Edit the registration"), "link"),
    ("oversight:readmit_agency", _("Readmit the agency"), "link"),
    ("oversight:suspend_agency", _("Suspend the agency"), "link"),
    ("oversight:exit_agency", _("Take off the registry"), "link"),
)


class Agencies(ListPage):
    """The registry: for civil affairs the agencies of the district, for heads of units those that were recommended."""

    model = Organisation
    action = "read_registry"
    roles = (Role.CIVIL_AFFAIRS_OFFICER, Role.UNIT_HEAD)
    sorts = {"new": listing.Sort("created_at", descending=True)}
    filterset = filters.AgencyFilter
    shape = staticmethod(queries.for_agency_list)

    def page(self, listed: listing.Listed) -> dict[str, Any]:
        user, today = self.request.user, timezone.localdate()
        latest = organisation_queries.latest_inspections(row.pk for row in listed.rows)
        page: dict[str, Any] = {
            "title": _("Agencies"), "listed": listed,
            "worklist": {
                "title": _("Registry of agencies"), "columns": presenters.agency_columns(),
                "rows": presenters.agency_rows(listed.rows, latest, today),
                "filter_form": self.filterset(self.request.GET, request=self.request).form,
                "empty": {"title": _("No agency"), "reason": _("No agency fits what was chosen.")},
            },
        }
        if user.has_role(Role.CIVIL_AFFAIRS_OFFICER):
            register = reverse("oversight:register_agency", args=[user.organisation_id])
            page["primary"] = {"label": _("Register an agency"), "url": register}
        return page


class Agency(DetailPage):
    """One agency: what is registered, how it came here, its agreements and its staff in numbers. Never a child."""

    model = Organisation
    action = "read_registry"
    template_name = "oversight/agency.html"
    shape = staticmethod(organisation_queries.for_organisation_page)

    def page(self, row: Any) -> dict[str, Any]:
        today, user = timezone.localdate(), self.request.user
        inspections = list(organisation_queries.inspections_of(row))
        agreements = list(organisation_queries.agreements_of(user, row))
        return {
            "title": row.short_name, "state": organisation_presenters.agency_state(row),
            "act": presenters.agency_act(row, today, inspections[0] if inspections else None),
            "facts": organisation_presenters.organisation_facts(row),
            "staff": presenters.staff_rows(queries.staff_counts(row, today=today)),
            "agreements": {
                "title": _("Agreements"), "columns": organisation_presenters.agreement_columns(places=False),
                "rows": organisation_presenters.agreement_rows(agreements, today, {}, places=False),
                "empty": {"title": _("No agreement"), "reason": _("None that you may see.")},
            },
            "history": presenters.history(
                organisation_queries.recommendations_of(row), inspections, organisation_queries.entries_of(row)
            ),
            "primary": organisation_presenters.acts(row, PRIMARY), "acts": organisation_presenters.acts(row, FURTHER),
            "why": api.why(user, row),
        }


class InRegistry:
    """Acts of the registry end on the agency's page there."""

    model = Organisation

    def location(self, row: Any, result: Any) -> str:
        return reverse("oversight:agency", args=[row.pk])


class OfAgency(InRegistry, KeepsVersion):
    """Forms about one agency."""

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        address, listed = reverse("oversight:agency", args=[row.pk]), reverse("oversight:agencies")
        return {
            "subtitle": row.name, "cancel_url": address,
            "crumbs": [
                {"label": _("Agencies"), "url": listed}, {"label": row.short_name, "url": address}, {"label": self.title},
            ],
        }


class RegisterAgency(OfAgency, FormPage):
    """A new candidate in the registry of the own district."""

    action = "register_agency"
    title = _("Register an agency")
    submit_label = _("Register")
    done_message = _("The agency is registered as a candidate.")
    form_class = forms.AgencyForm

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.register_agency(bureau=row, by=self.request.user, at=now(), facts=form.cleaned_data)

    def location(self, row: Any, result: Any) -> str:
        return reverse("oversight:agency", args=[result.pk])

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        listed = reverse("oversight:agencies")
        return {
            "crumbs": [{"label": _("Agencies"), "url": listed}, {"label": self.title}], "cancel_url": listed,
            "intro": _("It is entered in the registry of your district: %(district)s.") % {"district": row.district.name},
        }


class EditRegistration(OfAgency, FormPage):
    """What the registry says of the agency, corrected."""

    action = "edit_registration"
    form_class = forms.AgencyForm
    title = _("Edit the registration")
    done_message = _("The registration is kept.")

    def make_form(self, row: Any, data: Any = None, files: Any = None) -> Any:
        stored = {name: getattr(row, name) for name in forms.AgencyForm.base_fields}
        return forms.AgencyForm(data=data, initial=stored)

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.edit_registration(
            agency=row, by=self.request.user, at=now(), version=self.version(), facts=form.cleaned_data
        )


class RecommendAgency(OfAgency, FormPage):
    """The letter to the organs."""

    action = "recommend_agency"
    title = _("Recommend the agency")
    submit_label = _("Recommend")
    done_message = _("The recommendation is recorded.")
    form_class = forms.RecommendForm

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.recommend_agency(agency=row, by=self.request.user, at=now(), **form.cleaned_data)


class RecordInspection(OfAgency, FormPage):
    """What was found on the spot."""

    action = "record_inspection"
    title = _("Record an inspection")
    submit_label = _("Record the inspection")
    done_message = _("The inspection is recorded.")
    form_class = forms.InspectionForm

    def carry_out(self, row: Any, form: Any) -> Any:
        data = form.cleaned_data
        return services.record_inspection(
            agency=row, by=self.request.user, at=now(), inspected_on=data["inspected_on"], parts=form.parts(),
            shortcomings=data["shortcomings"], passed=data["passed"], findings=data["findings"],
        )


class AdmitAgency(InRegistry, ActPage):
    """The head of a unit chooses the agency."""

    action = "admit_agency"
    done_message = _("The agency is chosen. Civil affairs will put it on the active list.")

    def carry_out(self, row: Any) -> Any:
        return services.admit_agency(agency=row, by=self.request.user, at=now())


class ActivateAgency(InRegistry, ActPage):
    """The agency may make agreements."""

    action = "activate_agency"
    done_message = _("The agency stands on the active list.")

    def carry_out(self, row: Any) -> Any:
        return services.activate_agency(agency=row, by=self.request.user, at=now())


class Deciding(OfAgency):
    """A decision about the agency's place in the registry, with its reason."""

    form_class = forms.ReasonForm
    follows: tuple[Any, ...] = ()
    danger = True

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        return {**super().page(row, form), "follows": list(self.follows), "danger": self.danger}


class SuspendAgency(Deciding, FormPage):
    """No new referral goes to the agency."""

    action = "suspend_agency"
    title = _("Suspend the agency")
    submit_label = _("Suspend the agency")
    done_message = _("The agency is suspended. The organs with running agreements are told.")
    follows = (
        _("No organ can send it a new referral or sign an agreement with it."),
        _("Running cases go on; each organ decides about its own agreement and is told now."),
    )

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.suspend_agency(agency=row, by=self.request.user, at=now(), reason=form.cleaned_data["reason"])


class ReadmitAgency(Deciding, FormPage):
    """The suspension ends."""

    action = "readmit_agency"
    title = _("Readmit the agency")
    submit_label = _("Readmit")
    done_message = _("The agency stands on the active list again.")
    danger = False

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.readmit_agency(agency=row, by=self.request.user, at=now(), reason=form.cleaned_data["reason"])


class ExitAgency(Deciding, FormPage):
    """The agency leaves the registry."""

    action = "exit_agency"
    title = _("Take the agency off the registry")
    submit_label = _("Take off the registry")
    done_message = _("The agency is off the registry.")
    follows = (_("It can come back only through a new recommendation and inspection."),)

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.exit_agency(agency=row, by=self.request.user, at=now(), reason=form.cleaned_data["reason"])
