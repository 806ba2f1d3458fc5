"""Hand-overs, decisions about the course of a case, its end, and the visits afterwards."""
from __future__ import annotations

from cases.models import FollowUp
from cases.services import assigning, closing, ending, responding
from referrals import services as referrals
from socialwork.core import vocabulary
from socialwork.demo.stage import Scene, fresh
from socialwork.demo.words import paragraphs, say


def reassign_case(scene: Scene) -> None:
    act = scene.act
    package = assigning.Package(
        reason=act["reason_code"], open_matters=act["open_matters"], next_steps=act["next_steps"], advice=act["advice"]
    )
    scene.story.hand_overs[act["key"]] = assigning.reassign_case(
        case=scene.case, by=scene.by, at=scene.at, function=act["role"], receiver=scene.stage.person(act["to"]),
        package=package,
    )


def accept_handover(scene: Scene) -> None:
    assigning.accept_handover(handover=fresh(scene.story.hand_overs[scene.act["handover"]]), by=scene.by, at=scene.at)


def suspend_case(scene: Scene) -> None:
    ending.suspend_case(
        case=scene.case, by=scene.by, at=scene.at, reason_code=scene.act["reason_code"], explanation=scene.act["reason"]
    )


def resume_case(scene: Scene) -> None:
    ending.resume_case(case=scene.case, by=scene.by, at=scene.at, explanation=scene.act["reason"])


def cancel_case(scene: Scene) -> None:
    act = scene.act
    ending.cancel_case(
        case=scene.case, by=scene.by, at=scene.at, reason_code=act["reason_code"], explanation=act["reason"],
        records=act["records"],
    )


def transfer_referral(scene: Scene) -> None:
    """Another agency takes over; once a referral is accepted it is its case that is transferred. A new draft begins."""
    act = scene.act
    package = {name: act[name] for name in ("done", "open_matters", "advice")}
    decision = {"by": scene.by, "at": scene.at, "reason_code": act["reason_code"], **package}
    if act["referral"] in scene.story.cases:
        case = fresh(scene.story.cases[act["referral"]])
        draft = ending.transfer_case(case=case, explanation=act["reason"], legal_ground=act["legal_ground"], **decision)
    else:
        draft = referrals.transfer_referral(referral=scene.referral, reason=act["reason"], **decision)
    scene.story.referrals[act["to"]] = draft


def finish_service(scene: Scene) -> None:
    responding.finish_service(case=scene.case, by=scene.by, at=scene.at, remark=scene.act["reason"])


def evaluate_case(scene: Scene) -> None:
    closing.evaluate_case(
        case=scene.case, by=scene.by, at=scene.at, points=scene.act["points"], vetoes=scene.act["veto"],
        remark=scene.act["comment"],
    )


def close_case(scene: Scene) -> None:
    act = scene.act
    goals = scene.story.goals.get(act["case"], {})
    scene.story.visits[act["case"]] = sorted(act["visits"])
    closing.close_case(
        case=scene.case, by=scene.by, at=scene.at, reason=act["reason"], excused=act.get("excused"),
        visits=act["visits"], unresolved=act["unresolved"],
        goals={goals[row["goal"]]: row["result"] for row in act["goals"]}, client_opinion=act["client_opinion"],
    )


def record_follow_up(scene: Scene) -> None:
    act = scene.act
    planned = FollowUp.objects.filter(case=scene.story.cases[act["case"]]).order_by("planned_on")
    visit = planned[scene.story.visits[act["case"]].index(act["after_months"])]
    closing.record_follow_up(
        follow_up=visit, by=scene.by, at=scene.at, visited_at=scene.stage.moment(act["on"], act["time"]), reached=True,
        situation=paragraphs(
            say("visit", method=vocabulary.label("method", act["method"]), text=act["summary"]),
            say("school_work", text=act["school_work"]),
        ),
        needs=act["needs"],
    )
