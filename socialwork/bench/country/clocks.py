"""Deadlines of the country: the rules' own arithmetic, remembered by rule and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from socialwork.bench.country.chance import DAY, Days
from socialwork.bench.country.tables import NULL, array, identifier, instant, text
from socialwork.deadlines import calendar, rules
from socialwork.deadlines.models import DeadlineRule
from socialwork.deadlines.wording import Unit

# The last second of a day, in minutes of that day.
LAST_SECOND = DAY - 1 + 59 / 60
_NO_YEARS = array("smallint", ())


@dataclass(frozen=True, slots=True)
class Due:
    """When a clock falls due: minute (with its fraction, for comparing), field, and what the row repeats of the count."""

    minute: float
    moment: bytes
    day: int
    rule: DeadlineRule
    terms: rules.Terms
    assumed: bytes = _NO_YEARS


class Clocks:
    """Counts as deadlines.services.start does. Made of rules and years that were read before, so it asks no database."""

    def __init__(self, book: dict[str, list[DeadlineRule]], years: dict[int, calendar.Year], days: Days) -> None:
        self._book, self.days = book, days
        self._calendar = calendar.WorkingCalendar(lambda number: years.get(number, calendar.Year()))
        self._known: dict[tuple[str, int, bool, bool, bool], Due] = {}
        self._words: dict[Any, tuple[list[bytes], bytes]] = {}

    def due(
        self, code: str, started: int, *, in_custody: bool = False, urgent: bool = False, named: int | None = None
    ) -> Due:
        """The end of a clock started at that minute; `named` is the number of the last day where one was named."""
        key = (code, started // DAY, in_custody, urgent, named is None)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._of_day(*key)
        if named is not None:
            return Due(named * DAY + LAST_SECOND, self.days.last_second(named), named, found.rule, found.terms)
        if found.terms.unit == Unit.HOUR:
            minute = started + found.terms.amount * 60
            return Due(minute, self.days.moment(minute), minute // DAY, found.rule, found.terms)
        return found

    def _of_day(self, code: str, begun: int, in_custody: bool, urgent: bool, counted: bool) -> Due:
        """What all clocks of a code have in common that start on that day; where nothing is counted, only rule and terms."""
        rule = rules.choose(self._book[code], code, rules.Scope(), self.days.date(begun * DAY)).rule
        terms = rules.terms_of(rule, in_custody=in_custody, urgent=urgent)
        if not counted or terms.unit == Unit.HOUR:
            return Due(0, NULL, 0, rule, terms)
        reckoned = rules.reckon(started_at=self.days.instant(begun * DAY), terms=terms, calendar=self._calendar)
        day = self.days.number(calendar.local_day(reckoned.due_at))
        assumed = array("smallint", tuple(reckoned.assumed_years))
        return Due(day * DAY + LAST_SECOND, self.days.last_second(day), day, rule, terms, assumed)

    def words_of(self, rule: DeadlineRule) -> tuple[list[bytes], bytes]:
        """The columns that repeat the rule, from its key to its legal basis, and the role that owns its clocks."""
        found = self._words.get(rule.pk)
        if found is None:
            parts = (
                rule.level,
                rule.kind,
                rule.title_en,
                rule.title_zh,
                rule.legal_basis_en or rule.legal_frame_en,
                rule.legal_basis_zh or rule.legal_frame_zh,
            )
            found = self._words[rule.pk] = [identifier(rule.pk), *map(text, parts)], text(rule.owner_role)
        return found

    def next_reminder(self, due: Due, *, started: int) -> bytes:
        """Of a clock that runs: the point of the schedule that comes next."""
        found = rules.next_reminder(
            due.rule,
            counted_from=self.days.instant(started),
            due_at=self._instant(due),
            after=self.days.instant(self.days.now),
        )
        return instant(found) if found else NULL

    def reached(self, due: Due, *, started: int) -> rules.Reminder | None:
        """The reminder that was last sent for a clock that runs."""
        return rules.reminder_reached(
            due.rule,
            counted_from=self.days.instant(started),
            due_at=self._instant(due),
            at=self.days.instant(self.days.now),
        )

    def _instant(self, due: Due) -> dt.datetime:
        return self.days.base + dt.timedelta(seconds=round(due.minute * 60))


def book_of(found: Iterable[DeadlineRule]) -> dict[str, list[DeadlineRule]]:
    """Rules by code."""
    book: dict[str, list[DeadlineRule]] = {}
    for rule in found:
        book.setdefault(rule.code, []).append(rule)
    return book


def earlier_rules(days: Days) -> list[DeadlineRule]:
    """Versions to add so that clocks of the first years have a rule: today's terms, from before the first day on.

    The shipped rules begin in 2020; an installation that is ten years old had some before.
    """
    first = days.first - dt.timedelta(days=400)
    added = []
    standing = DeadlineRule.objects.filter(level="deployment").order_by("code", "effective_from").distinct("code")
    for rule in standing:
        if rule.effective_from > first:
            fields = {
                field.name: getattr(rule, field.name)
                for field in rule._meta.concrete_fields
                if field.name not in ("id", "created_at")
            }
            added.append(DeadlineRule(**{**fields, "effective_from": first, "effective_until": rule.effective_from}))
    return added


def years_of(days: Days) -> dict[int, calendar.Year]:
    """The stored calendars that clocks of the country may touch."""
    stored = calendar.stored()
    return {number: stored.year(number) for number in range(days.first.year - 1, days.today.year + 3)}
