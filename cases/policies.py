"""Who may see a case and what hangs on it, and what each may do there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import Amendment, Assessment, Case, CounsellingNote, HandOver, Plan, ServiceRecord
from cases.states import CASE, PLAN, RECORD
from referrals.models import IssuedDocument, ReferralService
from referrals.policies import LETTERS, live_agreements, readable_agreements
from socialwork.access.policy import NOBODY, Ground, Policy, add_grounds, any_of, register
from socialwork.access.roles import Role
from socialwork.core import vocabulary
from socialwork.people.models import Juvenile

MANAGERS = (Role.AGENCY_MANAGER, Role.AGENCY_INTAKE)


def case_grounds(user: Any, path: str = "", *, counsellor: bool = True) -> list[Ground]:
    """Reasons to see a case, or with `path` ("case__") what belongs to one: one column each, agency people only under
    an agreement that still gives access."""
    grounds = []
    if user.has_role(Role.PROSECUTOR):
        grounds.append(Ground("in_charge", _on(path, prosecutor=user), _("You are the prosecutor in charge.")))
    if user.has_role(Role.UNIT_HEAD):
        unit = _on(path, organ_id=user.organisation_id)
        grounds.append(Ground("unit", unit, _("You head the unit that referred.")))
    if user.has_role(*MANAGERS):
        readable = _on(path, agency_id=user.organisation_id, agreement__among=readable_agreements(user.organisation_id))
        grounds.append(Ground("agency", readable, _("It is a case of your agency under an agreement in force.")))
    live = _on(path, agreement__among=live_agreements(user.organisation_id))
    if user.has_role(Role.SOCIAL_WORKER):
        grounds.append(Ground("lead", _on(path, lead=user) & live, _("You are the lead worker.")))
        grounds.append(Ground("second", _on(path, second=user) & live, _("You are the second worker.")))
    if user.has_role(Role.SUPERVISOR):
        grounds.append(
            Ground("supervisor", _on(path, supervisor=user) & live, _("You are the supervisor of the case."))
        )
    if counsellor and user.has_role(Role.COUNSELLOR):
        grounds.append(
            Ground("counsellor", _on(path, counsellor=user) & live, _("You are the counsellor of the case."))
        )
    return grounds


@register
class CasePolicy(Policy):
    model = Case
    machine = CASE

    def view(self, user: Any) -> Sequence[Ground]:
        return case_grounds(user)

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

    def write_monthly_report(self, user: Any) -> Q:
        return works_on(user)

    def read_monthly_reports(self, user: Any) -> Q:
        """Both sides of a report: not the intake, not the counsellor."""
        unit = Q(organ_id=user.organisation_id) if user.has_role(Role.UNIT_HEAD) else NOBODY
        house = Q(agency_id=user.organisation_id) if user.has_role(Role.AGENCY_MANAGER) else NOBODY
        own = Q(supervisor=user) if user.has_role(Role.SUPERVISOR) else NOBODY
        return any_of([decides(user), unit, house, works_on(user), own])

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

    def upload_document(self, user: Any) -> Q:
        return any_of([works_on(user), decides(user)])

    def read_history(self, user: Any) -> Q:
        unit = Q(organ_id=user.organisation_id) if user.has_role(Role.UNIT_HEAD) else NOBODY
        return any_of([decides(user), manages(user), unit])

    def audience(self, row: Case) -> QuerySet:
        return people_of(row)


@register
class HandOverPolicy(Policy):
    """The receiver is not on the case yet: the hand-over is all he or she sees of it."""

    model = HandOver

    def view(self, user: Any) -> Sequence[Ground]:
        grounds = [
            ground
            for ground in case_grounds(user, "case__")
            if ground.name in {"agency", "lead", "second", "supervisor"}
        ]
        live = Q(case__agreement__among=live_agreements(user.organisation_id))
        offered = Q(receiver=user, accepted_at__isnull=True, withdrawn_at__isnull=True)
        grounds.append(Ground("receiver", offered & live, _("The case is offered to you.")))
        return grounds

    def accept_handover(self, user: Any) -> Q:
        return Q(receiver=user)

    def withdraw_handover(self, user: Any) -> Q:
        return any_of([Q(offered_by=user), Q(giver=user), Q(receiver=user), manages(user, "case__")])

    def audience(self, row: HandOver) -> QuerySet:
        return people_of(row.case)


@register
class AssessmentPolicy(Policy):
    model = Assessment

    def view(self, user: Any) -> Sequence[Ground]:
        return case_grounds(user, "case__", counsellor=False)

    def confirm_assessment(self, user: Any) -> Q:
        """Workers confirm up to a medium level; where the ratings point higher, the supervisor does (domain 11.3)."""
        plain = Q(proposed_risk__in=["low", "medium"]) & works_on(user, "case__")
        return any_of([plain, supervises(user, "case__")])

    def audience(self, row: Assessment) -> QuerySet:
        return people_of(row.case)


def needs_approval() -> Exists:
    """A service of the plan's referral asks for the prosecutor's approval (data of the service list)."""
    codes = [term.code for term in vocabulary.terms("service_type") if term.extra["plan_needs_approval"]]
    return Exists(ReferralService.objects.filter(referral__case=OuterRef("case_id"), service_type__in=codes))


@register
class PlanPolicy(Policy):
    model = Plan
    machine = PLAN

    def view(self, user: Any) -> Sequence[Ground]:
        return case_grounds(user, "case__")

    def propose_plan(self, user: Any) -> Q:
        return works_on(user, "case__") & Q(needs_approval())

    def adopt_plan(self, user: Any) -> Q:
        return works_on(user, "case__") & ~Q(needs_approval())

    def approve_plan(self, user: Any) -> Q:
        return decides(user, "case__")

    def return_plan(self, user: Any) -> Q:
        return decides(user, "case__")

    def supersede_plan(self, user: Any) -> Q:
        return any_of([decides(user, "case__"), works_on(user, "case__")])

    def audience(self, row: Plan) -> QuerySet:
        return people_of(row.case)


@register
class ServiceRecordPolicy(Policy):
    """Everybody on the case reads its records, the counsellor only that and when counselling took place."""

    model = ServiceRecord
    machine = RECORD

    def view(self, user: Any) -> Sequence[Ground]:
        return record_grounds(user)

    def amend_record(self, user: Any) -> Q:
        own = Q(author=user) & counsels(user, "case__") if user.has_role(Role.COUNSELLOR) else NOBODY
        return any_of([works_on(user, "case__") & ~Q(kind="counselling"), own])

    def review_record(self, user: Any) -> Q:
        return supervises(user, "case__") & ~Q(author=user) & (Q(co_worker__isnull=True) | ~Q(co_worker=user))

    def return_record(self, user: Any) -> Q:
        return self.review_record(user)

    def audience(self, row: ServiceRecord) -> QuerySet:
        return people_of(row.case)


@register
class CounsellingNotePolicy(Policy):
    """What was said in counselling: for the counsellor who wrote it, while assigned. No manager, no supervisor."""

    model = CounsellingNote

    def view(self, user: Any) -> Sequence[Ground]:
        if not user.has_role(Role.COUNSELLOR):
            return []
        live = Q(record__case__agreement__among=live_agreements(user.organisation_id))
        own = Q(counsellor=user, record__case__counsellor=user) & live
        return [Ground("own_note", own, _("You wrote it as the counsellor of the case."))]


@register
class AmendmentPolicy(Policy):
    """Corrections are read with the record; those of a counselling note only by the counsellor who made them."""

    model = Amendment

    def view(self, user: Any) -> Sequence[Ground]:
        grounds = [
            Ground(ground.name, ground.condition & ~Q(fields=["note"]), ground.sentence)
            for ground in record_grounds(user, "record__")
        ]
        if user.has_role(Role.COUNSELLOR):
            live = Q(record__case__agreement__among=live_agreements(user.organisation_id))
            own = Q(made_by=user, record__note__counsellor=user, record__case__counsellor=user) & live
            grounds.append(Ground("own_note", own, _("You wrote it as the counsellor of the case.")))
        return grounds


def record_grounds(user: Any, path: str = "") -> list[Ground]:
    """Reasons to see a service record, or with `path` what belongs to one."""
    # A record carries the supervisor of its case: the queue of what waits is a range of its own index.
    own = _on(path, supervisor=user)
    grounds = [
        Ground(ground.name, ground.condition & own, ground.sentence) if ground.name == "supervisor" else ground
        for ground in case_grounds(user, f"{path}case__", counsellor=False)
    ]
    if user.has_role(Role.COUNSELLOR):
        mine = _on(path, case__counsellor=user, kind="counselling")
        live = _on(path, case__agreement__among=live_agreements(user.organisation_id))
        grounds.append(Ground("counsellor", mine & live, _("You are the counsellor of the case.")))
    return grounds


def _on(path: str, **conditions: Any) -> Q:
    return Q(**{f"{path}{name}": value for name, value in conditions.items()})


def decides(user: Any, path: str = "") -> Q:
    """The prosecutor in charge: the only one who decides about compliance, reports, evaluation and end."""
    return _on(path, prosecutor=user) if user.has_role(Role.PROSECUTOR) else NOBODY


def manages(user: Any, path: str = "") -> Q:
    """Intake and management of the agency, while the agreement is in force."""
    if not user.has_role(*MANAGERS):
        return NOBODY
    return _on(path, agency_id=user.organisation_id, agreement__among=live_agreements(user.organisation_id))


def works_on(user: Any, path: str = "") -> Q:
    """The two assigned workers."""
    return _on(path, lead=user) | _on(path, second=user) if user.has_role(Role.SOCIAL_WORKER) else NOBODY


def counsels(user: Any, path: str = "") -> Q:
    return _on(path, counsellor=user) if user.has_role(Role.COUNSELLOR) else NOBODY


def supervises(user: Any, path: str = "") -> Q:
    """The supervisor of the case, never as one of its own workers."""
    if not user.has_role(Role.SUPERVISOR):
        return NOBODY
    return _on(path, supervisor=user) & ~_on(path, lead=user) & ~_on(path, second=user)


def people_of(case: Case) -> QuerySet:
    """A wide net: everybody of the organ and of the agency; each one caught is asked again."""
    return get_user_model().objects.filter(organisation_id__in=[case.organ_id, case.agency_id])


def _through_cases(user: Any) -> Sequence[Ground]:
    """A child is known to those who work on a case about the child."""
    of_child = Case.objects.filter(juvenile=OuterRef("pk"))
    live = Q(agreement__among=live_agreements(user.organisation_id))
    grounds = []
    for role, column in (
        (Role.SOCIAL_WORKER, "lead"),
        (Role.SOCIAL_WORKER, "second"),
        (Role.SUPERVISOR, "supervisor"),
        (Role.COUNSELLOR, "counsellor"),
    ):
        if user.has_role(role):
            mine = Exists(of_child.filter(live, **{column: user}))
            grounds.append(Ground(f"case_{column}", Q(mine), _("You work on a case about this child.")))
    return grounds


add_grounds(Juvenile, _through_cases)


def _letters(user: Any) -> Sequence[Ground]:
    """Who works on a case reads the letter it rests on and the answer to it."""
    letters = Q(kind__in=LETTERS)
    return [
        Ground(f"case_{ground.name}", letters & ground.condition, ground.sentence)
        for ground in case_grounds(user, "referral__case__")
        if ground.name in {"lead", "second", "supervisor", "counsellor"}
    ]


add_grounds(IssuedDocument, _letters)
