"""Assessments and plans."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format

from cases.models import Plan
from cases.services import assessing, planning
from socialwork.core import vocabulary
from socialwork.demo.stage import Scene, fresh
from socialwork.demo.words import listed, paragraphs, say


def assess_case(scene: Scene) -> None:
    """Rate every domain; one the story does not name has nothing to note."""
    act = scene.act
    told = {row["domain"]: row for row in act["domains"]}
    ratings = [
        assessing.Rating(**{"domain": code, "rating": 0, **told.get(code, {})})
        for code in vocabulary.codes("assessment_domain")
    ]
    scene.story.assessments[act["key"]] = assessing.assess_case(
        case=scene.case, by=scene.by, at=scene.at, version=0, occasion=act["occasion"], ratings=ratings,
        protective=act["protective"],
        text={
            "strengths": listed(act["strengths"], "semicolon"), "minors_view": act["minors_view"],
            "guardians_view": act["guardians_view"],
            "needs": paragraphs(*(_need(scene, row) for row in act.get("needs", []))),
        },
    )


def confirm_assessment(scene: Scene) -> None:
    act = scene.act
    assessment = fresh(scene.story.assessments[act["assessment"]])
    assessing.confirm_assessment(
        assessment=assessment, by=scene.by, at=scene.at, version=assessment.version, risk_level=act["risk_level"],
        override_reason=act["reason"] if act["risk_level"] != assessment.proposed_risk else "",
    )


def propose_plan(scene: Scene) -> None:
    planning.propose_plan(plan=_written(scene), by=scene.by, at=scene.at)


def adopt_plan(scene: Scene) -> None:
    planning.adopt_plan(plan=_written(scene), by=scene.by, at=scene.at)


def approve_plan(scene: Scene) -> None:
    planning.approve_plan(plan=fresh(scene.story.plans[scene.act["plan"]]), by=scene.by, at=scene.at)


def return_plan(scene: Scene) -> None:
    planning.return_plan(
        plan=fresh(scene.story.plans[scene.act["plan"]]), by=scene.by, at=scene.at, reason=scene.act["reason"]
    )


def _written(scene: Scene) -> Plan:
    """The plan of the act, written. One that was returned is gone on with, one in force gets a successor."""
    act = scene.act
    before = scene.story.plans.get(act.get("revises", ""))
    standing = fresh(before) if before is not None else None
    plan = planning.write_plan(
        case=scene.case, by=scene.by, at=scene.at,
        version=standing.version if standing is not None and standing.state == "returned" else 0,
        text={
            "aim": paragraphs(act["aim"], say("changed", text=act["change_reason"]) if "change_reason" in act else ""),
            "minors_view": act["minors_view"],
        },
        goals=[_goal(scene, row) for row in act["goals"]],
    )
    scene.story.plans[act["key"]] = plan
    written = plan.goals.order_by("position").values_list("pk", flat=True)
    scene.story.goals[act["case"]] = {row["key"]: pk for row, pk in zip(act["goals"], written, strict=True)}
    return plan


def _goal(scene: Scene, told: Mapping[str, Any]) -> planning.Goal:
    activities = [
        planning.Activity(
            activity=say("often", what=row["what"], often=row["how_often"], who=scene.stage.person(row["who"]).name),
            responsible=row["responsible"], times=row["times"], per=row["per"], until=scene.stage.day(row["by_day"]),
        )
        for row in scene.act["activities"] if row["goal"] == told["key"]
    ]
    return planning.Goal(goal=told["text"], measure=told["indicator"], domain=told["domain"], activities=activities)


def _need(scene: Scene, told: Mapping[str, Any]) -> str:
    return say(
        "need", need=vocabulary.label("victim_need", told["need"]), level=told["level"], action=told["action"],
        who=scene.stage.person(told["who"]).name, day=date_format(scene.stage.day(told["by_day"])),
    )
