"""What an agency learns from a referral: the one shape of preview, live column and the agency's own page."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referrals.models import HandOverPackage, Referral
from socialwork.core import vocabulary
from socialwork.people.models import Guardian
from socialwork.people.presenters import guardian_line, identity_facts, label_of


def brief(
    referral: Referral, *, services: Mapping[str, int], paragraphs: Iterable[tuple[str, str]], guardians: Iterable[Guardian],
    package: HandOverPackage | None = None,
) -> dict[str, Any]:
    """Values for referrals/_brief.html. `paragraphs` are (kind, body) of those shared; the identity is opened."""
    return {
        "person": identity_facts(referral.juvenile, whole=False),
        "guardians": [guardian_line(guardian) for guardian in guardians],
        "matter": matter_facts(referral),
        "services": service_lines(services),
        "limit": date_format(referral.due_on, "DATE_FORMAT") if referral.due_on else "",
        "paragraphs": paragraph_rows(paragraphs),
        "package": package_parts(package),
    }


def paragraph_rows(paragraphs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Paragraphs (kind, body) with their titles."""
    return [{"title": vocabulary.label("paragraph_kind", kind), "body": body} for kind, body in paragraphs]


def matter_facts(referral: Referral) -> list[dict[str, Any]]:
    """The minimum an agency needs of the proceedings; nothing of the incident, the co-suspects or the other side."""
    facts = [
        _coded("subject_type", referral.subject_type), _coded("stage", referral.stage), _coded("custody", referral.custody),
        _coded("charge", referral.charge),
        {"label": _("Behaviour"), "text": labels(referral.behaviours)},
        {"label": _("Age at the event"), "text": _("%(age)s years") % {"age": referral.age_at_offence} if referral.age_at_offence is not None else ""},
        _coded("urgency", referral.urgency),
        {"label": _("District"), "text": referral.district.name if referral.district else ""},
    ]
    return [fact for fact in facts if fact["text"]]


def labels(behaviours: Iterable[str]) -> str:
    """Behaviours in words, whichever of the two lists they stand in."""
    serious = vocabulary.codes("serious_misbehaviour")
    found = [label_of("misbehaviour" if code not in serious or code == "other" else "serious_misbehaviour", code) for code in behaviours]
    return _(", ").join(found)


def service_lines(services: Mapping[str, int]) -> list[str]:
    """Services with their number of units where it is more than one."""
    found = []
    for code, quantity in services.items():
        name = vocabulary.label("service_type", code)
        found.append(name if quantity == 1 else _("%(service)s × %(number)s") % {"service": name, "number": quantity})
    return found


def services_of(referral: Referral) -> dict[str, int]:
    """The stored services with their units, in the order of the form: read with the row of a list, else asked for."""
    if "wanted" in referral.__dict__:
        return {line["service_type"]: line["quantity"] for line in referral.wanted}
    return {line.service_type: line.quantity for line in sorted(referral.services.all(), key=lambda line: line.pk)}


def package_parts(package: HandOverPackage | None) -> list[dict[str, Any]]:
    """What the agency before has done and what is open."""
    if package is None or not package.text:
        return []
    titles = {"done": _("Done by the agency before"), "open_matters": _("Still to be done"), "advice": _("To be heeded")}
    return [{"title": title, "body": package.text[name]} for name, title in titles.items() if package.text[name]]


def _coded(name: str, code: str) -> dict[str, Any]:
    return {"label": vocabulary.list_label(name), "text": label_of(name, code) if code else ""}


