"""Today in words: a sentence, a date, one button."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from socialwork.access.listing import count_words
from socialwork.deadlines.presenters import due_words
from socialwork.today import queries
from socialwork.today.acts import CLOCK_ACTS, sentence_for

TONES = {"calm": "ok", "soon": "warn", "overdue": "danger", "none": "neutral"}


def act_of(row: Any, at: datetime, roles: Iterable[str]) -> dict[str, Any]:
    """Values for components/next_act.html."""
    label = row.number or row.juvenile.code
    act: dict[str, Any] = {
        "sentence": str(sentence_for(roles, CLOCK_ACTS.get(row.next_act, row.next_act))) % {"label": label},
        "action": {"label": _("Open"), "url": row.get_absolute_url()},
    }
    if queries.has_due(row):
        due = due_words(row.next_due_at, at)
        act["due"] = {"text": due.text, "date": due.local_date_text, "tone": TONES[due.tone]}
    return act


def hand_over_act(offer: Any) -> dict[str, Any]:
    """A part of a case that a colleague offers: it is nobody's until it is taken."""
    words = _("%(name)s hands %(label)s over to you. Read it and take it over.")
    return {
        "sentence": words % {"name": offer.giver.name, "label": offer.case.number},
        "action": {"label": _("Open"), "url": offer.get_absolute_url()},
    }


def figures(counted: list[tuple[queries.Figure, int]]) -> list[dict[str, Any]]:
    """My figures, each leading to its rows."""
    return [_figure(figure, count) for figure, count in counted]


def _figure(figure: queries.Figure, count: int) -> dict[str, Any]:
    address = reverse(figure.page)
    shown = {
        "label": figure.label, "value": count_words(count), "url": f"{address}?{figure.query}" if figure.query else address
    }
    return {**shown, "tone": "danger", "note": _("past the date")} if figure.late and count else shown
