"""Who may see a case and what each may do in it."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.states import CASE
from referrals.policies import live_agreements, readable_agreements
from socialwork.access.policy import NOBODY, Ground, Policy, add_grounds, any_of, register
from socialwork.access.roles import Role
from socialwork.people.models import Juvenile

MANAGERS = (Role.AGENCY_MANAGER, Role.AGENCY_INTAKE)


@register
class CasePolicy(Policy):
    """Grounds ride on one column each; agency people only under an agreement that still gives access."""

    model = Case
    machine = CASE

    def view(self, user: Any) -> Sequence[Ground]:
        grounds = []
        if user.has_role(Role.PROSECUTOR):
            grounds.append(Ground("in_charge", Q(prosecutor=user), _("You are the prosecutor in charge.")))
        if user.has_role(Role.UNIT_HEAD):
            grounds.append(Ground("unit", Q(organ_id=user.organisation_id), _("You head the unit that referred.")))
        if user.has_role(*MANAGERS):
            readable = Q(agency_id=user.organisation_id, agreement__in=readable_agreements(user.organisation_id))
            grounds.append(Ground("agency", readable, _("It is a case of your agency under an agreement in force.")))
        live = Q(agreement__in=live_agreements(user.organisation_id))
        if user.has_role(Role.SOCIAL_WORKER):
            grounds.append(Ground("lead", Q(lead=user) & live, _("You are the lead worker.")))
            grounds.append(Ground("second", Q(second=user) & live, _("You are the second worker.")))
        if user.has_role(Role.SUPERVISOR):
            grounds.append(Ground("supervisor", Q(supervisor=user) & live, _("You are the supervisor of the case.")))
        if user.has_role(Role.COUNSELLOR):
            grounds.append(Ground("counsellor", Q(counsellor=user) & live, _("You are the counsellor of the case.")))
        return grounds

    def assign_staff(self, user: Any) -> Q:
        return manages(user)

    def reassign_case(self, user: Any) -> Q:
        return any_of([manages(user), works_on(user)])

    def assess_case(self, user: Any) -> Q:
        return works_on(user)

    def write_plan(self, user: Any) -> Q:
        return works_on(user)

    def log_contact(self, user: Any) -> Q:
        return works_on(user)

    def log_interview(self, user: Any) -> Q:
        return works_on(user)

    def log_family_session(self, user: Any) -> Q:
        return works_on(user)

    def log_activity(self, user: Any) -> Q:
        return works_on(user)

    def log_attendance(self, user: Any) -> Q:
        return works_on(user)

    def log_counselling(self, user: Any) -> Q:
        return counsels(user)

    def start_case(self, user: Any) -> Q:
        return any_of([works_on(user), counsels(user)])

    def write_report(self, user: Any) -> Q:
        return works_on(user)

    def submit_report(self, user: Any) -> Q:
        return supervises(user)

    def return_report(self, user: Any) -> Q:
        return decides(user)

    def accept_report(self, user: Any) -> Q:
        return decides(user)

    def finish_service(self, user: Any) -> Q:
        return decides(user)

    def evaluate_case(self, user: Any) -> Q:
        return decides(user)

    def close_case(self, user: Any) -> Q:
        return decides(user)

    def cancel_case(self, user: Any) -> Q:
        return decides(user)

    def suspend_case(self, user: Any) -> Q:
        return decides(user)

    def resume_case(self, user: Any) -> Q:
        return decides(user)

    def transfer_case(self, user: Any) -> Q:
        return decides(user)

    def extend_deadline(self, user: Any) -> Q:
        return decides(user)

    def record_follow_up(self, user: Any) -> Q:
        return works_on(user)

    def read_history(self, user: Any) -> Q:
        return any_of([decides(user), manages(user), Q(organ_id=user.organisation_id) if user.has_role(Role.UNIT_HEAD) else NOBODY])

    def audience(self, row: Case) -> QuerySet:
        return get_user_model().objects.filter(organisation_id__in=[row.organ_id, row.agency_id])


def decides(user: Any) -> Q:
    """The prosecutor in charge: the only one who decides about compliance, reports, evaluation and end."""
    return Q(prosecutor=user) if user.has_role(Role.PROSECUTOR) else NOBODY


def manages(user: Any) -> Q:
    """Intake and management of the agency, while the agreement is in force."""
    if not user.has_role(*MANAGERS):
        return NOBODY
    return Q(agency_id=user.organisation_id, agreement__in=live_agreements(user.organisation_id))


def works_on(user: Any) -> Q:
    """The two assigned workers."""
    return Q(lead=user) | Q(second=user) if user.has_role(Role.SOCIAL_WORKER) else NOBODY


def counsels(user: Any) -> Q:
    return Q(counsellor=user) if user.has_role(Role.COUNSELLOR) else NOBODY


def supervises(user: Any) -> Q:
    """The supervisor of the case, never as one of its own workers."""
    if not user.has_role(Role.SUPERVISOR):
        return NOBODY
    return Q(supervisor=user) & ~Q(lead=user) & ~Q(second=user)


def _through_cases(user: Any) -> Sequence[Ground]:
    """A child is known to those who work on a case about the child."""
    of_child = Case.objects.filter(juvenile=OuterRef("pk"))
    live = Q(agreement__in=live_agreements(user.organisation_id))
    grounds = []
    for role, column in (
        (Role.SOCIAL_WORKER, "lead"), (Role.SOCIAL_WORKER, "second"), (Role.SUPERVISOR, "supervisor"),
        (Role.COUNSELLOR, "counsellor"),
    ):
        if user.has_role(role):
            mine = Exists(of_child.filter(live, **{column: user}))
            grounds.append(Ground(f"case_{column}", Q(mine), _("You work on a case about this child.")))
    return grounds


add_grounds(Juvenile, _through_cases)
