"""Children who never lived, their families, and what an organ asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from socialwork.demo.filler.pools import Pools

# Whom a relation is called after, and how old they are beside a child of fifteen.
MEN, ELDERS = ("father", "stepfather"), ("paternal_grandparent", "maternal_grandparent")
LEGAL = ("father", "mother")
YEARS_OLDER = {"father": (26, 32), "stepfather": (24, 33), "mother": (23, 29)}
ELDERLY = (50, 58)
# Numbers in the telling of an event.
FEW, SOME = (2, 6), (2, 9)
SUSPECT, UNDER_CARE = "suspect", ("victim", "hardship")
ANY_SCHOOL: tuple[str, ...] = ()
COMPULSORY = ("primary", "junior_high")


def invent_child(
    pools: Pools,
    lives: Mapping[str, Any],
    *,
    key: str,
    serial: int,
    organ: str,
    region: str,
    kind: Mapping[str, Any],
    day: int,
) -> dict[str, Any]:
    """A child as the story files tell one: identity, school, family. `day` is that of the first draft."""
    female = kind["incidents"] in UNDER_CARE
    years, place = pools.between(kind["ages"]), lives["places"][organ]
    wanted = ANY_SCHOOL if kind["incidents"] == SUSPECT else COMPULSORY
    school = pools.take(
        "school",
        lives["schools"],
        fits=lambda row: row["ages"][0] <= years <= row["ages"][1] and (not wanted or row["status"] in wanted),
    )
    family = pools.take("family", lives["families"])
    surname = pools.take("surname", lives["surnames"])
    names = lives["girls" if female else "boys"]
    home = pools.take(organ, place["homes"]).format(n=pools.between((2, 48)), m=pools.between((2, 9)))
    return {
        "key": key,
        "name": surname + pools.take("girl" if female else "boy", names),
        "sex": "female" if female else "male",
        "offence_on": day - pools.between((18, 60)),
        "age_at_offence": {"years": years, "months": pools.between((0, 11))},
        "id": {"region": region, "serial": 2 * serial + (0 if female else 1)},
        "phone": phone_number(10 * serial),
        "residence": place["prefix"] + home,
        "district": place["district"],
        "education_status": school["status"],
        "education_level": school["level"],
        "school": school["school"].format(area=place["area"]),
        "grade": _grade(pools, school, years),
        "living": family["living"],
        "parenting": family["parenting"],
        "told": {
            "school": pools.take(f"{school['status']}-text", school["texts"]),
            "family": pools.take(family["texts"][0], family["texts"]),
        },
        "guardians": [
            _guardian(pools, lives, key, surname, relation, phone=phone_number(10 * serial + number), child=years)
            for number, relation in enumerate(family["who"], start=1)
        ],
    }


def _grade(pools: Pools, school: Mapping[str, Any], years: int) -> str:
    """In compulsory school the grade follows from the age."""
    if school["status"] in COMPULSORY:
        return str(school["grades"][min(max(years - school["ages"][0] - 1, 0), len(school["grades"]) - 1)])
    return str(pools.take(school["status"], school["grades"]))


def phone_number(number: int) -> str:
    """Eleven figures after a prefix no operator has (100…), scattered so that they do not count upwards."""
    return f"1007{number * 73 + 190417:07d}"


def invent_matter(
    pools: Pools,
    lives: Mapping[str, Any],
    work: Mapping[str, Any],
    *,
    key: str,
    child: Mapping[str, Any],
    row: Mapping[str, Any],
    kind: Mapping[str, Any],
    day: int,
) -> dict[str, Any]:
    """A referral as the story files tell one, drafted on that day."""
    event = _event(pools, lives, work["numerals"], kind["incidents"])
    paragraphs = [_paragraph("facts", event["text"]), _paragraph("family", child["told"]["family"])]
    if kind["incidents"] not in UNDER_CARE:
        paragraphs.append(_paragraph("school", child["told"]["school"]))
    if kind["incidents"] == SUSPECT:
        if pools.between((1, 3)) > 1:
            paragraphs.append(_paragraph("risk", pools.take("risk", lives["risks"])))
        if pools.between((1, 2)) > 1:
            paragraphs.append(_paragraph("other", pools.take("note", lives["notes"]), shared=False))
    request = pools.take(f"request-{row['kind']}", lives["requests"][row["kind"]])
    return {
        "key": key,
        "child": child["key"],
        "organ": row["organ"],
        "subject_type": kind["subject_type"],
        "stage": pools.take(f"{row['kind']}-stage", kind["stages"]),
        "custody": kind["custody"],
        "offence_on": child["offence_on"],
        "joint_offence": pools.between((1, 3)) == 1,
        "urgency": row.get("urgency", kind.get("urgency", "routine")),
        "time_limit": {
            "rule": kind.get("rule", ""),
            "due_on": row.get("due", day + kind["last_day"]),
            "reason": pools.take("limit", work["limits"]),
        },
        "services": [{"service": code} for code in kind["services"]],
        "facts": [*paragraphs, _paragraph("request", request)],
        **({"charge": event["charge"]} if "charge" in event else {}),
        **({"behaviours": event["behaviours"]} if "behaviours" in event else {}),
        **({"agency": row["agency"]} if row["agency"] else {}),
    }


def _event(pools: Pools, lives: Mapping[str, Any], numerals: list[str], incidents: str) -> dict[str, Any]:
    texts = [
        {**{name: value for name, value in group.items() if name != "texts"}, "text": text}
        for group in lives[incidents]
        for text in group["texts"]
    ]
    event = pools.take(incidents, texts)
    said = event["text"].format(n=numerals[pools.between(FEW)], m=numerals[pools.between(SOME)])
    for written, read in lives["read_as"].items():
        said = said.replace(written, read)
    after = pools.take("attitude", lives["attitudes"]) if incidents == SUSPECT else ""
    return {**event, "text": said + after}


def _guardian(
    pools: Pools, lives: Mapping[str, Any], child_key: str, surname: str, relation: str, *, phone: str, child: int
) -> dict[str, Any]:
    own = relation == "father"
    elderly = relation in ELDERS
    given = "elders" if elderly else "fathers" if relation in MEN else "mothers"
    jobs = lives["fathers_jobs" if relation in MEN else "mothers_jobs"]
    return {
        "key": f"{child_key}-{relation}",
        "relation": relation,
        "phone": phone,
        "name": (
            surname if own else pools.take("other-surname", lives["surnames"], fits=lambda other: other != surname)
        )
        + pools.take(given, lives[given]),
        "flags": ["legal_representative"] if relation in LEGAL else ["actual_carer"],
        "age": child + pools.between(ELDERLY if elderly else YEARS_OLDER[relation]),
        "job": pools.take("elders_job", lives["elders_jobs"]) if elderly else pools.take(given + "-job", jobs),
        "education_level": "primary" if elderly else pools.take("education", ["primary", "junior", "junior", "senior"]),
        "address": pools.take("address", lives["addresses"]),
        "lives_with": True,
    }


def _paragraph(kind: str, text: str, *, shared: bool = True) -> dict[str, Any]:
    return {"kind": kind, "text": text, "shared": shared}
