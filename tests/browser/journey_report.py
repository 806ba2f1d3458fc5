"""The verbs of a journey for the report, the course and the end of a case."""
from __future__ import annotations

from typing import Any

from cases.models import Case, FollowUp, HandOver, ReportSection, ServiceRecord
from cases.models.reporting import SECTIONS
from tests.browser.actor import Actor, said
from tests.browser.journey_case import YES


class Reporting:
    """The report with its review and answer."""

    def _write_report(self, actor: Actor, act: dict[str, Any]) -> None:
        """Begin the report if it is new; write the sections one after the other; answer the three questions."""
        case = self.cases[act["case"]]
        if act["version"] == 1:
            actor.go("cases:report", case.pk).press(said("Begin the report")).press(said("Begin the report"))
        for section in act["sections"]:
            label = "Save section" if section["code"] == SECTIONS[-1] else "Save and next section"
            self.write_section(actor, case, section, label)
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
        actor.enter(result=act["result"], used_for=act.get("used_for", []), remark=act["comment"])
        actor.press(said("Send the answer"))


class Ending:
    """Hand-over, suspension, and everything from the finished service to the visits afterwards."""

    def _reassign_case(self, actor: Actor, act: dict[str, Any]) -> None:
        actor.go("cases:reassign_case", self.cases[act["case"]].pk)
        actor.enter(
            function=act["role"], receiver=self.user(act["to"]).pk, reason=act["reason_code"],
            open_matters=act["open_matters"], next_steps=act["next_steps"], advice=act["advice"],
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
