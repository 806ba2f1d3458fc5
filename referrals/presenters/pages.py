"""The page of one referral, for each side."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referrals.models import IssuedDocument, Referral, Remark
from referrals.presenters.rows import DUE_TONES, day, due_of
from referrals.states import ReferralState
from referrals.wording import ACTIONS, EVENT_TONES, EVENTS, MINE, REMARKS, THEIRS
from socialwork.access.roles import Family
from socialwork.audit.models import Event
from socialwork.deadlines.presenters import present
from socialwork.people.presenters import full_name, label_of

# Which act stands first where several are allowed; all others are quiet. Accepting is a page of the cases app.
FIRST = (
    "approve_referral", "accept_referral", "answer_information", "submit_referral", "issue_referral", "refer_again", "edit_referral",
)
QUIET = (
    "edit_referral", "preview_referral", "return_referral", "ask_information", "decline_referral", "transfer_referral",
    "withdraw_referral",
)
REASON_LISTS = {"declined": "decline_reason", "withdrawn": "withdraw_reason", "transferred": "transfer_reason"}


def address(action: str, referral: Referral) -> str:
    """The page of an act; empty while the app above has none."""
    app = "cases" if action == "accept_referral" else "referrals"
    with suppress(NoReverseMatch):
        return reverse(f"{app}:{action}", args=[referral.pk])
    return ""


def actions(referral: Referral) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The primary act of the page and the quiet ones, from the rights of the reader."""
    may = set(referral.allowed_actions)
    if referral.state == ReferralState.ACCEPTED:
        # What was taken up is transferred from the page of the case, with its records.
        may.discard("transfer_referral")
    first = next((name for name in FIRST if name in may and address(name, referral)), "")
    quiet = [name for name in QUIET if name in may and name != first]
    return (_action(first, referral) if first else None), [_action(name, referral) for name in quiet]


def _action(name: str, referral: Referral) -> dict[str, Any]:
    found = {"label": ACTIONS[name], "url": address(name, referral)}
    # Two acts have nothing to type; the key makes a double click one act.
    return {**found, "post": True, "key": str(uuid4())} if name == "refer_again" else found


def next_act(referral: Referral, *, primary: Any, deadline: Any, who: Sequence[str], at: datetime) -> dict[str, Any] | None:
    """Who does what next, by when, on what basis."""
    mine = primary is not None
    if referral.state not in MINE or (referral.state == ReferralState.DECLINED and not who and not mine):
        return None
    act: dict[str, Any] = {"sentence": MINE[referral.state] if mine else THEIRS[referral.state]}
    if who and not mine:
        act["who"] = _(", ").join(who)
    if deadline is not None:
        view = present(deadline, at)
        act["basis"] = f"{view.title}{_(': ')}{view.basis}"
        act["due"] = due_of(deadline.due_at, at) if deadline.paused_at is None else {
            "text": view.due.text, "date": view.due.local_date_text, "tone": DUE_TONES[view.due.tone]
        }
    return act


def heading(user: Any, referral: Referral) -> dict[str, Any]:
    """The child as the reader may know, the number, the two sides."""
    parts = [referral.number, referral.juvenile.code, referral.agency.short_name if referral.agency else ""]
    if user.organisation.family == Family.AGENCY:
        parts = [referral.number, referral.juvenile.code, referral.organ.short_name]
    return {"title": full_name(user, referral.juvenile), "subtitle": " · ".join(filter(None, parts))}


def inside_facts(referral: Referral, *, leads_back: bool) -> list[dict[str, Any]]:
    """What stays inside the organ."""
    facts = [
        {"label": _("Prosecutor in charge"), "text": referral.prosecutor.name},
        {"label": _("Day of the event"), "text": date_format(referral.offence_on, "DATE_FORMAT") if referral.offence_on else ""},
        {"label": _("Committed together with others"), "text": _("Yes") if referral.joint_offence else _("No")},
        {"label": _("Mark of the incident"), "text": referral.incident},
        {"label": _("Agreement"), "text": referral.agreement.number if referral.agreement else ""},
    ]
    if referral.previous:
        facts.append(
            {
                "label": _("Follows"), "text": referral.previous.number or _("an earlier referral"),
                "url": referral.previous.get_absolute_url() if leads_back else "",
            }
        )
    return [fact for fact in facts if fact["text"]]


def side_facts(referral: Referral) -> list[dict[str, Any]]:
    """The two sides and the dates, for the right column."""
    facts = [
        {"label": _("Organ"), "text": referral.organ.name, "hint": referral.organ.phone},
        {"label": _("In charge"), "text": referral.prosecutor.name, "hint": referral.prosecutor.phone},
        {"label": _("Agency"), "text": referral.agency.name if referral.agency else "", "hint": referral.agency.phone if referral.agency else ""},
        {"label": _("Sent"), "text": day(referral.issued_at) if referral.issued_at else ""},
        {"label": _("Answered"), "text": day(referral.accepted_at or referral.declined_at) if referral.accepted_at or referral.declined_at else ""},
    ]
    return [fact for fact in facts if fact["text"]]


def ending(referral: Referral) -> dict[str, Any] | None:
    """How a referral that went no further ended: the fact and its reason in a word."""
    name = REASON_LISTS.get(referral.state)
    if name is None:
        return None
    moment = getattr(referral, f"{referral.state}_at") or referral.touched_at
    return {
        "title": ReferralState(referral.state).label,
        "text": f"{day(moment)} · {label_of(name, referral.reason_code)}" if referral.reason_code else day(moment),
    }


def remark_rows(remarks: Iterable[Remark], *, agency: bool) -> list[dict[str, Any]]:
    """What was said, oldest first, as a conversation."""
    rows = []
    for remark in remarks:
        mine = remark.said_by.organisation.family == Family.AGENCY
        who = remark.said_by.organisation.short_name if agency and not mine else f"{remark.said_by.name} · {remark.said_by.organisation.short_name}"
        reason = _reason(remark)
        rows.append(
            {
                "title": REMARKS[remark.kind], "text": f"{reason}{_(': ')}{remark.text['body']}" if reason else remark.text["body"],
                "who": who, "at": _clock(remark.said_at), "tone": "warn" if remark.kind in ("question", "return") else "neutral",
            }
        )
    return rows


def _reason(remark: Remark) -> str:
    name = {"decline": "decline_reason", "withdraw": "withdraw_reason", "transfer": "transfer_reason"}.get(remark.kind)
    if name:
        return label_of(name, remark.code)
    rules = {"V16": _("Beyond the agreement"), "V17": _("Later time limit")}
    return rules.get(remark.code, "")


def timeline(events: Iterable[Event], *, organisation_id: Any) -> list[dict[str, Any]]:
    """The story, newest first. Of the other side only the organisation is named."""
    entries, last = [], ""
    for event in events:
        local = timezone.localtime(event.at)
        on = date_format(local, "DATE_FORMAT")
        own = event.organisation_id == organisation_id
        entries.append(
            {
                "title": EVENTS.get(event.verb, event.verb), "at": local.strftime("%H:%M"), "day": on if on != last else "",
                "who": f"{event.actor_name} · {event.organisation_name}" if own else event.organisation_name,
                "tone": EVENT_TONES.get(event.verb, "neutral"),
            }
        )
        last = on
    return entries


def documents(rows: Iterable[IssuedDocument]) -> list[dict[str, Any]]:
    """The letters as they were issued."""
    names = {"F02": _("Referral letter"), "F03": _("Acknowledgement")}
    return [
        {
            "name": names[row.kind], "url": reverse("referrals:download_letter", args=[row.referral_id, row.kind]),
            "size": _("%(size)s KB") % {"size": max(1, round(row.file.size / 1024))}, "kind": row.number, "at": day(row.issued_at),
        }
        for row in rows
    ]


def earlier(rows: Iterable[Referral]) -> list[dict[str, Any]]:
    """Other referrals of the same child, as far as the reader may see them."""
    return [
        {
            "label": row.number or _("Draft"), "url": row.get_absolute_url(),
            "text": " · ".join(filter(None, [row.agency.short_name if row.agency else "", str(ReferralState(row.state).label), day(row.created_at)])),
        }
        for row in rows
    ]


def _clock(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{date_format(local, 'DATE_FORMAT')} {local:%H:%M}"


