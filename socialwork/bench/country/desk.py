"""The desk at which one group is told: sheet, clocks, keys, serial numbers and sentences within reach."""
from __future__ import annotations

import json
import struct
from collections import Counter
from functools import cache
from random import Random
from typing import Any

from django.db import models

from cases.models import ServiceRecord
from socialwork.audit.models import Access, Event
from socialwork.bench.country.chance import Days, Identifiers
from socialwork.bench.country.clocks import Clocks, Due
from socialwork.bench.country.plan import Group, Person
from socialwork.bench.country.sheet import Sheet
from socialwork.bench.country.tables import FALSE, NULL, TRUE, field, number, spelled, text
from socialwork.bench.country.tables import json as json_field
from socialwork.core import crypto
from socialwork.core.models import Series
from socialwork.deadlines.models import Deadline, DeadlineReminder
from socialwork.notifications.models import Notice
from socialwork.people.models import SearchToken

# How far back people still have their notices, and from when on they have not read them, in days.
TOLD_FOR, UNREAD_FOR = 60, 5
# The columns whose rows are put together here by hand.
ENTRY = [
    "id", "at", "actor_id", "actor_name", "actor_roles", "organisation_id", "organisation_name", "target_type", "target_id",
    "thread_id",
]
READING = ["route", "action", "outcome", "detail"]
TOKEN = ["scope_id", "token", "sorted_at", "juvenile_id"]
RECORD = [
    "id", "created_at", "sealed", "case_id", "agency_id", "supervisor_id", "kind", "state", "author_id", "co_worker_id", "started_at",
    "lasted", "method", "place", "happened", "attended", "absence_class", "absence_reason", "interviewee", "details", "next_on",
    "submitted_at", "written_late", "reviewed_at", "reviewed_by_id",
]
DEADLINE = [
    "id", "created_at", "subject_type", "subject_id", "code", "occurrence", "rule_id", "level", "kind", "title_en", "title_zh",
    "basis_en", "basis_zh", "organ_id", "agency_id", "agreement_id", "referral_id", "owner_role", "owner_id", "started_at",
    "counted_from", "in_custody", "urgent", "amount", "unit", "due_on", "due_at", "assumed_years", "paused_at", "met_at",
    "cancelled_at", "next_reminder_at",
]
# What a clock without a date of its own has for it.
NONE = text("")
# What such a row begins with (the number of its columns), and what every reading ends with.
_EVENT, _ACCESS = struct.pack(">h", len(ENTRY) + 2), struct.pack(">h", len(ENTRY) + len(READING))
_joined = b"".join
_as_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_SEEN = text("viewed") + text("ok") + text("")


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
        # The two that are asked for most: a new identifier of a minute, and its beginning, both as fields.
        self.uuid, self.moment = Identifiers(self.days, group.number + 1, self.chance).give, self.days.moment
        self.token = sheet.adder(SearchToken, TOKEN)
        self.record = sheet.adder(ServiceRecord, RECORD)
        self.deadline = sheet.adder(Deadline, DEADLINE)
        # How the identifiers of organisations are spelled: few, and asked for with every child.
        self.spelled = cache(spelled)
        self._serials: Counter[tuple[bytes, str, int]] = Counter()
        self._events, self._readings = sheet.years(Event), sheet.years(Access)
        # Open cases of each worker, by the minute at which they end.
        self.load: dict[bytes, list[int]] = {}

    # --- identifiers, words, keys ---

    def moment_if(self, minute: int | None) -> bytes:
        return NULL if minute is None else self.moment(minute)

    def seal(self, model: type[models.Model], child: Any, row: bytes, packed: bytes) -> bytes:
        """Words of a row under the key of its child, as the column takes them."""
        return field(child.sealer.seal(packed, f"{model._meta.db_table}|{child.spelled}|{spelled(row)}|sealed"))

    def serial(self, scope: bytes, kind: str, minute: int) -> tuple[int, int]:
        """The year, and the next number of the series in it."""
        year = self.days.year(minute)
        self._serials[scope, kind, year] += 1
        return year, self._serials[scope, kind, year]

    def close_series(self) -> None:
        """Write down how far every series has come, so that the product goes on from there."""
        for (scope, kind, year), last in self._serials.items():
            self.sheet.add(Series, scope=scope, kind=kind, year=year, last=last)

    # --- what was done, read and told ---

    def event(self, minute: int, by: Person, verb: str, target: str, target_id: bytes, thread: bytes, facts: str = "{}") -> bytes:
        """One act in the record; gives its identifier."""
        pk = self.uuid(minute)
        self._events[self.days.year(minute)].append(_joined((
            _EVENT, pk, self.moment(minute), by.actor, text(target), target_id, thread, text(verb), json_field(facts),
        )))
        return pk

    def moved(self, minute: int, by: Person, verb: str, target: str, pk: bytes, thread: bytes, before: str, after: str, facts: str = "") -> bytes:
        """A change of state in the record; `facts` are further members of the JSON, as text."""
        more = f",{facts}" if facts else ""
        return self.event(minute, by, verb, target, pk, thread, f'{{"from":"{before}","to":"{after}"{more}}}')

    def access(self, minute: int, by: Person, target: str, target_id: bytes, thread: bytes, route: str) -> None:
        """Somebody opened a page about a child."""
        if minute <= self.days.now:
            self._readings[self.days.year(minute)].append(_joined((
                _ACCESS, self.uuid(minute), self.moment(minute), by.actor, text(target), target_id, thread, text(route), _SEEN,
            )))

    def tell(
        self, event: bytes, minute: int, people: list[Person | None], *, level: str, verb: str, target: str, pk: bytes, thread: bytes,
        label: str, folder: str,
    ) -> None:
        """Notices of an act of the last weeks; those of the last days are unread."""
        age = self.days.now - minute
        if age > TOLD_FOR * 1440:
            return
        for person in dict.fromkeys(one.id for one in people if one is not None):
            self.sheet.add(
                Notice, id=self.uuid(minute), created_at=self.moment(minute), event_id=event, recipient_id=person, level=level,
                verb=verb, target_type=target, target_id=pk, thread_id=thread, label=label, path=f"{folder}{spelled(pk)}/",
                read_at=self.moment(minute + 1200) if age > UNREAD_FOR * 1440 else NULL,
            )

    # --- clocks ---

    def clock(
        self, due: Due, *, subject: str, pk: bytes, code: str, started: int, written: int, ended: int | None = None,
        cancelled: bool = False, paused: int | None = None, in_custody: bool = False, urgent: bool = False,
        named: int | None = None, occurrence: bytes = NONE, parties: tuple[bytes, bytes, bytes], referral: bytes, owner: bytes = NULL,
    ) -> bytes:
        """A deadline as `deadlines.services.start` writes it and as it stands now: met, cancelled, paused or running.

        `parties` are organ, agency and agreement.
        """
        row, moment, begun = self.uuid(written), self.moment, self.moment(started)
        running = ended is None and paused is None
        met, gone = (NULL, self.moment_if(ended)) if cancelled else (self.moment_if(ended), NULL)
        words, role = self.clocks.words_of(due.rule)
        self.deadline((
            row, moment(written), text(subject), pk, text(code), occurrence, *words, *parties, referral, role,
            owner, begun, begun, TRUE if in_custody else FALSE, TRUE if urgent else FALSE, number("smallint", due.terms.amount),
            text(due.terms.unit), NULL if named is None else self.days.day(named), due.moment, due.assumed, self.moment_if(paused), met,
            gone, self.clocks.next_reminder(due, started=started) if running else NULL,
        ))
        reached = self.clocks.reached(due, started=started) if running else None
        if reached:
            roles = dict.fromkeys([due.rule.owner_role, *due.rule.escalation[: reached.steps]])
            fell = self.days.minute(reached.fell_due_at)
            self.sheet.add(
                DeadlineReminder, id=self.uuid(fell), created_at=self.moment(fell), deadline_id=row, point=reached.point,
                for_due_at=due.moment, fell_due_at=reached.fell_due_at, roles=tuple(roles),
            )
        return row


def pack(text: dict[str, Any]) -> bytes:
    """Words as they are sealed (core.crypto.encrypt_json): JSON, with blanks up to the next step of its length."""
    plain = _as_json(text).encode()
    return plain.ljust(-(-len(plain) // crypto.JSON_PAD) * crypto.JSON_PAD)


@cache
def packed(**text: str) -> bytes:
    """The same, remembered: sentences come again and again."""
    return pack(text)
