"""The verbs of a journey from the search box to the agency's answer."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from stdnum.cn import ric

from cases.models import Case
from referrals.models import Referral
from socialwork.core import vocabulary
from socialwork.people.models import Guardian
from tests.browser.actor import Actor, said


class Referring:
    """The child is found or registered, referred, approved, asked about and accepted."""

    def find_or_start(self, key: str) -> Referral:
        """Search first; nobody is found, so the child is registered and a draft begins."""
        sheet = self.sheets[key]
        child = self.children[sheet["child"]]
        prosecutor = self.who(sheet["prosecutor"]).go("today")
        prosecutor.page.fill("#topbar-q", child["name"])
        prosecutor.press(said("Find")).sees(said("Nobody found among the children you may see."))
        prosecutor.press(said("Register a new child"))
        known = self.identity(child, sheet)
        self.numbers[sheet["child"]] = known["id_number"]
        prosecutor.enter_all(known)
        prosecutor.enter_rows("guardians", [_guardian(row) for row in child["guardians"]])
        prosecutor.press(said("Register and draft the referral"))
        assert not prosecutor.errors(), prosecutor.errors()
        return self._drafted(key, prosecutor)

    def start_again(self, key: str) -> Referral:
        """The child is known: it is found by the ID number, and a further draft begins from its page."""
        sheet = self.sheets[key]
        juvenile = self.juveniles[sheet["child"]]
        prosecutor = self.who(sheet["prosecutor"]).go("people:find")
        prosecutor.page.fill("#topbar-q", self.numbers[sheet["child"]])
        prosecutor.press(said("Find")).sees(juvenile.code).go("people:juvenile", juvenile.pk)
        prosecutor.press(said("Refer this child")).press(said("Begin the draft"))
        return self._drafted(key, prosecutor)

    def identity(self, child: Mapping[str, Any], sheet: Mapping[str, Any]) -> dict[str, Any]:
        born = self.born(child, sheet)
        ethnic = next(term.code for term in vocabulary.terms("ethnicity") if term.zh == child["ethnicity"])
        number = f"{child['id']['region']}{born:%Y%m%d}{child['id']['serial']:03d}"
        return {
            "name": child["name"], "id_number": number + ric.calc_check_digit(f"{number}0"), "ethnicity": ethnic,
            "household": child["household"], "address": child["residence"], "phone": child["phone"],
            "school": child.get("school", ""),
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
        found = {name: sheet[name] for name in names}
        found |= {"offence_on": self.event_on(sheet), "guardians": [str(row.pk) for row in known]}
        return found | {name: sheet[name] for name in ("charge", "behaviours") if sheet.get(name)}

    def _limit(self, sheet: Mapping[str, Any], limit: Mapping[str, Any]) -> dict[str, Any]:
        if limit["rule"]:
            return {"due_choice": "proposed"}
        return {"due_choice": "other", "due_on": self.today + dt.timedelta(days=limit["due_on"] - sheet["received_on"])}

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
        functions = [name for name in ("lead", "second", "supervisor", "counsellor") if name in act]
        actor.go("cases:accept_referral", self.referrals[key].pk)
        actor.enter_all({name: self.user(act[name]).pk for name in functions}).press(said("Accept and open the case"))
        assert self.referral(key).state == "accepted", actor.errors()
        self.cases[key] = Case.objects.get(referral=self.referrals[key])


def _guardian(row: Mapping[str, Any]) -> dict[str, Any]:
    told = {**row, "occupation": row.get("job")}
    names = ("relation", "name", "phone", "occupation", "address", "flags")
    return {name: told[name] for name in names if told.get(name)}


def _paragraph(row: Mapping[str, Any], first: bool) -> dict[str, Any]:
    told = {**row, **(row.get("first_draft", {}) if first else {})}
    return {"kind": row["kind"], "shared": told["shared"], "body": told["text"]}
