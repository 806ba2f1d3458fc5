"""The verbs of a journey in the daily work: consents, service records, assessments, plans."""
from __future__ import annotations

import datetime as dt
from typing import Any

from cases.models import Case, ServiceRecord
from socialwork.core import vocabulary
from socialwork.people.models import Guardian
from tests.browser.actor import Actor, said

YES = {True: "yes", False: "no"}


class Working:
    """What the two workers, the counsellor and the supervisor write down."""

    def consent(self, key: str) -> None:
        """Every agreement of one consent form: each kind by each signer it asks for, on the day of the meetings."""
        form = next(row for row in self.story["consents"] if row["key"] == key)
        child, day = self.juveniles[form["child"]], next(self._hours)[0].date()
        actor = self.who(form["by"])
        for signer in form["given_by"]:
            for kind in form["kinds"]:
                if signer == "subject" and "subject" not in vocabulary.term("consent_kind", kind).extra["signers"]:
                    continue
                actor.go("people:record_consent", child.pk)
                actor.enter(kind=kind, **self._signer(form, signer))
                actor.enter(given_on=day, method=form["method"], note=form.get("note", "")).press(said("Save"))
                assert not actor.errors(), (signer, kind, actor.errors())

    def _signer(self, form: dict[str, Any], signer: str) -> dict[str, str]:
        """Who signs: the child, a guardian, or somebody in the guardian's place with the reason."""
        if signer == "subject":
            return {"capacity": "minor"}
        told = next(row for row in self.children[form["child"]]["guardians"] if row["key"] == signer)
        if "substitute_reason" in form:
            return {"capacity": "substitute", "substitute_reason": form["substitute_reason"], "signer": told["name"]}
        rows = Guardian.objects.filter(juvenile=self.juveniles[form["child"]], relation=told["relation"])
        return {"capacity": "guardian", "guardian": str(rows.get().pk)}

    # ------------------------------------------------------------ records

    def _log(self, actor: Actor, act: dict[str, Any]) -> None:
        case = self.cases[act.get("case") or act["cases"][0]]
        self.open_record(actor, act, case).press(said("Submit record"))
        assert not actor.errors(), f"{act['key']}: {actor.errors()}"
        self.records[act["key"]] = ServiceRecord.objects.filter(case=case).latest("created_at")

    def play_each_part(self, key: str) -> None:
        """A joint activity of several workers' children: everybody writes down the part of the own children."""
        act = self.act("log_activity", key)
        here = [row for row in act["participants"] if row["case"] in self.cases]
        for login in dict.fromkeys(row["by"] for row in here):
            rows = [row for row in here if row["by"] == login]
            part = {**act, "by": login, "cases": [row["case"] for row in rows], "participants": rows}
            self._log(self.who(login), part)

    def open_record(self, actor: Actor, act: dict[str, Any], case: Case) -> Actor:
        """The form of the record, filled in with the words of the act and not yet submitted."""
        actor.go(f"cases:{act['verb']}", case.pk)
        actor.enter_all({**self._occasion(actor, act, case), **getattr(self, f"_of_{act['verb'][4:]}")(act)})
        if "goals" in act:
            actor.enter(goals=[str(self.goals[name].pk) for name in act["goals"]])
        if act["verb"] == "log_activity":
            here = [row for row in act["participants"] if row["case"] in self.cases]
            actor.enter_rows("participants", [self._participant(row) for row in here])
        return actor

    def _occasion(self, actor: Actor, act: dict[str, Any], case: Case) -> dict[str, Any]:
        start, end = next(self._hours)
        found: dict[str, Any] = {"on": start.date(), "started": f"{start:%H:%M}", "ended": f"{end:%H:%M}"}
        found["place"] = act.get("place_type", "")
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
        if act.get("tell_prosecutor"):
            found |= {"tell": True, "tell_prosecutor": act["tell_prosecutor"]}
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
            **found, "session": act["session_no"], "present": act["persons"], "summary": act["content"],
            "next_plan": act["homework"],
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
        found = {"case": self.cases[row["case"]].pk, "outcome": row["outcome"]}
        found |= {name: row[name] for name in ("hours", "late_minutes", "evaluation") if name in row}
        return found | ({"absence_reason": row["absence"]["reason_code"]} if "absence" in row else {})

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
        """Goals with their activities; a missing goal is asked for, a plan in force is copied into a new version."""
        case = self.cases[act["case"]]
        actor.go("cases:write_plan", case.pk)
        while int(actor.value("goals-TOTAL_FORMS")) < len(act["goals"]):
            actor.press(said("Another goal"))
        aim = "\n".join(filter(None, [act["aim"], act.get("change_reason", "")]))
        actor.enter(aim=aim, minors_view=act["minors_view"])
        for number, goal in enumerate(act["goals"]):
            actor.enter_all({
                f"goals-{number}-goal": goal["text"], f"goals-{number}-measure": goal["indicator"],
                f"goals-{number}-domain": goal["domain"],
            })
            rows = [row for row in act["activities"] if row["goal"] == goal["key"]]
            actor.enter_rows(f"goals-{number}-activities", [self._activity(act, row) for row in rows])
        actor.press(said("Save the plan"))
        assert not actor.errors(), actor.errors()
        plan = case.plans.latest("number")
        written = zip(act["goals"], plan.goals.order_by("position"), strict=True)
        self.goals |= {goal["key"]: row for goal, row in written}
        return actor

    def _activity(self, act: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
        names = {"activity": row["what"], "responsible": row["responsible"], "times": row["times"], "per": row["per"]}
        return names | {"until": self.ahead(act, row["by_day"])}

    def _approve_plan(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:plan", self.cases[act["case"]].pk).press(said("Approve"))

    def _return_plan(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:return_plan", self.cases[act["case"]].plans.latest("number").pk)
        actor.enter(reason=act["reason"]).press(said("Return"))
