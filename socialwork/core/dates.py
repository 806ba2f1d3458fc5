"""Days and instants as a page writes them. A list or a timeline names the same days again and again."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

_NOON = dt.time(13, 47)
_AS_WRITTEN = f"{_NOON:%H:%M}"


def day_words(day: dt.date) -> str:
    """The day as the language's DATE_FORMAT writes it."""
    return _day(day, get_language())


@lru_cache(maxsize=4000)
def _day(day: dt.date, _language: str | None) -> str:
    return date_format(day, "DATE_FORMAT")


def moment_words(at: dt.datetime) -> str:
    """Day and minute on the office's clock, as the language's DATETIME_FORMAT writes them."""
    return moments()(at)


def moments() -> Callable[[dt.datetime], str]:
    """The same for many instants one after the other."""
    zone, language = timezone.get_current_timezone(), get_language()

    def words(at: dt.datetime) -> str:
        local = at.astimezone(zone)
        around = _around(local.date(), language)
        if around is None:
            return date_format(local, "DATETIME_FORMAT")
        before, after = around
        return f"{before}{local:%H:%M}{after}"

    return words


@lru_cache(maxsize=4000)
def _around(day: dt.date, _language: str | None) -> tuple[str, str] | None:
    """What stands before and after the minute on that day; None where the language does not write it as 13:47."""
    words = date_format(dt.datetime.combine(day, _NOON), "DATETIME_FORMAT")
    before, minute, after = words.partition(_AS_WRITTEN)
    return (before, after) if minute else None
