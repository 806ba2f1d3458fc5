"""How reports, reviews and answers read: sections, sources, comments, checks, and who waits for whom."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case, Report, ReportResponse, ReportSection, ReviewComment
from cases.models.reporting import REQUIRED_SECTIONS
from cases.presenters import case_crumbs, day_words, due_cell, joined
from cases.queries_reports import Coverage, Source, Wording
from cases.services.reporting import Blocker
from cases.states import ReportState
from cases.wording_reports import REPORT_TONES, RESULT_TONES, section_title, source_mark
from referrals.models import NO_DUE
from socialwork.core import vocabulary
from socialwork.people.presenters import SEPARATOR, full_name, short_name


def heading(user: Any, case: Case, title: Any) -> dict[str, Any]:
    """Title, way back, and whose matter it is; the identity of the child opened."""
    return {
        "title": title, "crumbs": case_crumbs(user, case, title),
        "subtitle": SEPARATOR.join([case.number, full_name(user, case.juvenile)]),
    }


def report_url(case: Case) -> str:
    return reverse("cases:report", args=[case.pk])


def review_url(case: Case, key: str = "") -> str:
    address = reverse("cases:review_report", args=[case.pk])
    return f"{address}#{anchor(key)}" if key else address


def anchor(key: str) -> str:
    return f"section-{key}"


def report_state(report: Report) -> dict[str, Any]:
    # A plan with the prosecutor waits for approval, a report for an answer: not the same words in Chinese.
    submitted = report.state == ReportState.SUBMITTED
    label = _("Report with the prosecutor") if submitted else report.get_state_display()
    return {"label": label, "tone": REPORT_TONES[report.state]}


def moment(at: datetime | None) -> str:
    """Day and time on the office's clock."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""


def source_label(source: Source) -> str:
    """ "I3 · Guardian · 20 November": the mark, who or what, when."""
    record = source.record
    what = vocabulary.label("interviewee", record.interviewee) if source.interview else vocabulary.label("record_kind", record.kind)
    day = date_format(timezone.localtime(record.started_at), "MONTH_DAY_FORMAT")
    return SEPARATOR.join([mark_of(source), what, day])


def mark_of(source: Source) -> str:
    return source_mark(interview=source.interview, number=source.number)


def source_choices(sources: Mapping[UUID, Source]) -> list[tuple[str, str]]:
    return [(str(pk), source_label(source)) for pk, source in sources.items()]


def source_list(sources: Mapping[UUID, Source]) -> list[dict[str, Any]]:
    """The records to write from, with their words; texts opened by the caller."""
    return [
        {
            "mark": mark_of(source), "label": source_label(source), "url": record_url(source),
            "who": source.record.author.name, "text": source.record.text["summary"],
        }
        for source in sources.values()
    ]


def record_url(source: Source) -> str:
    return reverse("cases:record", args=[source.record.pk])


def findings(wording: Wording, sources: Mapping[UUID, Source]) -> list[dict[str, Any]]:
    """Findings with links to what they rest on; one without any is marked."""
    return [
        {
            "statement": said.statement, "unsourced": not said.sources,
            "sources": [
                {"label": mark_of(sources[pk]), "title": source_label(sources[pk]), "url": record_url(sources[pk])}
                for pk in sources if pk in said.sources
            ],
        }
        for said in wording.findings
    ]


def section_view(
    key: str, wording: Wording | None, sources: Mapping[UUID, Source], *, state: Mapping[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """One section as pages show it."""
    wording = wording or Wording(key)
    return {
        "id": anchor(key), "key": key, "title": section_title(key), "state": state, "text": wording.whole, "body": wording.body,
        "findings": findings(wording, sources), "empty": wording.empty, "reason": wording.unsourced_reason, "comments": [],
        "url": "", **more,
    }


def changes(before: Wording | None, text: Wording | None) -> list[dict[str, Any]]:
    """Rows of the comparison with an earlier text; none when nothing changed or there was none."""
    if before is None or text is None or (before.body, before.findings) == (text.body, text.findings):
        return []
    return [{"label": _("What changed since the last round"), "old": before.whole, "new": text.whole}]


def writing_state(section: ReportSection, wording: Wording, state: str) -> dict[str, Any]:
    """The mark of a section for those who write and review."""
    if state == ReportState.IN_REVIEW and section.review == ReportSection.Review.OPEN:
        return {"label": _("Not looked at yet"), "tone": "info"}
    if section.review == ReportSection.Review.ACCEPTED:
        return {"label": _("Accepted in review"), "tone": "done"}
    if section.review == ReportSection.Review.RETURNED:
        return {"label": _("To be rewritten"), "tone": "danger"}
    if wording.unsourced and not wording.unsourced_reason:
        return {"label": _("Findings without a source"), "tone": "warn"}
    if wording.empty:
        optional = section.key not in REQUIRED_SECTIONS
        return {"label": _("May stay empty") if optional else _("Still empty"), "tone": "neutral"}
    return {"label": _("Written"), "tone": "ok"}


def comment_views(
    comments: Iterable[ReviewComment], *, may_settle: bool = False, key: str = ""
) -> list[dict[str, Any]]:
    """Comments with their state; an author may settle the open ones."""
    return [
        {
            "quote": row.text["quote"], "text": row.text["body"], "who": row.said_by.name, "at": moment(row.said_at),
            "state": {"label": _("Settled"), "tone": "done"} if row.settled_at else {"label": _("Not settled yet"), "tone": "warn"},
            "settle": {
                "label": _("Mark as settled"), "url": reverse("cases:settle_comment", args=[row.pk]), "post": True, "key": key,
            }
            if may_settle and not row.settled_at else None,
        }
        for row in comments
    ]


def answers(report: Report) -> list[dict[str, Any]]:
    """The three answers of a report."""
    given = {
        _("Conditions for effective guardianship"): _label("guardianship", report.guardianship),
        _("Help from the community available"): {True: _("Yes"), False: _("No"), None: ""}[report.help_available],
        _("Likelihood of re-offending"): _label("risk_level", report.reoffending),
    }
    return [{"label": label, "text": text} for label, text in given.items()]


def heard(coverage: Coverage) -> list[dict[str, Any]]:
    """Whom the report needs heard, and who was."""
    found = []
    for name in coverage.wanted:
        count = coverage.heard.get(name, 0)
        words = ngettext("%(count)s interview", "%(count)s interviews", count) % {"count": count}
        state = {"label": words, "tone": "ok"} if count else {"label": _("Not heard yet"), "tone": "warn"}
        found.append({"label": vocabulary.label("interviewee_class", name), "state": state})
    return found


def blocker_links(blockers: Sequence[Blocker], report: Report, sections: Mapping[str, ReportSection]) -> list[dict[str, Any]]:
    """What keeps the report from being sent, each with the page where it is put right."""
    facts = reverse("cases:report_facts", args=[report.case_id])
    found = []
    for blocker in blockers:
        url = reverse("cases:write_section", args=[sections[blocker.section].pk]) if blocker.section else ""
        if blocker.about == "facts":
            url = facts
        elif blocker.about == "heard":
            url = reverse("cases:log_interview", args=[report.case_id])
        found.append({"sentence": blocker.sentence, "url": url})
    return found


def reading_note(report: Report) -> dict[str, Any] | None:
    """Where the report is, in one sentence, for those who wait."""
    case = report.case
    if report.state == ReportState.IN_REVIEW and report.read_at:
        text = _("%(name)s is reviewing the report since %(at)s.") % {"name": report.read_by.name, "at": moment(report.read_at)}
        return {"text": text, "tone": "info"}
    if report.state == ReportState.IN_REVIEW:
        name = case.supervisor.name if case.supervisor else ""
        text = _("Sent for review on %(at)s. %(name)s has not begun to read it.") % {"at": moment(report.sent_at), "name": name}
        return {"text": text, "tone": "neutral"}
    if report.state == ReportState.REVIEWED:
        text = _("Reviewed by %(name)s on %(at)s. The supervisor submits it to the prosecutor.")
        return {"text": text % {"name": report.reviewed_by.name, "at": moment(report.reviewed_at)}, "tone": "ok"}
    if report.state == ReportState.RETURNED:
        text = _("%(name)s returned it on %(at)s. Only what is still open is shown first; settle the comments as you go.")
        return {"text": text % {"name": report.reviewed_by.name, "at": moment(report.reviewed_at)}, "tone": "warn"}
    if report.state == ReportState.SUBMITTED:
        text = _("With %(name)s since %(at)s.") % {"name": case.prosecutor.name, "at": moment(case.submitted_at)}
        return {"text": text, "tone": "info"}
    if report.state == ReportState.SENT_BACK:
        text = _("%(name)s sent it back on %(at)s. Rewrite what was not accepted, then send it for review again.")
        return {"text": text % {"name": case.prosecutor.name, "at": moment(case.responded_at)}, "tone": "warn"}
    return None


def response_views(responses: Sequence[ReportResponse]) -> list[dict[str, Any]]:
    """The prosecutor's answers with the time each took."""
    return [
        {
            "title": _("Answer to submission %(number)s") % {"number": row.round},
            "state": {"label": vocabulary.label("report_review", row.result), "tone": RESULT_TONES[row.result]},
            "who": row.responded_by.name, "at": moment(row.responded_at), "took": span_words(row.took), "remark": row.text["remark"],
            "used_for": joined(vocabulary.label("used_for", code) for code in row.used_for),
            "sections": [
                {
                    "title": section_title(each.section.key), "remark": each.text["remark"],
                    "state": {"label": vocabulary.label("report_review", each.result), "tone": RESULT_TONES[each.result]},
                }
                for each in row.sections.all() if each.result != "accepted"
            ],
        }
        for row in responses
    ]


def span_words(span: timedelta) -> str:
    """Whole days, or hours when it was less than one."""
    if span < timedelta(days=1):
        hours = max(int(span.total_seconds() // 3600), 0)
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours} if hours else _("less than an hour")
    return ngettext("%(count)s day", "%(count)s days", span.days) % {"count": span.days}


def document_views(case: Case, documents: Iterable[Any]) -> list[dict[str, Any]]:
    """Issued documents of a report for the list of attachments."""
    return [
        {
            "name": row.file.name, "url": reverse("cases:download_document", args=[case.pk, row.kind, row.round]),
            "size": filesizeformat(row.file.size), "kind": row.number, "at": day_words(row.issued_at), "who": row.issued_by.name,
        }
        for row in documents
    ]


def report_queue(user: Any, reports: Sequence[Any], now: datetime) -> dict[str, Any]:
    """Reports that wait for the supervisor, oldest first."""
    rows = []
    for report in reports:
        case = report.case
        name = short_name(user, case.juvenile)
        due = due_cell(case.next_due_at, now) if case.next_due_at < NO_DUE else None
        rows.append(
            {
                "tone": due["tone"] if due and due["tone"] in ("warn", "danger") else "",
                "cells": [
                    {"text": case.number, "url": review_url(case)}, {"text": name, "sub": case.juvenile.code if case.juvenile.code != name else ""},
                    {"text": report.number, "number": True}, report.sent_by.name, span_words(now - report.sent_at),
                    {"due": due} if due else "", {"text": report.undecided, "number": True},
                ],
            }
        )
    return {
        "title": _("Reports to review"), "id": "reports", "rows": rows, "columns": _report_columns(),
        "empty": {
            "title": _("No report waits for you."),
            "reason": _("A report appears here as soon as its authors send it for review."),
        },
    }


def record_queue(user: Any, records: Sequence[Any], now: datetime, *, ended: bool = False) -> dict[str, Any]:
    """Records that wait for the supervisor, oldest first: of cases that run or, with `ended`, of those that are over."""
    rows = [
        {
            "cells": [
                {
                    "text": vocabulary.label("record_kind", record.kind), "url": reverse("cases:record", args=[record.pk]),
                    "state": {"label": _("Crisis"), "tone": "danger"} if record.crisis else None,
                },
                {"text": record.case.number, "sub": short_name(user, record.case.juvenile)}, record.author.name,
                {"text": day_words(record.started_at), "sub": _("written late") if record.written_late else ""},
                span_words(now - record.submitted_at),
            ]
        }
        for record in records
    ]
    labels = (_("Record"), _("Case"), _("Written by"), _("Date of the event"), _("Waiting for"))
    other = {"label": _("Of running cases"), "url": "?#records"} if ended else {"label": _("Of ended cases"), "url": "?ended=1#records"}
    return {
        "title": _("Records of ended cases to read") if ended else _("Records to read"), "id": "records", "rows": rows,
        "columns": [{"label": label} for label in labels], "actions": [other],
        "empty": {
            "title": _("No record waits for you."), "reason": _("Records appear here when the workers submit them."),
        },
    }


def _report_columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Case")}, {"label": _("Young person")}, {"label": _("Round"), "number": True}, {"label": _("Sent by")},
        {"label": _("Waiting for")}, {"label": _("Next time limit")}, {"label": _("Sections to decide"), "number": True},
    ]


def _label(name: str, code: str) -> str:
    return vocabulary.label(name, code) if code else ""
