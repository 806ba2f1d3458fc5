"""The report: written, reviewed by section, submitted, answered."""
from __future__ import annotations

from cases.models import Report, ReportSection, ReviewComment
from cases.models.reporting import SECTIONS
from cases.services import reporting, responding, reviewing
from socialwork.demo.stage import Scene

ANSWERS = ("guardianship", "help_available", "reoffending")


def write_report(scene: Scene) -> None:
    """Write the sections the act names, and the three answers as soon as the sections have given them."""
    case = scene.case
    report = Report.objects.filter(case=case).first() or reporting.write_report(case=case, by=scene.by, at=scene.at)
    answers = scene.story.answers.setdefault(scene.act["case"], {})
    rows = {row.key: row for row in ReportSection.objects.filter(report=report)}
    for told in scene.act["sections"]:
        findings = [
            (row["text"], {scene.story.records[source] for source in row["sources"]})
            for row in told.get("findings", [])
        ]
        row = rows[told["code"]]
        reporting.write_section(
            section=row, by=scene.by, at=scene.at, version=row.version, body=told.get("text", ""), findings=findings,
            unsourced_reason=told.get("unsourced_reason", ""),
        )
        answers.update({name: told[name] for name in ANSWERS if name in told})
    if len(answers) == len(ANSWERS):
        report.refresh_from_db()
        reporting.report_facts(report=report, by=scene.by, at=scene.at, version=report.version, **answers)


def send_report_for_review(scene: Scene) -> None:
    """Settle what the supervisor had asked, and send the report."""
    report = _report(scene)
    for comment in ReviewComment.objects.filter(section__report=report, settled_at=None).order_by("said_at", "id"):
        reviewing.settle_comment(comment=comment, by=scene.by, at=scene.at)
    reporting.send_report_for_review(report=report, by=scene.by, at=scene.at)


def accept_section(scene: Scene) -> None:
    act, report = scene.act, _report(scene)
    for number in act["sections"]:
        comment = act.get("comment", "") if number == act.get("comment_on") else ""
        reviewing.accept_section(section=_section(report, number), by=scene.by, at=scene.at, comment=comment)
    _end_round(scene, report)


def return_section(scene: Scene) -> None:
    act, report = scene.act, _report(scene)
    reviewing.return_section(
        section=_section(report, act["section"]), by=scene.by, at=scene.at, comment=act["comment"], quote=act["quote"]
    )
    _end_round(scene, report)


def submit_report(scene: Scene) -> None:
    responding.submit_report(case=scene.case, by=scene.by, at=scene.at)


def respond_report(scene: Scene) -> None:
    act = scene.act
    results = {SECTIONS[row["section"] - 1]: (row["result"], row.get("comment", "")) for row in act["sections"]}
    responding.respond_report(
        report=_report(scene), by=scene.by, at=scene.at, results=results, result=act["result"], remark=act["comment"],
        used_for=act.get("used_for", []),
    )


def _report(scene: Scene) -> Report:
    return Report.objects.select_related("case").get(case=scene.story.cases[scene.act["case"]])


def _section(report: Report, number: int) -> ReportSection:
    return ReportSection.objects.get(report=report, key=SECTIONS[number - 1])


def _end_round(scene: Scene, report: Report) -> None:
    """Once every section has its verdict the review is finished, or the report goes back."""
    verdicts = set(ReportSection.objects.filter(report=report).order_by().values_list("review", flat=True))
    if ReportSection.Review.OPEN in verdicts:
        return
    if ReportSection.Review.RETURNED in verdicts:
        reviewing.return_for_rewriting(report=report, by=scene.by, at=scene.at)
    else:
        reviewing.finish_review(report=report, by=scene.by, at=scene.at)
