"""The agency's side of a referral: ask, decline, accept (the case itself is opened by cases.services.opening)."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from referrals.models import Referral, Remark
from referrals.services.clocks import answer_rule, refresh_next_act
from referrals.services.letters import issue_acknowledgement
from referrals.services.remarks import say
from referrals.states import MACHINE
from socialwork.deadlines import services as clocks
from socialwork.organisations import capacity
from socialwork.people.services import find_in
from socialwork.workflow.transitions import run_transition


def ask_information(*, referral: Referral, by: Any, at: datetime, question: str) -> Referral:
    """The agency asks before it answers; its clock stands still until the prosecutor replies, where its rule allows."""
    with transaction.atomic():
        run_transition(referral, MACHINE["ask_information"], by=by, at=at)
        say(referral, Remark.Kind.QUESTION, question, by=by, at=at)
        clocks.pause(subject=referral, reason="awaiting_answer", by=by, at=at)
        refresh_next_act(referral, at=at)
    return referral


def answer_information(*, referral: Referral, by: Any, at: datetime, answer: str) -> Referral:
    """The prosecutor answers; the agency's clock runs again for the time that was left."""
    with transaction.atomic():
        run_transition(referral, MACHINE["answer_information"], by=by, at=at)
        say(referral, Remark.Kind.ANSWER, answer, by=by, at=at)
        clocks.resume(subject=referral, by=by, at=at)
        refresh_next_act(referral, at=at)
    return referral


def decline_referral(*, referral: Referral, by: Any, at: datetime, reason_code: str, reason: str) -> Referral:
    """The agency declines with a reason; the prosecutor is told and may refer to another agency."""
    with transaction.atomic():
        run_transition(
            referral, MACHINE["decline_referral"], by=by, at=at, facts={"reason": reason_code}, reason_code=reason_code
        )
        say(referral, Remark.Kind.DECLINE, reason, by=by, at=at, code=reason_code)
        clocks.meet(subject=referral, code=answer_rule(referral), at=at)
        issue_acknowledgement(referral=referral, by=by, at=at)
        refresh_next_act(referral, at=at)
    return referral


def mark_accepted(*, referral: Referral, by: Any, at: datetime) -> Referral:
    """The agency accepts. Called by the service that opens the case, inside its transaction."""
    with transaction.atomic():
        capacity.require_live(referral.agreement_id, today=timezone.localdate(at))
        run_transition(referral, MACHINE["accept_referral"], by=by, at=at)
        clocks.meet(subject=referral, code=answer_rule(referral), at=at)
        find_in(referral.juvenile, scope_id=referral.agency_id)
        refresh_next_act(referral, at=at)
    return referral
