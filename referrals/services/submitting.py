"""From a filled-in draft to the agency's inbox."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.models import BriefParagraph, Referral, Remark
from referrals.services.clocks import refresh_next_act, start_answer_clock
from referrals.services.remarks import say
from referrals.states import MACHINE
from socialwork.core import vocabulary
from socialwork.core.errors import Blocked
from socialwork.core.sequences import official_number
from socialwork.organisations import capacity
from socialwork.workflow.transitions import run_transition


def submit_referral(*, referral: Referral, by: Any, at: datetime, override: str = "") -> Referral:
    """Send the draft to the unit head. Takes its places of the quota under a row lock, so the last one goes to one.

    `override` is the prosecutor's reason to go beyond agreement or quota (V16). Raises Blocked with every obstacle.
    """
    return _send(referral, "submit_referral", by=by, at=at, override=override)


def issue_referral(*, referral: Referral, by: Any, at: datetime, override: str = "") -> Referral:
    """Send the draft straight to the agency, in an organ that works without approval."""
    return _send(referral, "issue_referral", by=by, at=at, override=override)


def approve_referral(*, referral: Referral, by: Any, at: datetime, remark: str = "") -> Referral:
    """The unit head approves; the agency has it from this moment and its clock starts."""
    with transaction.atomic():
        capacity.require_live(referral.agreement_id, today=timezone.localdate(at))
        run_transition(
            referral, MACHINE["approve_referral"], by=by, at=at, number=referral.number or _number(referral, at)
        )
        if remark:
            say(referral, Remark.Kind.APPROVE, remark, by=by, at=at)
        start_answer_clock(referral, at=at)
        refresh_next_act(referral, at=at)
    return referral


def return_referral(*, referral: Referral, by: Any, at: datetime, reason: str) -> Referral:
    """The unit head returns the draft with a reason; its places are free again."""
    with transaction.atomic():
        run_transition(referral, MACHINE["return_referral"], by=by, at=at)
        say(referral, Remark.Kind.RETURN, reason, by=by, at=at)
        refresh_next_act(referral, at=at)
    return referral


def blockers(referral: Referral, *, today: dt.date) -> list[tuple[str | None, Any]]:
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
    services = list(referral.services.order_by("pk"))
    if not services:
        found.append(("services", _("Choose at least one service.")))
    if not BriefParagraph.objects.filter(referral=referral, kind="facts").exists():
        found.append(("paragraphs", _("State the minimum facts.")))
    if not BriefParagraph.objects.filter(referral=referral, shared=True).exists():
        found.append(("paragraphs", _("Mark at least one paragraph to be shared, or the agency learns nothing.")))
    if not BriefParagraph.objects.filter(referral=referral, kind="request").exists():
        found.append(("paragraphs", _("State the matters the services are to cover.")))
    if referral.due_on and referral.due_on < today:
        found.append(("due_on", _("The time limit has already passed. Set a later day.")))
    found.extend(_age_blockers(referral, [service.service_type for service in services]))
    return found


def _age_blockers(referral: Referral, services: list[str]) -> list[tuple[str | None, Any]]:
    """V2 and the ages and subjects a service is meant for."""
    found: list[tuple[str | None, Any]] = []
    for code in services:
        extra = vocabulary.term("service_type", code).extra
        name = vocabulary.label("service_type", code)
        if referral.subject_type and extra["subject_types"] and referral.subject_type not in extra["subject_types"]:
            found.append(("services", _("%(service)s is not meant for this kind of subject.") % {"service": name}))
        oldest, youngest = extra.get("max_age_at_event"), extra.get("min_age_at_event")
        age = referral.age_at_offence
        if age is not None and oldest is not None and age > oldest:
            sentence = _("%(service)s is for those who were at most %(age)s at the time; check the dates.")
            found.append(("services", sentence % {"service": name, "age": oldest}))
        if age is not None and youngest is not None and age < youngest:
            sentence = _("%(service)s is for those who were at least %(age)s at the time; check the dates.")
            found.append(("services", sentence % {"service": name, "age": youngest}))
    return found


def _send(referral: Referral, verb: str, *, by: Any, at: datetime, override: str) -> Referral:
    with transaction.atomic():
        found = blockers(referral, today=timezone.localdate(at))
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
        facts = {"services": sorted(wanted), "override": bool(obstacles.waivable)}
        run_transition(referral, MACHINE[verb], by=by, at=at, facts=facts, **number)
        if obstacles.waivable:
            say(referral, Remark.Kind.OVERRIDE, override, by=by, at=at)
        if verb == "issue_referral":
            start_answer_clock(referral, at=at)
        refresh_next_act(referral, at=at)
    return referral


def _number(referral: Referral, at: datetime) -> str:
    """Number of the letter: prefix of the organ, year, serial without gaps."""
    return official_number(
        prefix=referral.organ.letter_prefix, scope=referral.organ_id, kind="referral", year=timezone.localtime(at).year
    )
