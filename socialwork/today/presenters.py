"""Today in words: a sentence, a date, one button."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Case
from cases.states import ACTIVE
from referrals.models import Referral
from referrals.states import ReferralState
from socialwork.access.roles import Role
from socialwork.deadlines.presenters import due_words
from socialwork.today import queries
from socialwork.today.acts import CLOCK_ACTS, SENTENCES

TONES = {"calm": "ok", "soon": "warn", "overdue": "danger", "none": "neutral"}


def act_of(row: Any, at: datetime) -> dict[str, Any]:
    """Values for components/next_act.html."""
    label = row.number or row.juvenile.code
    act: dict[str, Any] = {
        "sentence": str(SENTENCES[CLOCK_ACTS.get(row.next_act, row.next_act)]) % {"label": label},
        "action": {"label": _("Open"), "url": row.get_absolute_url()},
    }
    if queries.has_due(row):
        due = due_words(row.next_due_at, at)
        act["due"] = {"text": due.text, "date": due.local_date_text, "tone": TONES[due.tone]}
    return act


def figures(user: Any, at: datetime) -> list[dict[str, Any]]:
    """My figures, each leading to its rows."""
    found: list[dict[str, Any]] = []
    if user.has_role(Role.PROSECUTOR, Role.UNIT_HEAD):
        found += [
            _figure(_("Drafts"), "referrals:list", "state=draft", queries.state_count(Referral, user, [ReferralState.DRAFT])),
            _figure(
                _("With agencies, unanswered"), "referrals:list", "state=issued",
                queries.state_count(Referral, user, [ReferralState.ISSUED]),
            ),
        ]
    if user.has_role(Role.AGENCY_INTAKE, Role.AGENCY_MANAGER):
        found.append(
            _figure(
                _("To be answered"), "referrals:inbox", "state=issued",
                queries.state_count(Referral, user, [ReferralState.ISSUED]),
            )
        )
    if user.has_role(
        Role.PROSECUTOR, Role.UNIT_HEAD, Role.AGENCY_MANAGER, Role.SOCIAL_WORKER, Role.SUPERVISOR, Role.COUNSELLOR
    ):
        found += [
            _figure(_("Cases in progress"), "cases:list", "", queries.state_count(Case, user, ACTIVE)),
            _figure(_("Overdue"), "cases:list", "due=overdue", queries.overdue_count(Case, user, at), tone="danger"),
        ]
    return found


def _figure(label: str, name: str, query: str, count: int, tone: str = "") -> dict[str, Any]:
    value = "1,000+" if count > 1000 else str(count)
    figure = {"label": label, "value": value, "url": f"{reverse(name)}?{query}" if query else reverse(name)}
    return {**figure, "tone": tone, "note": _("past the date")} if tone and count else figure
