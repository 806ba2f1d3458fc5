"""Referrals in lists."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referrals.models import NO_DUE, Referral
from referrals.presenters.brief import service_lines, services_of
from referrals.states import ReferralState
from referrals.wording import ACTIONS, STATE_TONES
from socialwork.access.roles import Family, Role
from socialwork.core import vocabulary
from socialwork.deadlines.presenters import due_words
from socialwork.people.policies import knows_names
from socialwork.people.presenters import short_name

DUE_TONES = {"calm": "ok", "soon": "warn", "overdue": "danger", "none": "neutral"}
# What each role is waited for: the list's first view. Order of the roles is that of precedence.
WAITED_FOR = {
    Role.PROSECUTOR: ("submit_referral", "answer_information", "refer_again"),
    Role.CLERK: ("submit_referral",),
    Role.UNIT_HEAD: ("approve_referral",),
    Role.AGENCY_INTAKE: ("accept_referral",),
    Role.AGENCY_MANAGER: ("accept_referral",),
}


def acts_of(user: Any) -> list[str]:
    """The next acts that are this person's."""
    return sorted({act for role in user.roles for act in WAITED_FOR.get(Role(role), ())})


def next_act_words(user: Any, act: str) -> Any:
    """What this person does next about a row; empty where it waits for somebody else."""
    if act not in acts_of(user):
        return ""
    if act == "submit_referral" and not user.has_role(Role.PROSECUTOR):
        # A clerk writes what the prosecutor submits.
        return _("Prepare the draft")
    return ACTIONS.get(act, "")


def state_of(referral: Referral) -> dict[str, Any]:
    return {"label": ReferralState(referral.state).label, "tone": STATE_TONES[referral.state]}


def due_of(moment: datetime, at: datetime) -> dict[str, Any] | None:
    """A due moment as the kit shows it; None when nothing is due."""
    if moment >= NO_DUE:
        return None
    due = due_words(moment, at)
    return {"text": due.text, "date": due.local_date_text, "tone": DUE_TONES[due.tone]}


def worklist(user: Any, rows: Iterable[Referral], *, at: datetime, unread: set[Any], title: str) -> dict[str, Any]:
    """The list for the organ, or for the agency where the clock comes first."""
    agency = user.organisation.family == Family.AGENCY
    head = user.has_role(Role.UNIT_HEAD)
    columns = [
        {"label": _("Child and number")}, {"label": _("Due")}, {"label": _("Services"), "wide": True},
        {"label": _("Organ") if agency else _("Agency")}, {"label": _("State")}, {"label": _("Urgency")},
    ]
    if head:
        columns.insert(4, {"label": _("In charge")})
    return {
        "title": title, "columns": columns,
        "rows": [_row(user, row, at=at, unread=row.pk in unread, agency=agency, head=head) for row in rows],
    }


def _row(user: Any, row: Referral, *, at: datetime, unread: bool, agency: bool, head: bool) -> dict[str, Any]:
    due = due_of(row.next_due_at, at)
    other = row.organ if agency else row.agency
    number = row.number or (_("no number yet") if row.state == ReferralState.DRAFT else "")
    code = row.juvenile.code if knows_names(user) else ""
    cells: list[Any] = [
        {
            "text": short_name(user, row.juvenile), "url": row.get_absolute_url(), "sub": " · ".join(filter(None, [number, code])),
            "state": {"label": _("New"), "tone": "info"} if unread else None,
        },
        {"due": due} if due else "",
        _(", ").join(service_lines(services_of(row))),
        other.short_name if other else "",
        {"state": state_of(row), "sub": next_act_words(user, row.next_act)},
        vocabulary.label("urgency", row.urgency) if row.urgency != "routine" else "",
    ]
    if head:
        cells.insert(4, row.prosecutor.name)
    tone = due["tone"] if due and due["tone"] in ("danger", "warn") else ""
    return {"cells": cells, "tone": tone}


def views(path: str, chosen: Mapping[str, Any], *, agency: bool) -> list[dict[str, Any]]:
    """The usual views of the list as chips, the first being what waits for me."""
    offered: list[tuple[str, dict[str, str]]] = [(_("Waiting for me"), {"waiting": "1"}), (_("All"), {})]
    states = ("issued", "info_requested", "accepted", "declined") if agency else (
        "draft", "pending_approval", "issued", "info_requested", "accepted", "declined"
    )
    offered += [(str(ReferralState(state).label), {"state": state}) for state in states]
    offered.append((_("Overdue"), {"overdue": "1"}))
    now = {name: str(value) for name, value in chosen.items()}
    return [
        {"label": label, "url": f"{path}?{urlencode(query)}" if query else path, "active": query == now}
        for label, query in offered
    ]


def chosen_filters(filters: Any, query: Any, path: str) -> list[dict[str, Any]]:
    """The filters in force, each with the address of the list without it."""
    found = []
    for name, field in filters.form.fields.items():
        value = filters.form.cleaned_data.get(name)
        if not value:
            continue
        words = dict(field.choices).get(value, value) if hasattr(field, "choices") else "" if value is True else value
        rest = query.copy()
        rest.pop(name, None)
        rest.pop("after", None)
        label = f"{field.label}{_(': ')}{words}" if words else str(field.label)
        found.append({"label": label, "remove_url": f"{path}?{rest.urlencode()}" if rest else path})
    return found


def sort_links(path: str, query: Any, current: str) -> list[dict[str, Any]]:
    """The orders the list can be read in."""
    links = []
    for name, label in (("due", _("Due first")), ("new", _("Latest change first"))):
        changed = query.copy()
        changed["sort"] = name
        changed.pop("after", None)
        links.append({"label": label, "url": f"{path}?{changed.urlencode()}", "active": name == current})
    return links


def cut_words(user: Any) -> str:
    """What this person's rights leave out of the list."""
    if user.organisation.family == Family.AGENCY:
        return _("You see what was sent to your agency under agreements in force.")
    if user.has_role(Role.UNIT_HEAD):
        return _("You see all referrals of your organ.")
    if user.has_role(Role.PROSECUTOR):
        return _("You see the referrals you are in charge of; those of colleagues are open to the head of the unit.")
    return _("You see the drafts of your organ; what was submitted is open to the prosecutor in charge.")


def day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


