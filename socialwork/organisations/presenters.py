"""Organisations and agreements in words: prepared values for the templates."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from socialwork.access.roles import Family
from socialwork.core import vocabulary
from socialwork.organisations.capacity import Places
from socialwork.organisations.models import Agreement, AgreementService, AgreementVersion, Organisation
from socialwork.organisations.states import AgencyState, AgreementState

# An end within so many days is shown as a warning.
SOON_DAYS = 60
Action = dict[str, Any]

AGENCY_TONES = {
    AgencyState.CANDIDATE: "neutral", AgencyState.RECOMMENDED: "info", AgencyState.INSPECTED: "info",
    AgencyState.APPROVED: "info", AgencyState.ACTIVE: "ok", AgencyState.SUSPENDED: "danger", AgencyState.EXITED: "done",
}
AGREEMENT_TONES = {
    AgreementState.DRAFT: "neutral", AgreementState.ACTIVE: "ok", AgreementState.SUSPENDED: "danger",
    AgreementState.TERMINATED: "done", AgreementState.DISCARDED: "done",
}


def day_text(day: dt.date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def days_until(last: dt.date, today: dt.date, *, soon: int = SOON_DAYS) -> dict[str, str]:
    """Distance to a last day in words: text, date and tone of components/due.html."""
    left = (last - today).days
    if left < 0:
        text, tone = ngettext("ended %(days)d day ago", "ended %(days)d days ago", -left) % {"days": -left}, "done"
    elif left == 0:
        text, tone = _("last day today"), "warn"
    else:
        text = ngettext("ends in %(days)d day", "ends in %(days)d days", left) % {"days": left}
        tone = "warn" if left <= soon else "ok"
    return {"text": text, "date": day_text(last), "tone": tone}


def agency_state(row: Organisation) -> dict[str, Any]:
    return {"label": AgencyState(row.state).label, "tone": AGENCY_TONES[AgencyState(row.state)]}


def agreement_state(row: Agreement, today: dt.date) -> dict[str, Any]:
    """The state in words; what has expired or has not begun says so, though it is no state of its own."""
    state = AgreementState(row.state)
    if state == AgreementState.ACTIVE and row.ends_on < today:
        return {"label": pgettext("agreement", "Expired"), "tone": "done"}
    if state == AgreementState.ACTIVE and row.starts_on > today:
        return {"label": pgettext("agreement", "Signed, not begun"), "tone": "info"}
    return {"label": state.label, "tone": AGREEMENT_TONES[state]}


def kind_label(row: Organisation) -> str:
    return vocabulary.label("org_type", row.kind) if row.kind in vocabulary.codes("org_type") else row.kind


def organisation_facts(row: Organisation) -> list[dict[str, Any]]:
    """What is public about an organisation."""
    district = f"{row.district.parent.name}{row.district.name}" if row.district.parent else row.district.name
    facts = [
        {"label": _("Full name"), "text": row.name, "wide": True},
        {"label": _("Kind of organisation"), "text": kind_label(row)},
        {"label": _("District"), "text": district, "hint": row.district_id},
        {"label": _("Unified social credit code"), "text": row.credit_code},
        {"label": _("Contact person"), "text": row.contact},
        {"label": _("Phone"), "text": row.phone},
        {"label": _("Address"), "text": row.address, "wide": True},
    ]
    if row.family == Family.AGENCY:
        facts[2:2] = [{"label": _("Registry"), "state": agency_state(row)}]
        facts += [
            {"label": _("Registered on"), "text": day_text(row.registered_on)},
            {"label": _("Supervising unit"), "text": row.supervising_unit},
            {"label": _("Assessment grade"), "text": row.assessment_grade},
        ]
    return facts


def settings_facts(row: Organisation) -> list[dict[str, Any]]:
    """What the organisation decides itself."""
    facts = [{"label": _("Prefix of letter numbers"), "text": row.letter_prefix}]
    if row.family == Family.ORGAN:
        by_head = _("The head of the unit approves each referral")
        at_once = _("Referrals go out as soon as they are submitted")
        facts.append({"label": _("Approval of referrals"), "text": by_head if row.approval_levels else at_once})
    if row.family == Family.AGENCY:
        text = _("marked from %(warn)s, no further case from %(block)s active cases")
        limits = {"warn": row.caseload_warn, "block": row.caseload_block}
        facts.append({"label": _("Caseload of one worker"), "text": text % limits})
    return facts


def acts(row: Any, verbs: Sequence[tuple[str, Any, str]]) -> list[Action]:
    """Buttons of the acts this user may do now: (URL name, label, how), how being "link" or "post"."""
    found = []
    for name, label, how in verbs:
        verb = name.partition(":")[2]
        if verb in row.allowed_actions:
            action: Action = {"label": label, "url": reverse(name, args=[row.pk])}
            found.append({**action, "post": True, "key": str(uuid4())} if how == "post" else action)
    return found


def organisation_rows(rows: Iterable[Organisation]) -> list[dict[str, Any]]:
    """Rows of the operator's list: names and places only."""
    return [
        {"cells": [
            {"text": row.name, "url": row.get_absolute_url(), "sub": row.short_name if row.short_name != row.name else ""}, kind_label(row), row.district.name,
            {"state": agency_state(row)} if row.family == Family.AGENCY else "",
        ]}
        for row in rows
    ]


def province_chips(provinces: Iterable[tuple[str, str]], chosen: str) -> list[dict[str, Any]]:
    """The provinces to choose from, before the districts of one are offered (`in_chips` of the kit)."""
    return [{"label": name, "url": f"?province={code}", "active": code == chosen, "count": None} for code, name in provinces]


def parties_text(row: Agreement) -> str:
    return pgettext("between items of a list", ", ").join(party.organ.short_name for party in row.parties.all())


def agreement_rows(
    rows: Sequence[Agreement], today: dt.date, standing: Mapping[tuple[UUID, str], Places], *, places: bool
) -> list[dict[str, Any]]:
    """Rows of the list of agreements; free places only for those who may know them.

    Services are counted in different units, so places are not added up: shown is how many services have one left.
    """
    lines: dict[UUID, list[bool]] = {}
    for (agreement_id, _service), line in standing.items():
        lines.setdefault(agreement_id, []).append(line.free > 0)
    found = []
    for row in rows:
        state = agreement_state(row, today)
        runs = row.state == AgreementState.ACTIVE and row.starts_on <= today <= row.ends_on
        cells: list[Any] = [
            {"text": row.number, "url": row.get_absolute_url(), "sub": row.title if row.title != row.number else ""}, {"state": state}, row.agency.short_name,
            parties_text(row), {"due": days_until(row.ends_on, today)} if runs else day_text(row.stopped_on or row.ends_on),
        ]
        if places:
            open_lines = lines.get(row.pk, []) if runs else []
            text = _("%(free)s of %(all)s") % {"free": sum(open_lines), "all": len(open_lines)} if open_lines else ""
            cells.append({"text": text, "number": True})
        found.append({"cells": cells})
    return found


def agreement_columns(*, places: bool) -> list[dict[str, Any]]:
    columns: list[dict[str, Any]] = [
        {"label": _("Number of the agreement")}, {"label": _("State")}, {"label": _("Agency")}, {"label": _("Organs")}, {"label": _("Ends on")},
    ]
    return [*columns, {"label": _("Services with free places"), "number": True}] if places else columns


def agreement_facts(row: Agreement, *, registry: bool) -> list[dict[str, Any]]:
    """Parties and period; the agency's page in the registry is linked where this user may open it."""
    agency = {"label": _("Agency"), "text": row.agency.name}
    if registry:
        agency["url"] = reverse("oversight:agency", args=[row.agency_id])
    facts = [
        agency,
        {"label": _("Organs"), "text": pgettext("between items of a list", ", ").join(
            party.organ.name for party in row.parties.all()
        ), "wide": True},
        {"label": _("First day"), "text": day_text(row.starts_on)},
        {"label": _("Last day"), "text": day_text(row.ends_on)},
        {"label": _("Agency may read until"), "text": "" if row.signed_at is None else day_text(row.access_until),
         "hint": _("Managers only, after the work has stopped.")},
    ]
    if row.signed_by:
        facts.append({"label": _("Signing recorded by"), "text": row.signed_by.name, "hint": day_text(row.signed_at.date())})
    if row.stopped_on:
        facts += [
            {"label": _("Stopped on"), "text": day_text(row.stopped_on)},
            {"label": _("Reason"), "text": row.stopped_reason, "wide": True},
        ]
    return facts


def next_sentence(row: Agreement, today: dt.date) -> dict[str, Any]:
    """One sentence that says where the agreement stands (components/next_act.html)."""
    left = days_until(row.access_until, today)
    if row.state == AgreementState.DRAFT:
        return {"sentence": _("A draft gives no rights. Record the signing when all parties have signed.")}
    if row.state == AgreementState.DISCARDED:
        return {"sentence": _("This draft was discarded.")}
    if row.state == AgreementState.ACTIVE and row.ends_on >= today:
        if row.starts_on > today:
            sentence = _("Signed. Work begins on %(day)s.") % {"day": day_text(row.starts_on)}
            return {"sentence": sentence, "due": {**days_until(row.ends_on, today), "tone": "info"}}
        return {"sentence": _("In force: the agency works under it."), "due": days_until(row.ends_on, today)}
    if row.access_until >= today:
        sentence = _("The work has stopped. The agency's managers may still read and hand over.")
        return {"sentence": sentence, "due": {**left, "tone": "warn"}}
    return {"sentence": _("Ended: the agency sees nothing of these matters any more.")}


def service_table(
    version: AgreementVersion, standing: Mapping[str, Places], *, prices: bool, places: bool
) -> dict[str, Any]:
    """The services of a version as components/worklist.html."""
    columns: list[dict[str, Any]] = [{"label": _("Service")}, {"label": _("Agreed places"), "number": True}]
    if places:
        columns += [
            {"label": _("In work"), "number": True}, {"label": _("Not begun"), "number": True},
            {"label": _("Places reserved"), "number": True}, {"label": _("Still free"), "number": True},
        ]
    if prices:
        columns += [{"label": _("Price (yuan)"), "number": True}, {"label": vocabulary.list_label("unit")}]
    rows = []
    for line in version.services.all():
        cells: list[Any] = [vocabulary.label("service_type", line.service_type), line.quota]
        if places:
            taken = standing.get(line.service_type)
            cells += [taken.active, taken.waiting, taken.reserved, max(taken.free, 0)] if taken else ["", "", "", ""]
        if prices:
            cells += [line.unit_price, vocabulary.label("unit", line.unit)]
        rows.append({"cells": cells})
    return {"title": _("Services"), "columns": columns, "rows": rows}


def terms_facts(version: AgreementVersion, areas: Mapping[str, str]) -> list[dict[str, Any]]:
    """The clauses of a version. `areas` gives the divisions of its area in words, by code."""
    return [
        {"label": label, "text": text, "wide": name in {"area", "training_duty", "data_terms", "evaluation_method"}}
        for name, label, text in _terms(version, areas)
    ]


def _terms(version: AgreementVersion, areas: Mapping[str, str]) -> list[tuple[str, str, str]]:
    comma = pgettext("between items of a list", ", ")
    hours = _("%(hours)s working hours") % {"hours": version.response_hours}
    urgent = _("%(hours)s hours") % {"hours": version.urgent_response_hours}
    return [
        ("kind", _("Type of agreement"), vocabulary.label("agreement_type", version.kind) if version.kind else ""),
        ("procurement", vocabulary.list_label("procurement_method"),
         vocabulary.label("procurement_method", version.procurement) if version.procurement else ""),
        ("area", _("Area covered"), comma.join(areas[code] for code in sorted(version.area))),
        ("response_hours", _("Answer to a referral"), hours),
        ("urgent_response_hours", _("Answer to an urgent referral"), urgent),
        ("training_duty", _("Legal training by the organ"), version.training_duty),
        ("data_terms", _("Personal information"), version.data_terms),
        ("evaluation_method", _("Evaluation method"), version.evaluation_method),
    ]


def version_title(version: AgreementVersion) -> str:
    facts = {"number": version.number, "day": day_text(version.valid_from)}
    return _("Version %(number)s, counts from %(day)s") % facts


def version_entries(row: Agreement, versions: Sequence[AgreementVersion], current: AgreementVersion) -> list[dict[str, Any]]:
    """The versions as components/timeline.html, newest first, each with a link that compares it with the one before."""
    entries = []
    for version in reversed(versions):
        entry: dict[str, Any] = {
            "title": version_title(version), "at": day_text(version.created_at.date()), "who": version.made_by.name,
            "text": version.change_reason, "tone": "ok" if version.pk == current.pk else "neutral",
            "ahead": version.number > current.number,
        }
        if version.number > 1:
            address = reverse("organisations:compare_versions", args=[row.pk])
            query = f"?old={version.number - 1}&new={version.number}"
            entry["links"] = [{"label": _("Compare with the version before"), "url": f"{address}{query}"}]
        entries.append(entry)
    return entries


def compared(
    old: AgreementVersion, new: AgreementVersion, areas: Mapping[str, str], *, prices: bool
) -> list[dict[str, str]]:
    """What differs between two versions, as rows of components/diff.html: period, clauses, then each service."""
    before, after = (_comparable(version, areas, prices=prices) for version in (old, new))
    labels = list(dict.fromkeys([*before, *after]))
    return [
        {"label": label, "old": before.get(label, ""), "new": after.get(label, "")}
        for label in labels if before.get(label, "") != after.get(label, "")
    ]


def _comparable(version: AgreementVersion, areas: Mapping[str, str], *, prices: bool) -> dict[str, str]:
    found = {_("Period of the agreement"): f"{day_text(version.starts_on)} – {day_text(version.ends_on)}"}
    found |= {label: text for _name, label, text in _terms(version, areas)}
    for line in version.services.all():
        found[vocabulary.label("service_type", line.service_type)] = _line_text(line, prices=prices)
    return found


def _line_text(line: AgreementService, *, prices: bool) -> str:
    text = ngettext("%(count)d place", "%(count)d places", line.quota) % {"count": line.quota}
    if not prices:
        return text
    price = _("%(price)s yuan %(unit)s") % {"price": line.unit_price, "unit": vocabulary.label("unit", line.unit)}
    return pgettext("between items of a list", ", ").join([text, price])
