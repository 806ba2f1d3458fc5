"""Agreements: list, page, terms side by side, and what the head of the unit does with them."""
from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from socialwork.access import api, listing
from socialwork.access.roles import Role
from socialwork.access.views import ActPage, DetailPage, FormPage, KeepsVersion, ListPage, now
from socialwork.core.errors import Moved, NotVisible
from socialwork.organisations import capacity, filters, forms, presenters, queries, services
from socialwork.organisations.models import Agreement, Organisation
from socialwork.organisations.states import AgreementState

PRIMARY = (
    ("organisations:sign_agreement", _("Record the signing"), "post"),
    ("organisations:resume_agreement", _("Resume"), "post"),
)
FURTHER = (
    ("organisations:change_agreement", _("Change the terms"), "link"),
    ("organisations:suspend_agreement", _("Suspend"), "link"),
    ("organisations:terminate_agreement", _("Terminate"), "link"),
    ("organisations:discard_agreement", _("Discard the draft"), "post"),
)
KNOW_PLACES = (Role.UNIT_HEAD, Role.PROSECUTOR, Role.AGENCY_MANAGER, Role.AGENCY_INTAKE)


class AgreementList(ListPage):
    """The agreements one's organisation is party to, or those of the agencies registered in one's district."""

    model = Agreement
    roles = (*KNOW_PLACES, Role.CIVIL_AFFAIRS_OFFICER)
    sorts = {"new": listing.Sort("created_at", descending=True)}
    filterset = filters.AgreementFilter
    shape = staticmethod(queries.for_agreement_list)

    def page(self, listed: listing.Listed) -> dict[str, Any]:
        user, today = self.request.user, timezone.localdate()
        places = user.has_role(*KNOW_PLACES)
        standing = capacity.places([row.pk for row in listed.rows], today=today) if places and listed.rows else {}
        page: dict[str, Any] = {
            "title": _("Agreements"), "listed": listed,
            "worklist": {
                "title": _("Agreements"), "columns": presenters.agreement_columns(places=places),
                "rows": presenters.agreement_rows(listed.rows, today, standing, places=places),
                "filter_form": self.filterset(self.request.GET, request=self.request).form,
                "empty": {"title": _("No agreement"), "reason": _("No agreement fits what was chosen.")},
            },
        }
        if user.has_role(Role.UNIT_HEAD):
            draft = reverse("organisations:draft_agreement", args=[user.organisation_id])
            page["primary"] = {"label": _("Draft an agreement"), "url": draft}
            page["worklist"]["actions"] = [{"label": _("Agencies in the registry"), "url": reverse("oversight:agencies")}]
        return page


class AgreementPage(DetailPage):
    """One agreement: where it stands, its services and places, its clauses, its versions."""

    model = Agreement
    template_name = "organisations/agreement.html"
    shape = staticmethod(queries.for_agreement_page)

    def page(self, row: Any) -> dict[str, Any]:
        user, today, may = self.request.user, timezone.localdate(), row.allowed_actions
        prices, places = "read_prices" in may, "read_places" in may
        versions = queries.versions_of(row, prices=prices)
        current = in_force(versions, today)
        standing = capacity.places([row.pk], today=today) if places else {}
        taken = {service: line for (_agreement, service), line in standing.items()}
        return {
            "title": row.title, "state": presenters.agreement_state(row, today),
            "act": presenters.next_sentence(row, today), "facts": presenters.agreement_facts(row, registry=api.can(user, "read_registry", row.agency)),
            "services": presenters.service_table(current, taken, prices=prices, places=places),
            "terms": presenters.terms_facts(current, queries.area_names([current])),
            "versions": presenters.version_entries(row, versions, current),
            **self.buttons(row, ended=row.ends_on < today), "why": api.why(user, row), "counted": places,
        }


    def buttons(self, row: Any, *, ended: bool) -> dict[str, Any]:
        """What may be done with it. One whose end has passed is over, whatever its state: a draft of it can be thrown away."""
        further = [entry for entry in FURTHER if entry[0] == "organisations:discard_agreement" or not ended]
        return {"primary": [] if ended else presenters.acts(row, PRIMARY), "acts": presenters.acts(row, further)}


def in_force(versions: list[Any], today: Any) -> Any:
    """The terms that count today; before their first day, those agreed last."""
    begun = [version for version in versions if version.valid_from <= today]
    return (begun or versions)[-1]


class CompareVersions(DetailPage):
    """Two versions of the terms side by side: `?old=1&new=2`, by default the last two."""

    model = Agreement
    template_name = "organisations/compare_versions.html"
    shape = staticmethod(queries.for_agreement_page)

    def page(self, row: Any) -> dict[str, Any]:
        prices = "read_prices" in row.allowed_actions
        versions = queries.versions_of(row, prices=prices)
        old, new = self.chosen("old", versions, -2), self.chosen("new", versions, -1)
        areas = queries.area_names([old, new])
        return {
            "title": _("Terms compared"), "rows": presenters.compared(old, new, areas, prices=prices),
            "old_label": presenters.version_title(old), "new_label": presenters.version_title(new),
        }

    def chosen(self, name: str, versions: list[Any], default: int) -> Any:
        asked = self.request.GET.get(name, "")
        if not asked:
            return versions[max(default, -len(versions))]
        found = next((version for version in versions if str(version.number) == asked), None)
        if found is None:
            raise NotVisible()
        return found


class DraftAgreement(KeepsVersion, FormPage):
    """The own organ writes down what it wants to agree on with an agency."""

    model = Organisation
    action = "draft_agreement"
    title = _("Draft an agreement")
    submit_label = _("Save as a draft")
    done_message = _("The draft is kept. Record the signing when all parties have signed.")

    @staticmethod
    def blank_forms() -> list[Any]:
        """The form without a choice, for the description of the API."""
        return [forms.DraftAgreementForm(lines=forms.service_lines(None), areas=(), agencies=None, organs=None)]

    def make_form(self, row: Any, data: Any = None, files: Any = None) -> Any:
        user = self.request.user
        return forms.DraftAgreementForm(
            data=data, lines=forms.service_lines(data), areas=queries.area_options(row),
            agencies=queries.agencies_to_contract(user), organs=queries.organs_beside(user, row),
            initial={"area": [row.district_id]},
        )

    def carry_out(self, row: Any, form: Any) -> Any:
        data = form.cleaned_data
        named = {name: data[name] for name in ("number", "title", "agency", "starts_on", "ends_on", "hand_over_days")}
        return services.draft_agreement(
            organ=row, by=self.request.user, at=now(), parties=list(data.get("parties", ())), terms=form.terms(),
            services=form.services(), **named,
        )

    def location(self, row: Any, result: Any) -> str:
        return result.get_absolute_url()

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        listed = reverse("organisations:agreements")
        return {"crumbs": [{"label": _("Agreements"), "url": listed}, {"label": self.title}], "cancel_url": listed}


class OfAgreement(KeepsVersion):
    """Forms about one agreement."""

    model = Agreement
    shape = staticmethod(queries.for_agreement_page)

    def load(self) -> Any:
        row = super().load()
        if row.ends_on < timezone.localdate():
            self.require(row)
            raise Moved(_("The agreement has ended by itself. Draft a new one."))
        return row

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        listed = reverse("organisations:agreements")
        return {
            "subtitle": row.title,
            "crumbs": [
                {"label": _("Agreements"), "url": listed}, {"label": row.number, "url": row.get_absolute_url()},
                {"label": self.title},
            ],
        }


class ChangeAgreement(OfAgreement, FormPage):
    """Other terms from a day on. What was agreed before stays readable."""

    action = "change_agreement"
    title = _("Change the terms")
    submit_label = _("Keep as a new version")
    done_message = _("The new version is kept; the earlier ones stay on record.")

    @staticmethod
    def blank_forms() -> list[Any]:
        """The form of a draft and of a signed agreement, for the description of the API."""
        return [
            forms.ChangeAgreementForm(lines=forms.service_lines(None), areas=(), draft=draft) for draft in (True, False)
        ]

    def make_form(self, row: Any, data: Any = None, files: Any = None) -> Any:
        latest = queries.latest_version(row)
        terms = {name: getattr(latest, name) for name in forms.TermsForm.TERMS}
        period = {name: getattr(row, name) for name in forms.TermsForm.PERIOD}
        return forms.ChangeAgreementForm(
            data=data, draft=row.state == AgreementState.DRAFT, lines=forms.service_lines(data, version=latest),
            areas=queries.area_options(self.request.user.organisation, keep=latest.area),
            initial={**terms, **period, "valid_from": timezone.localdate()},
        )

    def carry_out(self, row: Any, form: Any) -> Any:
        data = form.cleaned_data
        return services.change_agreement(
            agreement=row, by=self.request.user, at=now(), version=self.version(), reason=data["change_reason"],
            valid_from=data.get("valid_from") or data["starts_on"], terms=form.terms(), services=form.services(),
            **{name: data[name] for name in form.PERIOD},
        )


class SuspendAgreement(OfAgreement, FormPage):
    """Stop the work for now."""

    action = "suspend_agreement"
    title = _("Suspend the agreement")
    submit_label = _("Suspend")
    done_message = _("The agreement is suspended.")
    form_class = forms.ReasonForm

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.suspend_agreement(
            agreement=row, by=self.request.user, at=now(), reason=form.cleaned_data["reason"]
        )

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        follows = [
            _("Workers, counsellors and supervisors of the agency lose sight of these cases at once."),
            _("Its managers may read and hand over for %(days)s days.") % {"days": row.hand_over_days},
            _("No new referral can be sent under it."),
        ]
        return {**super().page(row, form), "follows": follows, "danger": True}


class TerminateAgreement(OfAgreement, FormPage):
    """End it before its time."""

    action = "terminate_agreement"
    title = _("Terminate the agreement")
    submit_label = _("Terminate for good")
    done_message = _("The agreement is terminated.")
    form_class = forms.TerminateForm

    def form_arguments(self, row: Any) -> dict[str, Any]:
        return {"initial": {"hand_over_days": row.hand_over_days}}

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.terminate_agreement(agreement=row, by=self.request.user, at=now(), **form.cleaned_data)

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        follows = [
            _("The agency's work under it ends today. This cannot be taken back."),
            _("Cases that run must be transferred to another agency or cancelled by their prosecutors."),
            _("To end it on a later day, change its last day instead."),
        ]
        return {**super().page(row, form), "follows": follows, "danger": True}


class SignAgreement(ActPage):
    """All parties have signed."""

    model = Agreement
    action = "sign_agreement"
    done_message = _("The signing is recorded.")

    def carry_out(self, row: Any) -> Any:
        return services.sign_agreement(agreement=row, by=self.request.user, at=now())


class DiscardAgreement(ActPage):
    """The draft came to nothing."""

    model = Agreement
    action = "discard_agreement"
    done_message = _("The draft is discarded.")

    def carry_out(self, row: Any) -> Any:
        return services.discard_agreement(agreement=row, by=self.request.user, at=now())


class ResumeAgreement(ActPage):
    """The suspension ends."""

    model = Agreement
    action = "resume_agreement"
    done_message = _("The agreement is in force again.")

    def carry_out(self, row: Any) -> Any:
        return services.resume_agreement(agreement=row, by=self.request.user, at=now())
