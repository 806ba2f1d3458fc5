"""The people around a case in words: the child, the guardians, who works on it and how that came about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.models import Assignment, Case, HandOver
from cases.presenters import day_words, due_cell, joined
from cases.services.eligibility import Standing
from socialwork.access.roles import Role
from socialwork.core import vocabulary
from socialwork.deadlines.models import Deadline
from socialwork.deadlines.presenters import due_words
from socialwork.people.policies import knows_names

FUNCTIONS: Mapping[str, Any] = {
    Assignment.Function.LEAD: gettext_lazy("Lead worker"),
    Assignment.Function.SECOND: gettext_lazy("Second worker"),
    Assignment.Function.SUPERVISOR: gettext_lazy("Supervisor"),
    Assignment.Function.COUNSELLOR: gettext_lazy("Counsellor"),
}


def team_facts(case: Case) -> list[dict[str, Any]]:
    """Who works on the case now."""
    people = [(function, getattr(case, function)) for function in FUNCTIONS]
    facts = [
        {"label": FUNCTIONS[function], "text": person.name if person else _("Nobody")} for function, person in people
    ]
    return [*facts, {"label": _("Prosecutor in charge"), "text": case.prosecutor.name, "hint": case.prosecutor.phone}]


def assignment_list(rows: Sequence[Assignment]) -> dict[str, Any]:
    """The history of functions as a work list, newest first."""
    found = []
    for row in rows:
        since, until = timezone.localtime(row.held.lower), row.held.upper
        span = (
            _("since %(day)s") % {"day": day_words(since)}
            if until is None
            else f"{day_words(since)} – {day_words(until)}"
        )
        reason = vocabulary.label("handover_reason", row.reason) if row.reason else ""
        found.append(
            {
                "cells": [
                    str(FUNCTIONS[row.function]),
                    row.worker.name,
                    span,
                    {"text": row.assigned_by.name, "sub": reason},
                ]
            }
        )
    columns = [{"label": label} for label in (_("Function"), _("Colleague"), _("Time"), _("Assigned by"))]
    return {"title": _("Who worked on the case"), "columns": columns, "rows": found}


def hand_over_entry(row: HandOver, *, user: Any, key: str) -> dict[str, Any]:
    """A hand-over in the list of people, and what can be done while it is open; texts opened by the caller."""
    actions = []
    if row.open and row.receiver_id == user.pk:
        actions.append({"label": _("Look at it and decide"), "url": reverse("cases:accept_handover", args=[row.pk])})
    elif row.open and (
        user.pk in (row.giver_id, row.offered_by_id) or user.has_role(Role.AGENCY_MANAGER, Role.AGENCY_INTAKE)
    ):
        url = reverse("cases:withdraw_handover", args=[row.pk])
        actions.append({"label": _("Withdraw the offer"), "url": url, "post": True, "key": key})
    return {
        "title": hand_over_title(row),
        "state": hand_over_state(row),
        "facts": hand_over_facts(row),
        "actions": actions,
    }


def hand_over_title(row: HandOver) -> str:
    names = {"function": FUNCTIONS[row.function], "giver": row.giver.name, "receiver": row.receiver.name}
    return _("%(function)s: from %(giver)s to %(receiver)s") % names


def child_facts(user: Any, case: Case) -> list[dict[str, Any]]:
    """Who the child is, for those who know names; for the others the work code and nothing else."""
    facts: list[dict[str, Any]] = [
        {"label": _("Work code"), "text": case.juvenile.code},
        {"label": _("Sex"), "text": vocabulary.label("sex", case.juvenile.sex)},
    ]
    text = case.juvenile.identity.text or {}
    if not knows_names(user):
        return facts
    names = (
        ("name", _("Name")),
        ("birth_on", _("Date of birth")),
        ("phone", _("Phone")),
        ("address", _("Address")),
        ("school", _("School")),
        ("grade", _("Grade")),
        ("occupation", _("Occupation")),
        ("health", _("Health")),
        ("special_needs", _("Special needs")),
        ("language", _("Language")),
    )
    shown = {**text, "birth_on": day_words(dt.date.fromisoformat(text["birth_on"]))} if text.get("birth_on") else text
    return [*facts, *({"label": label, "text": shown[name]} for name, label in names if shown.get(name))]


def guardian_facts(guardians: Sequence[Any], *, named: bool) -> list[list[dict[str, Any]]]:
    """The guardians named in the referral, each as a list of facts; texts opened by the caller."""
    found = []
    for guardian in guardians:
        flags = joined(vocabulary.label("guardian_flag", flag) for flag in guardian.flags)
        facts = [{"label": _("Relation"), "text": vocabulary.label("relation", guardian.relation), "hint": flags}]
        if named:
            names = (("name", _("Name")), ("phone", _("Phone")), ("address", _("Address")), ("note", _("Note")))
            facts += [{"label": label, "text": guardian.text[name]} for name, label in names if guardian.text[name]]
        found.append(facts)
    return found


def hand_over_state(row: HandOver) -> dict[str, Any]:
    if row.accepted_at:
        return {"label": _("Taken over on %(day)s") % {"day": day_words(row.accepted_at)}, "tone": "done"}
    if row.withdrawn_at:
        return {"label": _("Not taken over"), "tone": "neutral"}
    return {"label": _("Waits for acceptance"), "tone": "warn"}


def hand_over_facts(row: HandOver) -> list[dict[str, Any]]:
    """The package itself; texts opened by the caller."""
    text = row.text or {}
    return [
        {"label": _("Reason"), "text": vocabulary.label("handover_reason", row.reason)},
        {"label": _("Offered"), "text": day_words(row.offered_at), "hint": row.offered_by.name},
        {"label": _("Open matters"), "text": text.get("open_matters", ""), "wide": True},
        {"label": _("Next steps"), "text": text.get("next_steps", ""), "wide": True},
        {"label": _("Advice"), "text": text.get("advice", ""), "wide": True},
    ]


def staff_table(standings: Sequence[Standing]) -> dict[str, Any]:
    """Everybody with a function in casework beside load, certificates and checks; who cannot, and why."""
    rows = []
    for each in standings:
        reasons = list(dict.fromkeys(str(sentence) for found in each.obstacles.values() for sentence in found))
        fits = [str(FUNCTIONS[function]) for function in each.obstacles if each.fits(function)]
        if fits:
            state = {"label": _("Can be chosen"), "tone": "warn" if each.warnings else "ok"}
        else:
            state = {"label": _("Cannot be chosen"), "tone": "danger"}
        checked = each.staff.background_check_on if each.staff else None
        notes = [*reasons, *(str(warning) for warning in each.warnings)]
        rows.append(
            {
                "cells": [
                    {"text": each.user.name, "sub": joined(fits)},
                    {"text": each.active, "sub": _("%(points)s points") % {"points": each.points}, "number": True},
                    joined(vocabulary.label("certificate", kind) for kind in each.certificates) or _("None"),
                    day_words(checked) or _("None"),
                    {"state": state, "sub": " ".join(notes)},
                ]
            }
        )
    columns = [
        {"label": _("Colleague")},
        {"label": _("Active cases"), "number": True},
        {"label": _("Certificates")},
        {"label": _("Background check")},
        {"label": _("In order?"), "wide": True},
    ]
    empty = {"title": _("Nobody of the agency has a function in casework yet.")}
    return {"title": _("People of the agency"), "columns": columns, "rows": rows, "empty": empty}


def referral_crumbs(referral: Any) -> list[dict[str, Any]]:
    return [
        {"label": _("Received referrals"), "url": reverse("referrals:inbox")},
        {"label": referral.number, "url": referral.get_absolute_url()},
        {"label": _("Accept the referral")},
    ]


def proposed_package(
    case: Case, clocks: Iterable[Deadline], dates: Iterable[Any], ends: Mapping[str, Any], now: datetime
) -> tuple[str, str]:
    """What a hand-over can know by itself: the state of the case, open clocks, loose ends, and agreed dates."""
    lines = [_("State of the case: %(state)s") % {"state": case.get_state_display()}]
    lines += [f"{clock.title}{_(': ')}{due_words(clock.due_at, now).local_date_text}" for clock in clocks]
    if ends["plan"]:
        lines.append(_("Plan: %(state)s") % {"state": ends["plan"]})
    if ends["returned"]:
        lines.append(_("Records returned by the supervisor: %(number)s") % {"number": ends["returned"]})
    if ends["unconfirmed"]:
        lines.append(_("The assessment is not confirmed yet."))
    agreed = [_("Next contact agreed for %(day)s") % {"day": day_words(day)} for day in dates]
    return "\n".join(lines), "\n".join(agreed)


def clock_facts(clocks: Iterable[Deadline], now: datetime) -> list[dict[str, Any]]:
    """The open clocks that come with a case."""
    return [{"label": clock.title, "due": due_cell(clock.due_at, now)} for clock in clocks]


def draft_words(number: int) -> str:
    """A warning about texts nobody else can read."""
    if not number:
        return ""
    return ngettext(
        "You have %(number)s text about this case that is not submitted. Nobody else can read it: submit it first.",
        "You have %(number)s texts about this case that are not submitted. Nobody else reads them: submit them first.",
        number,
    ) % {"number": number}


def decline_action(row: HandOver, key: str) -> dict[str, Any]:
    return {
        "label": _("Do not take over"),
        "url": reverse("cases:withdraw_handover", args=[row.pk]),
        "post": True,
        "key": key,
    }


def people_address(case_id: Any) -> str:
    return reverse("cases:people", args=[case_id])
