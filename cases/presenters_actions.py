"""What a person may do in a case, as buttons: the one that matters now, and the quiet others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.queries import service_codes
from cases.services.months import MONTHLY_CLOCK
from cases.states import CaseState
from socialwork.core import vocabulary

LABELS: Mapping[str, Any] = {
    "log_contact": _("Log a contact"),
    "log_interview": _("Log an interview"),
    "log_counselling": _("Log a counselling session"),
    "log_family_session": _("Log a family session"),
    "log_activity": _("Log an activity"),
    "log_attendance": _("Log an attendance"),
    "assess_case": _("Assess"),
    "write_plan": _("Write the plan"),
    "reassign_case": _("Hand over"),
    "assign_staff": _("Supervisor and counsellor"),
}
KIND_VERBS = {
    "contact": "log_contact",
    "interview": "log_interview",
    "counselling": "log_counselling",
    "family_session": "log_family_session",
    "welfare_activity": "log_activity",
    "adult_attendance": "log_attendance",
}
# Rights that lead to the report, and to the page about the course and the end of the case.
ANSWERS = {"accept_report"}
ENDS = {"evaluate_case", "close_case"}
REPORTS = {"write_report", "submit_report", "accept_report"}
COURSE = {"suspend_case", "resume_case", "cancel_case", "finish_service", *ENDS}


def action(verb: str, case: Case) -> dict[str, Any]:
    """A link to the page of an act on the case."""
    return {"label": LABELS[verb], "url": reverse(f"cases:{verb}", args=[case.pk])}


def report_link(case: Case) -> dict[str, Any]:
    return {"label": _("Report"), "url": reverse("cases:report", args=[case.pk])}


def monthly_link(case: Case) -> dict[str, Any]:
    return {"label": _("Write the monthly report"), "url": reverse("cases:monthly_reports", args=[case.pk])}


def end_link(case: Case) -> dict[str, Any]:
    return {"label": _("End of the case"), "url": reverse("cases:closing", args=[case.pk])}


def needs_report(case: Case) -> bool:
    """Whether one of the services of the case ends in a report."""
    return any(vocabulary.term("service_type", code).extra["needs_report"] for code in service_codes(case))


def usual_records(case: Case) -> list[str]:
    """Verbs of the kinds of record the services of the case call for, most usual first; a contact is always one."""
    kinds: dict[str, None] = {}
    for code in service_codes(case):
        kinds.update(dict.fromkeys(vocabulary.term("service_type", code).extra["record_kinds"]))
    verbs = [KIND_VERBS[kind] for kind in kinds]
    if needs_report(case):
        verbs.sort(key=lambda verb: verb != "log_interview")
    return [*verbs, *(verb for verb in KIND_VERBS.values() if verb not in verbs)]


def primary(case: Case, allowed: Iterable[str], more: Iterable[Mapping[str, Any]] = ()) -> Mapping[str, Any] | None:
    """The one button of the case page: what others registered for this state first, then writing down what was done."""
    for offered in more:
        return offered
    may = set(allowed)
    if may & ANSWERS:
        return report_link(case)
    if may & ENDS:
        return end_link(case)
    if case.next_act == MONTHLY_CLOCK and "write_monthly_report" in may:
        return monthly_link(case)
    if case.state in (CaseState.ACCEPTED, CaseState.IN_PROGRESS, CaseState.RETURNED, CaseState.SUSPENDED):
        for verb in usual_records(case):
            if verb in may:
                return action(verb, case)
    if case.state == CaseState.CLOSED and case.next_act and "record_follow_up" in may:
        return {"label": _("Record the visit"), "url": f"{reverse('cases:closing', args=[case.pk])}#visits"}
    if "assign_staff" in may and case.supervisor_id is None:
        return action("assign_staff", case)
    return None


def waiting(case: Case, user: Any, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What waits for this person in particular, most urgent first, each as a link to where it is done."""
    offers = []
    if found.get("plan"):
        offers.append({"label": _("Decide on the plan"), "url": reverse("cases:plan", args=[case.pk])})
    if found.get("assessment"):
        url = reverse("cases:confirm_assessment", args=[found["assessment"]])
        offers.append({"label": _("Confirm the level"), "url": url})
    if found.get("record"):
        offers.append({"label": _("Read the records"), "url": reverse("cases:record", args=[found["record"]])})
    return offers


def others(case: Case, allowed: Iterable[str], chosen: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The quiet actions: records first, then assessment, plan and people."""
    may = set(allowed)
    verbs = [*usual_records(case), "assess_case", "write_plan", "reassign_case", "assign_staff"]
    found = [action(verb, case) for verb in dict.fromkeys(verbs) if verb in may]
    if may & REPORTS and needs_report(case):
        found.append(report_link(case))
    if may & COURSE:
        found.append(end_link(case))
    return [each for each in found if not chosen or each["url"] != chosen["url"]]
