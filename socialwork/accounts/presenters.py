"""Accounts and staff records in words."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from socialwork.access.roles import PARAGRAPHS, Role
from socialwork.accounts.models import StaffRecord, User
from socialwork.core import vocabulary
from socialwork.organisations.presenters import day_text

# A check that runs out within so many days is to be renewed now.
SOON_DAYS = 30


def kept_filters(saved: Iterable[Mapping[str, Any]], *, worklist: str, path: str, query: str) -> dict[str, Any]:
    """Values for components/saved_filters.html: the filters in force, to be kept, and those kept before with their addresses."""
    rows = [{"id": row["id"], "label": row["name"], "url": f"{path}?{row['query']}"} for row in saved]
    return {"worklist": worklist, "query": query, "saved": rows}


def role_labels(person: User) -> str:
    return comma().join(str(Role(role).label) for role in person.roles)


def comma() -> str:
    return pgettext("between items of a list", ", ")


def account_state(person: User) -> dict[str, Any]:
    if not person.is_active:
        return {"label": pgettext("account", "Closed"), "tone": "done"}
    if person.one_time_until is None:
        return {"label": pgettext("account", "Open"), "tone": "ok"}
    if person.one_time_until < timezone.now():
        return {"label": _("One-time password ran out"), "tone": "warn"}
    return {"label": _("Not signed in yet"), "tone": "info"}


def check_due(staff: StaffRecord | None, today: dt.date) -> dict[str, Any]:
    """When the background check must be renewed, in words (text, date, tone of components/due.html)."""
    until = staff.background_check_until if staff else None
    if until is None:
        return {"text": _("No check on record"), "date": "", "tone": "danger"}
    left = (until - today).days
    if left < 0:
        text = ngettext("expired %(days)d day ago", "expired %(days)d days ago", -left) % {"days": -left}
        tone = "danger"
    elif left == 0:
        text, tone = _("expires today"), "warn"
    else:
        text = ngettext("expires in %(days)d day", "expires in %(days)d days", left) % {"days": left}
        tone = "warn" if left <= SOON_DAYS else "ok"
    return {"text": text, "date": day_text(until), "tone": tone}


def on_record(day: dt.date | None) -> dict[str, Any]:
    """A day something was done, or a warning that it was not."""
    return {"text": day_text(day)} if day else {"state": {"label": pgettext("staff record", "missing"), "tone": "danger"}}


def certificates_text(staff: StaffRecord | None) -> str:
    kinds = [row.kind for row in staff.certificates.all()] if staff else []
    return comma().join(vocabulary.label("certificate", kind) for kind in dict.fromkeys(kinds))


def staff_columns(*, agency: bool) -> list[dict[str, Any]]:
    columns = [{"label": _("Name of the person")}, {"label": _("Roles")}]
    if agency:
        columns += [
            {"label": vocabulary.list_label("certificate")}, {"label": _("Background check")}, {"label": _("Undertaking")},
            {"label": _("Legal training")},
        ]
    return [*columns, {"label": _("Account")}]


def staff_rows(people: Iterable[User], today: dt.date, *, agency: bool) -> list[dict[str, Any]]:
    rows = []
    for person in people:
        staff = getattr(person, "staff", None)
        cells: list[Any] = [{"text": person.name, "url": person.get_absolute_url(), "sub": person.login}, role_labels(person)]
        if agency and staff:
            cells += [
                certificates_text(staff), {"due": check_due(staff, today)}, on_record(staff.undertaking_on),
                on_record(staff.legal_training_on),
            ]
        elif agency:
            cells += ["", "", "", ""]
        rows.append({"cells": [*cells, {"state": account_state(person)}]})
    return rows


def administrator_columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Name of the person")}, {"label": _("Organisation")}, {"label": _("Roles")}, {"label": _("Account")},
    ]


def administrator_rows(people: Iterable[User]) -> list[dict[str, Any]]:
    return [
        {"cells": [
            {"text": person.name, "url": person.get_absolute_url(), "sub": person.login}, person.organisation.short_name,
            role_labels(person), {"state": account_state(person)},
        ]}
        for person in people
    ]


def account_facts(person: User) -> list[dict[str, Any]]:
    return [
        {"label": _("Account"), "state": account_state(person)},
        {"label": _("Sign-in name"), "text": person.login},
        {"label": _("Organisation"), "text": person.organisation.name},
        {"label": _("Mail"), "text": person.email},
        {"label": _("Phone"), "text": person.phone},
        {"label": _("Last sign-in"), "text": moment(person.last_login) if person.last_login else pgettext("sign-in", "never")},
    ]


def role_facts(person: User) -> list[dict[str, Any]]:
    """Each role with what it may do."""
    return [{"label": str(Role(role).label), "text": str(PARAGRAPHS[Role(role)]), "wide": True} for role in person.roles]


def staff_facts(staff: StaffRecord | None, today: dt.date) -> list[dict[str, Any]]:
    """One person one file."""
    if staff is None:
        return []
    functions = comma().join(vocabulary.label("staff_function", code) for code in staff.functions)
    return [
        {"label": _("Background check"), "due": check_due(staff, today), "hint": _("Renewed every year.")},
        {"label": _("Confidentiality undertaking"), **on_record(staff.undertaking_on)},
        {"label": _("Legal training"), **on_record(staff.legal_training_on)},
        {"label": vocabulary.list_label("sex"), "text": vocabulary.label("sex", staff.sex) if staff.sex else ""},
        {"label": _("Functions"), "text": functions, "wide": True},
        {"label": _("Languages and dialects"), "text": comma().join(staff.languages)},
        {"label": _("Employed since"), "text": day_text(staff.employed_on)},
        {"label": _("Left on"), "text": day_text(staff.left_on)},
    ]


def certificate_lines(staff: StaffRecord | None, *, removable: bool = False) -> list[dict[str, Any]]:
    """Certificates with their numbers and days; `action` takes one off the record."""
    lines = []
    for row in staff.certificates.all() if staff else ():
        valid = _("valid until %(day)s") % {"day": day_text(row.valid_until)} if row.valid_until else ""
        parts = [row.number, _("issued on %(day)s") % {"day": day_text(row.issued_on)}, valid]
        line: dict[str, Any] = {
            "label": vocabulary.label("certificate", row.kind), "text": comma().join(part for part in parts if part),
        }
        if removable:
            address = reverse("accounts:remove_certificate", args=[row.pk])
            line["action"] = {"label": _("Take off the record"), "url": address, "post": True, "key": str(uuid4())}
        lines.append(line)
    return lines


def token_fact(token: Any) -> str:
    """Whether there is a key, and since when."""
    return _("Created on %(moment)s") % {"moment": moment(token.created)} if token else ""


def moment(value: dt.datetime) -> str:
    return date_format(timezone.localtime(value), "DATETIME_FORMAT")


def one_time(shown: Any) -> dict[str, Any]:
    """What the page says that shows a one-time password."""
    person = shown.person if shown else None
    sentences = [
        _("Hand it to the person yourself: it is shown this once and kept nowhere."),
        _("It holds for 72 hours and only leads to the page where the person chooses a password."),
    ]
    if person:
        sentences.insert(0, _("Sign-in name: %(login)s") % {"login": person.login})
    return {
        "title": _("One-time password"), "label": person.name if person else "", "secret": shown.password if shown else None,
        "sentences": sentences,
    }


def person_crumbs(viewer: User, person: User) -> list[dict[str, Any]]:
    """The way to a person's page: from the staff list, from the list of administrators, or none from one's own."""
    if viewer.has_role(Role.SYSTEM_OPERATOR):
        return [{"label": _("Administrators"), "url": reverse("accounts:administrators")}, {"label": person.name}]
    if viewer.has_role(Role.ORGAN_ADMIN, Role.AGENCY_MANAGER):
        return [{"label": _("Staff"), "url": reverse("accounts:staff")}, {"label": person.name}]
    return [{"label": _("My account"), "url": reverse("accounts:profile")}, {"label": person.name}]
