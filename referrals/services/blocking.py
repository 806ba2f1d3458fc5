"""What a draft still lacks before it can be submitted, and what contradicts it."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.models import Referral
from referrals.services.drafting import birth_date
from socialwork.core import vocabulary
from socialwork.core.identifiers import full_age_on

# Children below responsibility age or in borderline behaviour: what they did may have no charge.
WITHOUT_CHARGE = frozenset({"below_age_offender", "serious_misbehaviour", "misbehaviour"})
Blocker = tuple[str | None, Any]


@dataclass(frozen=True)
class Filled:
    """A draft as filled in, saved or still being typed. Ages are completed years, None while a date is missing.

    `paragraphs` are (kind, shared) of those with text; `district` and `agency` only say whether one is chosen.
    """

    subject_type: str = ""
    stage: str = ""
    custody: str = ""
    charge: str = ""
    behaviours: tuple[str, ...] = ()
    district: str = ""
    agency: UUID | str | None = None
    due_on: dt.date | None = None
    age_at_offence: int | None = None
    age_now: int | None = None
    services: tuple[str, ...] = ()
    paragraphs: tuple[tuple[str, bool], ...] = ()
    today: dt.date | None = None


def filled_in(referral: Referral, *, today: dt.date | None = None) -> Filled:
    """The saved draft. Ages are counted anew, since the birth date may have been corrected meanwhile."""
    day = today or timezone.localdate()
    born = birth_date(referral.juvenile_id)
    at_event, now = ages(born, referral.offence_on, day)
    return Filled(
        subject_type=referral.subject_type, stage=referral.stage, custody=referral.custody, charge=referral.charge,
        behaviours=tuple(referral.behaviours), district=referral.district_id or "", agency=referral.agency_id,
        due_on=referral.due_on, age_at_offence=at_event, age_now=now, today=day,
        services=tuple(line.service_type for line in referral.services.order_by("pk")),
        paragraphs=tuple(referral.paragraphs.order_by("position").values_list("kind", "shared")),
    )


def ages(born: dt.date | None, offence_on: dt.date | None, today: dt.date) -> tuple[int | None, int | None]:
    """Completed years at the event and now, as criminal responsibility counts them."""
    if born is None or born > today:
        return None, None
    at_event = full_age_on(born, offence_on) if offence_on and offence_on >= born else None
    return at_event, full_age_on(born, today)


def blockers(referral: Referral, *, today: dt.date | None = None) -> list[Blocker]:
    """What keeps the draft from being submitted: (field of the page, sentence), all of it at once."""
    return blockers_of(filled_in(referral, today=today))


def blockers_of(filled: Filled) -> list[Blocker]:
    """The same for a draft that is still being typed."""
    required = {
        "subject_type": _("Say who the child is in this matter."),
        "stage": _("Choose the stage of the proceedings."),
        "custody": _("Choose the coercive measure, or that there is none."),
        "district": _("Choose the district where the service takes place."),
        "agency": _("Choose the agency."),
        "due_on": _("Set the time limit."),
    }
    found: list[Blocker] = [(name, text) for name, text in required.items() if not getattr(filled, name)]
    found += _about_facts(filled)
    if not filled.services:
        found.append(("services", _("Choose at least one service.")))
    found += about_services(filled)
    found += _about_paragraphs(filled.paragraphs)
    if filled.due_on and filled.due_on < (filled.today or timezone.localdate()):
        found.append(("due_on", _("The time limit has already passed. Set a later day.")))
    return found


def _about_paragraphs(rows: Sequence[tuple[str, bool]]) -> list[Blocker]:
    found: list[Blocker] = []
    kinds = {kind for kind, _shared in rows}
    if "facts" not in kinds:
        found.append(("paragraphs", _("State the minimum facts.")))
    if not any(shared for _kind, shared in rows):
        found.append(("paragraphs", _("Mark at least one paragraph to be shared, or the agency learns nothing.")))
    if "request" not in kinds:
        found.append(("paragraphs", _("State the matters the services are to cover.")))
    return found


def _about_facts(filled: Filled) -> list[Blocker]:
    """The minimum facts: a suspect is suspected of something, a child below the age did something."""
    if filled.subject_type == "juvenile_suspect" and not filled.charge:
        return [("charge", _("Choose the charge."))]
    if filled.subject_type in WITHOUT_CHARGE and not (filled.charge or filled.behaviours):
        return [("behaviours", _("Choose the behaviour, or the charge if there is one."))]
    return []


def about_services(filled: Filled) -> list[Blocker]:
    """V2 and the subjects, stages and ages a service is meant for."""
    found: list[Blocker] = []
    for code in filled.services:
        extra, name = vocabulary.term("service_type", code).extra, vocabulary.label("service_type", code)
        if filled.subject_type and extra["subject_types"] and filled.subject_type not in extra["subject_types"]:
            found.append(("services", _("%(service)s is not meant for this kind of subject.") % {"service": name}))
        if filled.stage and extra.get("stages") and filled.stage not in extra["stages"]:
            found.append(("services", _("%(service)s cannot be asked for at this stage.") % {"service": name}))
        found += _about_age(filled, extra, name)
    return found


def _about_age(filled: Filled, extra: Mapping[str, Any], name: str) -> list[Blocker]:
    oldest, youngest, grown = (extra.get(key) for key in ("max_age_at_event", "min_age_at_event", "min_age_now"))
    age = filled.age_at_offence
    if age is None and (oldest is not None or youngest is not None):
        sentence = _("%(service)s has an age limit: give the day of the event, and see that the birth date is known.")
        return [("offence_on", sentence % {"service": name})]
    if age is not None and oldest is not None and age > oldest:
        sentence = _("%(service)s is for those who were at most %(age)s at the time; check the dates.")
        return [("services", sentence % {"service": name, "age": oldest})]
    if age is not None and youngest is not None and age < youngest:
        sentence = _("%(service)s is for those who were at least %(age)s at the time; check the dates.")
        return [("services", sentence % {"service": name, "age": youngest})]
    if grown is not None and filled.age_now is not None and filled.age_now < grown:
        sentence = _("%(service)s is for those who are at least %(age)s now.")
        return [("services", sentence % {"service": name, "age": grown})]
    return []
