"""The draft page in words: how far it is, which agencies may be chosen, which limit is proposed."""
from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from referrals.models import Referral
from referrals.presenters.brief import labels
from referrals.queries import Offer
from referrals.services.blocking import Filled
from referrals.wording import CONFLICTS, CONTROLS, PART_OF, PARTS
from socialwork.core import vocabulary
from socialwork.core.identifiers import age_band
from socialwork.deadlines.presenters import period_words, rule_basis
from socialwork.organisations.models import District
from socialwork.people.models import Guardian
from socialwork.people.presenters import guardian_line, label_of

# Columns of the row that a differing save is compared by, with the vocabulary list their codes stand in.
COMPARED = {
    "subject_type": "subject_type", "stage": "stage", "custody": "custody", "charge": "charge", "urgency": "urgency",
    "offence_on": "", "incident": "", "due_on": "",
}


def stored(referral: Referral, *, guardian_ids: Iterable[Any], due_on_proposed: bool) -> dict[str, Any]:
    """Initial values of the form from the row."""
    names = ("subject_type", "stage", "custody", "charge", "behaviours", "offence_on", "joint_offence", "incident", "urgency", "due_on")
    return {
        **{name: getattr(referral, name) for name in names},
        "guardians": [str(pk) for pk in guardian_ids],
        "due_choice": "proposed" if due_on_proposed else "other",
        "district": referral.district_id or "",
        "agreement": str(referral.agreement_id or ""),
    }


def guardian_choices(guardians: Iterable[Guardian]) -> list[tuple[str, str]]:
    found = []
    for guardian in guardians:
        line = guardian_line(guardian)
        words = " · ".join(filter(None, [line["label"], line["text"], line["hint"]]))
        found.append((str(guardian.pk), words))
    return found


def district_choices(districts: Iterable[District]) -> list[tuple[str, str]]:
    return [(row.pk, f"{row.parent.name} {row.name}" if row.parent else row.name) for row in districts]


def links(blockers: Iterable[tuple[str | None, Any]], page: str = "") -> list[dict[str, Any]]:
    """Blockers as links to their field; `page` is the address of the draft when they stand on another page."""
    found = []
    for field, sentence in blockers:
        target = f"id_{field}" if field in CONTROLS else PART_OF.get(field or "", "")
        found.append({"sentence": sentence, "url": f"{page}#{target}" if target else page})
    return found


def rail(blockers: Sequence[tuple[str | None, Any]], notes: Mapping[str, str]) -> list[dict[str, Any]]:
    """How far each part is: complete, or how many things are missing. Any order may be taken."""
    missing: dict[str, int] = {}
    for field, _sentence in blockers:
        part = PART_OF.get(field or "", "")
        missing[part] = missing.get(part, 0) + 1
    steps = []
    for part, title in PARTS:
        count = missing.get(part, 0)
        note = ngettext("%(count)d thing missing", "%(count)d things missing", count) % {"count": count} if count else notes.get(part, "")
        steps.append({"label": title, "url": f"#{part}", "tone": "neutral" if count else "done", "note": note})
    return steps


def limit_words(proposal: Any) -> dict[str, Any]:
    """The proposed limit with its reason: what the rule is, how long, by law or local practice."""
    if proposal is None:
        return {"date": "", "text": _("No limit can be proposed for these services; choose a day yourself."), "basis": ""}
    date = date_format(proposal.due_on, "DATE_FORMAT")
    words = {"date": date, "title": proposal.rule.title, "period": period_words(proposal.rule.amount, proposal.rule.unit)}
    return {
        "date": date, "text": _("Proposed: %(date)s. %(title)s, %(period)s from today.") % words, "basis": rule_basis(proposal.rule)
    }


def age_words(filled: Filled) -> str:
    """Age at the event and now, with their bands."""
    parts = []
    if filled.age_at_offence is not None:
        parts.append(_("At the event: %(age)s years, band %(band)s.") % {"age": filled.age_at_offence, "band": age_band(filled.age_at_offence).label})
    if filled.age_now is not None:
        parts.append(_("Now: %(age)s years.") % {"age": filled.age_now})
    return " ".join(parts)


def offer_rows(offers: Sequence[Offer], wanted: Mapping[str, int], chosen: str) -> dict[str, Any]:
    """The agencies as a table: those that cover service, district and date; the others apart, to be chosen with a reason."""
    rows = [_offer_row(index, offer, wanted, chosen) for index, offer in enumerate(offers)]
    fitting = [row for row, offer in zip(rows, offers, strict=True) if offer.covers]
    others = [row for row, offer in zip(rows, offers, strict=True) if not offer.covers]
    return {
        "rows": fitting, "others": others, "others_chosen": any(row["checked"] for row in others),
        "lost": bool(chosen) and not any(row["checked"] for row in rows), "asked": bool(wanted),
    }


def _offer_row(index: int, offer: Offer, wanted: Mapping[str, int], chosen: str) -> dict[str, Any]:
    places = [
        {"service": vocabulary.label("service_type", code), "free": offer.free[code], "tone": "danger" if code in offer.full else "ok"}
        for code in wanted if code in offer.free
    ]
    notes = [{"tone": "warn", "text": CONFLICTS[code]} for code in offer.conflicts]
    notes += [{"tone": "danger", "text": _("Not in the agreement: %(service)s") % {"service": vocabulary.label("service_type", code)}} for code in offer.missing]
    if not offer.covers_area:
        notes.append({"tone": "danger", "text": _("The agreement does not cover this district.")})
    return {
        "index": index, "value": str(offer.agreement.pk), "checked": str(offer.agreement.pk) == chosen,
        "name": offer.agreement.agency.short_name, "places": places, "notes": notes, "fits": offer.fits,
        "agreement": _("%(number)s, until %(date)s") % {"number": offer.agreement.number, "date": date_format(offer.agreement.ends_on, "DATE_FORMAT")},
        "days": days_words(offer.days),
    }


def days_words(days: float | None) -> str:
    """Median number of days to the first contact."""
    if days is None:
        return _("no figure yet")
    return ngettext("%(days)s day", "%(days)s days", round(days)) % {"days": f"{days:g}"}


def obstacles(offer: Offer | None) -> list[str]:
    """What stands against the chosen agency and needs a reason (V16); empty when it fits."""
    if offer is None:
        return []
    found = [] if offer.covers_area else [_("The agreement does not cover this district.")]
    found += [_("The agreement does not include %(service)s.") % {"service": vocabulary.label("service_type", code)} for code in offer.missing]
    found += [_("No place is left for %(service)s.") % {"service": vocabulary.label("service_type", code)} for code in offer.full]
    return found


def mark(*values: Any) -> str:
    """A short mark of what a part of the page was computed from, to know whether it must be sent again."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def both_texts(theirs: Mapping[str, Any], typed: Mapping[str, Any]) -> list[dict[str, str]]:
    """What another person saved beside what stands in the form, where they differ: rows of components/diff.html."""
    rows = []
    titles = {"offence_on": _("Day of the event"), "incident": _("Mark of the incident"), "due_on": _("Last day")}
    for name, listed in COMPARED.items():
        pair = [_worded(listed, side.get(name)) for side in (theirs, typed)]
        rows.append({"label": titles.get(name) or vocabulary.list_label(listed), "old": pair[0], "new": pair[1]})
    rows.append({"label": _("Behaviour"), "old": labels(theirs["behaviours"]), "new": labels(typed["behaviours"])})
    rows.append({"label": _("Services wanted"), "old": _services(theirs["services"]), "new": _services(typed["services"])})
    rows.append({"label": _("Brief for the agency"), "old": _paragraphs(theirs["paragraphs"]), "new": _paragraphs(typed["paragraphs"])})
    return [row for row in rows if row["old"] != row["new"]]


def _worded(listed: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, dt.date):
        return date_format(value, "DATE_FORMAT")
    return label_of(listed, str(value)) if listed else str(value)


def _services(services: Mapping[str, int]) -> str:
    return "\n".join(f"{vocabulary.label('service_type', code)} × {quantity}" for code, quantity in sorted(services.items()))


def _paragraphs(paragraphs: Iterable[tuple[str, str, bool]]) -> str:
    shared, kept = _("shared"), _("not shared")
    return "\n\n".join(f"{vocabulary.label('paragraph_kind', kind)} ({shared if told else kept})\n{body}" for kind, body, told in paragraphs)


def page_of(referral: Referral) -> str:
    return reverse("referrals:edit_referral", args=[referral.pk])
