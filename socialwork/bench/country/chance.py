"""Chance, identifiers and instants of the invented country: the same seed gives the same country."""

from __future__ import annotations

import datetime as dt
from bisect import bisect
from functools import cache
from itertools import accumulate
from random import Random

DAY = 1440
# Minutes of the day between which offices write things down.
OPENS, CLOSES = 8 * 60 + 30, 18 * 60
_CLOCK = [f"{minute // 60:02d}:{minute % 60:02d}:00+08" for minute in range(DAY)]
_ZONE = dt.timezone(dt.timedelta(hours=8))


class Days:
    """Instants as minutes since midnight in Beijing of the first day of the country, and their texts.

    China has had one zone without summer time for the whole period, so that a day has 1440 minutes.
    """

    def __init__(self, today: dt.date, years: int = 10) -> None:
        self.today = today
        self.first = today - dt.timedelta(days=round(years * 365.25))
        self.base = dt.datetime.combine(self.first, dt.time(), _ZONE)
        self._base_ms = int(self.base.timestamp() * 1000)
        self._texts: dict[int, str] = {}
        # The last moment at which anything happened: yesterday evening, whenever the command runs.
        self.now = self.number(today) * DAY - 6 * 60

    def number(self, day: dt.date) -> int:
        return (day - self.first).days

    def date(self, minute: int) -> dt.date:
        return self.first + dt.timedelta(days=minute // DAY)

    def instant(self, minute: int) -> dt.datetime:
        return self.base + dt.timedelta(minutes=minute)

    def minute(self, instant: dt.datetime) -> int:
        """The minute in which an instant lies."""
        return int((instant - self.base).total_seconds() // 60)

    def day_text(self, number: int) -> str:
        text = self._texts.get(number)
        if text is None:
            text = self._texts[number] = (self.first + dt.timedelta(days=number)).isoformat()
        return text

    def text(self, minute: int) -> str:
        """An instant as the database reads it."""
        return f"{self.day_text(minute // DAY)} {_CLOCK[minute % DAY]}"

    def year(self, minute: int) -> int:
        return int(self.day_text(minute // DAY)[:4])

    def stamp(self, minute: int) -> str:
        """The part of an identifier (version 7) that says when: milliseconds of that minute's beginning."""
        stamp = self._base_ms + minute * 60_000
        return f"{stamp >> 16:08x}-{stamp & 0xFFFF:04x}-7"


class Identifiers:
    """Identifiers in the product's form whose last part counts on: all different, and the same from the same seed.

    Real ones cannot be guessed; these need not be. `scope` (below 65,536) keeps those of two groups apart.
    """

    def __init__(self, days: Days, scope: int, chance: Random) -> None:
        self._days, self._next = days, scope << 32
        self._middles = [f"{chance.getrandbits(12):03x}-{0x8000 | chance.getrandbits(14):04x}-" for _ in range(4_096)]

    def give(self, minute: int) -> str:
        self._next = number = self._next + 1
        return f"{self._days.stamp(minute)}{self._middles[number & 4_095]}{number:012x}"


def office_minute(chance: Random) -> int:
    """A moment of an office day, to five minutes."""
    return OPENS + int(chance.random() * (CLOSES - OPENS) / 5) * 5


def later(chance: Random, minute: int, least: float, most: float) -> int:
    """A moment in office hours between so many days after another one; never before it."""
    day = (minute + int((least + chance.random() * (most - least)) * DAY)) // DAY
    return max(day * DAY + office_minute(chance), minute + 5)


class Shares:
    """Choices with the share of each."""

    def __init__(self, shares: dict[str, float]) -> None:
        self._names, self._sums = list(shares), list(accumulate(shares.values()))

    def pick(self, chance: Random) -> str:
        return self._names[bisect(self._sums, chance.random() * self._sums[-1])]


# --- work codes: the n-th of all of them, so that a million children need not be compared ---

_DIGITS, _LETTERS = "23456789", "CDFGHJKLMNPQRTVWX"
_PLACES = 6


@cache
def _ways(left: int, after_letter: bool) -> int:
    """How many endings of that length there are: two letters never stand side by side."""
    if not left:
        return 1
    letters = 0 if after_letter else len(_LETTERS) * _ways(left - 1, True)
    return len(_DIGITS) * _ways(left - 1, False) + letters


def work_code(number: int, seed: int) -> str:
    """The work code of the child of that number; different numbers have different codes."""
    total = _ways(_PLACES, False)
    # An odd prime, and none of those of the total: each number meets another code.
    rest = (number * 15_485_863 + seed * 7_919) % total
    code = ""
    for left in range(_PLACES - 1, -1, -1):
        block = _ways(left, False)
        if rest < len(_DIGITS) * block:
            code, rest = code + _DIGITS[rest // block], rest % block
            continue
        rest -= len(_DIGITS) * block
        block = _ways(left, True)
        code, rest = code + _LETTERS[rest // block], rest % block
    return f"J-{code}"
