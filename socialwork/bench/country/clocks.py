"""Deadlines of the country: the rules' own arithmetic, remembered by rule and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from socialwork.bench.country.chance import DAY, Days
from socialwork.bench.country.tables import FALSE, NULL, TRUE, as_text
from socialwork.deadlines import calendar, rules
from socialwork.deadlines.models import DeadlineRule
from socialwork.deadlines.wording import Unit

# The last second of a day, in minutes of that day.
LAST_SECOND = DAY - 1 + 59 / 60


@dataclass(frozen=True, slots=True)
class Due:
    """When a clock falls due: minute (with its fraction, for comparing), text, and what the row repeats of the count."""

    minute: float
    text: str
    day: int
    rule: DeadlineRule
    terms: rules.Terms
    assumed: str = "{}"


class Clocks:
    """Counts as deadlines.services.start does. Made of rules and years that were read before, so it asks no database."""

    def __init__(self, book: dict[str, list[DeadlineRule]], years: dict[int, calendar.Year], days: Days) -> None:
        self._book, self.days = book, days
        self._calendar = calendar.WorkingCalendar(lambda number: years.get(number, calendar.Year()))
        self._known: dict[tuple[str, int, bool, bool], Due] = {}
        self._words: dict[Any, dict[str, str]] = {}

    def due(
        self, code: str, started: int, *, in_custody: bool = False, urgent: bool = False, named: int | None = None
    ) -> Due:
        """The end of a clock started at that minute; `named` is the number of the last day where one was named."""
        key = (code, started // DAY, in_custody, urgent)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._count(code, started, in_custody=in_custody, urgent=urgent)
        if named is not None:
            return Due(named * DAY + LAST_SECOND, self._end_of(named), named, found.rule, found.terms)
        if found.terms.unit == Unit.HOUR:
            minute = started + found.terms.amount * 60
            return Due(minute, self.days.text(minute), minute // DAY, found.rule, found.terms)
        return found

    def _count(self, code: str, started: int, *, in_custody: bool, urgent: bool) -> Due:
        on = self.days.date(started)
        rule = rules.choose(self._book[code], code, rules.Scope(), on).rule
        terms = rules.terms_of(rule, in_custody=in_custody, urgent=urgent)
        reckoned = rules.reckon(started_at=self.days.instant(started), terms=terms, calendar=self._calendar)
        day = self.days.number(calendar.local_day(reckoned.due_at))
        return Due(day * DAY + LAST_SECOND, self._end_of(day), day, rule, terms, as_text(reckoned.assumed_years))

    def _end_of(self, day: int) -> str:
        return f"{self.days.day_text(day)} 23:59:59+08"

    def columns(
        self, due: Due, *, started: int, in_custody: bool = False, urgent: bool = False, named: int | None = None
    ) -> dict[str, str]:
        """The columns that follow from rule and count."""
        begun = self.days.text(started)
        return {
            **self._words_of(due.rule),
            "started_at": begun,
            "counted_from": begun,
            "due_at": due.text,
            "assumed_years": due.assumed,
            "amount": str(due.terms.amount),
            "unit": str(due.terms.unit),
            "in_custody": TRUE if in_custody else FALSE,
            "urgent": TRUE if urgent else FALSE,
            "due_on": NULL if named is None else self.days.day_text(named),
        }

    def _words_of(self, rule: DeadlineRule) -> dict[str, str]:
        found = self._words.get(rule.pk)
        if found is None:
            found = self._words[rule.pk] = {
                "rule_id": str(rule.pk),
                "level": rule.level,
                "kind": rule.kind,
                "title_en": rule.title_en,
                "title_zh": rule.title_zh,
                "basis_en": rule.legal_basis_en or rule.legal_frame_en,
                "basis_zh": rule.legal_basis_zh or rule.legal_frame_zh,
                "owner_role": rule.owner_role,
            }
        return found

    def next_reminder(self, due: Due, *, started: int) -> str:
        """Of a clock that runs: the point of the schedule that comes next."""
        found = rules.next_reminder(
            due.rule,
            counted_from=self.days.instant(started),
            due_at=self._instant(due),
            after=self.days.instant(self.days.now),
        )
        return found.isoformat() if found else NULL

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
