"""Service records and reports in the states tests start from. Records are rows, reports come through their services."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from cases.models import Case, Plan, PlanGoal, Report, ReportSection, ServiceRecord
from cases.models.reporting import REQUIRED_SECTIONS
from cases.services.closing import close_case, evaluate_case
from cases.services.reporting import report_facts, send_report_for_review, write_report, write_section
from cases.services.responding import finish_service, respond_report, submit_report
from cases.services.reviewing import accept_section, finish_review, return_for_rewriting, return_section
from socialwork.people.dossiers import open_dossier
from tests import cast

THREE = ("subject", "guardian", "teacher")
BODY = {
    "investigation": "受委托后两名社工开展调查，会见、家访、校访各一次，访谈本人、监护人、班主任。",
    "person": "身体健康，性格内向，喜欢维修自行车。",
    "family": "父母离异，由父亲抚养，日常由祖母照料。",
    "school_work": "在读中职一年级，近两个月旷课十余次，实训成绩较好。",
    "community": "邻里评价平和，近期与校外人员来往增多。",
    "offence": "出于还债压力一时起意，案后认错，愿意赔偿。",
    "opinions": "学校愿意接纳，被害方同意谅解。",
    "guardianship": "父亲已调整班次，每晚可以返家；祖母照料饮食。",
    "assessment": "债务与夜间无人看管是主要原因，专业兴趣是主要保护因素，再犯可能性低。",
    "recommendation": "建议非羁押处理，配合三个月观护帮教和家庭教育指导。",
}


def record(case: Case, kind: str = "interview", *, days_ago: int = 2, author: Any = None, **more: Any) -> ServiceRecord:
    """A submitted record of the case; an interview of `interviewee` unless said otherwise."""
    started = timezone.now() - dt.timedelta(days=days_ago)
    prose = {"summary": more.pop("summary", "谈了近况和打算。")}
    if kind == "interview":
        more.setdefault("interviewee", "subject")
    if more.get("absence_reason"):
        more.setdefault("attended", False)
    row = ServiceRecord(
        case=case, agency_id=case.agency_id, supervisor_id=case.supervisor_id, kind=kind, author=author or case.lead,
        started_at=started, lasted=more.pop("lasted", 45), method=more.pop("method", "home_visit"),
        submitted_at=started + dt.timedelta(hours=2), created_at=started, **more,
    )
    open_dossier(case.juvenile_id).write(row, **prose)
    row.save(force_insert=True)
    return row


def interviews(case: Case, who: Iterable[str] = THREE) -> list[ServiceRecord]:
    return [record(case, interviewee=code, days_ago=3 + number) for number, code in enumerate(who)]


def started(world: cast.World, **fields: Any) -> Case:
    """A case on which the first act was done."""
    case = cast.opened(world, **fields)
    Case.objects.filter(pk=case.pk).update(state="in_progress", started_at=timezone.now(), started_by=case.lead)
    case.refresh_from_db()
    return case


def begun(world: cast.World, **fields: Any) -> Report:
    """A report with empty sections."""
    return write_report(case=started(world, **fields), by=world.worker, at=timezone.now())


def section(report: Report, key: str) -> ReportSection:
    return ReportSection.objects.select_related("report__case").get(report=report, key=key)


def write(report: Report, key: str, by: Any, body: str = "", findings: Any = (), **more: Any) -> ReportSection:
    row = section(report, key)
    return write_section(
        section=row, by=by, at=timezone.now(), version=row.version, body=body or BODY.get(key, ""), findings=findings, **more
    )


def written(world: cast.World, report: Report | None = None) -> Report:
    """A complete report: every required section, one sourced finding each, three classes heard."""
    report = report or begun(world)
    heard = interviews(report.case)
    for key in REQUIRED_SECTIONS:
        write(report, key, world.worker, findings=[(f"{BODY[key][:12]}。", [heard[0].pk, heard[1].pk])])
    answer(report, world.worker)
    report.refresh_from_db()
    return report


def answer(report: Report, by: Any, guardianship: str = "partial") -> Report:
    report.refresh_from_db()
    return report_facts(
        report=report, by=by, at=timezone.now(), version=report.version, guardianship=guardianship, help_available=True,
        reoffending="low",
    )


def in_review(world: cast.World, report: Report | None = None) -> Report:
    """With the supervisor, nothing decided yet."""
    report = report or written(world)
    return send_report_for_review(report=report, by=world.worker, at=timezone.now())


def accept_all(report: Report, by: Any) -> None:
    for row in ReportSection.objects.filter(report=report).exclude(review="accepted").order_by("pk"):
        accept_section(section=row, by=by, at=timezone.now())


def reviewed(world: cast.World, report: Report | None = None) -> Report:
    """Every section accepted by the supervisor."""
    report = report or in_review(world)
    accept_all(report, world.supervisor)
    return finish_review(report=report, by=world.supervisor, at=timezone.now())


def sent_back_once(world: cast.World, key: str = "community") -> Report:
    """Returned by the supervisor for one section, the others accepted."""
    report = in_review(world)
    return_section(
        section=section(report, key), by=world.supervisor, at=timezone.now(), quote="来往增多", comment="写明几个人、在哪里。"
    )
    for row in ReportSection.objects.filter(report=report, review="open").order_by("pk"):
        accept_section(section=row, by=world.supervisor, at=timezone.now())
    return return_for_rewriting(report=report, by=world.supervisor, at=timezone.now())


def with_prosecutor(world: cast.World, report: Report | None = None) -> Report:
    """Submitted to the prosecutor."""
    report = report or reviewed(world)
    case = Case.objects.get(pk=report.case_id)
    submit_report(case=case, by=world.supervisor, at=timezone.now())
    report.refresh_from_db()
    return Report.objects.select_related("case__referral").get(pk=report.pk)


def accepted(world: cast.World) -> Case:
    """The prosecutor accepted the report."""
    report = with_prosecutor(world)
    respond_report(
        report=report, by=world.prosecutor, at=timezone.now(), results={}, result="accepted", used_for=["non_prosecution"]
    )
    return Case.objects.get(pk=report.case_id)


POINTS = {"timeliness": 20, "procedure": 18, "professionalism": 22, "effect": 20, "confidentiality": 10}


def evaluated(world: cast.World, case: Case | None = None) -> Case:
    """The prosecutor evaluated the work."""
    case = case or accepted(world)
    evaluate_case(case=case, by=world.prosecutor, at=timezone.now(), points=POINTS, remark="扎实。")
    return Case.objects.get(pk=case.pk)


def closed(world: cast.World) -> Case:
    """Closed with visits after one, three and six months."""
    case = evaluated(world)
    close_case(case=case, by=world.prosecutor, at=timezone.now(), reason="commission_finished")
    return Case.objects.get(pk=case.pk)


def guided(world: cast.World) -> Case:
    """Guidance that the prosecutor confirmed as finished: no report, and a file with much missing."""
    case = started(world, services=("guidance",))
    finish_service(case=case, by=world.prosecutor, at=timezone.now())
    return Case.objects.get(pk=case.pk)


def with_plan(world: cast.World, case: Case) -> PlanGoal:
    """A plan in force with one goal."""
    plan = Plan.objects.create(case=case, number=1, state="approved", written_by=case.lead)
    goal = PlanGoal(plan=plan, position=0, domain="school_work")
    open_dossier(case.juvenile_id).write(goal, goal="每天到校", measure="班主任出勤记录")
    goal.save(force_insert=True)
    return goal
