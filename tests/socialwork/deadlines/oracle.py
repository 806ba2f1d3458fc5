"""Slow second opinions, written from the articles and from chinesecalendar, without the engine."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import chinese_calendar

DAY = timedelta(days=1)
# Longer than any period in the tests with all its pauses.
PATIENCE = 5000


def works(day: date) -> bool:
    """The library's answer; Monday to Friday for years it does not know."""
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5


def month_later(day: date) -> date:
    """SPC 202 for one month, by walking: the same date, the last day for a last day, or the last day there is."""
    was_last = (day + DAY).month != day.month
    walker = day
    while walker.month == day.month:
        walker += DAY
    month = walker.month
    best = walker
    while walker.month == month:
        if was_last or walker.day <= day.day:
            best = walker
        walker += DAY
    return best


def last_day(
    first: date,
    amount: int,
    *,
    working: bool,
    rolls: bool,
    pauses: Sequence[tuple[date, date]] = (),
) -> date:
    """Let the clock tick, midnight by midnight.

    A day uses up one unit when the clock ran as the day began (a working clock only on working days). At 24:00 the
    period is over when the clock runs, nothing is left, and the day is one on which it may end.
    """
    left, day, running = amount, first, True
    for _ in range(PATIENCE):
        if day > first and running and (works(day) or not working):
            left -= 1
        for stopped, restarted in pauses:
            if stopped <= day:
                running = day >= restarted
        if day > first and running and left <= 0 and (works(day) or not (rolls or working)):
            return day
        day += DAY
    raise AssertionError("the clock never ended")
