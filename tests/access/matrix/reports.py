"""Reports, their review and answer, and the end of a case."""
from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from cases.models import Case, FollowUp, Report, ReviewComment
from cases.services.ending import suspend_case
from cases.services.reviewing import return_section
from socialwork.deadlines.models import Deadline
from tests.access.matrix import Row
from tests.factories import records

WORKERS = frozenset({"worker", "second"})
ORGAN = frozenset({"prosecutor", "unit_head"})
# Everybody who sees the case; the agency's side of a report; those who see a report once it is submitted.
AROUND = frozenset({*ORGAN, "intake", "manager", *WORKERS, "counsellor", "supervisor"})
INSIDE = frozenset({"manager", *WORKERS, "supervisor"})
READERS = INSIDE | ORGAN


def by_case(report: Report) -> list[Any]:
    return [report.case_id]


def section_of(made: Any) -> list[Any]:
    return [records.section(made, "family").pk]


def suspended(world: Any) -> Case:
    case = records.started(world)
    suspend_case(case=case, by=world.prosecutor, at=timezone.now(), reason_code="hospital")
    return case


def with_comment(world: Any) -> ReviewComment:
    records.sent_back_once(world)
    return ReviewComment.objects.get()


def visit(world: Any) -> FollowUp:
    return FollowUp.objects.filter(case=records.closed(world)).order_by("planned_on").first()


def longer(world: Any, case: Case) -> dict[str, Any]:
    clock = Deadline.objects.get(subject_id=case.pk, code="D2b")
    return {
        "deadline": str(clock.pk), "new_due_on": (timezone.localdate() + dt.timedelta(days=90)).isoformat(), "explanation": "等待答复。",
    }


def visited(world: Any, made: FollowUp) -> dict[str, Any]:
    moment = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    return {"visited_at": moment, "reached": "yes", "situation": "在读，到课正常。", "needs": ""}


def accepted_by_supervisor(world: Any) -> Report:
    report = records.in_review(world)
    records.accept_all(report, world.supervisor)
    return report


def with_return(world: Any) -> Report:
    report = records.in_review(world)
    return_section(section=records.section(report, "family"), by=world.supervisor, at=timezone.now(), comment="来源不明。")
    return report


OBJECTS = {
    "started": records.started,
    "guidance_started": lambda world: records.started(world, services=("guidance",)),
    "report_begun": records.begun,
    "report_written": records.written,
    "report_in_review": records.in_review,
    "report_returned": records.sent_back_once,
    "report_accepted_by_supervisor": accepted_by_supervisor,
    "report_with_return": with_return,
    "report_reviewed": lambda world: Case.objects.get(pk=records.reviewed(world).case_id),
    "report_submitted": records.with_prosecutor,
    "report_accepted": records.accepted,
    "case_evaluated": records.evaluated,
    "case_closed": records.closed,
    "case_suspended": suspended,
    "comment": with_comment,
    "visit": visit,
}


SUBMITTED = {"result": "accepted", "used_for": ["plan"]}
POINTS = {**records.POINTS, "remark": ""}
TRANSFER = {
    "reason_code": "moved", "explanation": "迁居。", "legal_ground": "监护人同意。", "done": "三次访谈。", "open_matters": "校方意见。",
}

ROWS = [
    Row("cases:review_queue", ok={"supervisor", "supervisor_elsewhere"}, args=lambda row: []),
    Row("cases:report", of="started", ok=AROUND, variant="none yet"),
    Row("cases:report", of="report_written", ok=AROUND, args=by_case, variant="being written"),
    Row("cases:report", of="report_returned", ok=AROUND, args=by_case, variant="returned"),
    Row("cases:report", of="report_submitted", ok=AROUND, args=by_case, variant="submitted"),
    Row("cases:write_report", of="started", ok=WORKERS, forbidden=AROUND - WORKERS),
    Row("cases:write_report", "POST", of="started", ok=WORKERS, forbidden=AROUND - WORKERS),
    Row("cases:report_facts", of="report_begun", ok=WORKERS, forbidden=INSIDE - WORKERS, args=by_case),
    Row(
        "cases:report_facts", "POST", of="report_begun", ok=WORKERS, forbidden=INSIDE - WORKERS, args=by_case,
        body={"guardianship": "partial", "help_available": "yes", "reoffending": "low", "_version": "1"},
    ),
    Row("cases:write_section", of="report_begun", ok=WORKERS, forbidden=INSIDE - WORKERS, args=section_of),
    Row("cases:write_section", of="report_in_review", late=WORKERS, forbidden=INSIDE - WORKERS, args=section_of, variant="too late"),
    Row(
        "cases:write_section", "POST", of="report_begun", ok=WORKERS, forbidden=INSIDE - WORKERS, args=section_of,
        body={"body": "祖母照料。", "_version": "1"},
    ),
    Row("cases:download_draft", of="report_written", ok=INSIDE, args=by_case),
    Row("cases:send_report_for_review", of="report_written", ok=WORKERS, forbidden=INSIDE - WORKERS, args=by_case),
    Row("cases:send_report_for_review", of="report_begun", ok=WORKERS, forbidden=INSIDE - WORKERS, args=by_case, variant="blocked"),
    Row("cases:send_report_for_review", "POST", of="report_written", ok=WORKERS, forbidden=INSIDE - WORKERS, args=by_case),
    Row("cases:review_report", of="report_in_review", ok={"supervisor"}, forbidden=INSIDE - {"supervisor"}, args=by_case),
    Row("cases:accept_section", of="report_in_review", ok={"supervisor"}, forbidden=INSIDE - {"supervisor"}, args=section_of),
    Row("cases:accept_section", "POST", of="report_in_review", ok={"supervisor"}, forbidden=INSIDE - {"supervisor"}, args=section_of),
    Row("cases:return_section", of="report_in_review", ok={"supervisor"}, forbidden=INSIDE - {"supervisor"}, args=section_of),
    Row(
        "cases:return_section", "POST", of="report_in_review", ok={"supervisor"}, forbidden=INSIDE - {"supervisor"},
        args=section_of, body={"comment": "来源不明。"},
    ),
    Row("cases:comment_section", of="report_in_review", ok={"supervisor"}, forbidden=INSIDE - {"supervisor"}, args=section_of),
    Row(
        "cases:comment_section", "POST", of="report_in_review", ok={"supervisor"}, forbidden=INSIDE - {"supervisor"},
        args=section_of, body={"comment": "来源？"},
    ),
    Row("cases:settle_comment", "POST", of="comment", ok=WORKERS, forbidden=INSIDE - WORKERS),
    Row(
        "cases:finish_review", "POST", of="report_accepted_by_supervisor", ok={"supervisor"}, forbidden=INSIDE - {"supervisor"},
        args=by_case,
    ),
    Row(
        "cases:return_for_rewriting", "POST", of="report_with_return", ok={"supervisor"}, forbidden=INSIDE - {"supervisor"},
        args=by_case,
    ),
    Row("cases:submit_report", of="report_reviewed", ok={"supervisor"}, forbidden=AROUND - {"supervisor"}),
    Row("cases:submit_report", "POST", of="report_reviewed", ok={"supervisor"}, forbidden=AROUND - {"supervisor"}),
    Row("cases:respond_report", of="report_submitted", ok={"prosecutor"}, forbidden=READERS - {"prosecutor"}, args=by_case),
    Row(
        "cases:respond_report", "POST", of="report_submitted", ok={"prosecutor"}, forbidden=READERS - {"prosecutor"},
        args=by_case, body=SUBMITTED,
    ),
    Row(
        "cases:download_document", of="report_submitted", ok=READERS, args=lambda report: [report.case_id, "F09", 1]
    ),
    Row("cases:finish_service", of="guidance_started", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"}),
    Row("cases:finish_service", "POST", of="guidance_started", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"}),
    Row("cases:closing", of="started", ok=AROUND, variant="running"),
    Row("cases:closing", of="case_closed", ok=AROUND, variant="closed"),
    Row("cases:evaluate_case", of="report_accepted", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"}),
    Row("cases:evaluate_case", "POST", of="report_accepted", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"}, body=POINTS),
    Row("cases:download_evaluation", of="case_evaluated", ok=READERS),
    Row("cases:close_case", of="case_evaluated", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"}),
    Row(
        "cases:close_case", "POST", of="case_evaluated", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"},
        body={"reason": "commission_finished", "visits": ["1", "3"]},
    ),
    Row("cases:download_closing_report", of="case_closed", ok=READERS),
    Row("cases:record_follow_up", of="visit", ok=WORKERS, forbidden=READERS - WORKERS),
    Row("cases:record_follow_up", "POST", of="visit", ok=WORKERS, forbidden=READERS - WORKERS, body=visited),
    Row("cases:suspend_case", of="started", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"}),
    Row(
        "cases:suspend_case", "POST", of="started", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"},
        body={"reason_code": "hospital"},
    ),
    Row("cases:resume_case", of="case_suspended", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"}),
    Row("cases:resume_case", "POST", of="case_suspended", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"}),
    Row("cases:cancel_case", of="started", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"}),
    Row(
        "cases:cancel_case", "POST", of="started", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"},
        body={"reason_code": "not_needed", "explanation": "不再需要。", "records": "由机构保存。"},
    ),
    Row("cases:transfer_case", of="started", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"}),
    Row("cases:transfer_case", "POST", of="started", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"}, body=TRANSFER),
    Row("cases:extend_deadline", of="started", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"}),
    Row("cases:extend_deadline", "POST", of="started", ok={"prosecutor"}, forbidden=AROUND - {"prosecutor"}, body=longer),
]
