"""Investigation reports of the country, and the end of cases: evaluated, closed, visited afterwards."""
from __future__ import annotations

import json
from typing import Any

from cases.models import (
    Evaluation,
    FollowUp,
    Report,
    ReportResponse,
    ReportSection,
    SectionResponse,
    SectionReview,
    SectionText,
)
from cases.models.reporting import REQUIRED_SECTIONS, SECTIONS
from cases.services.closing import VISITS
from cases.states import CaseState
from socialwork.bench.country import casework
from socialwork.bench.country.casework import Running, clock, decide
from socialwork.bench.country.chance import DAY, between, later, one_of
from socialwork.bench.country.desk import Desk, packed
from socialwork.bench.country.tables import FALSE, TRUE, field, spelled
from socialwork.bench.country.words import some, words

TYPE = "cases.report"
SUPPLEMENT = "D2d"
# The one section that is sent back when a report is.
WANTING = "guardianship"


def begin_report(desk: Desk, case: Running, sent: int, reviewed: int | None) -> bytes:
    """The report as it was sent to the supervisor, and reviewed when `reviewed` is given; gives its identifier."""
    pk, begun = desk.uuid(sent - 3 * DAY), max(sent - 3 * DAY, case.opened + 60)
    thread, lead = case.matter.id, case.lead
    desk.event(begun, lead, "report.begun", TYPE, pk, thread)
    desk.moved(sent, lead, "report.sent_for_review", TYPE, pk, thread, "draft", "in_review", '"number":1')
    if reviewed is not None:
        desk.moved(reviewed, case.supervisor, "report.reviewed", TYPE, pk, thread, "in_review", "reviewed", '"number":1')
    case.touch(reviewed or sent)
    return pk


def write_report(
    desk: Desk, case: Running, pk: bytes, state: str, sent: int, reviewed: int | None, *, returned: int | None = None,
    accepted: int | None = None,
) -> None:
    """The rows of a report in its present state with its sections, each with the text that was fixed."""
    read = {} if reviewed is None else {
        "reviewed_at": desk.moment(reviewed), "reviewed_by_id": case.supervisor.id, "read_at": desk.moment(reviewed - 5),
        "read_by_id": case.supervisor.id,
    }
    desk.sheet.add(
        Report, id=pk, created_at=desk.moment(sent - 600), case_id=case.id, version=2, state=state, round=2 if returned else 1,
        first_author_id=case.lead.id, second_author_id=case.second.id, guardianship="partial", help_available=TRUE,
        reoffending=one_of(desk.chance, ("low", "low", "medium")), used_for=("cnp",) if accepted else (),
        sent_at=desk.moment(sent), sent_by_id=case.lead.id, **read,
    )
    answers = {}
    for key in SECTIONS:
        wanting = returned is not None and accepted is None and key == WANTING
        answers[key] = _section(desk, case, pk, key, sent, reviewed, wanting=wanting)
    if returned:
        _respond(desk, case, pk, 1, "returned", answers, returned)
    if accepted:
        _respond(desk, case, pk, 2 if returned else 1, "accepted", answers, accepted)


def _section(desk: Desk, case: Running, report: bytes, key: str, sent: int, reviewed: int | None, *, wanting: bool) -> bytes:
    row, fixed = desk.uuid(sent), desk.uuid(sent)
    child, said = case.matter.child, ""
    written: dict[str, Any] = {}
    if key in REQUIRED_SECTIONS:
        said = some(desk.chance, words()["report"]["body"], 3)
        written = {
            "sealed": desk.seal(ReportSection, child, row, packed(body=said)), "edited_at": desk.moment(sent - 30),
            "edited_by_id": case.lead.id,
        }
    review = "returned" if wanting else ("open" if reviewed is None else "accepted")
    desk.sheet.add(
        ReportSection, id=row, created_at=desk.moment(sent - 600), report_id=report, key=key, version=2 if said else 1,
        review=review, **written,
    )
    desk.sheet.add(
        SectionText, id=fixed, created_at=desk.moment(sent), section_id=row, number=1, fixed_at=desk.moment(sent),
        sealed=desk.seal(SectionText, child, fixed, packed(body=said) if said else packed()),
    )
    if reviewed is not None:
        desk.sheet.add(
            SectionReview, section_id=row, text_number=1, accepted=TRUE, decided_at=desk.moment(reviewed - 5),
            decided_by_id=case.supervisor.id,
        )
    return row


def _respond(desk: Desk, case: Running, report: bytes, number: int, result: str, sections: dict[str, bytes], minute: int) -> None:
    """The prosecutor's answer, section by section."""
    pk, book, child = desk.uuid(minute), words()["report"], case.matter.child
    common = {"created_at": desk.moment(minute)}
    desk.sheet.add(
        ReportResponse, id=pk, report_id=report, round=number, result=result, responded_at=desk.moment(minute),
        used_for=("cnp",) if result == "accepted" else (), responded_by_id=case.matter.prosecutor.id,
        sealed=desk.seal(ReportResponse, child, pk, packed(remark=one_of(desk.chance, book["remark"]))), **common,
    )
    for key, section in sections.items():
        row = desk.uuid(minute)
        wanting = result == "returned" and key == WANTING
        said = packed(remark=book["returned"]) if wanting else packed()
        desk.sheet.add(
            SectionResponse, id=row, response_id=pk, section_id=section, result="returned" if wanting else "accepted",
            sealed=desk.seal(SectionResponse, child, row, said), **common,
        )


def submit_report(desk: Desk, case: Running, pk: bytes, minute: int, number: int = 1) -> None:
    """The reviewed report goes to the prosecutor, for the first time or after a return."""
    before, thread = case.stands, case.matter.id
    case.stamp(desk, "submitted", minute, case.supervisor)
    case.stands = CaseState.SUBMITTED
    desk.moved(minute, case.supervisor, "report.submitted", TYPE, pk, thread, "reviewed", "submitted", f'"round":{number}')
    desk.moved(minute, case.supervisor, "case.report_submitted", casework.TYPE, case.id, thread, before, "submitted",
               f'"round":{number}')


def answer_report(desk: Desk, case: Running, pk: bytes, minute: int, *, accepted: bool, corrected: int | None = None) -> None:
    """Accepted, or given back with a clock for the supplement, met when the report was handed in again."""
    prosecutor, thread = case.matter.prosecutor, case.matter.id
    case.stamp(desk, "responded", minute, prosecutor)
    result, to, verb = ("accepted", "report_accepted", "accepted") if accepted else ("returned", "returned", "returned")
    uses = '["cnp"]' if accepted else "[]"
    facts = f'"result":"{result}","round":1,"used_for":{uses}'
    desk.moved(minute, prosecutor, f"report.{verb}", TYPE, pk, thread, "submitted", "accepted" if accepted else "sent_back", facts)
    desk.moved(minute, prosecutor, f"case.report_{verb}", casework.TYPE, case.id, thread, "submitted", to, facts)
    case.stands = CaseState.REPORT_ACCEPTED if accepted else CaseState.RETURNED
    if not accepted:
        case.columns["return_count"] = 1
        custody = case.matter.custody in {"detained", "arrested"}
        due = desk.clocks.due(SUPPLEMENT, minute, in_custody=custody)
        clock(desk, case, due, SUPPLEMENT, minute, minute, owner=case.lead, ended=corrected, in_custody=custody)


def evaluate(desk: Desk, case: Running, minute: int) -> None:
    """Five parts, a hundred points (F38)."""
    chance, prosecutor, row = desk.chance, case.matter.prosecutor, desk.uuid(minute)
    most = {"timeliness": 20, "procedure": 20, "professionalism": 25, "effect": 25, "confidentiality": 10}
    points = {part: between(chance, top * 7 // 10, top) for part, top in most.items()}
    case.stamp(desk, "evaluated", minute, prosecutor)
    case.stands = CaseState.EVALUATED
    desk.sheet.add(
        Evaluation, id=row, created_at=desk.moment(minute), case_id=case.id, evaluated_at=desk.moment(minute),
        evaluated_by_id=prosecutor.id, **points,
        sealed=desk.seal(Evaluation, case.matter.child, row, packed(remark=one_of(chance, words()["reasons"]["evaluation"]))),
    )
    desk.moved(minute, prosecutor, "case.evaluated", casework.TYPE, case.id, case.matter.id, "report_accepted", "evaluated",
               f'"points":{json.dumps(points)},"vetoes":[]')


def close(desk: Desk, case: Running, minute: int) -> None:
    """Closed with a reason; what the checklist misses is excused; visits are planned and, when their time has come, made."""
    chance, book, prosecutor = desk.chance, words()["reasons"], case.matter.prosecutor
    reason = one_of(chance, ("goals_met", "goals_met", "commission_finished", "period_expired"))
    missing = ["assessment", "plan"] if case.matter.service.planned else []
    excused = json.dumps(dict.fromkeys(missing, book["excused"])) if missing else ""
    case.stamp(desk, "closed", minute, prosecutor)
    case.columns.update(closure_reason=reason, retain_until=casework.retained(desk, minute))
    case.stands = CaseState.CLOSED
    decide(
        desk, case, "close", minute, reason, explanation=one_of(chance, book["close"]), client_opinion=book["client_opinion"],
        guardian_opinion=book["guardian_opinion"], excused=excused,
    )
    event = desk.moved(minute, prosecutor, "case.closed", casework.TYPE, case.id, case.matter.id, "evaluated", "closed",
                       f'"reason":"{reason}","excused":{json.dumps(missing)}')
    casework.tell_team(desk, case, event, minute, "case.closed", "know")
    for months in sorted(chance.sample((1, 3, 6), one_of(chance, (0, 1, 1, 2, 3)))):
        _visit(desk, case, minute, VISITS[months])


def _visit(desk: Desk, case: Running, closed: int, code: str) -> None:
    chance, row = desk.chance, desk.uuid(closed)
    due = desk.clocks.due(code, closed)
    made = max(later(chance, due.day * DAY, -9, 3), closed + DAY)
    # Of the last half year some are still owed.
    owed = made > desk.days.now or (closed > desk.days.now - 400 * DAY and chance.random() < 0.05)
    reached = chance.random() < 0.9
    done: dict[str, Any] = {}
    if not owed:
        pool = words()["reasons"]
        said = one_of(chance, pool["follow_up"]) if reached else pool["follow_up_missed"]
        done = {
            "done_at": desk.moment(made), "done_by_id": case.lead.id, "reached": TRUE if reached else FALSE,
            "sealed": desk.seal(FollowUp, case.matter.child, row, packed(situation=said)),
        }
        desk.event(made, case.lead, "case.follow_up_recorded", "cases.followup", row, case.matter.id,
                   f'{{"reached":{"true" if reached else "false"}}}')
        case.touch(made)
    desk.sheet.add(
        FollowUp, id=row, created_at=desk.moment(closed), case_id=case.id, planned_on=desk.days.day(due.day), **done
    )
    clock(desk, case, due, code, closed, closed, owner=case.lead, ended=None if owed else made, occurrence=field(spelled(row).encode()))


