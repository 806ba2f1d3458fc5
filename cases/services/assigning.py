"""Who works on a case: guided hand-over from one person to the next, and who supervises and counsels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cases.models import Assignment, Case, HandOver, ServiceRecord
from cases.services.clocks import refresh_next_act
from cases.services.eligibility import COUNSELLOR, LEAD, SECOND, SUPERVISOR
from cases.services.opening import lock_staff, require_in_order
from cases.states import ACTIVE
from socialwork import audit
from socialwork.access import api as access
from socialwork.core import vocabulary
from socialwork.core.errors import Blocked, DomainError, Moved, Stale
from socialwork.deadlines import services as clocks
from socialwork.people.dossiers import open_dossier


@dataclass(frozen=True)
class Package:
    """What the receiver is told: reason (code), open matters, next steps, advice."""

    reason: str
    open_matters: str
    next_steps: str = ""
    advice: str = ""

    def check(self) -> None:
        if self.reason not in vocabulary.codes("handover_reason"):
            raise DomainError(_("Choose the reason."), code="required", field="reason")
        if not self.open_matters.strip():
            raise DomainError(_("Say what is open, or that nothing is."), code="required", field="open_matters")


def reassign_case(*, case: Case, by: Any, at: datetime, function: str, receiver: Any, package: Package) -> HandOver:
    """Offer a function of the case to another person. Nothing changes until that person accepts.

    A worker hands over the own function only; the manager any. Raises Blocked when the receiver is not in order, Moved
    when the function is already being handed over.
    """
    package.check()
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("referral").get(pk=case.pk)
        access.require(by, "reassign_case", case)
        giver = _giver(case, function, by)
        _judge(case, function, receiver, at=at)
        if HandOver.objects.filter(case=case, function=function, accepted_at=None, withdrawn_at=None).exists():
            raise Moved(_("This part is already being handed over. Withdraw that offer first."))
        row = HandOver(
            case=case,
            function=function,
            giver=giver,
            receiver=receiver,
            reason=package.reason,
            offered_at=at,
            offered_by=by,
            created_at=at,
        )
        open_dossier(case.juvenile_id).write(
            row,
            open_matters=package.open_matters.strip(),
            next_steps=package.next_steps.strip(),
            advice=package.advice.strip(),
        )
        row.save(force_insert=True)
        facts = {"function": function, "to": str(receiver.pk), "reason": package.reason}
        audit.record("hand_over.offered", row, by=by, at=at, facts=facts)
        refresh_next_act(case, at=at)
    return row


def _giver(case: Case, function: str, by: Any) -> Any:
    """Who holds the function now; a worker hands over the own one only."""
    giver = _holder(case, function)
    if giver is None:
        raise DomainError(_("Nobody holds this function. Assign somebody instead."), code="function", field="function")
    if by.pk != giver.pk and not access.can(by, "assign_staff", case):
        raise DomainError(
            _("You hand over your own part only. Ask the manager for the other."), code="function", field="function"
        )
    return giver


def accept_handover(*, handover: HandOver, by: Any, at: datetime) -> Case:
    """The receiver takes over: from this instant the case, its history and its clocks name the new person.

    Raises Moved when the offer was withdrawn, the case has ended or passed to others meanwhile, Blocked when the
    receiver is no longer in order.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("referral").get(pk=handover.case_id)
        access.require(by, "view", handover)
        access.require(by, "accept_handover", handover)
        lock_staff(by)
        row = HandOver.objects.select_for_update().get(pk=handover.pk)
        if not row.open or case.state not in ACTIVE or _holder(case, row.function).pk != row.giver_id:
            raise Moved()
        _judge(case, row.function, by, at=at)
        _pass_on(case, row.function, by, by=by, at=at, reason=row.reason)
        HandOver.objects.filter(pk=row.pk).update(accepted_at=at, accepted_by=by)
        row.refresh_from_db()
        row.case = case
        if row.function == LEAD:
            clocks.hand_over(subject=case, owner_id=by.pk, owner_role="social_worker")
        facts = {"function": row.function, "from": str(row.giver_id), "to": str(by.pk), "reason": row.reason}
        audit.record("hand_over.accepted", row, by=by, at=at, facts=facts)
        refresh_next_act(case, at=at)
    return case


def withdraw_handover(*, handover: HandOver, by: Any, at: datetime) -> HandOver:
    """Take an offer back; the receiver may decline it the same way. Everything stays as it was."""
    with transaction.atomic():
        access.require(by, "withdraw_handover", handover)
        changed = HandOver.objects.filter(pk=handover.pk, accepted_at=None, withdrawn_at=None).update(
            withdrawn_at=at, withdrawn_by=by
        )
        if not changed:
            raise Moved()
        handover.refresh_from_db()
        declined = handover.receiver_id == by.pk
        audit.record("hand_over.withdrawn", handover, by=by, at=at, facts={"declined": declined})
    return handover


def assign_staff(*, case: Case, by: Any, at: datetime, version: int, supervisor: Any, counsellor: Any) -> Case:
    """Say who supervises a case and who counsels in it; None for nobody. The manager decides alone.

    A new supervisor takes over what waits for review; a new counsellor cannot read the notes of the former one.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("referral").get(pk=case.pk)
        access.require(by, "assign_staff", case)
        if case.version != version:
            raise Stale({"supervisor": case.supervisor_id, "counsellor": case.counsellor_id})
        wanted = {SUPERVISOR: supervisor, COUNSELLOR: counsellor}
        changed = {name: person for name, person in wanted.items() if _holder(case, name) != person}
        if not changed:
            return case
        if changed.get(SUPERVISOR) is not None and supervisor.pk in (case.lead_id, case.second_id):
            raise DomainError(
                _("Nobody supervises the own work. Choose another supervisor."), code="own", field="supervisor"
            )
        require_in_order(case.referral, changed, at=at)
        for function, person in changed.items():
            _pass_on(case, function, person, by=by, at=at, reason="")
        HandOver.objects.filter(case=case, function__in=list(changed), accepted_at=None, withdrawn_at=None).update(
            withdrawn_at=at, withdrawn_by=by
        )
        facts = {str(name): str(person.pk) if person else "" for name, person in changed.items()}
        audit.record("case.staff_assigned", case, by=by, at=at, facts=facts)
        refresh_next_act(case, at=at)
    return case


def _holder(case: Case, function: str) -> Any:
    if function not in Assignment.Function.values:
        raise DomainError(_("Choose one of the values offered."), code="unknown_term", field="function")
    return getattr(case, function)


def _judge(case: Case, function: str, person: Any, *, at: datetime) -> None:
    """Raise when this person cannot have this function of the case; every sentence stands at the field `receiver`."""
    if person.pk in (case.lead_id, case.second_id) and function in (LEAD, SECOND):
        raise DomainError(
            _("This person already works on the case. Choose somebody else."), code="same", field="receiver"
        )
    if person.pk == case.supervisor_id and function in (LEAD, SECOND):
        raise DomainError(
            _("This person supervises the case. Assign another supervisor first."), code="supervisor", field="receiver"
        )
    if function == SUPERVISOR and person.pk in (case.lead_id, case.second_id):
        raise DomainError(_("Nobody supervises the own work. Choose another supervisor."), code="own", field="receiver")
    try:
        require_in_order(case.referral, {Assignment.Function(function): person}, at=at)
    except Blocked as refusal:
        raise Blocked([("receiver", sentence) for _field, sentence in refusal.blockers]) from refusal


def _pass_on(case: Case, function: str, person: Any, *, by: Any, at: datetime, reason: str) -> None:
    """End one span of the history and begin the next at the same instant, and name the person on the row."""
    standing = Assignment.objects.select_for_update().filter(case=case, function=function, held__upper_inf=True).first()
    if standing is not None:
        if standing.held.lower >= at:
            raise Moved()
        Assignment.objects.filter(pk=standing.pk).update(held=DateTimeTZRange(standing.held.lower, at))
    if person is not None:
        Assignment.objects.create(
            case=case,
            function=function,
            worker=person,
            held=DateTimeTZRange(at, None),
            assigned_by=by,
            reason=reason,
            created_at=at,
        )
    Case.objects.filter(pk=case.pk).update(**{function: person, "version": F("version") + 1})
    case.refresh_from_db(fields=[function, "version"])
    if function == SUPERVISOR:
        ServiceRecord.objects.filter(case=case).update(supervisor=person)
