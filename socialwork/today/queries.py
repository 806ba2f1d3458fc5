"""What must be done now, merged from the lists of the person's roles, earliest due first."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from cases.models import Case
from cases.states import ENDED
from referrals.models import NO_DUE, Referral
from socialwork.access.listing import Sort, capped_count, list_rows
from socialwork.access.roles import Role
from socialwork.notifications.models import Notice
from socialwork.today.acts import DUTIES, codes_of

MOST_ACTS = 10
MOST_NEWS = 6
DUE = Sort("next_due_at")


def must_act(user: Any) -> list[Any]:
    """At most MOST_ACTS referrals and cases whose next act is this person's."""
    rows: list[Any] = []
    for model, acts in _duties(user).items():
        listed = list_rows(
            model, user, sort=DUE, size=MOST_ACTS, narrow=lambda arm, codes=codes_of(acts): arm.filter(next_act__in=codes),
            shape=lambda found: found.select_related("juvenile"),
        )
        rows.extend(listed.rows)
    return sorted(rows, key=lambda row: (row.next_due_at, row.created_at))[:MOST_ACTS]


def news(user: Any) -> Iterable[Notice]:
    """The latest unread notices."""
    return Notice.objects.filter(recipient=user, read_at=None).exclude(level=Notice.Level.LOG).order_by("-created_at", "-id")[
        :MOST_NEWS
    ]


def waiting_count(model: type[Model], user: Any, acts: Iterable[str]) -> int:
    return capped_count(model, user, narrow=lambda arm: arm.filter(next_act__in=list(acts)))


def overdue_count(model: type[Model], user: Any, at: Any) -> int:
    """Rows under way whose next act is past its date, as the list behind the number shows them."""
    return capped_count(model, user, narrow=lambda arm: arm.filter(next_due_at__lt=at).exclude(state__in=ENDED))


def state_count(model: type[Model], user: Any, states: Iterable[str]) -> int:
    return capped_count(model, user, narrow=lambda arm: arm.filter(state__in=list(states)))


def _duties(user: Any) -> dict[type[Model], list[str]]:
    found: dict[type[Model], list[str]] = {}
    for role in user.roles:
        for duty in DUTIES.get(Role(role), ()):
            found.setdefault(duty.model, []).extend(duty.acts)
    return found


def has_due(row: Any) -> bool:
    return row.next_due_at < NO_DUE


__all__ = ["Case", "Referral", "has_due", "must_act", "news", "overdue_count", "state_count", "waiting_count"]
