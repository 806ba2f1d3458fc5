"""Days and periods as Chinese criminal procedure counts them.

Sources: CPL 105 (the first hour and day do not count; a last day that is a holiday moves to the first day after it,
but never for a person in custody), SPC 202 (months), the State Council's yearly notice on holidays and make-up working
days. Days are days in Beijing whatever the server's clock says.
"""
from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from socialwork.deadlines.models import Holiday
from socialwork.deadlines.wording import DayKind, Origin

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
_END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True)
class Year:
    """One year's deviations from Monday to Friday. `published` is false while no national notice is loaded."""

    published: bool = False
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Coverage:
    """Years with a loaded notice, ascending, and the holes between the first and the last of them."""

    years: tuple[int, ...]
    holes: tuple[int, ...]

    @property
    def first(self) -> int | None:
        return self.years[0] if self.years else None

    @property
    def last(self) -> int | None:
        return self.years[-1] if self.years else None


@dataclass
class WorkingCalendar:
    """Working days. Years are asked for when first needed and kept as long as this object lives (one act, one run)."""

    find_year: Callable[[int], Year]
    _years: dict[int, Year] = field(default_factory=dict)

    def year(self, number: int) -> Year:
        if number not in self._years:
            self._years[number] = self.find_year(number)
        return self._years[number]

    def is_working_day(self, day: date) -> bool:
        """A make-up day is worked although it is a weekend; without a notice Monday to Friday are worked."""
        year = self.year(day.year)
        return day in year.worked or (day.weekday() < 5 and day not in year.off)

    def add_working_days(self, day: date, amount: int) -> date:
        """The `amount`-th working day after `day`; `day` itself does not count (CPL 105). 0 is `day`."""
        while amount > 0:
            day += _DAY
            amount -= self.is_working_day(day)
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """Working days later than `after` and not later than `until`; 0 when there are none."""
        return sum(self.is_working_day(after + _DAY * step) for step in range(1, (until - after).days + 1))

    def roll_over(self, day: date) -> date:
        """`day`, or the next working day when it is a day off (CPL 105)."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def missing_years(self, start: date, end: date) -> tuple[int, ...]:
        """Years from `start` to `end` for which no notice is loaded, so that weekdays were assumed to be worked."""
        return tuple(number for number in range(start.year, end.year + 1) if not self.year(number).published)


def stored() -> WorkingCalendar:
    """A calendar that reads the table of holidays, one query for each year it touches."""
    return WorkingCalendar(_stored_year)


def _stored_year(number: int) -> Year:
    rows = Holiday.objects.filter(day__range=(date(number, 1, 1), date(number, 12, 31)))
    return compile_year(rows.values_list("day", "kind", "origin"))


def compile_year(rows: Iterable[tuple[date, str, str]]) -> Year:
    """A year from rows of (day, kind, origin); a local row wins over the national one for its day."""
    rows = list(rows)
    kinds = {day: kind for day, kind, origin in sorted(rows, key=lambda row: row[2] == Origin.LOCAL)}
    return Year(
        published=any(origin == Origin.STATE_COUNCIL for _, _, origin in rows),
        off=frozenset(day for day, kind in kinds.items() if kind == DayKind.OFF),
        worked=frozenset(day for day, kind in kinds.items() if kind == DayKind.WORK),
    )


def coverage() -> Coverage:
    """Which years' notices are loaded. The notice for a year comes out in the November before it."""
    notices = Holiday.objects.filter(origin=Origin.STATE_COUNCIL)
    years = tuple(sorted({day.year for day in notices.values_list("day", flat=True)}))
    holes = tuple(number for number in range(years[0], years[-1]) if number not in years) if years else ()
    return Coverage(years, holes)


def missing_years(start: date, end: date) -> tuple[int, ...]:
    """Years from `start` to `end` without a loaded notice: a warning to be shown, see `presenters.assumed`."""
    return stored().missing_years(start, end)


def is_working_day(day: date) -> bool:
    """Whether offices work on that day."""
    return stored().is_working_day(day)


def add_working_days(day: date, amount: int) -> date:
    """The `amount`-th working day after `day`, which itself does not count."""
    return stored().add_working_days(day, amount)


def roll_over(day: date, *, in_custody: bool) -> date:
    """The last day of a legal period, moved off a holiday unless the person is in custody (CPL 105)."""
    return day if in_custody else stored().roll_over(day)


def add_calendar_days(day: date, amount: int) -> date:
    """The last day of a period of `amount` days; `day` itself does not count (CPL 105)."""
    return day + _DAY * amount


def add_months(day: date, amount: int) -> date:
    """The last day of a period of `amount` months from `day` (SPC 202).

    The same date; the last day of the month when there is no such date, or when `day` is itself the last day of its
    month. Counted from the first day at once, so that 31 January + 2 months is 31 March, not 28 March.
    """
    index = day.year * 12 + day.month - 1 + amount
    year, month = index // 12, index % 12 + 1
    last = monthrange(year, month)[1]
    if day.day == monthrange(day.year, day.month)[1]:
        return date(year, month, last)
    return date(year, month, min(day.day, last))


def add_hours(instant: datetime, amount: int) -> datetime:
    """Exactly `amount` hours later. All periods in hours are local practice, so no started hour is given away."""
    return instant + timedelta(hours=amount)


def local_day(instant: datetime) -> date:
    """The day in Beijing at that instant. Raises ValueError for an instant without a time zone."""
    if instant.tzinfo is None:
        raise ValueError("a legal instant needs a time zone")
    return instant.astimezone(LEGAL_ZONE).date()


def end_of_day(day: date) -> datetime:
    """24:00 of that day in Beijing, as its last second, so that the date shown is the day itself."""
    return datetime.combine(day, _END_OF_DAY, LEGAL_ZONE)
