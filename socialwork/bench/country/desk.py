"""The desk at which one group is told: sheet, clocks, keys, serial numbers and sentences within reach."""
from __future__ import annotations

import json
from collections import Counter
from functools import cache
from random import Random
from typing import Any

from django.db import models

from socialwork.audit.models import Access, Event
from socialwork.bench.country.chance import Days, Identifiers
from socialwork.bench.country.clocks import Clocks, Due
from socialwork.bench.country.plan import Group, Person
from socialwork.bench.country.sheet import Sheet
from socialwork.bench.country.tables import NULL
from socialwork.core import crypto
from socialwork.core.models import Series
from socialwork.deadlines.models import Deadline, DeadlineReminder
from socialwork.notifications.models import Notice

# How far back people still have their notices, and from when on they have not read them, in days.
TOLD_FOR, UNREAD_FOR = 60, 5
# The columns whose lines are put together here by hand.
ENTRY = [
    "id", "at", "actor_id", "actor_name", "actor_roles", "organisation_id", "organisation_name", "target_type", "target_id",
    "thread_id",
]
READING = ["route", "action", "outcome", "detail"]


class Desk:
    """Writes rows about one group on a sheet. All chance comes from `chance`, so a seed tells the same group again."""

    def __init__(self, sheet: Sheet, clocks: Clocks, group: Group, seed: int, *, every_state: bool = False) -> None:
        if (sheet.tables[Event].columns, sheet.tables[Access].columns) != ([*ENTRY, "verb", "facts"], [*ENTRY, *READING]):
            raise ValueError("the columns of the record of acts changed: the generator must follow")
        self.sheet, self.clocks, self.group, self.seed = sheet, clocks, group, seed
        self.days: Days = clocks.days
        self.chance = Random(f"{seed}:{group.number}")
        self.every_state = every_state
        # In a group that shows every state one record at least was sent back by its supervisor.
        self.owes_a_return = every_state
        self._identifiers = Identifiers(self.days, group.number + 1, self.chance)
        self._serials: Counter[tuple[str, str, int]] = Counter()
        self._events, self._readings = sheet.lines(Event), sheet.lines(Access)
        # Open cases of each worker, by the minute at which they end.
        self.load: dict[str, list[int]] = {}

    # --- identifiers, words, keys ---

    def uuid(self, minute: int) -> str:
        return self._identifiers.give(minute)

    def text(self, minute: int | None) -> str:
        return NULL if minute is None else self.days.text(minute)

    def seal(self, model: type[models.Model], child: Any, row: str, packed: bytes) -> str:
        """Words of a row under the key of its child, as the column takes them."""
        place = f"{model._meta.db_table}|{child.id}|{row}|sealed"
        return rf"\\x{crypto.encrypt(child.key, packed, place).hex()}"

    def serial(self, scope: str, kind: str, minute: int) -> tuple[int, int]:
        """The year, and the next number of the series in it."""
        year = self.days.year(minute)
        self._serials[scope, kind, year] += 1
        return year, self._serials[scope, kind, year]

    def close_series(self) -> None:
        """Write down how far every series has come, so that the product goes on from there."""
        for (scope, kind, year), last in self._serials.items():
            self.sheet.add(Series, scope=scope, kind=kind, year=year, last=last)

    # --- what was done, read and told ---

    def event(self, minute: int, by: Person, verb: str, target: str, target_id: str, thread: str, facts: str = "{}") -> str:
        """One act in the record; gives its identifier."""
        pk = self.uuid(minute)
        self._events.append(f"{pk}\t{self.days.text(minute)}\t{by.actor}\t{target}\t{target_id}\t{thread}\t{verb}\t{facts}")
        return pk

    def moved(self, minute: int, by: Person, verb: str, target: str, pk: str, thread: str, before: str, after: str, facts: str = "") -> str:
        """A change of state in the record; `facts` are further members of the JSON, as text."""
        more = f",{facts}" if facts else ""
        return self.event(minute, by, verb, target, pk, thread, f'{{"from":"{before}","to":"{after}"{more}}}')

    def access(self, minute: int, by: Person, target: str, target_id: str, thread: str, route: str) -> None:
        """Somebody opened a page about a child."""
        if minute <= self.days.now:
            self._readings.append(
                f"{self.uuid(minute)}\t{self.days.text(minute)}\t{by.actor}\t{target}\t{target_id}\t{thread}\t{route}\tviewed\tok\t"
            )

    def tell(
        self, event: str, minute: int, people: list[Person | None], *, level: str, verb: str, target: str, pk: str, thread: str,
        label: str, path: str,
    ) -> None:
        """Notices of an act of the last weeks; those of the last days are unread."""
        age = self.days.now - minute
        if age > TOLD_FOR * 1440:
            return
        for person in dict.fromkeys(one.id for one in people if one is not None):
            self.sheet.add(
                Notice, id=self.uuid(minute), created_at=self.days.text(minute), event_id=event, recipient_id=person, level=level,
                verb=verb, target_type=target, target_id=pk, thread_id=thread, label=label, path=path,
                read_at=self.days.text(minute + 1200) if age > UNREAD_FOR * 1440 else NULL,
            )

    # --- clocks ---

    def clock(
        self, due: Due, *, subject: str, pk: str, code: str, started: int, written: int, ended: int | None = None,
        cancelled: bool = False, paused: int | None = None, in_custody: bool = False, urgent: bool = False,
        named: int | None = None, **columns: str,
    ) -> str:
        """A deadline as `deadlines.services.start` writes it and as it stands now: met, cancelled, paused or running."""
        row = self.uuid(written)
        running = ended is None and paused is None
        met, gone = (NULL, self.text(ended)) if cancelled else (self.text(ended), NULL)
        self.sheet.add(
            Deadline, id=row, created_at=self.days.text(written), subject_type=subject, subject_id=pk, code=code, met_at=met,
            cancelled_at=gone, paused_at=self.text(paused),
            next_reminder_at=self.clocks.next_reminder(due, started=started) if running else NULL, **columns,
            **self.clocks.columns(due, started=started, in_custody=in_custody, urgent=urgent, named=named),
        )
        reached = self.clocks.reached(due, started=started) if running else None
        if reached:
            roles = dict.fromkeys([due.rule.owner_role, *due.rule.escalation[: reached.steps]])
            fell = self.days.minute(reached.fell_due_at)
            self.sheet.add(
                DeadlineReminder, id=self.uuid(fell), created_at=self.days.text(fell), deadline_id=row, point=reached.point,
                for_due_at=due.text, fell_due_at=reached.fell_due_at.isoformat(), roles="{" + ",".join(roles) + "}",
            )
        return row


def pack(text: dict[str, Any]) -> bytes:
    """Words as they are sealed (core.crypto.encrypt_json): JSON, with blanks up to the next step of its length."""
    plain = json.dumps(text, ensure_ascii=False, separators=(",", ":")).encode()
    return plain.ljust(-(-len(plain) // crypto.JSON_PAD) * crypto.JSON_PAD)


@cache
def packed(**text: str) -> bytes:
    """The same, remembered: sentences come again and again."""
    return pack(text)
