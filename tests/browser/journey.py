"""The verbs of the journeys: a story of fixtures/demo, act by act, through the browser by the people of the cast.

`play(verb, key)` takes the next act of that verb about that matter out of the story and does what it says on the screen:
whoever did it in the story does it here, in the story's words. Everything happens today: days that lie ahead in the story
lie as far ahead here, meetings are put one after the other into the last hours.
"""
from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect
from stdnum.cn import ric

from cases.models import Case, FollowUp, HandOver, PlanGoal, ReportSection, ServiceRecord
from cases.models.reporting import SECTIONS
from referrals.models import Referral
from socialwork.notifications import services as notices
from socialwork.notifications.models import Notice, Outgoing
from socialwork.notifications.registry import sentence_of
from socialwork.organisations.models import AgreementService, AgreementVersion
from socialwork.people.models import Guardian
from socialwork.today.acts import SENTENCES
from tests import cast
from tests.browser.actor import Actor, said

YES = {True: "yes", False: "no"}
MEETING = dt.timedelta(minutes=8)
MOVED = said("Somebody has already taken this further. Look at the present state and decide again.")


def read_story(slug: str) -> dict[str, Any]:
    return tomllib.loads((settings.DEMO_DIR / "stories" / f"{slug}.toml").read_text(encoding="utf-8"))


def widen(agreement: Any, *services: str) -> None:
    """The agreement also covers these services: the cast's names only the commonest."""
    version = AgreementVersion.objects.get(agreement=agreement)
    for code in services:
        AgreementService.objects.create(version=version, service_type=code, quota=20, unit="per_case", unit_price=800)


def hours() -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """One meeting after the other, all of the same day and over by now."""
    now = timezone.localtime()
    start = now - dt.timedelta(hours=5)
    if start.date() != now.date():
        start = (now - dt.timedelta(days=1)).replace(hour=13, minute=0)
    while True:
        yield start, start + MEETING
        start += MEETING


class Journey:
    """One story, its people and what became of it."""

    def __init__(self, slug: str, world: cast.World, open_page: Callable[..., Any], people: Mapping[str, str]) -> None:
        self.story = read_story(slug)
        self.world = world
        self.people = people
        self.acts = list(self.story["acts"])
        self.children = {child["key"]: child for child in self.story["children"]}
        self.sheets = {sheet["key"]: sheet for sheet in self.story["referrals"]}
        self.referrals: dict[str, Referral] = {}
        self.cases: dict[str, Case] = {}
        self.records: dict[str, ServiceRecord] = {}
        self.goals: dict[str, PlanGoal] = {}
        self.juveniles: dict[str, Any] = {}
        self.today = timezone.localdate()
        self._open, self._actors, self._hours = open_page, {}, hours()

    # ------------------------------------------------------------ people

    def user(self, name: str) -> Any:
        """Somebody of the cast, by the login in the story or by the name in the cast."""
        return getattr(self.world, self.people.get(name, name))

    def who(self, name: str) -> Actor:
        """The same person at their screen; workers have a phone."""
        user = self.user(name)
        if user.pk not in self._actors:
            width = 360 if "social_worker" in user.roles else 1280
            self._actors[user.pk] = Actor(self._open(user, width=width))
        return self._actors[user.pk]

    def told(self, name: str, verb: str, key: str, *, level: str = Notice.Level.ACT, must: str = "") -> Actor:
        """The start page tells the person of this event, and asks for the act `must` where there is one.

        What was written waits in the outbox until now: no worker runs beside the tests.
        """
        for row in Outgoing.objects.filter(confirmed_at=None):
            notices.deliver(event_id=row.pk, at=timezone.now())
        actor = self.who(name).go("today").sees(said(str(sentence_of(verb, level)), label=self.label(key, verb)))
        return actor.sees(said(str(SENTENCES[must]), label=self.label(key, verb))) if must else actor

    def asked(self, name: str, key: str, sentence: str) -> Actor:
        """The page of the case says on top what is to be done next."""
        actor = self.who(name).go("cases:detail", self.cases[key].pk)
        expect(actor.page.locator(".next-act")).to_contain_text(sentence)
        return actor

    def label(self, key: str, verb: str = "") -> str:
        """What notices call a matter: its number, or the work code of the child."""
        if key in self.cases and not verb.startswith("referral."):
            return self.cases[key].number
        referral = self.referral(key)
        return referral.number or referral.juvenile.code

    # ------------------------------------------------------------ the story

    def act(self, verb: str, key: str) -> dict[str, Any]:
        """The next act of this verb that carries the key or concerns the matter; each is played once."""
        for number, act in enumerate(self.acts):
            if act["verb"] == verb and key in (act.get("key"), act.get("referral"), act.get("case"), act.get("record")):
                return self.acts.pop(number)
        raise AssertionError(f"no act {verb} {key} is left in the story")

    def play(self, verb: str, key: str) -> Actor:
        act = self.act(verb, key)
        actor = self.who(act["by"])
        getattr(self, f"_{verb}" if not verb.startswith("log_") else "_log")(actor, act)
        assert not actor.errors(), f"{verb} {key}: {actor.errors()}"
        return actor

    def referral(self, key: str) -> Referral:
        self.referrals[key].refresh_from_db()
        return self.referrals[key]

    def case(self, key: str) -> Case:
        self.cases[key].refresh_from_db()
        return self.cases[key]

    def ahead(self, act: Mapping[str, Any], day: int) -> str:
        """A day of the story as far from today as it lay from the act."""
        return (self.today + dt.timedelta(days=day - act["day"])).isoformat()

    def born(self, child: Mapping[str, Any], sheet: Mapping[str, Any]) -> dt.date:
        event, age = self.event_on(sheet), child["age_at_offence"]
        months = event.year * 12 + event.month - 1 - age["years"] * 12 - age["months"]
        return dt.date(months // 12, months % 12 + 1, min(event.day, 28)) - dt.timedelta(days=3)

    def event_on(self, sheet: Mapping[str, Any]) -> dt.date:
        return self.today + dt.timedelta(days=sheet["offence_on"] - sheet["received_on"])

    # ------------------------------------------------------------ find or start

    def find_or_start(self, key: str) -> Referral:
        """Search first; nobody is found, so the child is registered and a draft begins."""
        sheet = self.sheets[key]
        child = self.children[sheet["child"]]
        prosecutor = self.who(sheet["prosecutor"]).go("today")
        prosecutor.page.fill("#topbar-q", child["name"])
        prosecutor.press(said("Find")).sees(said("Nobody found among the children you may see."))
        prosecutor.press(said("Register a new child"))
        prosecutor.enter_all(self.identity(child, sheet)).enter_rows("guardians", [_guardian(row) for row in child["guardians"]])
        prosecutor.press(said("Register and draft the referral"))
        assert not prosecutor.errors(), prosecutor.errors()
        return self._drafted(key, prosecutor)

    def start_again(self, key: str) -> Referral:
        """The child is known: it is found by the ID number, and a further draft begins from its page."""
        sheet = self.sheets[key]
        child = self.children[sheet["child"]]
        prosecutor = self.who(sheet["prosecutor"]).go("people:find")
        prosecutor.page.fill("#topbar-q", self.identity(child, sheet)["id_number"])
        prosecutor.press(said("Find"))
        prosecutor.go("people:juvenile", self.juveniles[sheet["child"]].pk)
        prosecutor.press(said("Refer this child")).press(said("Begin the draft"))
        return self._drafted(key, prosecutor)

    def identity(self, child: Mapping[str, Any], sheet: Mapping[str, Any]) -> dict[str, Any]:
        born = self.born(child, sheet)
        number = f"{child['id']['region']}{born:%Y%m%d}{child['id']['serial']:03d}"
        return {
            "name": child["name"], "id_number": number + ric.calc_check_digit(f"{number}0"), "ethnicity": child["ethnicity"],
            "household": child["household"], "address": child["residence"], "phone": child["phone"], "school": child.get("school", ""),
            "grade": child.get("grade", ""), "health": child["health"], "education_status": child["education_status"],
            "education_level": child["education_level"], "living": child["living"], "parenting": child["parenting"],
        }

    def _drafted(self, key: str, prosecutor: Actor) -> Referral:
        row = Referral.objects.select_related("juvenile").get(pk=prosecutor.identifier())
        self.referrals[key], self.juveniles[self.sheets[key]["child"]] = row, row.juvenile
        return row

    def write(self, key: str, *, agreement: Any, first: bool = False, without: tuple[str, ...] = ()) -> Actor:
        """Fill in the draft; `first` with what stood there before it was returned. The agency is chosen last."""
        sheet = self.sheets[key]
        limit = {**sheet["time_limit"], **(sheet.get("first_draft", {}).get("time_limit", {}) if first else {})}
        actor = self.who(sheet["prosecutor"]).go("referrals:edit_referral", self.referrals[key].pk)
        wanted = [row["service"] for row in sheet["services"] if row["service"] not in without]
        actor.enter_rows("services", [{"service_type": code, "quantity": 1} for code in wanted])
        with actor.page.expect_response(lambda answer: answer.url.endswith("/live/")):
            actor.enter_rows("paragraphs", [_paragraph(row, first) for row in sheet["facts"]])
            actor.enter_all(self._facts(sheet)).enter_all(self._limit(sheet, limit))
        actor.page.locator(f"#draft-agencies input[value='{agreement.pk}']").check()
        return actor

    def _facts(self, sheet: Mapping[str, Any]) -> dict[str, Any]:
        known = Guardian.objects.filter(juvenile=self.juveniles[sheet["child"]])
        names = ("subject_type", "stage", "custody", "incident", "urgency", "joint_offence")
        found = {name: sheet[name] for name in names} | {"offence_on": self.event_on(sheet), "guardians": [str(row.pk) for row in known]}
        return found | {name: sheet[name] for name in ("charge", "behaviours") if sheet.get(name)}

    def _limit(self, sheet: Mapping[str, Any], limit: Mapping[str, Any]) -> dict[str, Any]:
        if limit["rule"]:
            return {"due_choice": "proposed"}
        return {"due_choice": "other", "due_on": self.today + dt.timedelta(days=limit["due_on"] - sheet["received_on"])}

    # ------------------------------------------------------------ commission

    def _submit_referral(self, actor: Actor, act: dict[str, Any]) -> None:
        """From the draft page, which is open: save, see what follows, submit; a later limit is explained."""
        key = act["referral"]
        actor.press(f"{said('Submit')} …")
        assert not actor.errors(), actor.errors()
        if actor.has("limit_reason"):
            actor.enter(limit_reason=self.sheets[key]["time_limit"]["reason"])
        actor.press(said("Submit the referral"))
        assert self.referral(key).state == "pending_approval", actor.errors()

    def _approve_referral(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("referrals:approve_referral", self.referrals[act["referral"]].pk)
        actor.enter(remark=act.get("note", "")).press(said("Approve and send"))
        assert self.referral(act["referral"]).state == "issued", actor.errors()

    def _return_referral(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("referrals:return_referral", self.referrals[act["referral"]].pk)
        actor.enter(reason=act["reason"]).press(said("Return"))
        assert self.referral(act["referral"]).state == "draft", actor.errors()

    def _ask_information(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("referrals:ask_information", self.referrals[act["referral"]].pk)
        actor.enter(question=act["question"]).press(said("Send the question"))
        assert self.referral(act["referral"]).state == "info_requested", actor.errors()

    def _answer_information(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("referrals:answer_information", self.referrals[act["referral"]].pk)
        actor.enter(answer=act["answer"]).press(said("Send the answer"))
        assert self.referral(act["referral"]).state == "issued", actor.errors()

    def _decline_referral(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("referrals:decline_referral", self.referrals[act["referral"]].pk)
        actor.enter(reason_code=act["reason_code"], reason=act["reason"]).press(said("Decline"))
        assert self.referral(act["referral"]).state == "declined", actor.errors()

    def _withdraw_referral(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("referrals:withdraw_referral", self.referrals[act["referral"]].pk)
        actor.enter(reason_code=act["reason_code"], reason=act["reason"]).press(said("Withdraw"))
        assert self.referral(act["referral"]).state == "withdrawn", actor.errors()

    def _refer_again(self, actor: Actor, act: dict[str, Any]) -> None:
        """One button on the refused referral: everything written before stands in the new draft."""
        former = self.sheets[act["referral"]]["previous"]
        actor.go("referrals:detail", self.referrals[former].pk).press(said("Refer to another agency"))
        self._drafted(act["referral"], actor)

    def _accept_referral(self, actor: Actor, act: dict[str, Any]) -> None:
        key = act["referral"]
        people = {name: str(self.user(act[name]).pk) for name in ("lead", "second", "supervisor", "counsellor") if name in act}
        actor.go("cases:accept_referral", self.referrals[key].pk).enter_all(people).press(said("Accept and open the case"))
        assert self.referral(key).state == "accepted", actor.errors()
        self.cases[key] = Case.objects.get(referral=self.referrals[key])

    def _reassign_case(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:reassign_case", self.cases[act["case"]].pk)
        actor.enter(
            function=act["role"], receiver=self.user(act["to"]).pk, reason=act["reason_code"], open_matters=act["open_matters"],
            next_steps=act["next_steps"], advice=act["advice"],
        ).press(said("Offer the hand-over"))

    def _accept_handover(self, actor: Actor, act: dict[str, Any]) -> None:
        offer = HandOver.objects.get(case=self.cases[act["case"]], accepted_at=None, withdrawn_at=None)
        actor.go("cases:accept_handover", offer.pk).enter(read=True).press(said("Take over"))

    def _suspend_case(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:suspend_case", self.cases[act["case"]].pk)
        actor.enter(reason_code=act["reason_code"], explanation=act["reason"]).press(said("Suspend"))
        assert self.case(act["case"]).state == "suspended", actor.errors()

    def _resume_case(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:resume_case", self.cases[act["case"]].pk).enter(explanation=act["reason"]).press(said("Resume"))
        assert self.case(act["case"]).state == "in_progress", actor.errors()

    # ------------------------------------------------------------ consents

    def consent(self, key: str) -> None:
        """Every agreement of one consent form: each kind by each signer, on the day of the meetings."""
        form = next(row for row in self.story["consents"] if row["key"] == key)
        child, day = self.juveniles[form["child"]], self._peek()[0].date()
        guardians = {row["key"]: row for row in self.children[form["child"]]["guardians"]}
        rows = {row.relation: str(row.pk) for row in Guardian.objects.filter(juvenile=child)}
        actor = self.who(form["by"])
        for signer in form["given_by"]:
            for kind in form["kinds"]:
                actor.go("people:record_consent", child.pk)
                if signer == "subject":
                    actor.enter(kind=kind, capacity="minor")
                else:
                    actor.enter(kind=kind, capacity="guardian", guardian=rows[guardians[signer]["relation"]])
                actor.enter(given_on=day, method=form["method"], note=form.get("note", "")).press(said("Save"))
                assert not actor.errors(), (signer, kind, actor.errors())

    # ------------------------------------------------------------ records

    def _log(self, actor: Actor, act: dict[str, Any]) -> None:
        case = self.cases[act.get("case") or act["cases"][0]]
        self.open_record(actor, act, case).press(said("Submit record"))
        assert not actor.errors(), f"{act['key']}: {actor.errors()}"
        self.records[act["key"]] = ServiceRecord.objects.filter(case=case).latest("created_at")

    def open_record(self, actor: Actor, act: dict[str, Any], case: Case) -> Actor:
        """The form of the record, filled in with the words of the act and not yet submitted."""
        actor.go(f"cases:{act['verb']}", case.pk)
        actor.enter_all({**self._occasion(actor, act, case), **getattr(self, f"_of_{act['verb'][4:]}")(act)})
        if "goals" in act:
            actor.enter(goals=[str(self.goals[name].pk) for name in act["goals"]])
        if act["verb"] == "log_activity":
            actor.enter_rows("participants", [self._participant(row) for row in act["participants"] if row["case"] in self.cases])
        return actor

    def _occasion(self, actor: Actor, act: dict[str, Any], case: Case) -> dict[str, Any]:
        start, end = next(self._hours)
        found: dict[str, Any] = {"on": start.date(), "started": f"{start:%H:%M}", "ended": f"{end:%H:%M}", "place": act.get("place_type", "")}
        if act["verb"] in ("log_contact", "log_interview"):
            found["method"] = act["method"]
        elif actor.has("method"):
            found["method"] = "face"
        team = {str(pk) for pk in (case.lead_id, case.second_id)}
        others = [str(self.user(login).pk) for login in act.get("workers", ()) if login != act["by"]]
        if team.intersection(others) and actor.has("co_worker"):
            found["co_worker"] = next(iter(team.intersection(others)))
        if actor.has("outcome"):
            found["outcome"] = act.get("outcome", "on_time")
        if "absence" in act:
            found["absence_reason"] = act["absence"]["reason_code"]
        if "late_minutes" in act:
            found["late_minutes"] = act["late_minutes"]
        if "next_on" in act:
            found["next_on"] = start.date() + dt.timedelta(days=act["next_on"] - act["on"])
        return found | ({"crisis": act["crisis"]} if "crisis" in act else {})

    def _of_contact(self, act: dict[str, Any]) -> dict[str, Any]:
        found = {"summary": act["summary"], "topics": act["topics"], "present": act["persons"]}
        found |= {"response": act.get("action", ""), "concerns": act.get("new_risk", "")}
        found |= {f"duty_{duty}": finding for duty, finding in act.get("duty_check", {}).items()}
        return found | {name: act[name] for name in ("mood", "cooperation") if name in act}

    def _of_interview(self, act: dict[str, Any]) -> dict[str, Any]:
        return {
            "interviewee": act["interviewee"], "summary": act["summary"],
            "present": "、".join([act["relation"], *act.get("attendees", ())]),
            "questions": "\n".join(f"问：{row['q']}\n答：{row['a']}" for row in act.get("qa", ())),
            "documents": "\n".join(row["title"] for row in act.get("documents", ())),
            "read_and_signed": act.get("read_and_signed", False),
        }

    def _of_counselling(self, act: dict[str, Any]) -> dict[str, Any]:
        return {
            "session": act["session_no"], "state": act["state"], "goal": act["goal"], "method_used": act["approach"],
            "progress": act["progress"], "risk": act["risk"], "next": act["restricted_note"],
        }

    def _of_family_session(self, act: dict[str, Any]) -> dict[str, Any]:
        found = {name: act[name] for name in ("topics", "methods", "change") if name in act}
        return {
            **found, "session": act["session_no"], "present": act["persons"], "summary": act["content"], "next_plan": act["homework"],
        }

    def _of_attendance(self, act: dict[str, Any]) -> dict[str, Any]:
        asked = {name: YES[act[name]] for name in ("rights_explained", "minor_agreed", "transcript_read")}
        if self.cases[act["case"]].juvenile.sex == "female":
            asked["female_staff_present"] = YES[act["female_staff_present"]]
        return {
            **asked, "activity": act["activity"], "representative_absence": act["legal_rep_absence"],
            "summary": act["legal_rep_absence_note"], "response": act["minor_state"], "concerns": act["objections"],
        }

    def _of_activity(self, act: dict[str, Any]) -> dict[str, Any]:
        return {"activity": act["activity_kind"], "summary": act["content"], "photos": act["photos"]}

    def _participant(self, row: dict[str, Any]) -> dict[str, Any]:
        found = {"case": self.cases[row["case"]].pk, "outcome": row["outcome"], "evaluation": row["evaluation"]}
        return found | {"hours": row["hours"]} | ({"absence_reason": row["reason_code"]} if "reason_code" in row else {})

    def _review_record(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:record", self.records[act["record"]].pk).press(said("Mark as read"))

    def _return_record(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:record", self.records[act["record"]].pk)
        actor.enter(comment=act["comment"]).press(said("Return with this comment"))

    def _amend_record(self, actor: Actor, act: dict[str, Any]) -> None:
        """The words that change are changed where they stand; old and new are then seen side by side."""
        record = self.records[act["record"]]
        actor.go("cases:amend_record", record.pk)
        for change in act["changes"]:
            text = actor.value(change["field"])
            assert change["old"] in text, (change, text)
            actor.enter_all({change["field"]: text.replace(change["old"], change["new"])})
        actor.enter(reason=act["reason"]).press(said("Save the correction"))
        assert not actor.errors(), actor.errors()
        actor.sees(act["reason"], *(change["new"] for change in act["changes"]))

    def _peek(self) -> tuple[dt.datetime, dt.datetime]:
        slot = next(self._hours)
        return slot

    # ------------------------------------------------------------ assessment and plan

    def _assess_case(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:assess_case", self.cases[act["case"]].pk)
        fields: dict[str, Any] = {"occasion": act["occasion"]}
        for row in act["domains"]:
            code = row["domain"]
            fields |= {f"rating_{code}": row["rating"], f"facts_{code}": row["facts"]}
            fields |= {f"{name}_{code}": True for name in ("strength", "priority") if row.get(name)}
        needs = "；".join(f"{row['action']}" for row in act.get("needs", ()) if row["level"])
        fields |= {"protective": act["protective"], "strengths": "；".join(act["strengths"]), "needs": needs}
        fields |= {"minors_view": act["minors_view"], "guardians_view": act["guardians_view"]}
        actor.enter_all(fields).press(said("Save the assessment"))

    def _confirm_assessment(self, actor: Actor, act: dict[str, Any]) -> None:
        row = self.cases[act["case"]].assessments.latest("assessed_at")
        actor.go("cases:confirm_assessment", row.pk)
        actor.enter(risk_level=act["risk_level"], override_reason=act["reason"]).press(said("Confirm"))
        assert self.case(act["case"]).risk_level == act["risk_level"], actor.errors()

    def _propose_plan(self, actor: Actor, act: dict[str, Any]) -> None:
        self.write_plan(actor, act).press(said("Send for approval"))

    def _adopt_plan(self, actor: Actor, act: dict[str, Any]) -> None:
        self.write_plan(actor, act).press(said("Put in force"))

    def write_plan(self, actor: Actor, act: dict[str, Any]) -> Actor:
        """Goals with their activities; a goal that is missing is asked for, a plan in force is copied into a new version."""
        case = self.cases[act["case"]]
        actor.go("cases:write_plan", case.pk)
        while int(actor.value("goals-TOTAL_FORMS")) < len(act["goals"]):
            actor.press(said("Another goal"))
        actor.enter(aim=act["aim"], minors_view=act["minors_view"])
        for number, goal in enumerate(act["goals"]):
            actor.enter_all({
                f"goals-{number}-goal": goal["text"], f"goals-{number}-measure": goal["indicator"], f"goals-{number}-domain": goal["domain"],
            })
            rows = [row for row in act["activities"] if row["goal"] == goal["key"]]
            actor.enter_rows(f"goals-{number}-activities", [self._activity(act, row) for row in rows])
        actor.press(said("Save the plan"))
        assert not actor.errors(), actor.errors()
        plan = case.plans.latest("number")
        self.goals |= {goal["key"]: row for goal, row in zip(act["goals"], plan.goals.order_by("position"), strict=True)}
        return actor

    def _activity(self, act: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
        names = {"activity": row["what"], "responsible": row["responsible"], "times": row["times"], "per": row["per"]}
        return names | {"until": self.ahead(act, row["by_day"])}

    def _approve_plan(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:plan", self.cases[act["case"]].pk).press(said("Approve"))

    def _return_plan(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:return_plan", self.cases[act["case"]].plans.latest("number").pk)
        actor.enter(reason=act["reason"]).press(said("Return"))

    # ------------------------------------------------------------ report

    def _write_report(self, actor: Actor, act: dict[str, Any]) -> None:
        """Begin the report if it is new; write the sections one after the other; answer the three questions."""
        case = self.cases[act["case"]]
        if act["version"] == 1:
            actor.go("cases:report", case.pk).press(said("Begin the report")).press(said("Begin the report"))
        for section in act["sections"]:
            self.write_section(actor, case, section, "Save and next section" if section["code"] != SECTIONS[-1] else "Save section")
        names = ("guardianship", "help_available", "reoffending")
        facts = {name: section[name] for section in act["sections"] for name in names if name in section}
        if len(facts) == 3:
            actor.go("cases:report_facts", case.pk)
            actor.enter_all({**facts, "help_available": YES[facts["help_available"]]}).press(said("Save"))

    def write_section(self, actor: Actor, case: Case, section: dict[str, Any], label: str) -> None:
        row = ReportSection.objects.get(report__case=case, key=section["code"])
        if str(row.pk) not in actor.page.url:
            actor.go("cases:write_section", row.pk)
        actor.enter(body=section.get("text", ""))
        if findings := [self._finding(row) for row in section.get("findings", ()) if self._known(row)]:
            actor.enter_rows("findings", findings)
        if "unsourced_reason" in section:
            actor.enter(unsourced_reason=section["unsourced_reason"])
        actor.press(said(label))
        assert not actor.errors(), (section["code"], actor.errors())

    def _known(self, finding: dict[str, Any]) -> bool:
        """Whether somebody who was heard here said it; a finding that never had a source is written all the same."""
        return not finding["sources"] or any(self.source(key) for key in finding["sources"])

    def _finding(self, finding: dict[str, Any]) -> dict[str, Any]:
        heard = {str(row.pk) for row in map(self.source, finding["sources"]) if row}
        return {"statement": finding["text"], "sources": sorted(heard)}

    def source(self, key: str) -> ServiceRecord | None:
        """The record a finding rests on; a document of the story lies in the interview that brought it."""
        holders = [act["key"] for act in self.story["acts"] for row in act.get("documents", ()) if row["key"] == key]
        return self.records.get(holders[0] if holders else key)

    def _send_report_for_review(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:send_report_for_review", self.cases[act["case"]].pk)
        assert not actor.errors(), actor.errors()
        actor.press(said("Send for review"))

    def _accept_section(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:review_report", self.cases[act["case"]].pk)
        for number in act["sections"]:
            actor.press(said("Accept section"), exact=False, inside=f"#section-{SECTIONS[number - 1]}-form")

    def _return_section(self, actor: Actor, act: dict[str, Any]) -> None:
        place = f"#section-{SECTIONS[act['section'] - 1]}-form"
        actor.go("cases:review_report", self.cases[act["case"]].pk)
        actor.page.fill(f"{place} [name=quote]", act["quote"])
        actor.page.fill(f"{place} [name=comment]", act["comment"])
        actor.press(said("Return"), exact=False, inside=place)
        assert not actor.errors(), actor.errors()

    def _submit_report(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:submit_report", self.cases[act["case"]].pk).press(said("Submit to the prosecutor"))
        assert self.case(act["case"]).state == "submitted", actor.errors()

    def _respond_report(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:respond_report", self.cases[act["case"]].pk)
        for row in act["sections"]:
            name = SECTIONS[row["section"] - 1]
            actor.enter_all({f"{name}-result": row["result"]})
            if row["result"] != "accepted":
                actor.enter_all({f"{name}-remark": row["comment"]})
        actor.enter(result=act["result"], used_for=act.get("used_for", []), remark=act["comment"]).press(said("Send the answer"))

    # ------------------------------------------------------------ the end

    def _finish_service(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:finish_service", self.cases[act["case"]].pk).enter(remark=act["reason"]).press(said("Confirm"))
        assert self.case(act["case"]).state == "report_accepted", actor.errors()

    def _evaluate_case(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:evaluate_case", self.cases[act["case"]].pk)
        actor.enter(**act["points"], vetoes=act["veto"], remark=act["comment"]).press(said("Evaluate"))
        assert self.case(act["case"]).state == "evaluated", actor.errors()

    def _close_case(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:close_case", self.cases[act["case"]].pk)
        fields = {name: act[name] for name in ("reason", "unresolved", "client_opinion")}
        fields |= {f"goal-{self.goals[row['goal']].pk}": row["result"] for row in act["goals"]}
        fields |= {f"excuse_{code}": text for code, text in act.get("excused", {}).items()}
        actor.enter_all(fields).enter(visits=[str(months) for months in act["visits"]]).press(said("Close the case"))
        assert self.case(act["case"]).state == "closed", actor.errors()

    def _record_follow_up(self, actor: Actor, act: dict[str, Any]) -> None:
        """The visit is made today already: nobody can move the clock."""
        row = FollowUp.objects.filter(case=self.cases[act["case"]], done_at=None).earliest("planned_on")
        actor.go("cases:record_follow_up", row.pk)
        actor.enter(reached="yes", situation=act["summary"], needs=act["needs"]).press(said("Save"))
        actor.sees(act["summary"])


def _guardian(row: Mapping[str, Any]) -> dict[str, Any]:
    names = {"relation": "relation", "name": "name", "phone": "phone", "occupation": "job", "address": "address", "flags": "flags"}
    return {field: row[name] for field, name in names.items() if row.get(name)}


def _paragraph(row: Mapping[str, Any], first: bool) -> dict[str, Any]:
    told = {**row, **(row.get("first_draft", {}) if first else {})}
    return {"kind": row["kind"], "shared": told["shared"], "body": told["text"]}
