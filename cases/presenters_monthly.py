"""How monthly reports read: the list of months, figures, goals, judgements, and what may be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from cases.models import MonthlyReport
from cases.presenters import day_words, due_cell, joined, risk_of
from cases.presenters_reports import moment
from cases.queries_monthly import Figures
from cases.states import ENDED, OWED, MonthlyState
from cases.wording_monthly import CHANGES, FIGURES, MONTHLY_TONES, TEXTS, in_words, month_words, touched_words
from socialwork.core import vocabulary
from socialwork.deadlines.models import Deadline

COLUMNS = (
    gettext_lazy("Month"),
    gettext_lazy("State"),
    pgettext_lazy("monthly report", "Sent on"),
    gettext_lazy("Contacts held"),
    gettext_lazy("Risk"),
    gettext_lazy("Score"),
)


def state_of(report: MonthlyReport) -> dict[str, Any]:
    """The state in words; what nobody waits for any more is said to be so."""
    if report.state in OWED and report.case.state in ENDED:
        return {"label": _("No longer called for"), "tone": "neutral"}
    return {"label": report.get_state_display(), "tone": MONTHLY_TONES[report.state]}


def title_of(report: MonthlyReport) -> str:
    return _("Monthly report: %(month)s") % {"month": month_words(report.month)}


def report_list(reports: Sequence[MonthlyReport], clocks: Mapping[str, Deadline], now: datetime) -> dict[str, Any]:
    """The months of a case, newest first."""
    return {
        "title": _("Monthly reports"),
        "columns": [{"label": label} for label in COLUMNS],
        "rows": [_row(report, clocks.get(report.month), now) for report in reports],
        "empty": {
            "title": _("No monthly report is due yet."),
            "reason": _("When a month has ended, its report appears here and is due on the fifth of the next."),
        },
    }


def _row(report: MonthlyReport, clock: Deadline | None, now: datetime) -> dict[str, Any]:
    due = due_cell(clock.due_at, now) if clock else None
    name = {"text": month_words(report.month), "url": report.get_absolute_url(), "due": due}
    if report.submitted_at is None:
        return {"tone": due["tone"] if due else "", "cells": [name, {"state": state_of(report)}, "", "", "", ""]}
    figures = Figures.load(report.figures)
    done = _("%(done)s of %(planned)s") % {"done": figures.contacts_done, "planned": figures.contacts_planned}
    return {
        "tone": due["tone"] if due else "",
        "cells": [
            name,
            {"state": state_of(report)},
            {"text": day_words(report.submitted_at), "sub": report.submitted_by.name},
            done,
            {"state": risk_of(report.risk_now)},
            "" if report.score is None else str(report.score),
        ],
    }


def figure_facts(figures: Figures) -> list[dict[str, Any]]:
    """The numbers of the month, in the order of the form."""
    return [
        {"label": label, "text": in_words(name, getattr(figures, name)), "hint": _hint(name)}
        for name, (label, _unit) in FIGURES.items()
    ]


def _hint(name: str) -> str:
    if name != "contacts_planned":
        return ""
    return _(
        "Local practice: weekly in the first month and at high risk, then twice a month; the plan where it asks for more."
    )


def task_list(tasks: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The goals of the plan with what the month did for each."""
    rows = [
        {
            "cells": [
                task["goal"],
                touched_words(task["touched"]),
                vocabulary.label("task_result", task["result"]) if task["result"] else "",
            ]
        }
        for task in tasks
    ]
    return {
        "title": _("Goals of the plan"),
        "rows": rows,
        "columns": [{"label": label} for label in (_("Goal"), _("Records of the month"), _("Latest result"))],
        "empty": {
            "title": _("No plan was in force."),
            "reason": _("The goals of the plan stand here once it is in force."),
        },
    }


def write_oldest(reports: Sequence[MonthlyReport]) -> dict[str, Any] | None:
    """The button for the month that waits longest; None when nothing is owed."""
    owed = [report for report in reports if report.state in OWED]
    if not owed:
        return None
    return {"label": _("Write the monthly report"), "url": reverse("cases:write_monthly_report", args=[owed[-1].pk])}


def said_facts(report: MonthlyReport) -> list[dict[str, Any]]:
    """What the workers said, in codes and in words; opened by the caller."""
    return [*judgement_facts(report), *text_facts(report)]


def judgement_facts(report: MonthlyReport) -> list[dict[str, Any]]:
    """What the worker judged, in codes and numbers."""
    before = vocabulary.label("risk_level", report.risk_before) if report.risk_before else ""
    facts = [
        {
            "label": _("Risk level now"),
            "text": vocabulary.label("risk_level", report.risk_now),
            "hint": _("before: %(level)s") % {"level": before} if before else "",
        },
        {"label": _("Cooperation of the guardian (1–5)"), "text": report.cooperation},
        {"label": _("Days on leave"), "text": _("%(number)s days") % {"number": report.leave_days}},
    ]
    if report.score is not None:
        facts.append({"label": _("Score (0–100, advisory)"), "text": str(report.score)})
    if report.changed:
        facts.append({"label": _("Changed this month"), "text": joined(CHANGES[code] for code in report.changed)})
    return facts


def text_facts(report: MonthlyReport) -> list[dict[str, Any]]:
    """The worker's words that are there; opened by the caller."""
    text = report.text or {}
    return [{"label": label, "text": text[name], "wide": True} for name, label in TEXTS.items() if text[name]]


def course_facts(report: MonthlyReport) -> list[dict[str, Any]]:
    """Who sent it when, and whether it was read."""
    if report.submitted_at is None:
        return []
    facts = [
        {
            "label": pgettext("monthly report", "Sent on"),
            "text": moment(report.submitted_at),
            "hint": report.submitted_by.name,
        },
        {
            "label": _("Read by the prosecutor"),
            "text": moment(report.read_at) or pgettext("monthly report", "Not yet read"),
            "hint": report.read_by.name if report.read_by else "",
        },
    ]
    if report.document:
        url = reverse("cases:download_document", args=[report.case_id, "F25", report.document.round])
        facts.append({"label": _("Document"), "text": report.document.file.name, "url": url})
    return facts


def answer_of(report: MonthlyReport) -> dict[str, Any] | None:
    """What the prosecutor said; opened by the caller."""
    text, answered = report.text or {}, report.answered_at is not None
    who = joined([report.answered_by.name, moment(report.answered_at)]) if answered else ""
    if report.state == MonthlyState.RETURNED:
        return {"title": _("Returned with this reason:"), "text": text["return_reason"], "tone": "danger", "who": who}
    if report.state == MonthlyState.ANSWERED:
        return {"title": _("Reply of the prosecutor"), "text": text["reply"], "tone": "ok", "who": who}
    return None


def acts(report: MonthlyReport) -> list[dict[str, Any]]:
    """What this person may do with the report now, the expected act first."""
    offered = (
        ("write_monthly_report", _("Write the monthly report")),
        ("reply_monthly_report", _("Reply")),
        ("return_monthly_report", _("Return")),
    )
    return [
        {"label": label, "url": reverse(f"cases:{verb}", args=[report.pk])}
        for verb, label in offered
        if verb in report.allowed_actions
    ]


def sending_follows(report: MonthlyReport) -> list[str]:
    """What follows when the report is sent."""
    return [
        _("%(name)s is told and can reply.") % {"name": report.case.prosecutor.name},
        _("The figures are kept as they are now, and the Word file is stored."),
        _("It cannot be changed any more, unless the prosecutor sends it back."),
    ]
