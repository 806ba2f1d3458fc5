"""Chance, identifiers and instants of the invented country: the same seed gives the same country."""

from __future__ import annotations

import datetime as dt
import struct
from bisect import bisect
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from random import Random
from typing import TypeVar

from socialwork.bench.country.tables import day, instant

T = TypeVar("T")
DAY = 1440
# Minutes of the day between which offices write things down.
OPENS, CLOSES = 8 * 60 + 30, 18 * 60
_ZONE = dt.timezone(dt.timedelta(hours=8))
# Microseconds of a minute, and how much further an identifier is a minute later.
_MINUTE, _STEP = 60_000_000, 60_000 << 16
_INSTANT, _IDENTIFIER = struct.Struct(">iq").pack, struct.Struct(">IQQ").pack


class Days:
    """Instants as minutes since midnight in Beijing of the first day of the country, and their fields.

    China has had one zone without summer time for the whole period, so that a day has 1440 minutes.
    """

    def __init__(self, today: dt.date, years: int = 10) -> None:
        self.today = today
        self.first = today - dt.timedelta(days=round(years * 365.25))
        self.base = dt.datetime.combine(self.first, dt.time(), _ZONE)
        self._base = struct.unpack(">iq", instant(self.base))[1]
        self._days: dict[int, bytes] = {}
        self._years: dict[int, int] = {}
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

    def day(self, number: int) -> bytes:
        """The field of the day of that number."""
        found = self._days.get(number)
        if found is None:
            found = self._days[number] = day(self.first + dt.timedelta(days=number))
        return found

    def moment(self, minute: int) -> bytes:
        """The field of the beginning of a minute."""
        return _INSTANT(8, self._base + minute * _MINUTE)

    def last_second(self, number: int) -> bytes:
        """The field of the last second of a day."""
        return _INSTANT(8, self._base + (number + 1) * DAY * _MINUTE - 1_000_000)

    def year(self, minute: int) -> int:
        number = minute // DAY
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = (self.first + dt.timedelta(days=number)).year
        return found


class Identifiers:
    """Identifiers in the product's form whose last part counts on: all different, and the same from the same seed.

    Real ones cannot be guessed; these need not be. `scope` (below 65,536) keeps those of two groups apart.
    """

    def __init__(self, days: Days, scope: int, chance: Random) -> None:
        self._next = scope << 32
        # Milliseconds in front of version (7) and variant, as in every identifier of the product.
        self._base = int(days.base.timestamp() * 1000) << 16 | 0x7000
        self._heads = [chance.getrandbits(12) for _ in range(4_096)]
        self._middles = [(0x8000 | chance.getrandbits(14)) << 48 for _ in range(4_096)]

    def give(self, minute: int) -> bytes:
        """The field of the next identifier, of that minute."""
        self._next = number = self._next + 1
        place = number & 4_095
        return _IDENTIFIER(16, self._base + minute * _STEP + self._heads[place], self._middles[place] + number)


def one_of(chance: Random, pool: Sequence[T]) -> T:
    """Any of them; half the price of Random.choice, for what is asked a hundred times a case."""
    return pool[int(chance.random() * len(pool))]


def between(chance: Random, least: int, most: int) -> int:
    """A number from the least to the most, both included."""
    return least + int(chance.random() * (most - least + 1))


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
