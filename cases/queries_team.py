"""Load of the people of an agency, counted over the cases somebody may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from cases.models import Case, HandOver, ServiceRecord
from cases.models.assigning import NOT_ENDED
from cases.states import ACTIVE, RecordState
from socialwork.access import api as access


@dataclass
class Load:
    """One worker: open cases as lead and second, overdue ones, those of high risk, records nobody has read yet."""

    lead: int = 0
    second: int = 0
    overdue: int = 0
    high: int = 0
    waiting: int = 0

    @property
    def points(self) -> int:
        """Local weights: two for a case as lead, one as second worker, one more where the risk is high."""
        return 2 * self.lead + self.second + self.high


def loads(user: Any, *, now: dt.datetime) -> dict[UUID, Load]:
    """Load by worker over the cases this person may see: three grouped queries."""
    found: dict[UUID, Load] = {}
    cases = access.permitted(Case, user).filter(NOT_ENDED, state__in=ACTIVE).order_by()
    overdue, high = Q(next_due_at__lt=now), Q(risk_level__in=["high", "very_high"])
    rows = cases.values_list("lead_id").annotate(
        number=Count("pk"), overdue=Count("pk", filter=overdue), high=Count("pk", filter=high)
    )
    for worker, number, late, risky in rows:
        found[worker] = Load(lead=number, overdue=late, high=risky)
    for worker, number in cases.values_list("second_id").annotate(number=Count("pk")):
        found.setdefault(worker, Load()).second = number
    for worker, number in _waiting(user):
        found.setdefault(worker, Load()).waiting = number
    return found


def _waiting(user: Any) -> Sequence[tuple[UUID, int]]:
    rows = access.permitted(ServiceRecord, user).filter(state=RecordState.SUBMITTED, case__state__in=ACTIVE).order_by()
    return list(rows.values_list("author_id").annotate(number=Count("pk")))


def open_hand_overs(user: Any) -> list[HandOver]:
    """Hand-overs that wait for somebody, oldest first."""
    rows = access.permitted(HandOver, user).filter(accepted_at=None, withdrawn_at=None)
    return list(rows.select_related("case", "giver", "receiver", "offered_by").order_by("offered_at", "id"))
