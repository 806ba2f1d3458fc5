"""The team page in words: load of each worker, what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import HandOver
from cases.presenters import day_words
from cases.presenters_people import hand_over_title
from cases.queries_team import Load


def load_table(people: Sequence[Any], loads: Mapping[UUID, Load], *, warn: int, block: int) -> dict[str, Any]:
    """One row for each worker; every number leads to its cases."""
    rows = []
    for person in people:
        load = loads.get(person.pk, Load())
        active, cases = load.lead + load.second, f"{reverse('cases:list')}?worker={person.pk}"
        tone = "danger" if active >= block else "warn" if active >= warn else ""
        overdue: Any = {"text": load.overdue, "url": f"{cases}&due=overdue", "number": True} if load.overdue else 0
        rows.append(
            {
                "tone": tone,
                "cells": [
                    {"text": person.name, "url": cases, "state": {"label": _("Full"), "tone": tone} if tone else None},
                    {"text": active, "url": cases, "number": True},
                    load.lead,
                    load.second,
                    load.points,
                    overdue,
                    load.high,
                    load.waiting,
                ],
            }
        )
    labels = (
        _("Worker"),
        _("Active cases"),
        _("As lead"),
        _("As second"),
        _("Points"),
        _("Overdue"),
        _("High risk"),
        _("Unread records"),
    )
    columns = [{"label": label, "number": number > 0} for number, label in enumerate(labels)]
    return {
        "title": _("Load"),
        "columns": columns,
        "rows": rows,
        "empty": {"title": _("No social worker is active in your agency.")},
    }


def hand_over_table(rows: Sequence[HandOver]) -> dict[str, Any]:
    """Hand-overs that wait for acceptance."""
    found = [
        {
            "cells": [
                {"text": row.case.number, "url": reverse("cases:people", args=[row.case_id])},
                hand_over_title(row),
                day_words(row.offered_at),
                row.offered_by.name,
            ]
        }
        for row in rows
    ]
    columns = [{"label": label} for label in (_("Case"), _("Hand-over"), _("Offered"), _("By"))]
    return {
        "title": _("Hand-overs that wait"),
        "columns": columns,
        "rows": found,
        "empty": {"title": _("No hand-over waits for acceptance.")},
    }
