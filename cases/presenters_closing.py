"""How the end of a case reads: checklist, evaluation, decisions, visits afterwards, and what may be done."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.checklist import Item
from cases.models import Case, CaseDecision, Evaluation, FollowUp
from cases.presenters import day_words, due_cell, joined
from cases.presenters_reports import moment, report_url
from cases.services.closing import PARTS, full_points, grade_of
from cases.wording_reports import GRADE_TONES
from socialwork.core import vocabulary
from socialwork.deadlines.models import Deadline
from socialwork.deadlines.wording import State

KINDS: Mapping[str, Any] = {
    "suspend": gettext_lazy("Suspended"), "resume": gettext_lazy("Resumed"), "extend": gettext_lazy("More time given"),
    "finish": gettext_lazy("Service confirmed as finished"), "cancel": gettext_lazy("Cancelled"),
    "transfer": gettext_lazy("Transferred to another agency"), "close": gettext_lazy("Closed"),
}
CODES = {
    "suspend": "suspend_reason", "cancel": "withdraw_reason", "transfer": "transfer_reason", "close": "closure_reason",
}
PROSE: Mapping[str, Any] = {
    "explanation": gettext_lazy("Explanation"), "records": gettext_lazy("What happens to the records"),
    "legal_ground": gettext_lazy("Consent or legal ground for handing the file on"),
    "unresolved": gettext_lazy("What stays open"), "client_opinion": gettext_lazy("Opinion of the person served"),
    "guardian_opinion": gettext_lazy("Opinion of the guardian"),
}
# What may be done at the end of a case, the expected act first.
ACTS: tuple[tuple[str, Any], ...] = (
    ("finish_service", gettext_lazy("Confirm that the service is finished")), ("evaluate_case", gettext_lazy("Evaluate")),
    ("close_case", gettext_lazy("Close the case")), ("resume_case", gettext_lazy("Resume")),
)
OTHER_ACTS: tuple[tuple[str, Any], ...] = (
    ("extend_deadline", gettext_lazy("Give more time")), ("suspend_case", gettext_lazy("Suspend")),
    ("transfer_case", gettext_lazy("Transfer to another agency")), ("cancel_case", gettext_lazy("Cancel the matter")),
)


def acts(case: Case, offered: Sequence[tuple[str, Any]], *, without: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Buttons for what this person may do now."""
    may = case.allowed_actions - set(without)
    return [{"label": label, "url": reverse(f"cases:{act}", args=[case.pk])} for act, label in offered if act in may]


def item_links(case: Case) -> dict[str, str]:
    """Where each kind of item is found."""
    return {
        "consent": reverse("people:juvenile", args=[case.juvenile_id]), "assessment": reverse("cases:plan", args=[case.pk]),
        "plan": reverse("cases:plan", args=[case.pk]), "records": reverse("cases:records", args=[case.pk]),
        "monthly": reverse("cases:monthly_reports", args=[case.pk]),
        "report": report_url(case), "evaluation": reverse("cases:closing", args=[case.pk]) + "#evaluation",
    }


def checklist_rows(case: Case, items: Sequence[Item], excused: Mapping[str, str]) -> list[dict[str, Any]]:
    """The list with states in words; `excused` maps items to the reason given at closing."""
    links = item_links(case)
    return [
        {
            "label": item.label, "text": _("See"), "url": links[item.kind], "state": _item_state(item, excused),
            "hint": excused.get(item.code, ""),
        }
        for item in items
    ]


def _item_state(item: Item, excused: Mapping[str, str]) -> dict[str, Any]:
    if item.there:
        return {"label": _("In the file"), "tone": "done"}
    if item.code in excused:
        return {"label": _("Excused"), "tone": "neutral"}
    return {"label": _("Missing"), "tone": "warn"}


def parts() -> dict[str, tuple[str, int]]:
    """Parts of the evaluation with their name and the most points."""
    return {part: (vocabulary.label("evaluation_part", code), full_points(part)) for part, code in PARTS.items()}


def evaluation_view(evaluation: Evaluation, case: Case) -> dict[str, Any]:
    """The evaluation, opened: points by part, vetoes, sum and grade."""
    grade = grade_of(evaluation.points)
    facts = [
        {"label": name, "text": _("%(points)s of %(most)s") % {"points": getattr(evaluation, part), "most": most}}
        for part, (name, most) in parts().items()
    ]
    if evaluation.vetoes:
        vetoes = joined(vocabulary.label("evaluation_veto", code) for code in evaluation.vetoes)
        facts.append({"label": _("Veto items"), "text": vetoes, "wide": True})
    if evaluation.text["remark"]:
        facts.append({"label": _("Opinion and suggestions"), "text": evaluation.text["remark"], "wide": True})
    return {
        "points": evaluation.points, "facts": facts, "who": evaluation.evaluated_by.name, "at": moment(evaluation.evaluated_at),
        "grade": {"label": vocabulary.label("evaluation_grade", grade), "tone": GRADE_TONES[grade]},
        "url": reverse("cases:download_evaluation", args=[case.pk]),
    }


def decision_views(decisions: Iterable[CaseDecision]) -> list[dict[str, Any]]:
    """Decisions about the course of the case for the timeline, newest first; opened."""
    return [
        {
            "title": KINDS[row.kind], "at": moment(row.decided_at), "who": row.decided_by.name, "tone": "neutral",
            "text": "\n".join(_decision_lines(row)),
        }
        for row in decisions
    ]


def _decision_lines(row: CaseDecision) -> list[str]:
    lines = [vocabulary.label(CODES[row.kind], row.code)] if row.kind in CODES and row.code else []
    return lines + [
        _("%(label)s: %(text)s") % {"label": label, "text": row.text[name]} for name, label in PROSE.items() if row.text[name]
    ]


def visit_rows(case: Case, visits: Sequence[FollowUp], clocks: Mapping[str, Deadline], now: datetime, *, may: bool) -> dict[str, Any]:
    """Visits after closing as a work list."""
    rows = []
    for visit in visits:
        clock = clocks.get(str(visit.pk))
        due = due_cell(clock.due_at, now) if clock and visit.done_at is None else None
        planned = day_words(visit.planned_on)
        if due and due["date"] == planned:
            due = {**due, "date": ""}
        write = {"text": _("Record the visit"), "url": reverse("cases:record_follow_up", args=[visit.pk])}
        rows.append(
            {
                "tone": due["tone"] if due and due["tone"] in ("warn", "danger") else "",
                "cells": [
                    {"text": planned, "due": due}, {"state": _visit_state(visit)},
                    {"text": day_words(visit.done_at), "sub": visit.done_by.name if visit.done_by else ""},
                    joined([visit.text["situation"], visit.text["needs"]]) or (write if may and visit.done_at is None else ""),
                ],
            }
        )
    labels = (_("Planned for"), _("State"), _("Took place"), _("How things stand"))
    return {
        "title": _("Visits after closing"), "id": "visits", "rows": rows,
        "columns": [{"label": label, "wide": label == labels[-1]} for label in labels],
        "empty": {"title": _("No visit is planned."), "reason": _("Visits are planned when the case is closed.")},
    }


def _visit_state(visit: FollowUp) -> dict[str, Any]:
    if visit.done_at is None:
        return {"label": _("Planned"), "tone": "neutral"}
    return {"label": _("Reached"), "tone": "done"} if visit.reached else {"label": _("Not reached"), "tone": "warn"}


def end_facts(case: Case) -> list[dict[str, Any]]:
    """How and when the case ended, and until when its file is kept."""
    if case.closed_at is None:
        return []
    return [
        {"label": _("Ended on"), "text": day_words(case.closed_at), "hint": case.closed_by.name},
        {"label": _("Reason"), "text": vocabulary.label("closure_reason", case.closure_reason)},
        {
            "label": _("Kept until"), "text": day_words(case.retain_until),
            "hint": _("Local default: five years; the national standard is known from a secondary source only."),
        },
    ]


def work_facts(case: Case, clocks: Iterable[Deadline], late: int, records: int) -> list[dict[str, Any]]:
    """Figures the evaluation can rest on, from what stands in the file."""
    rows = list(clocks)
    met = [clock for clock in rows if clock.state == State.MET]
    overdue = [clock for clock in met if clock.met_late]
    return [
        {"label": _("Time limits kept"), "text": _("%(kept)s of %(all)s") % {"kept": len(met) - len(overdue), "all": len(met)}},
        {"label": _("Report returned by the prosecutor"), "text": _("%(count)s times") % {"count": case.return_count}},
        {"label": _("Records written late"), "text": _("%(late)s of %(all)s") % {"late": late, "all": records}},
    ]
