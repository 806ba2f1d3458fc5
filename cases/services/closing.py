"""Evaluating a case, closing it, and the visits afterwards (domain 6.6, 10.14, 13.7)."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import checklist
from cases.models import Assignment, Case, CaseDecision, Evaluation, FollowUp, PlanGoal
from cases.services.clocks import refresh_next_act
from cases.services.ending import decide, kept_until
from cases.states import CASE, PlanState
from socialwork import audit
from socialwork.access import api as access
from socialwork.core import vocabulary
from socialwork.core.errors import Blocked, DomainError, Moved
from socialwork.deadlines import calendar as days
from socialwork.deadlines import services as clocks
from socialwork.deadlines.models import Deadline
from socialwork.people.dossiers import open_dossier
from socialwork.workflow.transitions import run_transition

EVALUATION = "D30"
# Months after closing at which a visit may be planned, each with its rule (D26).
VISITS = {1: "D26", 3: "D26_3", 6: "D26_6", 12: "D26_12"}
USUAL_VISITS = (1, 3, 6)
# Parts of the form (columns of Evaluation) and their codes in the vocabulary `evaluation_part`.
PARTS = {
    "timeliness": "timeliness", "procedure": "procedure", "professionalism": "professionalism", "effect": "effect",
    "confidentiality": "discipline",
}


def evaluate_case(
    *, case: Case, by: Any, at: datetime, points: Mapping[str, int], vetoes: Iterable[str] = (), remark: str = ""
) -> Evaluation:
    """The prosecutor evaluates the agency's work on one case (F38): points by part; a veto item makes it zero.

    Who works or worked on the case does not evaluate it (V5). Raises Blocked with every part that is wrong.
    """
    found = list(vetoes)
    for code in found:
        vocabulary.term("evaluation_veto", code)
    _check_points(points)
    with transaction.atomic():
        access.require(by, "evaluate_case", case)
        if Assignment.objects.filter(case=case, worker=by).exists():
            raise DomainError(_("You have worked on this case; somebody else must evaluate it."), code="V5")
        run_transition(case, CASE["evaluate_case"], by=by, at=at, facts={"points": dict(points), "vetoes": found})
        row = Evaluation(case=case, vetoes=found, evaluated_at=at, evaluated_by=by, created_at=at, **points)
        open_dossier(case.juvenile_id).write(row, remark=remark)
        row.save(force_insert=True)
        clocks.meet(subject=case, code=EVALUATION, at=at)
        refresh_next_act(case, at=at)
    return row


def full_points(part: str) -> int:
    """The most a part can have: the vocabulary's figure, never more than the form's own."""
    return min(vocabulary.term("evaluation_part", PARTS[part]).extra["max_points"], Evaluation.MOST[part])


def grade_of(points: int) -> str:
    """Code of the grade for a sum of points (local practice: 90, 75, 60)."""
    ranked = sorted(vocabulary.terms("evaluation_grade"), key=lambda term: term.extra["min_points"], reverse=True)
    return next(term.code for term in ranked if points >= term.extra["min_points"])


def close_case(
    *, case: Case, by: Any, at: datetime, reason: str, goals: Mapping[UUID, str] | None = None,
    excused: Mapping[str, str] | None = None, visits: Iterable[int] = USUAL_VISITS, explanation: str = "",
    unresolved: str = "", client_opinion: str = "", guardian_opinion: str = "",
) -> Case:
    """Close an evaluated case: reason, results of the goals, opinions, retention, and visits after so many months.

    Every item of the checklist is there or excused with a reason. Raises Blocked with all that is missing.
    """
    excuses = {code: text.strip() for code, text in (excused or {}).items() if text.strip()}
    results = dict(goals or {})
    with transaction.atomic():
        access.require(by, "close_case", case)
        case = Case.objects.select_for_update(of=("self",)).select_related("referral").get(pk=case.pk)
        _check_closing(case, reason, results, excuses, explanation)
        run_transition(
            case, CASE["close_case"], by=by, at=at, facts={"reason": reason, "excused": sorted(excuses)},
            closure_reason=reason, retain_until=kept_until(timezone.localdate(at)),
        )
        for goal_id, result in results.items():
            PlanGoal.objects.filter(pk=goal_id, plan__case=case).update(result=result)
        decide(
            case, CaseDecision.Kind.CLOSE, by=by, at=at, code=reason, explanation=explanation, unresolved=unresolved,
            client_opinion=client_opinion, guardian_opinion=guardian_opinion, excused=excuses,
        )
        clocks.cancel(subject=case, at=at)
        _plan_visits(case, visits, at=at)
        refresh_next_act(case, at=at)
    return case


def record_follow_up(
    *, follow_up: FollowUp, by: Any, at: datetime, visited_at: datetime, reached: bool, situation: str, needs: str = ""
) -> FollowUp:
    """Write down a visit after closing (F36): whether the person was reached, how things stand, what is needed.

    Raises DomainError for a moment before the closing or in the future, Moved when it was recorded before.
    """
    with transaction.atomic():
        access.require(by, "record_follow_up", follow_up)
        row = FollowUp.objects.select_for_update(of=("self",)).select_related("case").get(pk=follow_up.pk)
        if row.done_at is not None:
            raise Moved()
        _check_visit(row, visited_at, at, situation)
        open_dossier(row.case.juvenile_id).write(row, situation=situation, needs=needs)
        row.done_at, row.done_by, row.reached = visited_at, by, reached
        row.save()
        clock = Deadline.objects.open().of_subject(row.case).filter(occurrence=str(row.pk)).order_by("pk").first()
        if clock:
            clocks.meet(subject=row.case, code=clock.code, occurrence=clock.occurrence, at=visited_at)
        audit.record("case.follow_up_recorded", row, by=by, at=at, facts={"reached": reached})
        refresh_next_act(row.case, at=at)
    return row


def goals_of(case: Case) -> list[PlanGoal]:
    """Goals of the plan in force, in order; their result is asked when the case closes."""
    return list(PlanGoal.objects.filter(plan__case=case, plan__state=PlanState.APPROVED).order_by("position"))


def _check_points(points: Mapping[str, int]) -> None:
    found: list[tuple[str | None, Any]] = []
    for part in PARTS:
        given, most = points.get(part), full_points(part)
        if given is None or not 0 <= given <= most:
            found.append((part, _("Give a whole number from 0 to %(most)s.") % {"most": most}))
    if found:
        raise Blocked(found)


def _check_closing(case: Case, reason: str, results: Mapping[UUID, str], excuses: Mapping[str, str], explanation: str) -> None:
    found: list[tuple[str | None, Any]] = []
    if vocabulary.term("closure_reason", reason).needs_text and not explanation.strip():
        found.append(("explanation", _("Say what the reason is.")))
    for goal in goals_of(case):
        if not results.get(goal.pk):
            found.append((f"goal-{goal.pk}", _("Say how far this goal was reached.")))
    for result in results.values():
        vocabulary.term("goal_result", result)
    for item in checklist.of_case(case):
        if item.missing and item.code not in excuses:
            sentence = _("%(item)s is missing. Complete it, or give the reason why it may be missing.")
            found.append((item.field if item.excusable else None, sentence % {"item": item.label}))
    if found:
        raise Blocked(found)


def _plan_visits(case: Case, visits: Iterable[int], *, at: datetime) -> None:
    for months in sorted(set(visits)):
        row = FollowUp(case=case, planned_on=timezone.localdate(at), created_at=at)
        clock = clocks.start(
            code=VISITS[months], subject=case, organ_id=case.organ_id, agency_id=case.agency_id, owner_id=case.lead_id,
            started_at=at, occurrence=str(row.pk), agreement_id=case.agreement_id, referral_id=case.referral_id,
        )
        row.planned_on = days.local_day(clock.due_at)
        row.save(force_insert=True)


def _check_visit(row: FollowUp, visited_at: datetime, at: datetime, situation: str) -> None:
    found: list[tuple[str | None, Any]] = []
    if visited_at > at:
        found.append(("visited_at", _("The visit cannot lie in the future.")))
    elif row.case.closed_at and days.local_day(visited_at) < days.local_day(row.case.closed_at):
        found.append(("visited_at", _("The visit cannot lie before the closing of the case.")))
    if not situation.strip():
        found.append(("situation", _("Say how things stand, or why nobody was reached.")))
    if found:
        raise Blocked(found)
