"""Children and their guardians, and what they agreed to."""
from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Any

from stdnum.cn import ric

from socialwork.core import vocabulary
from socialwork.demo.stage import Scene
from socialwork.demo.words import listed, say
from socialwork.people.models import Guardian, Juvenile
from socialwork.people.services import add_guardian, record_consent, register_juvenile

IDENTITY = ("name", "phone", "school", "grade", "health", "ethnicity", "household", "language", "special_needs")
CIRCUMSTANCES = ("education_status", "education_level", "living", "parenting")
# So many days after a birthday or month's day a child of the stories has the age that is told.
DAYS_PAST = 3


def child(scene: Scene, key: str) -> Juvenile:
    """The child of that key, registered by whoever refers it first."""
    if key not in scene.story.juveniles:
        scene.story.juveniles[key] = _registered(scene, scene.story.children[key])
    return scene.story.juveniles[key]


def born_on(offence_on: dt.date, *, years: int, months: int) -> dt.date:
    """A birth date that makes the child so old on the day of the event."""
    year, month = offence_on.year - years, offence_on.month - months
    if month < 1:
        year, month = year - 1, month + 12
    day = min(offence_on.day, calendar.monthrange(year, month)[1])
    return dt.date(year, month, day) - dt.timedelta(days=DAYS_PAST)


def id_number(region: str, born: dt.date, serial: int) -> str:
    """An ID number with the right check character (GB 11643-1999)."""
    body = f"{region}{born:%Y%m%d}{serial:03d}"
    return body + ric.calc_check_digit(f"{body}0")


def record_consents(scene: Scene) -> None:
    """One consent for each kind and each person who signed."""
    act, told = scene.act, {row["key"]: row for row in scene.story.children[scene.act["child"]]["guardians"]}
    for who in act["given_by"]:
        guardian = None if who == "subject" else told[who]
        capacity, reason = "minor", ""
        if guardian is not None:
            replaces = act.get("substitute_reason", "") if "legal_representative" not in guardian["flags"] else ""
            capacity, reason = ("substitute", replaces) if replaces else ("guardian", "")
        for kind in act["kinds"]:
            record_consent(
                juvenile=scene.story.juveniles[act["child"]], by=scene.by, at=scene.at, kind=kind, capacity=capacity,
                guardian=scene.story.guardians.get(who), given_on=scene.stage.day(act["day"]), method=act["method"],
                text_version=act["text_version"], substitute_reason=reason, note=act.get("note", ""),
            )


def _ethnicity(name: str) -> str:
    """The code of an ethnic group that a story calls by its name. Raises KeyError for a name of none."""
    return {term.zh: term.code for term in vocabulary.terms("ethnicity")}[name] if name else ""


def _registered(scene: Scene, told: Mapping[str, Any]) -> Juvenile:
    born = born_on(scene.stage.day(told["offence_on"]), **told["age_at_offence"])
    juvenile = register_juvenile(
        by=scene.by, at=scene.at, sex=told["sex"],
        identity={
            **{name: told.get(name, "") for name in IDENTITY}, "id_type": "resident_id", "birth_on": born.isoformat(),
            "id_number": id_number(told["id"]["region"], born, told["id"]["serial"]), "address": told["residence"],
            "occupation": told.get("employer", ""), "ethnicity": _ethnicity(told.get("ethnicity", "")),
        },
        circumstances={name: told[name] for name in CIRCUMSTANCES},
    )
    for guardian in told["guardians"]:
        scene.story.guardians[guardian["key"]] = _guardian(juvenile, guardian, scene)
    return juvenile


def _guardian(juvenile: Juvenile, told: Mapping[str, Any], scene: Scene) -> Guardian:
    said = [
        say("age", age=told["age"]),
        say("education", level=vocabulary.label("education_level", told["education_level"])),
        say("together" if told["lives_with"] else "apart"), told.get("note", ""),
    ]
    return add_guardian(
        juvenile=juvenile, by=scene.by, at=scene.at, relation=told["relation"], flags=told["flags"],
        unavailable_reason=told.get("unavailable_reason", ""), name=told["name"], phone=told["phone"],
        address=told["address"], occupation=told["job"], note=listed(filter(None, said)),
    )
