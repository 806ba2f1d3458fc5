"""From the rows of matters.toml to one story that is played with the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings

from socialwork.demo.filler import referring, reporting, working
from socialwork.demo.filler.diary import Diary
from socialwork.demo.filler.lives import invent_child, invent_matter
from socialwork.demo.filler.pools import Pools
from socialwork.demo.filler.threads import Team, Thread
from socialwork.demo.stage import Story
from socialwork.demo.words import read

STEPS: dict[str, Callable[[Thread], None]] = {
    step.__name__: step
    for step in (
        referring.draft,
        referring.submit,
        referring.return_draft,
        referring.approve,
        referring.ask,
        referring.answer,
        referring.decline,
        referring.refer_again,
        referring.withdraw,
        referring.hand_on,
        referring.accept,
        working.consent,
        working.meet,
        working.visit,
        working.miss,
        working.read,
        working.return_record,
        working.assess,
        working.confirm,
        working.plan,
        working.approve_plan,
        working.return_plan,
        working.counsel,
        working.teach,
        working.attend,
        working.suspend,
        working.cancel,
        working.hand_over,
        working.finish,
        working.evaluate,
        working.close,
        working.follow_up,
        reporting.ask_minor,
        reporting.ask_guardian,
        reporting.ask_around,
        reporting.begin_report,
        reporting.report,
        reporting.send_report,
        reporting.accept_sections,
        reporting.return_section,
        reporting.submit_report,
        reporting.send_back,
        reporting.accept_report,
    )
}
# An appropriate adult and who works with a child that was harmed is a woman: nobody then need be asked again.
BY_WOMEN = ("adult", "victim", "hardship")


def further_matters(beside: Iterable[Story]) -> Story:
    """The referrals of matters.toml as one story, told so that nobody in it is busy in the stories beside it."""
    folder = settings.DEMO_DIR / "filler"
    plan, lives, work = (read(folder / f"{name}.toml") for name in ("matters", "lives", "work"))
    pools, diary = Pools(plan["seed"]), Diary(beside)
    story = Story(title=plan["title"], children={}, matters={}, acts=[], told_as="filler")
    rows = [
        {"by": plan["organs"][group["organ"]]["prosecutors"][0], **row, "organ": group["organ"]}
        for group in plan["matters"]
        for row in group["rows"]
    ]
    for number, row in enumerate(rows, start=1):
        thread = _thread(number, row, plan, lives, work, pools, diary)
        while thread.steps:
            thread.turn_to(thread.steps[0][1])
            STEPS[thread.steps[0][0]](thread)
            thread.steps.pop(0)
        story.children[thread.child["key"]] = dict(thread.child)
        story.matters |= {matter["key"]: matter for matter in thread.matters}
        story.acts += thread.acts
    return story


def _thread(
    number: int,
    row: dict[str, Any],
    plan: Mapping[str, Any],
    lives: Mapping[str, Any],
    work: Mapping[str, Any],
    pools: Pools,
    diary: Diary,
) -> Thread:
    organ, kind = plan["organs"][row["organ"]], plan["kinds"][row["kind"]]
    row = {"agency": organ["agency"], **row}
    steps = _days(plan, row, pools)
    first, key = steps[0][1], f"m{number:02d}"
    child = invent_child(
        pools,
        lives,
        key=f"{key}-child",
        serial=number,
        organ=row["organ"],
        region=organ["region"],
        kind=kind,
        day=first,
    )
    matter = invent_matter(pools, lives, work, key=key, child=child, row=row, kind=kind, day=first)
    new_agency = row.get("to") if row.get("to") in plan["agencies"] else None
    return Thread(
        row=row,
        kind=kind,
        organ=organ,
        work=work,
        pools=pools,
        diary=diary,
        child=child,
        matter=matter,
        steps=steps,
        team=_team(plan, row, row["agency"] or organ["agency"], pools),
        matters=[matter],
        successor=_team(plan, {"kind": row["kind"]}, new_agency, pools) if new_agency else None,
    )


def _days(plan: Mapping[str, Any], row: Mapping[str, Any], pools: Pools) -> list[tuple[str, int]]:
    """Every step with its day, so that the last falls on the day of the row."""
    arc = plan["arcs"][row["end"]]
    gaps = [pools.between(plan["gaps"][step]) for step in arc]
    day, steps = row["days"], []
    for step, gap in zip(reversed(arc), reversed(gaps), strict=True):
        steps.append((step, day))
        day -= gap
    return steps[::-1]


def _team(plan: Mapping[str, Any], row: Mapping[str, Any], agency: str, pools: Pools) -> Team:
    house = plan["agencies"][agency]
    women = row["kind"] in BY_WOMEN
    lead = row.get("lead") or pools.take(
        f"{agency}-{'women' if women else 'lead'}", house["women" if women else "leads"]
    )
    seconds = house["women"] if women else house["seconds"]
    second = row.get("second") or pools.take(f"{agency}-second{women}", seconds, fits=lambda login: login != lead)
    return Team(
        agency=agency,
        lead=lead,
        second=second,
        **{function: house[function] for function in ("intake", "supervisor", "counsellor")},
    )
