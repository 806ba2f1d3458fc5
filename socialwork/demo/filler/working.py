"""Steps of the work on a case, from consent to the visits after its end."""

from __future__ import annotations

from typing import Any

from socialwork.demo.filler.threads import Thread
from socialwork.demo.stage import RECORD_CONSENT

CONTACT, TALK, LESSON = (35, 80), (45, 60), (60, 95)
UNDER_AGE, WEEK = 14, 7
RISK = ("low", "low", "medium", "high")
DOMAINS_RATED = (0, 0, 0, 1, 1, 1, 2)
GOALS_OF = {"care": ("health_trauma", "family"), "young": ("school_work", "family", "leisure")}
MEETING_METHODS = {"agency": "face", "home": "home_visit", "community": "community_visit", "school": "school_visit"}
RESULTS = ("achieved", "achieved", "partly")
POINTS = {
    "timeliness": (16, 20),
    "procedure": (17, 20),
    "professionalism": (19, 24),
    "effect": (18, 24),
    "confidentiality": (9, 10),
}


def consent(thread: Thread) -> None:
    guardian, note = thread.child["guardians"][0], thread.work["consents"]
    replaces = {} if "legal_representative" in guardian["flags"] else {"substitute_reason": "missing"}
    signed = {
        "child": thread.child["key"],
        "method": thread.pools.take("consent-method", note["methods"]),
        "text_version": "2",
        "note": thread.text("consent", note["notes"]),
        **replaces,
    }
    young = thread.child["age_at_offence"]["years"] < UNDER_AGE
    thread.act(
        RECORD_CONSENT, thread.team.lead, kinds=thread.kind["consents"], given_by=["subject", guardian["key"]], **signed
    )
    if young:
        thread.act(
            RECORD_CONSENT, thread.team.lead, kinds=["personal_data_under_14"], given_by=[guardian["key"]], **signed
        )


def meet(thread: Thread) -> None:
    """The first time the child is met."""
    rows = [
        {"place": group["place"], "text": text}
        for group in thread.work["meetings"]
        if group.get("group", "") == thread.group
        for text in group["texts"]
    ]
    chosen = thread.pools.take(f"meeting-{thread.group}", rows)
    _contact(thread, chosen["place"], chosen["text"], cooperation=thread.pools.between((2, 4)))


def visit(thread: Thread) -> None:
    """A later contact: what was seen, what was agreed."""
    seen, agreed = (_fitting(thread, part) for part in ("seen", "agreed"))
    place = thread.pools.take("place", ["agency", "home", "community", "agency", "home"])
    _contact(thread, place, f"{seen}{agreed}", cooperation=thread.pools.between((3, 5)))


def miss(thread: Thread) -> None:
    """The child did not come."""
    missing = thread.work["missing"]
    number = thread.pools.take("missing", range(len(missing["texts"])))
    code = missing["codes"][number]
    absence = {"reason_class": missing["classes"][number], "reason_code": code, "reason": missing["reasons"][number]}
    thread.record(
        "log_contact",
        thread.team.lead,
        [thread.team.lead],
        lasting=(20, 30),
        workers=[thread.team.lead],
        place_type="home",
        method="home_visit",
        persons=[],
        topics=["other"],
        summary=missing["texts"][number],
        outcome="not_attended",
        absence=absence,
        **thread.next_meeting(),
    )


def read(thread: Thread) -> None:
    thread.on_case("review_record", thread.team.supervisor, record=thread.last_record, comment="")


def return_record(thread: Thread) -> None:
    comment = thread.text("record-return", thread.work["reviews"]["returns"])
    thread.on_case("return_record", thread.team.supervisor, record=thread.last_record, comment=comment)


def assess(thread: Thread) -> None:
    words, pools = thread.work["assessment"], thread.pools
    domains = [
        {
            "domain": domain,
            "rating": pools.take("rating", DOMAINS_RATED),
            "priority": pools.between((1, 4)) == 1,
            "facts": thread.text(domain, facts),
        }
        for domain, facts in words["facts"].items()
    ]
    thread.assessed = True
    thread.on_case(
        "assess_case",
        thread.team.lead,
        key=f"{thread.key}-assessment",
        occasion="start",
        domains=domains,
        risk_level=RISK[max(row["rating"] for row in domains)],
        protective=[pools.take("factor", words["protective"])],
        strengths=[thread.text("strength", words["strengths"]) for _number in range(2)],
        minors_view=thread.text("minor", words["minors"]),
        guardians_view=thread.text("guardian", words["guardians"]),
    )


def confirm(thread: Thread) -> None:
    level = next(act["risk_level"] for act in reversed(thread.acts) if act["verb"] == "assess_case")
    thread.on_case(
        "confirm_assessment",
        thread.team.supervisor,
        assessment=f"{thread.key}-assessment",
        risk_level=level,
        reason=thread.text("confirmed", thread.work["assessment"]["reasons"]),
    )


def plan(thread: Thread) -> None:
    """Goals for the weeks to come, sent to the prosecutor where the service asks for it."""
    words = thread.work["plans"]
    chosen = [thread.pools.take(f"goal-{thread.group}", _goals_for(thread)) for _number in range(2)]
    thread.goals = [f"{thread.key}-goal{number}" for number in range(1, len(chosen) + 1)]
    until = thread.day + thread.pools.between((40, 70))
    thread.on_case(
        "propose_plan" if thread.kind.get("approval") else "adopt_plan",
        thread.team.lead,
        key=f"{thread.key}-plan",
        version=1,
        aim=thread.text("aim", words["aims"]),
        minors_view=thread.text("plan-minor", words["minors"]),
        goals=[
            {"key": key, "by_day": until, **{name: row[name] for name in ("domain", "text", "indicator")}}
            for key, row in zip(thread.goals, chosen, strict=True)
        ],
        activities=[
            {
                "goal": key,
                "what": row["what"],
                "who": thread.team.lead,
                "responsible": row["responsible"],
                "how_often": row["often"],
                "times": row["times"],
                "per": row["per"],
                "by_day": until,
            }
            for key, row in zip(thread.goals, chosen, strict=True)
        ],
    )


def approve_plan(thread: Thread) -> None:
    if thread.kind.get("approval"):
        thread.on_case("approve_plan", thread.row["by"], plan=f"{thread.key}-plan")


def return_plan(thread: Thread) -> None:
    reason = thread.text("plan-return", thread.work["plans"]["returns"])
    thread.on_case("return_plan", thread.row["by"], plan=f"{thread.key}-plan", reason=reason)


def counsel(thread: Thread) -> None:
    note = thread.pools.take("counselling", thread.work["counselling"])
    sessions = sum(act["verb"] == "log_counselling" for act in thread.acts) + 1
    again = next((day for step, day in thread.steps[1:] if step == "counsel"), thread.day + WEEK)
    thread.record(
        "log_counselling",
        thread.team.counsellor,
        [thread.team.counsellor],
        lasting=TALK,
        session_no=sessions,
        place_type="agency",
        place="",
        visible_fact="",
        restricted_note=note["note"],
        next_on=again,
        **{name: note[name] for name in ("state", "goal", "approach", "progress", "risk")},
    )


def teach(thread: Thread) -> None:
    """A session with the family."""
    sessions = sum(act["verb"] == "log_family_session" for act in thread.acts) + 1
    relations = [guardian["relation"] for guardian in thread.child["guardians"]]
    thread.record(
        "log_family_session",
        thread.team.lead,
        [thread.team.lead],
        lasting=LESSON,
        session_no=sessions,
        place_type="agency",
        persons=[*relations, "subject"],
        topics=["health_habits", "character_law"],
        methods=["equal_talk", "both_parents"],
        content=thread.text("lesson", thread.work["family"]["texts"]),
        change=thread.pools.between((2, 4)),
        homework=thread.text("homework", thread.work["family"]["homework"]),
    )


def attend(thread: Thread) -> None:
    """An appropriate adult sits beside the child at a questioning."""
    words = thread.work["attendance"]
    thread.record(
        "log_attendance",
        thread.team.lead,
        [thread.team.lead],
        lasting=CONTACT,
        activity="interrogation",
        place=thread.text("attendance-place", words["places"]),
        legal_rep_absence="cannot_attend",
        legal_rep_absence_note=thread.text("absent", words["absences"]),
        rights_explained=True,
        minor_agreed=True,
        minor_state=thread.text("state", words["states"]),
        objections="",
        transcript_read=True,
        female_staff_present=True,
    )


def suspend(thread: Thread) -> None:
    thread.on_case("suspend_case", thread.row["by"], **thread.pools.take("suspension", thread.work["suspensions"]))


def cancel(thread: Thread) -> None:
    thread.on_case("cancel_case", thread.row["by"], **thread.pools.take("cancellation", thread.work["cancellations"]))


def hand_over(thread: Thread) -> None:
    """The lead is offered to somebody else, who has not answered yet."""
    thread.on_case(
        "reassign_case",
        thread.team.lead,
        key=f"{thread.key}-handover",
        role="lead",
        to=thread.row["to"],
        **{"from": thread.team.lead},
        reason="",
        **thread.pools.take("handover", thread.work["handovers"]),
    )


def finish(thread: Thread) -> None:
    thread.on_case("finish_service", thread.row["by"], reason=thread.text("finish", thread.work["endings"]["finish"]))


def evaluate(thread: Thread) -> None:
    points = {part: thread.pools.between(span) for part, span in POINTS.items()}
    comment = thread.text("evaluation", thread.work["endings"]["evaluation"])
    thread.on_case("evaluate_case", thread.row["by"], points=points, veto=[], comment=comment)


def close(thread: Thread) -> None:
    words = thread.work["endings"]
    excused = {} if thread.assessed or not thread.goals else {"assessment": thread.text("excused", words["excused"])}
    thread.on_case(
        "close_case",
        thread.row["by"],
        archived_by=thread.team.intake,
        visits=thread.row.get("visits", []),
        reason="goals_met" if thread.goals else "commission_finished",
        goals=[{"goal": key, "result": thread.pools.take("result", RESULTS)} for key in thread.goals],
        excused=excused,
        unresolved=thread.text("unresolved", words["unresolved"]),
        client_opinion=thread.text("opinion", words["opinions"]),
    )


def follow_up(thread: Thread) -> None:
    words = thread.work["endings"]
    thread.on_case(
        "record_follow_up",
        thread.team.lead,
        key=f"{thread.key}-visit",
        on=thread.day,
        after_months=thread.row["visits"][0],
        method="phone",
        summary=thread.text("follow-up", words["visits"]),
        needs="",
        school_work=thread.text("study", words["studies"]),
    )


def _contact(thread: Thread, place: str, text: str, *, cooperation: int) -> None:
    thread.record(
        "log_contact",
        thread.team.lead,
        [thread.team.lead, thread.team.second],
        lasting=CONTACT,
        workers=[thread.team.lead, thread.team.second],
        place_type=place,
        method=MEETING_METHODS[place],
        persons=["subject"],
        topics=[thread.pools.take("topic", thread.work["visits"]["about"]["moods"]) for _number in range(2)],
        summary=text,
        mood=thread.pools.between((2, 4)),
        cooperation=cooperation,
        **thread.next_meeting(),
    )


def _fitting(thread: Thread, part: str) -> str:
    """What can be seen or agreed depends on whether the child goes to school, works, or needs quiet."""
    texts: dict[str, list[str]] = thread.work["visits"][part]
    if thread.group:
        return thread.text(f"{part}-{thread.group}", texts[thread.group])
    more = {"casual_work": "work", "dropout_after": "work"}.get(thread.child["education_status"], "school")
    deck = more if thread.pools.between((1, 6)) == 1 else "any"
    return thread.text(f"{part}-{deck}", texts[deck])


def _goals_for(thread: Thread) -> list[dict[str, Any]]:
    domains = GOALS_OF.get(thread.group)
    goals: list[dict[str, Any]] = thread.work["goals"]
    if domains:
        return [row for row in goals if row["domain"] in domains]
    return [row for row in goals if row["domain"] != "health_trauma"]
