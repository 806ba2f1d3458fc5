"""From a filled-in draft to the agency's inbox."""
from __future__ import annotations

import datetime as dt
import datetime as dt
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.models import BriefParagraph, Referral, Remark
from referrals.services.clocks import propose_for, refresh_next_act, start_answer_clock
from referrals.services.drafting import birth_date
from referrals.services.letters import issue_letter
from referrals.services.remarks import say
from referrals.states import MACHINE
from socialwork.core import vocabulary
from socialwork.core.errors import Blocked
from socialwork.core.identifiers import full_age_on
from socialwork.core.sequences import official_number
from socialwork.organisations import capacity
from socialwork.workflow.transitions import run_transition

# Children below responsibility age or in borderline behaviour: what they did may have no charge.
WITHOUT_CHARGE = frozenset({"below_age_offender", "serious_misbehaviour", "misbehaviour"})


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


def blockers(referral: Referral, *, today: dt.date | None = None) -> list[tuple[str | None, Any]]:
    """What keeps the draft from being submitted: (field of the page, sentence), all of it at once."""
    found: list[tuple[str | None, Any]] = []
    required = {
        "subject_type": _("Say who the child is in this matter."),
        "stage": _("Choose the stage of the proceedings."),
        "custody": _("Choose the coercive measure, or that there is none."),
        "district_id": _("Choose the district where the service takes place."),
        "agency_id": _("Choose the agency."),
        "due_on": _("Set the time limit."),
    }
    found.extend((name.removesuffix("_id"), text) for name, text in required.items() if not getattr(referral, name))
    services = [line.service_type for line in referral.services.order_by("pk")]
    if not services:
        found.append(("services", _("Choose at least one service.")))
    found.extend(_paragraph_blockers(referral))
    if referral.due_on and referral.due_on < (today or timezone.localdate()):
        found.append(("due_on", _("The time limit has already passed. Set a later day.")))
    found.extend(_fact_blockers(referral))
    found.extend(service_blockers(referral, services, today=today))
    return found


def _paragraph_blockers(referral: Referral) -> list[tuple[str | None, Any]]:
    found: list[tuple[str | None, Any]] = []
    rows = list(BriefParagraph.objects.filter(referral=referral).order_by("position").values_list("kind", "shared"))
    kinds = {kind for kind, _shared in rows}
    if "facts" not in kinds:
        found.append(("paragraphs", _("State the minimum facts.")))
    if not any(shared for _kind, shared in rows):
        found.append(("paragraphs", _("Mark at least one paragraph to be shared, or the agency learns nothing.")))
    if "request" not in kinds:
        found.append(("paragraphs", _("State the matters the services are to cover.")))
    return found


def _fact_blockers(referral: Referral) -> list[tuple[str | None, Any]]:
    """The minimum facts of an offence: a suspect is suspected of something, a child below the age did something."""
    if referral.subject_type == "juvenile_suspect" and not referral.charge:
        return [("charge", _("Choose the charge."))]
    if referral.subject_type in WITHOUT_CHARGE and not (referral.charge or referral.behaviours):
        return [("behaviours", _("Choose the behaviour, or the charge if there is one."))]
    return []


def service_blockers(
    referral: Referral, services: Sequence[str], *, today: dt.date | None = None
) -> list[tuple[str | None, Any]]:
    """V2 and the subjects, stages and ages a service is meant for."""
    found: list[tuple[str | None, Any]] = []
    for code in services:
        extra, name = vocabulary.term("service_type", code).extra, vocabulary.label("service_type", code)
        if referral.subject_type and extra["subject_types"] and referral.subject_type not in extra["subject_types"]:
            found.append(("services", _("%(service)s is not meant for this kind of subject.") % {"service": name}))
        if referral.stage and extra.get("stages") and referral.stage not in extra["stages"]:
            found.append(("services", _("%(service)s cannot be asked for at this stage.") % {"service": name}))
        found.extend(_age_blockers(referral, extra, name, today))
    return found


def _age_blockers(referral: Referral, extra: Any, name: str, today: dt.date | None) -> list[tuple[str | None, Any]]:
    oldest, youngest, grown = (extra.get(key) for key in ("max_age_at_event", "min_age_at_event", "min_age_now"))
    age = referral.age_at_offence
    if age is None and (oldest is not None or youngest is not None):
        sentence = _("%(service)s has an age limit: give the day of the event, and see that the birth date is known.")
        return [("offence_on", sentence % {"service": name})]
    if age is not None and oldest is not None and age > oldest:
        sentence = _("%(service)s is for those who were at most %(age)s at the time; check the dates.")
        return [("services", sentence % {"service": name, "age": oldest})]
    if age is not None and youngest is not None and age < youngest:
        sentence = _("%(service)s is for those who were at least %(age)s at the time; check the dates.")
        return [("services", sentence % {"service": name, "age": youngest})]
    if grown is not None:
        born = birth_date(referral.juvenile_id)
        if born is not None and full_age_on(born, today or timezone.localdate()) < grown:
            sentence = _("%(service)s is for those who are at least %(age)s now.")
            return [("services", sentence % {"service": name, "age": grown})]
    return []


def _send(referral: Referral, verb: str, *, by: Any, at: datetime, override: str, limit_reason: str) -> Referral:
    with transaction.atomic():
        found = blockers(referral, today=timezone.localdate(at))
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
        run_transition(referral, MACHINE[verb], by=by, at=at, facts=facts, **number)
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
