"""What other apps may listen to or tell. All signals are sent inside the writing transaction.

`reminder_due`      keyword arguments `deadline`, `reminder`, `roles` (role codes, owner first, then as far up the
                    escalation ladder as the delay has reached). Sent exactly once per reminder row: the row and what
                    a receiver writes are committed together or not at all.
`schedule_changed`  keyword arguments `subject_type` and `subject_ids`: the open deadlines of these rows changed, so
                    whoever stores a copy of the next act on the row must refresh it now.
`clocks_met`        keyword argument `deadlines`: these acts were done, in time or not; the rows do not change any more.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.dispatch import Signal

reminder_due = Signal()
schedule_changed = Signal()
clocks_met = Signal()


@dataclass(frozen=True)
class ExpectedClock:
    """A clock that must be running because of a fact on the subject, as its owner app reads it from its own rows."""

    subject_id: UUID
    code: str
    started_at: datetime
    occurrence: str = ""
    in_custody: bool = False


_sources: dict[str, Callable[[], Iterable[ExpectedClock]]] = {}


def register_facts(subject_type: str, source: Callable[[], Iterable[ExpectedClock]]) -> None:
    """Let `check_deadlines` compare the open deadlines of `subject_type` with the facts they derive from.

    `source()` yields every clock that should be running now. A clock without a deadline is lost, a deadline without
    a clock is left over; both are reported. Registering again replaces the earlier source.
    """
    _sources[subject_type] = source


def registered_facts() -> dict[str, Callable[[], Iterable[ExpectedClock]]]:
    """Sources by subject type."""
    return dict(_sources)
