"""From a filled-in draft to the agency's inbox."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.models import Referral, Remark
from referrals.services.blocking import blockers_of, filled_in
from referrals.services.clocks import propose_for, refresh_next_act, start_answer_clock
from referrals.services.letters import issue_letter
from referrals.services.remarks import say
from referrals.states import MACHINE
from socialwork.core.errors import Blocked
from socialwork.core.sequences import official_number
from socialwork.organisations import capacity
from socialwork.workflow.transitions import run_transition


def submit_referral(*, referral: Referral, by: Any, at: datetime, override: str = "", limit_reason: str = "") -> Referral:
    """Send the draft to the unit head. Takes its places of the quota under a row lock, so the last one goes to one.

    `override` is the prosecutor's reason to go beyond agreement or quota (V16), `limit_reason` why the time limit is
    later than the rule it names allows (V17). Raises Blocked with every obstacle.
    """
    return _send(referral, "submit_referral", by=by, at=at, override=override, limit_reason=limit_reason)


def issue_referral(*, referral: Referral, by: Any, at: datetime, override: str = "", limit_reason: str = "") -> Referral:
    """Send the draft straight to the agency, in an organ that works without approval."""
    return _send(referral, "issue_referral", by=by, at=at, override=override, limit_reason=limit_reason)


def approve_referral(*, referral: Referral, by: Any, at: datetime, remark: str = "") -> Referral:
    """The unit head approves; the agency has it from this moment and its clock starts."""
    with transaction.atomic():
        capacity.require_live(referral.agreement_id, today=timezone.localdate(at))
        run_transition(
            referral, MACHINE["approve_referral"], by=by, at=at, number=referral.number or _number(referral, at)
        )
        if remark:
            say(referral, Remark.Kind.APPROVE, remark, by=by, at=at)
        _hand_to_agency(referral, by=by, at=at)
    return referral


def return_referral(*, referral: Referral, by: Any, at: datetime, reason: str) -> Referral:
    """The unit head returns the draft with a reason; its places are free again."""
    with transaction.atomic():
        run_transition(referral, MACHINE["return_referral"], by=by, at=at)
        say(referral, Remark.Kind.RETURN, reason, by=by, at=at)
        refresh_next_act(referral, at=at)
    return referral


def _send(referral: Referral, verb: str, *, by: Any, at: datetime, override: str, limit_reason: str) -> Referral:
    with transaction.atomic():
        filled = filled_in(referral, today=timezone.localdate(at))
        found = blockers_of(filled)
        late = limit_is_late(referral, at=at)
        if late and not limit_reason:
            found.append(("limit_reason", _("The time limit is later than proposed. Give the reason.")))
        if found:
            raise Blocked(found)
        wanted: Mapping[str, int] = {line.service_type: line.quantity for line in referral.services.order_by("pk")}
        obstacles = capacity.take_places(
            agreement_id=referral.agreement_id, organ_id=referral.organ_id, agency_id=referral.agency_id,
            district=referral.district, services=wanted, today=timezone.localdate(at), referral_id=referral.pk,
        )
        if obstacles.final or (obstacles.waivable and not override):
            raise Blocked([("agency", sentence) for sentence in [*obstacles.final, *obstacles.waivable]])
        number = {"number": _number(referral, at)} if verb == "issue_referral" else {}
        facts = {"services": sorted(wanted), "override": bool(obstacles.waivable), "later_limit": late}
        # The birth date may have been corrected after the draft was saved; the age counts as it is now known.
        run_transition(referral, MACHINE[verb], by=by, at=at, facts=facts, age_at_offence=filled.age_at_offence, **number)
        if obstacles.waivable:
            say(referral, Remark.Kind.OVERRIDE, override, by=by, at=at, code="V16")
        if late:
            say(referral, Remark.Kind.OVERRIDE, limit_reason, by=by, at=at, code="V17")
        if verb == "issue_referral":
            _hand_to_agency(referral, by=by, at=at)
        refresh_next_act(referral, at=at)
    return referral


def limit_is_late(referral: Referral, *, at: datetime) -> bool:
    """V17: the limit names a rule as its ground and is later than that rule gives."""
    if not referral.due_on or not referral.due_rule:
        return False
    proposed = propose_for(referral, at=at)
    return proposed is not None and proposed.code == referral.due_rule and referral.due_on > proposed.due_on


def _hand_to_agency(referral: Referral, *, by: Any, at: datetime) -> None:
    """From this moment the agency has it: its clock runs and the letter stands."""
    start_answer_clock(referral, at=at)
    issue_letter(referral=referral, by=by, at=at)
    refresh_next_act(referral, at=at)


def _number(referral: Referral, at: datetime) -> str:
    """Number of the letter: prefix of the organ, year, serial without gaps."""
    return official_number(
        prefix=referral.organ.letter_prefix, scope=referral.organ_id, kind="referral", year=timezone.localtime(at).year
    )
