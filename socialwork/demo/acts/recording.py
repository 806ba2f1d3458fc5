"""Service records, their correction, and the supervisor's reading of them."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from cases.models import ServiceRecord
from cases.record_kinds import (
    ActivityDetails,
    AttendanceDetails,
    ContactDetails,
    CounsellingDetails,
    FamilySessionDetails,
    InterviewDetails,
    details_of,
)
from cases.services import amending, recording, reviewing
from cases.services.occasions import Occasion, Sequel
from socialwork.core import vocabulary
from socialwork.demo.stage import Scene, fresh
from socialwork.demo.words import listed, paragraphs, say
from socialwork.people.dossiers import open_dossier

# How one meets somebody at a place, where the story names only the place.
METHOD_AT = {
    "online": "video", "home": "home_visit", "school": "school_visit", "community": "community_visit",
    "detention_centre": "detention_visit",
}
# What the law asks for at a questioning, answered yes or no.
ASKED = ("rights_explained", "minor_agreed", "transcript_read", "female_staff_present")
# A story writes this where the form stays empty.
NOTHING = {"\u65e0", "\u65e0\u3002"}


def log_contact(scene: Scene) -> None:
    act = scene.act
    details = ContactDetails(
        topics=tuple(act["topics"]), mood=act.get("mood"), cooperation=act.get("cooperation"),
        present=tuple(act["persons"]), duties=act.get("duty_check", {}),
    )
    text = {
        "summary": act["summary"], "response": paragraphs(act.get("action", ""), _tasks(act), *_circumstances(act)),
        "concerns": _something(act.get("new_risk", "")),
    }
    goals = scene.story.goals.get(act["case"], {})
    _keep(scene, recording.log_contact(
        case=scene.case, by=scene.by, at=scene.at, occasion=_occasion(scene), details=details, text=text,
        goals={goals[key]: "" for key in act.get("goals", [])}, sequel=_sequel(scene),
    ))


def log_interview(scene: Scene) -> None:
    act, documents = scene.act, scene.act.get("documents", [])
    text = {
        "summary": act["summary"],
        "present": paragraphs(act["relation"], _attendees(act), say("place", text=act["place"]), *_circumstances(act)),
        "questions": paragraphs(*(say(part, **row) for row in act.get("qa", []) for part in ("question", "answer"))),
        "documents": paragraphs(*(row["title"] for row in documents)),
    }
    record = recording.log_interview(
        case=scene.case, by=scene.by, at=scene.at, occasion=_occasion(scene), interviewee=act["interviewee"],
        details=InterviewDetails(read_and_signed=act.get("read_and_signed", False)), text=text,
    )
    _keep(scene, record)
    scene.story.records.update({row["key"]: record.pk for row in documents})


def log_counselling(scene: Scene) -> None:
    """What all may know is that it took place; the words go into the counsellor's own note."""
    act = scene.act
    _keep(scene, recording.log_counselling(
        case=scene.case, by=scene.by, at=scene.at, occasion=_occasion(scene),
        details=CounsellingDetails(session=act["session_no"], tested=act.get("tested", False)),
        note={
            "state": act["state"], "goal": act["goal"], "method": act["approach"], "progress": act["progress"],
            "risk": act["risk"], "next": act["restricted_note"],
        },
        sequel=_sequel(scene),
    ))


def log_family_session(scene: Scene) -> None:
    act = scene.act
    details = FamilySessionDetails(
        session=act["session_no"], topics=tuple(act["topics"]), methods=tuple(act["methods"]),
        present=tuple(act["persons"]), change=act.get("change"),
    )
    educator = act.get("educator", act["by"])
    led = say("educator", name=scene.stage.person(educator).name) if educator != act["by"] else ""
    text = {
        "summary": paragraphs(led, act["content"]), "next_plan": act["homework"],
        "concerns": paragraphs(*_circumstances(act)),
    }
    _keep(scene, recording.log_family_session(
        case=scene.case, by=scene.by, at=scene.at, occasion=_occasion(scene), details=details, text=text,
    ))


def log_activity(scene: Scene) -> None:
    """Each worker writes down the own participants together."""
    act = scene.act
    for login in dict.fromkeys(row["by"] for row in act["participants"]):
        own = [row for row in act["participants"] if row["by"] == login]
        worker = scene.stage.person(login)
        written = recording.log_activity(
            by=worker, at=scene.at,
            occasion=_occasion(scene, {"late_minutes": max(row.get("late_minutes", 0) for row in own)}),
            details=ActivityDetails(activity=act["activity_kind"], photos=act["photos"]),
            text={
                "summary": say("activity", activity=act["activity"], place=act["place"], content=act["content"]),
                "concerns": say("pictures", text=act["photo_declaration"]),
            },
            participants=[
                recording.Participant(
                    case=fresh(scene.story.cases[row["case"]]), hours=row.get("hours", 0),
                    evaluation=paragraphs(row.get("evaluation", ""), *_circumstances(row)),
                    outcome=row.get("outcome", "on_time"), absence_reason=row.get("absence", {}).get("reason_code", ""),
                )
                for row in own
            ],
        )
        scene.story.records[act["key"]] = written[0].pk


def log_attendance(scene: Scene) -> None:
    act = scene.act
    answers = {name: act[name] for name in ASKED if name in act}
    _keep(scene, recording.log_attendance(
        case=scene.case, by=scene.by, at=scene.at, occasion=_occasion(scene),
        details=AttendanceDetails(activity=act["activity"], representative_absence=act["legal_rep_absence"], **answers),
        text={
            "summary": paragraphs(
                say("place", text=act["place"]), say("representative", text=act["legal_rep_absence_note"])
            ),
            "response": act["minor_state"], "concerns": act["objections"],
        },
    ))


def review_record(scene: Scene) -> None:
    reviewing.review_record(record=_record(scene), by=scene.by, at=scene.at)


def return_record(scene: Scene) -> None:
    reviewing.return_record(record=_record(scene), by=scene.by, at=scene.at, comment=scene.act["comment"])


def amend_record(scene: Scene) -> None:
    """Replace the passages the story quotes; a passage that does not stand there is an error of the story."""
    record = _record(scene)
    open_dossier(record.case.juvenile_id).read(record)
    text = {name: (record.text or {}).get(name, "") for name in amending.TEXT}
    for change in scene.act["changes"]:
        if change["old"] not in text[change["field"]]:
            raise LookupError(f"{scene.act['record']}: {change['old']}")
        text[change["field"]] = text[change["field"]].replace(change["old"], change["new"])
    occasion = Occasion(
        started_at=record.started_at, ended_at=record.started_at + dt.timedelta(minutes=record.lasted),
        method=record.method, place=record.place,
    )
    correction = amending.Correction(
        occasion=occasion, details=details_of(record.kind, record.details), text=text, interviewee=record.interviewee,
        next_on=record.next_on,
    )
    amending.amend_record(
        record=record, by=scene.by, at=scene.at, version=record.version, reason=scene.act["reason"],
        correction=correction,
    )


def _record(scene: Scene) -> ServiceRecord:
    return ServiceRecord.objects.select_related("case").get(pk=scene.story.records[scene.act["record"]])


def _keep(scene: Scene, record: ServiceRecord) -> None:
    scene.story.records[scene.act["key"]] = record.pk


def _occasion(scene: Scene, more: Mapping[str, Any] | None = None) -> Occasion:
    act = {**scene.act, **(more or {})}
    # The second of two who write about their own participants went along with somebody else.
    others = [login for login in act.get("workers", [act.get("educator", act["by"])]) if login != act["by"]]
    companion = scene.stage.person(others[0]) if others else None
    team = scene.story.cases[act["case"]] if "case" in act else None
    if team is not None and companion is not None and companion.pk not in _team_of(team):
        companion = None
    place = act.get("place_type", "other")
    return Occasion(
        started_at=scene.stage.moment(act["on"], act["start"]), ended_at=scene.stage.moment(act["on"], act["end"]),
        method=act.get("method", METHOD_AT.get(place, "face")), place=place, co_worker=companion,
        outcome=act.get("outcome", "on_time"), late_minutes=act.get("late_minutes", 0),
        absence_reason=act.get("absence", {}).get("reason_code", ""),
    )


def _team_of(case: Any) -> tuple[Any, ...]:
    now = fresh(case)
    return now.lead_id, now.second_id, now.counsellor_id


def _sequel(scene: Scene) -> Sequel:
    act = scene.act
    return Sequel(
        next_on=scene.stage.day(act["next_on"]) if "next_on" in act else None, crisis=act.get("crisis", ""),
        tell_prosecutor=act.get("tell_prosecutor", ""),
    )


def _tasks(act: Mapping[str, Any]) -> str:
    rows = [
        say("task", task=row["task"], status=vocabulary.label("task_result", row["status"]))
        for row in act.get("tasks", [])
    ]
    return say("tasks", text=listed(rows, "semicolon")) if rows else ""


def _attendees(act: Mapping[str, Any]) -> str:
    return say("attendees", names=listed(act["attendees"])) if "attendees" in act else ""


def _circumstances(act: Mapping[str, Any]) -> list[str]:
    """Why somebody did not come, or the record came late, in the words of the story."""
    found = [say("not_come", text=act["absence"]["reason"])] if "absence" in act else []
    for row in act.get("absences", []):
        person = vocabulary.label("interviewee" if row["person"] == "subject" else "relation", row["person"])
        found.append(say("absent", person=person, reason=row["reason"]))
    if "late_reason" in act:
        found.append(say("late", text=act["late_reason"]))
    return found


def _something(text: str) -> str:
    return "" if text in NOTHING else text
