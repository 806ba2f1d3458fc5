"""A child in words: masked in lists, as far as the reader may know on pages."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from socialwork.access.roles import Family
from socialwork.core import vocabulary
from socialwork.core.identifiers import age_band, age_on, mask_id, mask_name
from socialwork.people.models import Consent, Guardian, Juvenile
from socialwork.people.policies import knows_names
from socialwork.people.registry import Matter

SEPARATOR = " · "


def short_name(user: Any, juvenile: Juvenile) -> str:
    """What a list calls the child: the masked name, or the work code for those who work with codes. Identity opened."""
    return masked_name(juvenile) if knows_names(user) else juvenile.code


def masked_name(juvenile: Juvenile) -> str:
    """What a list calls the child for those who may know names; the work code where none is known. Identity opened."""
    text = juvenile.identity.text or {}
    return mask_name(text["name"]) if text.get("name") else juvenile.code


def born_on(juvenile: Juvenile) -> dt.date | None:
    """The birth date, where it is known and the dossier is open. Identity opened."""
    text = juvenile.identity.text
    return dt.date.fromisoformat(text["birth_on"]) if text and text["birth_on"] else None


def full_name(user: Any, juvenile: Juvenile) -> str:
    """What the child's own page calls the child: the name where it may be known, else the work code."""
    text = juvenile.identity.text or {}
    return text["name"] if knows_names(user) and text.get("name") else juvenile.code


def label_of(name: str, code: str) -> str:
    """The wording of a code; what is no code of the list stays as it was written."""
    return vocabulary.label(name, code) if code in vocabulary.codes(name) else code


def labels_of(name: str, codes: Iterable[str]) -> str:
    return _(", ").join(label_of(name, code) for code in codes)


def matches(user: Any, rows: Sequence[Juvenile], matters: Mapping[Any, Sequence[Matter]]) -> dict[str, Any]:
    """Search results as a work list: masked name · year of birth · district · state, and where to go."""
    names = knows_names(user)
    return {
        "title": _("Matches"), "count": len(rows),
        "columns": [
            {"label": _("Child")}, {"label": _("Born")}, {"label": _("District")}, {"label": _("State")}, {"label": _("Matter")},
        ],
        "rows": [{"cells": _match_cells(user, row, matters.get(row.pk, ()), names)} for row in rows],
        "empty": {
            "title": _("Nobody found among the children you may see."),
            "reason": _("Check the spelling, or search by ID number. A child in the charge of a colleague is not shown here."),
        },
    }


def _match_cells(user: Any, row: Juvenile, matters: Sequence[Matter], names: bool) -> list[Any]:
    born = (row.identity.text or {}).get("birth_on", "")[:4] if names else ""
    newest = next((matter for matter in matters if matter.open), matters[0] if matters else None)
    state = {"label": _("In progress"), "tone": "ok"} if newest and newest.open else (
        {"label": _("Ended"), "tone": "done"} if newest else {"label": _("Nothing referred yet"), "tone": "neutral"}
    )
    return [
        {"text": short_name(user, row), "url": row.get_absolute_url(), "sub": row.code if names else ""},
        born,
        newest.district if newest and newest.district else row.organ.district.name,
        {"state": state},
        {"text": newest.title, "url": newest.url, "sub": newest.label} if newest else "",
    ]


def knows_number(user: Any) -> bool:
    """The ID number is read whole only inside the organ; an agency recognises it by its ends."""
    return user.organisation.family == Family.ORGAN


def identity_facts(juvenile: Juvenile, *, whole: bool) -> list[dict[str, Any]]:
    """Who the child is, for those who may know; `whole` shows the ID number in full. Identity opened."""
    text = juvenile.identity.text or {}
    number = text.get("id_number", "")
    facts = [
        {"label": _("Work code"), "text": juvenile.code},
        {"label": _("Name"), "text": text.get("name", ""), "hint": text.get("former_name", "")},
        {"label": vocabulary.list_label("sex"), "text": label_of("sex", juvenile.sex)},
        {"label": _("Birth date"), "text": day_words(text.get("birth_on", "")), "hint": age_words(text.get("birth_on", ""))},
        {"label": label_of("id_type", text.get("id_type") or "resident_id"), "text": number if whole else mask_id(number)},
        {"label": vocabulary.list_label("ethnicity"), "text": label_of("ethnicity", text.get("ethnicity", ""))},
        {"label": _("Phone"), "text": text.get("phone", "")},
        {"label": _("Residence"), "text": text.get("address", "")},
        {"label": _("Registered household"), "text": text.get("household", "")},
        {"label": _("School or employer"), "text": text.get("school", ""), "hint": text.get("grade", "")},
        {"label": _("Occupation"), "text": text.get("occupation", "")},
        {"label": _("Language or dialect"), "text": text.get("language", "")},
        {"label": _("Health"), "text": text.get("health", ""), "wide": True},
        {"label": _("Special needs"), "text": text.get("special_needs", ""), "wide": True},
    ]
    always = {_("Work code"), _("Name"), _("Birth date"), _("Phone"), _("Residence")}
    return [fact for fact in facts if fact["text"] or fact["label"] in always]


def known_facts(user: Any, juvenile: Juvenile, names: bool) -> list[dict[str, Any]]:
    """The same for one reader: everything, or the work code alone."""
    if not names:
        return [{"label": _("Work code"), "text": juvenile.code}]
    return identity_facts(juvenile, whole=knows_number(user))


def circumstances_facts(juvenile: Juvenile) -> list[dict[str, Any]]:
    """Schooling, living and care."""
    row = getattr(juvenile, "circumstances", None)
    if row is None:
        return []
    facts = [
        {"label": vocabulary.list_label("education_status"), "text": label_of("education_status", row.education_status)},
        {"label": vocabulary.list_label("education_level"), "text": label_of("education_level", row.education_level)},
        {"label": vocabulary.list_label("living"), "text": labels_of("living", row.living)},
        {"label": vocabulary.list_label("parenting"), "text": labels_of("parenting", [row.parenting] if row.parenting else [])},
    ]
    return [fact for fact in facts if fact["text"]]


def guardian_line(guardian: Guardian, *, names: bool = True) -> dict[str, Any]:
    """A guardian as one fact: relation, name, phone, what stands in the way."""
    said = [guardian.text["name"], guardian.text["phone"]] if names and guardian.text else []
    hints = [labels_of("guardian_flag", guardian.flags)]
    if guardian.unavailable_reason:
        hints.append(label_of("guardian_unavailable_reason", guardian.unavailable_reason))
    return {
        "label": label_of("relation", guardian.relation), "text": SEPARATOR.join(filter(None, said)),
        "hint": SEPARATOR.join(filter(None, hints)),
    }


def guardian_rows(guardians: Iterable[Guardian], *, names: bool, may_change: bool) -> list[dict[str, Any]]:
    """Guardians for the child's page, each with its details and the way to correct it."""
    rows = []
    for guardian in guardians:
        text = guardian.text if names else {}
        rows.append(
            {
                **guardian_line(guardian, names=names),
                "details": [line for line in (text.get("occupation"), text.get("address"), text.get("note")) if line],
                "url": reverse("people:change_guardian", args=[guardian.juvenile_id, guardian.pk]) if may_change else "",
            }
        )
    return rows


def consent_rows(consents: Iterable[Consent], *, names: bool, record_url: str = "", may_attach: bool = False) -> dict[str, Any]:
    """Agreements as a work list; `record_url` for those who may add one, `may_attach` for those who may add a scan."""
    consents = list(consents)
    replaces = may_attach and any(row.scan for row in consents)
    return {
        "title": _("Consents"), "actions": [{"label": _("Record a consent"), "url": record_url}] if record_url else [],
        "columns": [
            {"label": _("What for")}, {"label": _("Given by")}, {"label": _("Given on")}, {"label": _("Way")}, {"label": _("Signed paper")}, {"label": _("State")},
            *([{"label": _("Correct")}] if replaces else []),
        ],
        "rows": [
            {
                "cells": [
                    {"text": label_of("consent_kind", row.kind), "sub": row.text_version},
                    _signer(row, names),
                    date_format(row.given_on, "DATE_FORMAT"),
                    label_of("consent_method", row.method),
                    _paper(row, names=names, may_attach=may_attach),
                    {"state": {"label": _("Withdrawn"), "tone": "warn"} if row.withdrawn_at else {"label": _("In force"), "tone": "ok"}},
                    *([{"text": _("Replace the scan"), "url": attach_url(row)} if row.scan else ""] if replaces else []),
                ]
            }
            for row in consents
        ],
        "empty": {"title": _("No consent is recorded yet."), "reason": _("A referral by an organ of the State needs none; some services do.")},
    }


def consent_line(row: Consent) -> str:
    """An agreement in one line: what for, who, when."""
    who = _("The child") if row.capacity == "minor" else label_of("relation", row.guardian.relation) if row.guardian else ""
    day = date_format(row.given_on, "DATE_FORMAT")
    return SEPARATOR.join(filter(None, [label_of("consent_kind", row.kind), who or _("Somebody in the guardian's place"), day]))


def _paper(row: Consent, *, names: bool, may_attach: bool) -> dict[str, Any] | str:
    """The scan, or that it is missing; who may add one is led there. It shows names: others learn only that it is there."""
    if row.scan and names:
        return {"text": _("Save the scan"), "url": reverse("people:consent_scan", args=[row.juvenile_id, row.pk])}
    if row.scan:
        return {"state": {"label": _("Scan at hand"), "tone": "ok"}}
    if not vocabulary.term("consent_method", row.method).extra["needs_file"]:
        return ""
    missing = {"state": {"label": _("Scan missing"), "tone": "warn"}}
    return {**missing, "text": _("Attach the scan"), "url": attach_url(row)} if may_attach else missing


def attach_url(row: Consent) -> str:
    return reverse("people:attach_consent_scan", args=[row.juvenile_id, row.pk])


def _signer(row: Consent, names: bool) -> dict[str, Any]:
    if row.capacity == "minor":
        return {"text": _("The child")}
    if row.guardian:
        name = row.guardian.text["name"] if names and row.guardian.text else ""
        return {"text": label_of("relation", row.guardian.relation), "sub": name}
    return {
        "text": row.text["signer"] if names and row.text else _("Somebody in the guardian's place"),
        "sub": label_of("guardian_unavailable_reason", row.substitute_reason),
    }


def matter_rows(matters: Iterable[Matter]) -> dict[str, Any]:
    """Referrals and cases about the child as a work list."""
    return {
        "title": _("Matters"),
        "columns": [{"label": _("Matter")}, {"label": _("State")}, {"label": _("District")}, {"label": _("Date")}],
        "rows": [
            {
                "cells": [
                    {"text": matter.title, "url": matter.url}, {"state": {"label": matter.label, "tone": matter.tone}},
                    matter.district, date_format(timezone.localtime(matter.at), "DATE_FORMAT"),
                ]
            }
            for matter in matters
        ],
        "empty": {"title": _("Nothing has been referred yet.")},
    }


def day_words(iso: str) -> str:
    return date_format(dt.date.fromisoformat(iso), "DATE_FORMAT") if iso else ""


def age_words(iso: str) -> str:
    """Age now with its band, e.g. 16 years (16–17)."""
    if not iso:
        return ""
    age = age_on(dt.date.fromisoformat(iso), timezone.localdate())
    return _("%(age)s years now, band %(band)s") % {"age": age, "band": age_band(age).label}


def stored_identity(juvenile: Juvenile) -> dict[str, Any]:
    """Initial values of the correction form. Identity opened."""
    return {**(juvenile.identity.text or {}), "sex": juvenile.sex}
