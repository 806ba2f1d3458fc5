"""Steps of a social investigation: people are heard, the report is written, read and answered."""

from __future__ import annotations

from typing import Any

from cases.models.reporting import SECTIONS
from socialwork.demo.filler.threads import Thread

HEARD, DAYS = (50, 85), (4, 6)
# Sections whose statements rest on what was heard from whom; the others are plain text.
RESTS_ON = {
    "person": ("minor", "around"),
    "family": ("minor", "guardian"),
    "school_work": ("minor", "around"),
    "community": ("around",),
    "offence": ("minor",),
    "opinions": ("around", "guardian"),
    "guardianship": ("guardian",),
    "assessment": ("minor", "guardian", "around"),
}
BEGUN = ("investigation", "person", "family")
QUOTED, DOUBTED = "person", "guardianship"
AT_SCHOOL = ("vocational", "junior_high", "senior_high", "primary")


def ask_minor(thread: Thread) -> None:
    words = thread.work["interviews"]
    asked = thread.pools.take("asked", range(len(words["minor_asked"])))
    _interview(
        thread,
        "minor",
        "subject",
        words["self"],
        "agency",
        text=thread.text("minor-heard", words["minor"]),
        place=words["room"],
        qa=[{"q": words["minor_asked"][asked], "a": words["minor_said"][asked]}],
    )


def ask_guardian(thread: Thread) -> None:
    words = thread.work["interviews"]
    relation = thread.child["guardians"][0]["relation"]
    said = thread.text(
        f"guardian-heard-{relation}", [row["text"] for row in words["guardian"] if relation in row["who"]]
    )
    _interview(thread, "guardian", "guardian", words["relation"][relation], "home", text=said, place=words["home"])


def ask_around(thread: Thread) -> None:
    """School or community, whichever knows the child."""
    words = thread.work["interviews"]
    learns = thread.child["education_status"] in AT_SCHOOL
    row = thread.pools.take(
        "around-school" if learns else "around", [row for row in words["around"] if row["school"] == learns]
    )
    place = "school" if learns else "community"
    _interview(thread, "around", row["who"], row["relation"], place, text=row["text"], place=row["place"])


def begin_report(thread: Thread) -> None:
    _write(thread, BEGUN)


def report(thread: Thread) -> None:
    _write(thread, SECTIONS)


def send_report(thread: Thread) -> None:
    _on_report(thread, "send_report_for_review", thread.team.lead)


def accept_sections(thread: Thread) -> None:
    _on_report(thread, "accept_section", thread.team.supervisor, sections=list(range(1, len(SECTIONS) + 1)))


def return_section(thread: Thread) -> None:
    """All but one are accepted; the one goes back with a passage quoted."""
    number = SECTIONS.index(QUOTED) + 1
    others = [each for each in range(1, len(SECTIONS) + 1) if each != number]
    written = next(act for act in thread.acts if act["verb"] == "write_report")["sections"]
    statement = written[number - 1]["findings"][0]["text"]
    _on_report(thread, "accept_section", thread.team.supervisor, sections=others)
    _on_report(
        thread,
        "return_section",
        thread.team.supervisor,
        section=number,
        quote=statement[:8],
        comment=thread.text("section-return", thread.work["report"]["comments"]),
    )


def submit_report(thread: Thread) -> None:
    _on_report(thread, "submit_report", thread.team.supervisor)


def send_back(thread: Thread) -> None:
    doubt = thread.text("doubt", thread.work["report"]["doubts"])
    section = {"section": SECTIONS.index(DOUBTED) + 1, "result": "supplement", "comment": doubt}
    _on_report(thread, "respond_report", thread.row["by"], result="supplement", comment=doubt, sections=[section])


def accept_report(thread: Thread) -> None:
    _on_report(
        thread,
        "respond_report",
        thread.row["by"],
        result="accepted",
        sections=[],
        used_for=["non_prosecution", "plan"],
        comment=thread.text("report-answer", thread.work["report"]["answers"]),
    )


def _interview(
    thread: Thread, whom: str, interviewee: str, relation: str, place_type: str, *, text: str, place: str, **more: Any
) -> None:
    methods = {"agency": "face", "home": "home_visit", "school": "school_visit", "community": "community_visit"}
    told = thread.record(
        "log_interview",
        thread.team.lead,
        [thread.team.lead, thread.team.second],
        lasting=HEARD,
        workers=[thread.team.lead, thread.team.second],
        interviewee=interviewee,
        relation=relation,
        place_type=place_type,
        method=methods[place_type],
        place=place,
        read_and_signed=True,
        summary=text,
        **more,
    )
    told["key"] = f"{thread.key}-{whom}"


def _write(thread: Thread, wanted: tuple[str, ...]) -> None:
    sections = [_section(thread, number, code) for number, code in enumerate(SECTIONS, start=1) if code in wanted]
    thread.on_case(
        "write_report",
        thread.team.lead,
        key=f"{thread.key}-report",
        co_author=thread.team.second,
        kind="social_investigation",
        version=1,
        sections=sections,
    )


def _section(thread: Thread, number: int, code: str) -> dict[str, Any]:
    text = thread.text(f"section-{code}", thread.work["report"][code])
    told: dict[str, Any] = {"number": number, "code": code}
    if code not in RESTS_ON:
        return {**told, "text": text.format(n=thread.work["numerals"][thread.pools.between(DAYS)])}
    told["findings"] = [{"text": text, "sources": [f"{thread.key}-{whom}" for whom in RESTS_ON[code]]}]
    if code == "guardianship":
        told |= {
            "guardianship": thread.pools.take("guardianship", ["effective", "partial", "partial"]),
            "help_available": True,
        }
    if code == "assessment":
        told["reoffending"] = thread.pools.take("reoffending", ["low", "low", "medium"])
    return told


def _on_report(thread: Thread, verb: str, by: str, **fields: Any) -> None:
    thread.on_case(verb, by, report=f"{thread.key}-report", version=1, **fields)
