"""Accepting a referral with two workers, and passing a case on."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import presenters, presenters_people, queries
from cases.forms.assigning import AcceptHandoverForm, AcceptReferralForm, AssignStaffForm, ReassignCaseForm
from cases.models import Assignment, Case, HandOver
from cases.queries_records import loose_ends
from cases.services.assigning import Package, accept_handover, assign_staff, reassign_case, withdraw_handover
from cases.services.eligibility import standings
from cases.services.opening import accept_referral
from referrals.models import Referral
from referrals.queries import for_page as referral_for_page
from socialwork.access import api
from socialwork.access.views import ActPage, FormPage, now
from socialwork.core.errors import Moved
from socialwork.deadlines.queries import timeline as deadlines_of
from socialwork.people.dossiers import open_dossier
from socialwork.people.presenters import full_name
from socialwork.people.queries import with_identity


class AcceptReferral(FormPage):
    """The agency takes the referral up: workers beside load, certificates, checks and conflicts."""

    model = Referral
    action = "accept_referral"
    template_name = "cases/accept_referral.html"
    form_class = AcceptReferralForm
    title = gettext_lazy("Accept the referral")
    submit_label = gettext_lazy("Accept and open the case")
    done_message = gettext_lazy("The referral is accepted; the organ has the acknowledgement.")

    def shape(self, rows: QuerySet) -> QuerySet:
        return referral_for_page(rows)

    def form_arguments(self, row: Referral) -> dict[str, Any]:
        self.found = standings(row, today=timezone.localdate(now()))
        return {"standings": self.found}

    def carry_out(self, row: Referral, form: AcceptReferralForm) -> Case:
        people = {name: form.person(name) for name in ("lead", "second", "supervisor", "counsellor")}
        return accept_referral(referral=row, by=self.request.user, at=now(), **people)

    def location(self, row: Referral, result: Case) -> str:
        # Whoever accepts is not on the case; the manager sees it, the intake officer as well.
        return result.get_absolute_url()

    def page(self, row: Referral, form: AcceptReferralForm) -> dict[str, Any]:
        with_identity([row.juvenile])
        return {
            "subtitle": presenters.joined([row.number, full_name(self.request.user, row.juvenile)]),
            "staff": presenters_people.staff_table(self.found),
            "crumbs": presenters_people.referral_crumbs(row),
            "due": presenters.due_cell(row.next_due_at, now()),
        }


class AssignStaff(FormPage):
    """Supervisor and counsellor of a case. Without autosave: two people are chosen, nothing is typed."""

    model = Case
    action = "assign_staff"
    template_name = "cases/assign_staff.html"
    form_class = AssignStaffForm
    title = gettext_lazy("Supervisor and counsellor")
    done_message = gettext_lazy("Saved.")
    autosaves = False

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.for_page(rows)

    def form_arguments(self, row: Case) -> dict[str, Any]:
        self.found = standings(row.referral, today=timezone.localdate(now()))
        own = (row.lead_id, row.second_id)
        for each in self.found:
            if each.user.pk in own and Assignment.Function.SUPERVISOR in each.obstacles:
                each.obstacles[Assignment.Function.SUPERVISOR].append(_("Works on this case."))
        return {
            "standings": self.found,
            "initial": {"supervisor": str(row.supervisor_id or ""), "counsellor": str(row.counsellor_id or "")},
        }

    def carry_out(self, row: Case, form: AssignStaffForm) -> Case:
        return assign_staff(
            case=row,
            by=self.request.user,
            at=now(),
            version=form.version,
            supervisor=form.person("supervisor"),
            counsellor=form.person("counsellor"),
        )

    def page(self, row: Case, form: AssignStaffForm) -> dict[str, Any]:
        with_identity([row.juvenile])
        return {
            "crumbs": presenters.case_crumbs(self.request.user, row, self.title),
            "subtitle": row.number,
            "staff": presenters_people.staff_table(self.found),
        }


class ReassignCase(FormPage):
    """Guided hand-over: open acts, clocks and dates are proposed, the receiver accepts."""

    model = Case
    action = "reassign_case"
    template_name = "cases/reassign_case.html"
    form_class = ReassignCaseForm
    title = gettext_lazy("Hand over")
    submit_label = gettext_lazy("Offer the hand-over")
    done_message = gettext_lazy("Offered. Nothing changes until it is accepted.")

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.for_page(rows)

    def form_arguments(self, row: Case) -> dict[str, Any]:
        user = self.request.user
        holders = {name: getattr(row, name) for name in Assignment.Function.values}
        manager = api.can(user, "assign_staff", row)
        functions = [
            name for name, person in holders.items() if person is not None and (manager or person.pk == user.pk)
        ]
        self.found = standings(row.referral, today=timezone.localdate(now()))
        open_matters, next_steps = presenters_people.proposed_package(
            row, deadlines_of(row).open(), queries.last_dates(row), loose_ends(row), now()
        )
        return {
            "functions": functions,
            "standings": [each for each in self.found if each.user.pk not in (row.lead_id, row.second_id)],
            "initial": {"open_matters": open_matters, "next_steps": next_steps},
        }

    def carry_out(self, row: Case, form: ReassignCaseForm) -> HandOver:
        data = form.cleaned_data
        package = Package(**{name: data[name] for name in ("reason", "open_matters", "next_steps", "advice")})
        return reassign_case(
            case=row, by=self.request.user, at=now(), function=data["function"], receiver=form.person(), package=package
        )

    def page(self, row: Case, form: ReassignCaseForm) -> dict[str, Any]:
        with_identity([row.juvenile])
        drafts = queries.unsent_drafts(self.request.user, row)
        return {
            "crumbs": presenters.case_crumbs(self.request.user, row, self.title),
            "subtitle": row.number,
            "staff": presenters_people.staff_table(self.found),
            "drafts": presenters_people.draft_words(drafts),
            "follows": [
                _("Before accepting, the receiver sees the number, this text and the dates, and nothing else."),
                _("Until then everything stays as it is; the offer can be withdrawn."),
            ],
        }


class AcceptHandover(FormPage):
    """The receiver reads the package and takes the part over. Without autosave: a tick is not kept, the package is read anew."""

    model = HandOver
    action = "accept_handover"
    template_name = "cases/accept_handover.html"
    form_class = AcceptHandoverForm
    title = gettext_lazy("A case is handed over to you")
    submit_label = gettext_lazy("Take over")
    done_message = gettext_lazy("You have taken over.")
    autosaves = False

    def shape(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("case__juvenile", "case__lead", "giver", "receiver", "offered_by")

    def load(self) -> HandOver:
        row = super().load()
        self.require(row)
        if not row.open:
            raise Moved(_("This hand-over is no longer open."))
        return row

    def carry_out(self, row: HandOver, form: AcceptHandoverForm) -> Case:
        return accept_handover(handover=row, by=self.request.user, at=now())

    def location(self, row: HandOver, result: Case) -> str:
        return result.get_absolute_url()

    def page(self, row: HandOver, form: AcceptHandoverForm) -> dict[str, Any]:
        open_dossier(row.case.juvenile_id).read(row)
        return {
            "subtitle": presenters.joined([row.case.number, row.case.juvenile.code]),
            "offer": presenters_people.hand_over_title(row),
            "facts": presenters_people.hand_over_facts(row),
            "cancel_url": "",
            "clocks": presenters_people.clock_facts(deadlines_of(row.case).open(), now()),
            "decline": presenters_people.decline_action(row, str(uuid4())),
        }


class WithdrawHandover(ActPage):
    """The offer is taken back, or declined by the receiver."""

    model = HandOver
    action = "withdraw_handover"
    done_message = gettext_lazy("The hand-over does not take place.")

    def carry_out(self, row: HandOver) -> HandOver:
        return withdraw_handover(handover=row, by=self.request.user, at=now())

    def location(self, row: HandOver, result: HandOver) -> str:
        visible = api.permitted(Case, self.request.user).filter(pk=row.case_id).exists()
        return presenters_people.people_address(row.case_id) if visible else "/"
