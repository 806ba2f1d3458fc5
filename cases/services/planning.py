"""The plan (帮教方案, F16): goals, activities, who, how often, until when; versions, and who puts one in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Plan, PlanActivity, PlanGoal
from cases.queries_records import plans_with_goals, prose_of
from cases.services.clocks import refresh_next_act
from cases.states import PLAN, PlanState
from socialwork import audit
from socialwork.access import api as access
from socialwork.core import vocabulary
from socialwork.core.errors import Blocked, DomainError, Moved, Stale
from socialwork.deadlines import services as clocks
from socialwork.people.dossiers import open_dossier
from socialwork.workflow.transitions import run_transition

BEING_MADE = (PlanState.DRAFT, PlanState.PROPOSED, PlanState.RETURNED)
# Clocks that end when the plan is sent (D8b) and when it is in force with the agreement it belongs to (D8).
SENT_CLOCK, AGREED_CLOCK = "D8b", "D8"


@dataclass(frozen=True)
class Activity:
    """What is done for a goal: by whom (code), how often per period, until which day."""

    activity: str
    responsible: str
    times: int
    per: str
    until: dt.date


@dataclass(frozen=True)
class Goal:
    """A goal in words the child understands, how one sees that it is reached, and the domain it belongs to."""

    goal: str
    measure: str = ""
    domain: str = ""
    activities: Sequence[Activity] = ()


def write_plan(
    *, case: Case, by: Any, at: datetime, version: int, text: Mapping[str, str], goals: Sequence[Goal]
) -> Plan:
    """Write the next version of the plan, or go on writing the one being made (`version` 0 for a new one).

    Raises Stale when somebody saved it meanwhile, Moved while the prosecutor has it, DomainError for a date gone by.
    """
    _check(goals, today=timezone.localdate(at))
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        access.require(by, "write_plan", case)
        plan = Plan.objects.select_for_update().filter(case=case, state__in=BEING_MADE).first()
        dossier = open_dossier(case.juvenile_id)
        if plan is not None:
            dossier.read(plan)
            if plan.state == PlanState.PROPOSED:
                raise Moved(_("The plan is with the prosecutor. Wait for the answer before you change it."))
            if plan.version != version:
                raise Stale(plan.text or {})
        elif version:
            raise Moved()
        plan = plan or Plan(case=case, number=_next_number(case), version=0, written_by=by, created_at=at)
        plan.version += 1
        dossier.write(plan, **text)
        plan.save()
        PlanGoal.objects.filter(plan=plan).delete()
        for position, goal in enumerate(goals):
            _write_goal(plan, position, goal, dossier, at)
        audit.record("plan.written", plan, by=by, at=at, facts={"number": plan.number, "goals": len(goals)})
        refresh_next_act(case, at=at)
    return plan


def propose_plan(*, plan: Plan, by: Any, at: datetime) -> Plan:
    """Send the plan to the prosecutor, where a service asks for approval. Raises Blocked when something is missing."""
    with transaction.atomic():
        access.require(by, "propose_plan", plan)
        _require_complete(plan)
        run_transition(plan, PLAN["propose_plan"], by=by, at=at, facts={"number": plan.number})
        clocks.meet(subject=plan.case, code=SENT_CLOCK, at=at)
        refresh_next_act(plan.case, at=at)
    return plan


def adopt_plan(*, plan: Plan, by: Any, at: datetime) -> Plan:
    """Put the plan in force without approval: only where no service of the referral asks for it."""
    with transaction.atomic():
        access.require(by, "adopt_plan", plan)
        _require_complete(plan)
        _replace_present(plan, by=by, at=at)
        run_transition(plan, PLAN["adopt_plan"], by=by, at=at, facts={"number": plan.number})
        clocks.meet(subject=plan.case, code=SENT_CLOCK, at=at)
        clocks.meet(subject=plan.case, code=AGREED_CLOCK, at=at)
        refresh_next_act(plan.case, at=at)
    return plan


def approve_plan(*, plan: Plan, by: Any, at: datetime) -> Plan:
    """The prosecutor approves: this version is in force, the former one is kept as replaced."""
    with transaction.atomic():
        access.require(by, "approve_plan", plan)
        _replace_present(plan, by=by, at=at)
        run_transition(plan, PLAN["approve_plan"], by=by, at=at, facts={"number": plan.number})
        clocks.meet(subject=plan.case, code=AGREED_CLOCK, at=at)
        refresh_next_act(plan.case, at=at)
    return plan


def return_plan(*, plan: Plan, by: Any, at: datetime, reason: str) -> Plan:
    """The prosecutor returns the plan with a reason; the workers go on writing the same version."""
    if not reason.strip():
        raise DomainError(_("Say what should be changed."), code="required", field="reason")
    with transaction.atomic():
        run_transition(plan, PLAN["return_plan"], by=by, at=at, facts={"number": plan.number})
        dossier = open_dossier(plan.case.juvenile_id)
        dossier.read(plan)
        dossier.write(plan, return_reason=reason.strip())
        plan.save(update_fields=["sealed"])
        refresh_next_act(plan.case, at=at)
    return plan


def loaded_plan(plan: Plan) -> Plan:
    """The plan with goals and activities, all words opened."""
    found = plans_with_goals(Plan.objects.filter(pk=plan.pk)).get()
    open_dossier(plan.case.juvenile_id).read(*prose_of([found]))
    return found


def _next_number(case: Case) -> int:
    return (Plan.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0) + 1


def _write_goal(plan: Plan, position: int, goal: Goal, dossier: Any, at: datetime) -> None:
    row = PlanGoal(plan=plan, position=position, domain=goal.domain, created_at=at)
    dossier.write(row, goal=goal.goal, measure=goal.measure)
    row.save(force_insert=True)
    for place, activity in enumerate(goal.activities):
        line = PlanActivity(
            goal=row,
            position=place,
            responsible=activity.responsible,
            times=activity.times,
            per=activity.per,
            until=activity.until,
            created_at=at,
        )
        dossier.write(line, activity=activity.activity)
        line.save(force_insert=True)


def _replace_present(plan: Plan, *, by: Any, at: datetime) -> None:
    """The version in force makes way: of two in force at once the constraint would refuse the second."""
    Case.objects.select_for_update(of=("self",)).filter(pk=plan.case_id).first()
    present = Plan.objects.filter(case_id=plan.case_id, state=PlanState.APPROVED).exclude(pk=plan.pk).first()
    if present is not None:
        run_transition(present, PLAN["supersede_plan"], by=by, at=at, facts={"number": present.number})


def _require_complete(plan: Plan) -> None:
    whole = loaded_plan(plan)
    goals = list(whole.goals.all())
    found: list[tuple[str | None, Any]] = []
    if not goals:
        found.append((None, _("Write at least one goal.")))
    if any(not goal.activities.all() for goal in goals):
        found.append((None, _("Say for every goal what is done, by whom and how often.")))
    if not (whole.text or {}).get("minors_view"):
        found.append((None, _("Write down what the minor thinks of the plan.")))
    if found:
        raise Blocked(found)


def _check(goals: Sequence[Goal], *, today: dt.date) -> None:
    if not goals:
        raise DomainError(_("Write at least one goal."), code="required")
    for goal in goals:
        if goal.domain and goal.domain not in vocabulary.codes("assessment_domain"):
            raise DomainError(_("Choose one of the values offered."), code="unknown_term")
        for activity in goal.activities:
            if activity.until < today:
                raise DomainError(_("An activity ends in the past. Set a later day."), code="past")
            if not 1 <= activity.times <= 100:
                raise DomainError(_("Say how often, from 1 to 100 times."), code="times")
            if activity.responsible not in vocabulary.codes("plan_responsible") or activity.per not in vocabulary.codes(
                "plan_period"
            ):
                raise DomainError(_("Choose one of the values offered."), code="unknown_term")
