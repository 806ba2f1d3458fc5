"""The timeline of a case: what happened, what was recorded, which ends passed and which are coming; and its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import ServiceRecord
from cases.presenters import DUE_TONES, between, joined
from cases.presenters_records import outcome_of, record_title, record_words
from cases.wording_monthly import month_words
from socialwork.audit.models import Access, Event
from socialwork.core import vocabulary
from socialwork.core.addresses import addresses_of
from socialwork.core.dates import moment_words, moments
from socialwork.deadlines import presenters as deadline_words
from socialwork.deadlines.models import Deadline
from socialwork.deadlines.wording import State

# Every act of a matter in words. What no list names here is shown nowhere but in the organ's own record.
EVENTS: Mapping[str, Any] = {
    "referral.drafted": gettext_lazy("Draft of the referral begun"),
    "referral.edited": gettext_lazy("Draft of the referral changed"),
    "referral.submitted": gettext_lazy("Referral submitted for approval"),
    "referral.approved": gettext_lazy("Referral approved and sent"),
    "referral.issued": gettext_lazy("Referral sent to the agency"),
    "referral.returned": gettext_lazy("Referral returned by the head of unit"),
    "referral.information_asked": gettext_lazy("The agency asked for information"),
    "referral.information_answered": gettext_lazy("The prosecutor answered the agency"),
    "referral.accepted": gettext_lazy("Referral accepted by the agency"),
    "referral.declined": gettext_lazy("Referral declined by the agency"),
    "referral.withdrawn": gettext_lazy("Referral withdrawn"),
    "referral.transferred": gettext_lazy("Referral transferred"),
    "case.opened": gettext_lazy("Case opened with its two workers"),
    "case.started": gettext_lazy("Work begun"),
    "case.suspended": gettext_lazy("Case suspended"),
    "case.resumed": gettext_lazy("Case resumed"),
    "case.report_submitted": gettext_lazy("Report submitted to the prosecutor"),
    "case.report_returned": gettext_lazy("Report returned by the prosecutor"),
    "case.report_accepted": gettext_lazy("Report accepted by the prosecutor"),
    "case.service_finished": gettext_lazy("Service confirmed as finished"),
    "case.evaluated": gettext_lazy("Work evaluated"),
    "case.closed": gettext_lazy("Case closed"),
    "case.cancelled": gettext_lazy("Case cancelled"),
    "case.transferred": gettext_lazy("Case transferred to another agency"),
    "case.crisis_flagged": gettext_lazy("Crisis flagged"),
    "case.prosecutor_told": gettext_lazy("Message to the prosecutor"),
    "case.staff_assigned": gettext_lazy("Supervisor or counsellor assigned"),
    "case.document_uploaded": gettext_lazy("Paper filed"),
    "case.follow_up_recorded": gettext_lazy("Follow-up visit recorded"),
    "hand_over.offered": gettext_lazy("Hand-over offered"),
    "hand_over.accepted": gettext_lazy("Hand-over accepted"),
    "hand_over.withdrawn": gettext_lazy("Hand-over withdrawn or declined"),
    "assessment.made": gettext_lazy("Assessment written"),
    "assessment.confirmed": gettext_lazy("Risk level confirmed"),
    "plan.written": gettext_lazy("Plan written"),
    "plan.proposed": gettext_lazy("Plan sent for approval"),
    "plan.approved": gettext_lazy("Plan approved"),
    "plan.returned": gettext_lazy("Plan returned"),
    "plan.adopted": gettext_lazy("Plan put in force"),
    "plan.superseded": gettext_lazy("Plan replaced by a newer version"),
    "service_record.logged": gettext_lazy("Service record submitted"),
    "service_record.amended": gettext_lazy("Service record corrected"),
    "service_record.reviewed": gettext_lazy("Service record read by the supervisor"),
    "service_record.returned": gettext_lazy("Service record returned by the supervisor"),
    "report.begun": gettext_lazy("Report begun"),
    "report.section_written": gettext_lazy("Section of the report written"),
    "report.facts_reported": gettext_lazy("Conclusions of the report entered"),
    "report.sent_for_review": gettext_lazy("Report sent for review"),
    "report.section_accepted": gettext_lazy("Section accepted in review"),
    "report.section_returned": gettext_lazy("Section returned in review"),
    "report.section_commented": gettext_lazy("Comment on a section"),
    "report.comment_settled": gettext_lazy("Comment settled"),
    "report.reviewed": gettext_lazy("Review of the report finished"),
    "report.returned_for_rewriting": gettext_lazy("Report returned to its authors"),
    "report.submitted": gettext_lazy("Report submitted"),
    "report.returned": gettext_lazy("Report sent back"),
    "report.accepted": gettext_lazy("Report accepted"),
    "monthly_report.submitted": gettext_lazy("Monthly report sent"),
    "monthly_report.replied": gettext_lazy("Monthly report answered"),
    "monthly_report.returned": gettext_lazy("Monthly report returned"),
    "deadline.paused": gettext_lazy("Clock stopped"),
    "deadline.resumed": gettext_lazy("Clock runs again"),
    "deadline.extended": gettext_lazy("Deadline extended"),
    "juvenile.identity_corrected": gettext_lazy("Identity corrected"),
    "juvenile.guardian_added": gettext_lazy("Guardian added"),
    "juvenile.guardian_changed": gettext_lazy("Guardian changed"),
    "consent.recorded": gettext_lazy("Consent recorded"),
}
# The turning points both sides see on the timeline; the inner life of either house stands in its history only.
TURNING_POINTS = (
    "referral.approved",
    "referral.issued",
    "referral.information_asked",
    "referral.information_answered",
    "referral.accepted",
    "case.started",
    "case.suspended",
    "case.resumed",
    "case.report_submitted",
    "case.report_returned",
    "case.report_accepted",
    "case.service_finished",
    "case.evaluated",
    "case.closed",
    "case.cancelled",
    "case.transferred",
    "case.crisis_flagged",
    "case.prosecutor_told",
    "case.staff_assigned",
    "hand_over.accepted",
    "assessment.confirmed",
    "plan.proposed",
    "plan.approved",
    "plan.returned",
    "plan.adopted",
    "deadline.extended",
    "monthly_report.submitted",
    "monthly_report.replied",
    "monthly_report.returned",
    "case.follow_up_recorded",
)
TONES = {
    "case.crisis_flagged": "danger",
    "case.report_returned": "danger",
    "plan.returned": "danger",
    "monthly_report.returned": "danger",
    "case.suspended": "warn",
    "case.cancelled": "done",
    "case.closed": "done",
    "case.transferred": "done",
    "plan.approved": "ok",
    "plan.adopted": "ok",
    "case.report_accepted": "ok",
    "referral.accepted": "info",
    "case.prosecutor_told": "info",
}
SHOWN = ("all", "records", "events", "deadlines")


def filters(case_url: str, shown: str) -> list[dict[str, Any]]:
    """What the timeline can be narrowed to."""
    labels = {"all": _("Everything"), "records": _("Records"), "events": _("Events"), "deadlines": _("Deadlines")}
    return [
        {
            "label": labels[name],
            "url": case_url if name == "all" else f"{case_url}?show={name}",
            "active": name == shown,
            "count": None,
        }
        for name in SHOWN
    ]


def timeline(
    *,
    events: Iterable[Event],
    records: Sequence[ServiceRecord],
    deadlines: Iterable[Deadline],
    now: datetime,
    shown: str = "all",
) -> list[dict[str, Any]]:
    """Entries of the kit, newest first, what is still to come on top. Texts of records opened by the caller.

    `events` are those of TURNING_POINTS.
    """
    dated: list[tuple[datetime, dict[str, Any]]] = []
    if shown in ("all", "records"):
        dated += _record_entries(records)
    if shown in ("all", "events"):
        dated += [(event.at, _event_entry(event)) for event in events]
    if shown in ("all", "deadlines"):
        dated += [_deadline_entry(deadline, now) for deadline in deadlines if deadline.state != State.CANCELLED]
    dated.sort(key=lambda pair: pair[0], reverse=True)
    return _under_months(dated)


def _under_months(dated: Sequence[tuple[datetime, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Head the first entry of each month with it, and what is to come with that word."""
    before: tuple[int, int] | None = (0, 0)
    found, zone = [], timezone.get_current_timezone()
    for at, entry in dated:
        local = at.astimezone(zone)
        month = None if entry.get("ahead") else (local.year, local.month)
        heading = ""
        if month != before:
            heading = date_format(local, "YEAR_MONTH_FORMAT") if month else _("Coming")
        found.append({**entry, "day": heading})
        before = month
    return found


def _event_entry(event: Event) -> dict[str, Any]:
    entry = {
        "title": EVENTS[event.verb],
        "at": moment_words(event.at),
        "who": joined([event.actor_name, event.organisation_name]),
        "tone": TONES.get(event.verb, "neutral"),
        "text": _event_words(event),
    }
    if record := event.facts.get("record"):
        entry["url"] = reverse("cases:record", args=[record])
    return entry


def _event_words(event: Event) -> str:
    """What the codes of an event say."""
    facts = event.facts
    if event.verb == "case.crisis_flagged":
        return vocabulary.label("crisis_type", facts["crisis"])
    if event.verb == "assessment.confirmed":
        return vocabulary.label("risk_level", facts["level"])
    if event.verb.startswith("monthly_report."):
        return month_words(facts["month"])
    return ""


def _record_entries(records: Sequence[ServiceRecord]) -> list[tuple[datetime, dict[str, Any]]]:
    """Each record with its place in time; what many of them share is put into words once for the page."""
    titles: dict[tuple[Any, ...], str] = {}
    people: dict[tuple[Any, ...], str] = {}
    lengths: dict[int, str] = {}
    found, place, moment, comma = [], addresses_of("cases:record"), moments(), between()
    for record in records:
        title = (record.kind, record.interviewee, record.details.get("session"))
        who = (record.author_id, record.co_worker_id)
        if title not in titles:
            titles[title] = record_title(record)
        if who not in people:
            people[who] = joined([record.author.name, record.co_worker.name if record.co_worker else ""])
        if record.lasted not in lengths:
            lengths[record.lasted] = minutes(record)
        # That somebody came as agreed needs no word.
        outcome = None if record.attended and not record.late_minutes else outcome_of(record)
        entry = {
            "title": titles[title],
            "url": place(record.pk),
            "at": f"{moment(record.started_at)}{comma}{lengths[record.lasted]}",
            "who": people[who],
            "text": record_words(record),
            "tone": "danger" if record.crisis else outcome["tone"] if outcome else "ok",
            "state": outcome,
        }
        found.append((record.started_at, entry))
    return found


def _deadline_entry(deadline: Deadline, now: datetime) -> tuple[datetime, dict[str, Any]]:
    view = deadline_words.present(deadline, now)
    ended = deadline.met_at
    entry = {
        "title": deadline.title,
        "at": view.due.local_date_text,
        "text": view.basis,
        "ahead": ended is None and deadline.due_at > now,
        "tone": "done" if ended else DUE_TONES[view.due.tone],
        "state": {"label": view.due.text, "tone": "done" if ended else DUE_TONES[view.due.tone]},
    }
    return (ended or deadline.due_at), entry


def span(record: ServiceRecord) -> str:
    """ "3 March 2026 15:30, 90 minutes"."""
    return joined([moment_words(record.started_at), minutes(record)])


def minutes(record: ServiceRecord) -> str:
    """How long it lasted: "90 minutes"."""
    return _("%(minutes)s minutes") % {"minutes": record.lasted}


def history_list(events: Iterable[Event]) -> dict[str, Any]:
    """Every act with who and when, newest first."""
    rows = [
        {
            "cells": [
                {"text": EVENTS.get(event.verb, event.verb), "sub": _event_words(event)},
                moment_words(event.at),
                event.actor_name,
                event.organisation_name,
            ]
        }
        for event in events
    ]
    columns = [{"label": label} for label in (_("Act"), _("When"), _("Who"), _("Organisation"))]
    return {"title": _("Acts"), "columns": columns, "rows": rows}


def reading_list(readings: Iterable[Access]) -> dict[str, Any]:
    """Every reading with who and when, newest first; refusals are marked."""
    rows = []
    for reading in readings:
        state = {"label": _("Refused"), "tone": "warn"} if reading.outcome != "ok" else None
        cells = [
            {"text": _page_name(reading.route), "state": state},
            moment_words(reading.at),
            reading.actor_name,
            reading.organisation_name,
        ]
        rows.append({"tone": "warn" if state else "", "cells": cells})
    columns = [{"label": label} for label in (_("Page"), _("When"), _("Who"), _("Organisation"))]
    return {
        "title": _("Readings"),
        "columns": columns,
        "rows": rows,
        "cut": _("The last 200. Every opening of a page is kept."),
    }


PAGES: Mapping[str, Any] = {
    "cases:detail": gettext_lazy("Timeline"),
    "cases:plan": gettext_lazy("Plan"),
    "cases:records": gettext_lazy("Records"),
    "cases:monthly_reports": gettext_lazy("Monthly reports"),
    "cases:monthly_report": gettext_lazy("A monthly report"),
    "cases:record": gettext_lazy("A service record"),
    "cases:documents": gettext_lazy("Documents"),
    "cases:people": gettext_lazy("People"),
    "cases:history": gettext_lazy("Readings and history"),
    "referrals:detail": gettext_lazy("Referral"),
    "people:juvenile": gettext_lazy("The child's page"),
}


def _page_name(route: str) -> str:
    """The page that was read, in words where it is one of the main ones."""
    return str(PAGES.get(route, _("Another page of the matter")))
