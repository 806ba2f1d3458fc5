"""A referral from the first draft to the agency's answer."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases.services.opening import accept_referral as accept
from referrals import services
from referrals.models import Referral
from socialwork.core import vocabulary
from socialwork.demo.acts.children import child
from socialwork.demo.stage import Scene
from socialwork.demo.words import listed, say
from socialwork.people.models import Guardian

CODES = ("subject_type", "stage", "custody", "charge", "behaviours", "joint_offence", "incident", "urgency")


def draft_referral(scene: Scene) -> None:
    """Begin the referral and fill it in as far as the story tells it."""
    told = scene.story.matters[scene.act["referral"]]
    previous = scene.story.referrals.get(told.get("previous", ""))
    draft = services.draft_referral(by=scene.by, at=scene.at, juvenile=child(scene, told["child"]), previous=previous)
    scene.story.referrals[told["key"]] = draft
    _fill_in(scene, draft, told)


def submit_referral(scene: Scene) -> None:
    """Send the draft; one that was sent back, carried over or begun by a transfer is written anew first."""
    told, draft = scene.story.matters[scene.act["referral"]], scene.referral
    if told["key"] in scene.story.sent_back or told["key"] not in scene.story.filled:
        draft = _fill_in(scene, draft, told)
    services.submit_referral(
        referral=draft, by=scene.by, at=scene.at, override=scene.act.get("override", ""),
        limit_reason=_wording(scene, told)["time_limit"]["reason"],
    )


def return_referral(scene: Scene) -> None:
    scene.story.sent_back.add(scene.act["referral"])
    services.return_referral(referral=scene.referral, by=scene.by, at=scene.at, reason=scene.act["reason"])


def approve_referral(scene: Scene) -> None:
    services.approve_referral(referral=scene.referral, by=scene.by, at=scene.at, remark=scene.act.get("note", ""))


def ask_information(scene: Scene) -> None:
    services.ask_information(referral=scene.referral, by=scene.by, at=scene.at, question=scene.act["question"])


def answer_information(scene: Scene) -> None:
    services.answer_information(referral=scene.referral, by=scene.by, at=scene.at, answer=scene.act["answer"])


def decline_referral(scene: Scene) -> None:
    services.decline_referral(
        referral=scene.referral, by=scene.by, at=scene.at, reason_code=scene.act["reason_code"],
        reason=scene.act["reason"],
    )


def withdraw_referral(scene: Scene) -> None:
    services.withdraw_referral(
        referral=scene.referral, by=scene.by, at=scene.at, reason_code=scene.act["reason_code"],
        reason=scene.act["reason"],
    )


def refer_again(scene: Scene) -> None:
    told = scene.story.matters[scene.act["referral"]]
    earlier = Referral.objects.get(pk=scene.story.referrals[told["previous"]].pk)
    scene.story.referrals[told["key"]] = services.refer_again(referral=earlier, by=scene.by, at=scene.at)


def accept_referral(scene: Scene) -> None:
    """The agency accepts and names the team."""
    act = scene.act
    team = {
        name: scene.stage.person(act[name]) for name in ("lead", "second", "supervisor", "counsellor") if name in act
    }
    scene.story.cases[act["referral"]] = accept(referral=scene.referral, by=scene.by, at=scene.at, **team)


def _fill_in(scene: Scene, draft: Referral, told: Mapping[str, Any]) -> Referral:
    scene.story.filled.add(told["key"])
    institutions, limit = scene.stage.institutions, _wording(scene, told)["time_limit"]
    wanted = [line["service"] for line in told["services"]]
    fields: dict[str, Any] = {name: told[name] for name in CODES if name in told}
    fields |= {
        "offence_on": scene.stage.day(told["offence_on"]), "due_on": scene.stage.day(limit["due_on"]),
        "due_rule": limit["rule"],
    }
    if "agency" in told:
        fields["agency"] = institutions.organisations[told["agency"]]
        fields["agreement"] = institutions.agreement_for(
            organ=told["organ"], agency=told["agency"], services=wanted, day=scene.act["day"]
        )
    draft.refresh_from_db(fields=["version"])
    return services.edit_referral(
        referral=draft, by=scene.by, at=scene.at, version=draft.version, fields=fields,
        services=dict.fromkeys(wanted, 1), paragraphs=_paragraphs(scene, told),
        guardians=list(Guardian.objects.filter(juvenile=draft.juvenile)),
    )


def _wording(scene: Scene, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row as it stood when it was first sent, or corrected after it was sent back."""
    key = scene.act["referral"]
    return row if key in scene.story.sent_back else {**row, **row.get("first_draft", {})}


def _paragraphs(scene: Scene, told: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """What the story tells, then what it keeps in fields of its own and the page has paragraphs for."""
    rows = [(fact["kind"], _wording(scene, fact)["text"], _wording(scene, fact)["shared"]) for fact in told["facts"]]
    for line in told["services"]:
        if line.get("matters"):
            name = vocabulary.label("service_type", line["service"])
            rows.append(("request", say("matters", service=name, points=listed(line["matters"], "semicolon")), True))
    if told.get("interview_script"):
        rows.append(("other", say("script", text=told["interview_script"]), True))
    if scene.story.children[told["child"]].get("lawyer"):
        rows.append(("other", say("lawyer", text=scene.story.children[told["child"]]["lawyer"]), False))
    if told.get("agency_choice_reason"):
        rows.append(("other", say("choice", text=told["agency_choice_reason"]), False))
    if told["time_limit"].get("reason"):
        rows.append(("other", say("limit", text=_wording(scene, told)["time_limit"]["reason"]), False))
    return rows
