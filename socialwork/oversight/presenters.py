"""Oversight in words: the registry, the record of acts."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from socialwork.access.roles import Role
from socialwork.audit.models import Access, Event
from socialwork.core import vocabulary
from socialwork.organisations.models import Inspection, Organisation, Recommendation, RegistryEntry
from socialwork.organisations.periods import a_year_after
from socialwork.organisations.presenters import agency_state, day_text, kind_label
from socialwork.organisations.states import AGENCY
from socialwork.oversight.naming import act_labels, page_label, reading_label
from socialwork.oversight.wording import OUTCOMES, TARGETS

# Within so many days the yearly re-check is to be prepared.
SOON_DAYS = 60


def recheck_due(latest: Inspection | None, today: dt.date) -> dict[str, str]:
    """When the agency is to be inspected again (yearly re-check), in words."""
    if latest is None:
        return {"text": _("never inspected"), "date": "", "tone": "neutral"}
    until = a_year_after(latest.inspected_on)
    left = (until - today).days
    if left < 0:
        text = ngettext("%(days)d day overdue", "%(days)d days overdue", -left) % {"days": -left}
        return {"text": text, "date": day_text(until), "tone": "danger"}
    text = ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left}
    return {"text": text, "date": day_text(until), "tone": "warn" if left <= SOON_DAYS else "ok"}


def agency_columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Agency")}, {"label": _("State")}, {"label": _("Kind of organisation")}, {"label": _("Assessment grade")},
        {"label": _("Yearly inspection")},
    ]


def agency_rows(rows: Iterable[Organisation], latest: Mapping[UUID, Inspection], today: dt.date) -> list[dict[str, Any]]:
    return [
        {"cells": [
            {"text": row.name, "url": reverse("oversight:agency", args=[row.pk]), "sub": row.district.name},
            {"state": agency_state(row)}, kind_label(row), row.assessment_grade,
            {"due": recheck_due(latest.get(row.pk), today)},
        ]}
        for row in rows
    ]


def agency_act(row: Organisation, today: dt.date, latest: Inspection | None) -> dict[str, Any]:
    """Where the agency stands and who goes on (components/next_act.html)."""
    sentences = {
        "candidate": _("A candidate. Civil affairs recommends it by letter, or takes it off the registry."),
        "recommended": _("Recommended. Next comes the inspection on the spot."),
        "inspected": _("Inspected and in order. An organ may choose it."),
        "approved": _("Chosen by an organ. Civil affairs puts it on the active list once its manager can sign in."),
        "active": _("On the active list: organs may make agreements with it."),
        "suspended": _("Suspended: it gets no new referral. Running work goes on until each organ decides."),
        "exited": _("Off the registry. It can be recommended again."),
    }
    act: dict[str, Any] = {"sentence": sentences[row.state]}
    if row.state in {"active", "approved", "inspected"} and latest:
        act["due"] = recheck_due(latest, today)
        act["basis"] = _("Agencies are checked again every year (local practice).")
    return act


def staff_rows(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """People of the agency in numbers."""
    facts = [
        {"label": _("People with an account"), "text": str(counts["people"])},
        {"label": _("With a valid background check"), "text": str(counts["checked"])},
    ]
    return facts + [
        {"label": vocabulary.label("certificate", kind), "text": str(people)}
        for kind, people in counts["certificates"].items()
    ]


def history(
    recommendations: Iterable[Recommendation], inspections: Iterable[Inspection], entries: Iterable[RegistryEntry]
) -> list[dict[str, Any]]:
    """What happened to the agency in the registry, newest first (components/timeline.html)."""
    found = [(row.recommended_on, row.created_at, _recommended(row)) for row in recommendations]
    found += [(row.inspected_on, row.created_at, _inspected(row)) for row in inspections]
    found += [(timezone.localdate(row.made_at), row.made_at, _decided(row)) for row in entries]
    return [entry for _day, _at, entry in sorted(found, key=lambda item: (item[0], item[1]), reverse=True)]


def _recommended(row: Recommendation) -> dict[str, Any]:
    title = _("Recommended by letter %(number)s") % {"number": row.letter_number}
    who = f"{row.bureau.short_name} {row.recommended_by.name}"
    return {"title": title, "at": day_text(row.recommended_on), "who": who, "text": row.reason, "tone": "info"}


def _inspected(row: Inspection) -> dict[str, Any]:
    parts = [
        (_("Qualification"), row.qualification), (_("Staffing"), row.staffing), (_("Premises"), row.premises),
        (_("Rules and systems"), row.systems), (_("Further findings and what was demanded"), row.findings),
    ]
    text = "\n".join(_("%(part)s: %(text)s") % {"part": part, "text": found} for part, found in parts if found)
    state = {"label": pgettext("inspection", "Passed"), "tone": "ok"} if row.passed else {"label": pgettext("inspection", "Not passed"), "tone": "danger"}
    return {
        "title": _("Inspected on the spot"), "at": day_text(row.inspected_on), "state": state, "text": text,
        "who": f"{row.bureau.short_name} {row.inspected_by.name}", "tone": "ok" if row.passed else "danger",
    }


def _decided(row: RegistryEntry) -> dict[str, Any]:
    tone = {"suspend_agency": "danger", "exit_agency": "done"}.get(row.act, "ok")
    return {
        "title": str(AGENCY[row.act].label), "at": day_text(timezone.localdate(row.made_at)), "text": row.reason,
        "who": f"{row.made_by.organisation.short_name} {row.made_by.name}", "tone": tone,
    }


def act_columns() -> list[dict[str, Any]]:
    return [{"label": pgettext("record", "Moment")}, {"label": _("Name of the person")}, {"label": pgettext("record", "Act")}, {"label": _("Done to")}, {"label": pgettext("record", "States")}]


def act_rows(rows: Iterable[Event]) -> list[dict[str, Any]]:
    """Acts without anything about a child: who, when, what, to which thing by its reference."""
    labels = act_labels()
    return [
        {"cells": [
            moment(row.at), {"text": row.actor_name or _("The system"), "sub": roles_text(row.actor_roles)},
            {"text": labels.get(row.verb, row.verb)}, target(row), states_text(row),
        ]}
        for row in rows
    ]


def reading_columns() -> list[dict[str, Any]]:
    return [{"label": pgettext("record", "Moment")}, {"label": _("Name of the person")}, {"label": _("Reading")}, {"label": _("Of what")}, {"label": _("Outcome")}]


def reading_rows(rows: Iterable[Access]) -> list[dict[str, Any]]:
    tones = {"ok": "ok", "refused": "warn"}
    return [
        {"cells": [
            moment(row.at), {"text": row.actor_name, "sub": roles_text(row.actor_roles)},
            {"text": reading_label(row.action), "sub": page_label(row.route)}, target(row),
            {"state": {"label": OUTCOMES.get(row.outcome, row.outcome), "tone": tones.get(row.outcome, "neutral")}},
        ]}
        for row in rows
    ]


def target(row: Event | Access) -> dict[str, Any] | str:
    """The kind of thing and the end of its identifier, which is enough to find the same thing again."""
    if row.target_id is None:
        return ""
    return {"text": TARGETS.get(row.target_type, row.target_type), "sub": f"…{str(row.target_id)[-8:]}"}


def states_text(row: Event) -> str:
    """From which state to which, in words; everything else in the facts stays unread."""
    before, after = row.facts.get("from"), row.facts.get("to")
    if not (isinstance(before, str) and isinstance(after, str)):
        return ""
    words = state_words(row.target_type)
    return f"{words.get(before, before)} → {words.get(after, after)}"


def state_words(target_type: str) -> dict[str, Any]:
    """What the states of a kind of thing are called."""
    try:
        return dict(apps.get_model(target_type)._meta.get_field("state").choices or ())
    except (LookupError, ValueError, FieldDoesNotExist):
        return {}


def roles_text(codes: str) -> str:
    known = set(Role.values)
    return ", ".join(str(Role(code).label) for code in codes.split(",") if code in known)


def moment(value: dt.datetime) -> str:
    return date_format(timezone.localtime(value), "DATETIME_FORMAT")
