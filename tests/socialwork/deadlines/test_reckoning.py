"""From facts to an end: units, custody, pauses, extensions, against the ticking oracle."""
from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialwork.deadlines import calendar, rules
from socialwork.deadlines.wording import Unit
from tests.socialwork.deadlines import oracle
from tests.socialwork.deadlines.moments import beijing
from tests.socialwork.deadlines.published import CALENDAR

INSTANTS = st.datetimes(
    datetime(2004, 1, 1), datetime(2026, 6, 30), timezones=st.just(calendar.LEGAL_ZONE)
)


@st.composite
def pauses_after(draw, started_at):
    """Up to three pauses that do not overlap, some within a day, some over weeks, some after the end."""
    spans, at = [], started_at
    for _ in range(draw(st.integers(0, 3))):
        stopped = at + timedelta(minutes=draw(st.integers(0, 20 * 24 * 60)))
        at = stopped + timedelta(minutes=draw(st.one_of(st.integers(0, 600), st.integers(0, 30 * 24 * 60))))
        spans.append(rules.Span(stopped, at))
    return spans


@st.composite
def clocks(draw):
    started_at = draw(INSTANTS)
    return started_at, draw(pauses_after(started_at))


def reckon(started_at, terms, pauses=(), moved=None):
    return rules.reckon(started_at=started_at, terms=terms, calendar=CALENDAR, pauses=pauses, moved=moved)


def in_days(pauses):
    return [(calendar.local_day(span.paused_at), calendar.local_day(span.resumed_at)) for span in pauses]


IN_DAYS = st.sampled_from([Unit.CALENDAR_DAY, Unit.WORKING_DAY])


@given(clocks(), st.integers(1, 40), IN_DAYS, st.booleans(), st.booleans())
def test_days_with_pauses_end_where_the_ticking_clock_ends(clock, amount, unit, roll_over, in_custody):
    started_at, pauses = clock
    terms = rules.Terms(amount, unit, roll_over, in_custody)
    expected = oracle.last_day(
        calendar.local_day(started_at),
        amount,
        working=unit == Unit.WORKING_DAY,
        rolls=roll_over and not in_custody,
        pauses=in_days(pauses),
    )
    assert reckon(started_at, terms, pauses).due_at == calendar.end_of_day(expected)


@given(clocks(), st.integers(1, 12), st.booleans(), st.booleans())
def test_months_with_pauses_end_where_the_ticking_clock_ends(clock, amount, roll_over, in_custody):
    started_at, pauses = clock
    first = calendar.local_day(started_at)
    expected = oracle.last_day(
        first,
        (calendar.add_months(first, amount) - first).days,
        working=False,
        rolls=roll_over and not in_custody,
        pauses=in_days(pauses),
    )
    assert reckon(started_at, rules.Terms(amount, Unit.MONTH, roll_over, in_custody), pauses).due_at == (
        calendar.end_of_day(expected)
    )


@given(clocks(), st.integers(1, 200))
def test_hours_run_only_while_the_clock_runs(clock, amount):
    started_at, pauses = clock
    due_at = reckon(started_at, rules.Terms(amount, Unit.HOUR), pauses).due_at
    stopped = sum((min(span.resumed_at, due_at) - min(span.paused_at, due_at) for span in pauses), timedelta())
    assert due_at - started_at - stopped == timedelta(hours=amount)


@given(clocks(), st.integers(1, 60), st.sampled_from(Unit), st.booleans(), st.booleans())
def test_never_earlier_than_the_start_nor_than_without_pauses(clock, amount, unit, roll_over, in_custody):
    started_at, pauses = clock
    terms = rules.Terms(amount, unit, roll_over, in_custody)
    without = reckon(started_at, terms).due_at
    assert started_at < without <= reckon(started_at, terms, pauses).due_at


@given(INSTANTS, st.integers(1, 60), st.sampled_from(Unit))
def test_a_longer_period_never_ends_earlier(started_at, amount, unit):
    shorter, longer = (reckon(started_at, rules.Terms(each, unit, True)).due_at for each in (amount, amount + 1))
    assert shorter <= longer


@given(INSTANTS, st.integers(1, 60), st.sampled_from([Unit.CALENDAR_DAY, Unit.MONTH]))
def test_custody_never_gains_a_day_from_a_holiday(started_at, amount, unit):
    free = reckon(started_at, rules.Terms(amount, unit, True, False)).due_at
    held = reckon(started_at, rules.Terms(amount, unit, True, True)).due_at
    plain = reckon(started_at, rules.Terms(amount, unit, False, False)).due_at
    assert held == plain <= free
    assert CALENDAR.is_working_day(calendar.local_day(free))


@given(INSTANTS, st.integers(1, 60), st.sampled_from([Unit.CALENDAR_DAY, Unit.WORKING_DAY, Unit.MONTH]), st.booleans())
def test_periods_in_days_end_with_a_day_in_beijing(started_at, amount, unit, roll_over):
    due_at = reckon(started_at, rules.Terms(amount, unit, roll_over)).due_at.astimezone(calendar.LEGAL_ZONE)
    assert (due_at.hour, due_at.minute, due_at.second, due_at.microsecond) == (23, 59, 59, 0)


def test_arrest_review_over_the_national_day_in_and_out_of_custody():
    started_at = beijing("2025-09-27 09:00")
    terms = {"amount": 5, "unit": Unit.CALENDAR_DAY, "roll_over": True}
    held = reckon(started_at, rules.Terms(**terms, in_custody=True))
    free = reckon(started_at, rules.Terms(**terms, in_custody=False))
    assert calendar.local_day(held.due_at) == date(2025, 10, 2)
    assert calendar.local_day(free.due_at) == date(2025, 10, 9)


def test_two_working_days_before_the_spring_festival_use_the_make_up_sunday():
    due = reckon(beijing("2025-01-24 16:00"), rules.Terms(2, Unit.WORKING_DAY)).due_at
    assert calendar.local_day(due) == date(2025, 1, 27)  # the worked Sunday is the first of the two


PAUSED = [
    # Friday 6 March 2026, ten calendar days: nominal end Monday 16 March.
    ("inside the period", 10, Unit.CALENDAR_DAY, "2026-03-09 10:00", "2026-03-12 09:00", date(2026, 3, 19)),
    ("within one day", 10, Unit.CALENDAR_DAY, "2026-03-09 10:00", "2026-03-09 17:00", date(2026, 3, 16)),
    ("on the last day", 10, Unit.CALENDAR_DAY, "2026-03-16 10:00", "2026-03-18 09:00", date(2026, 3, 18)),
    ("after the end", 10, Unit.CALENDAR_DAY, "2026-03-17 10:00", "2026-03-20 09:00", date(2026, 3, 16)),
    ("over a weekend", 3, Unit.WORKING_DAY, "2026-03-09 10:00", "2026-03-14 09:00", date(2026, 3, 17)),
    ("restart on a Saturday with nothing left", 3, Unit.WORKING_DAY, "2026-03-11 10:00", "2026-03-14 09:00",
     date(2026, 3, 16)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "unit", "stop", "restart", "last"), [row[1:] for row in PAUSED], ids=[row[0] for row in PAUSED]
)
def test_pause_examples(amount, unit, stop, restart, last):
    pauses = [rules.Span(beijing(stop), beijing(restart))]
    due = reckon(beijing("2026-03-06 10:00"), rules.Terms(amount, unit, True), pauses).due_at
    assert calendar.local_day(due) == last


def test_stopped_on_the_sunday_before_the_moved_end():
    pauses = [rules.Span(beijing("2026-03-15 10:00"), beijing("2026-03-18 09:00"))]
    due = reckon(beijing("2026-03-04 10:00"), rules.Terms(10, Unit.CALENDAR_DAY, True), pauses).due_at
    assert calendar.local_day(due) == date(2026, 3, 18)  # nominal end Saturday, moved to Monday, restarted Wednesday


def test_an_extension_replaces_the_count_and_later_pauses_move_it():
    moved = rules.Moved(beijing("2026-03-10 09:00"), beijing("2026-03-28 12:00"))
    terms = rules.Terms(10, Unit.CALENDAR_DAY, True)
    started_at = beijing("2026-03-06 10:00")
    before = [rules.Span(beijing("2026-03-07 09:00"), beijing("2026-03-08 09:00"))]
    across = [rules.Span(beijing("2026-03-09 09:00"), beijing("2026-03-12 09:00"))]
    assert reckon(started_at, terms, before, moved).due_at == beijing("2026-03-28 23:59:59")  # a Saturday, as chosen
    assert calendar.local_day(reckon(started_at, terms, across, moved).due_at) == date(2026, 3, 30)


@pytest.mark.parametrize(
    ("started", "terms", "years"),
    [
        ("2026-12-29 10:00", rules.Terms(5, Unit.WORKING_DAY), (2027,)),
        ("2026-12-20 10:00", rules.Terms(5, Unit.WORKING_DAY), ()),
        ("2026-12-29 10:00", rules.Terms(15, Unit.CALENDAR_DAY, True), (2027,)),
        ("2026-12-29 10:00", rules.Terms(15, Unit.CALENDAR_DAY, True, True), ()),
        ("2026-12-29 10:00", rules.Terms(15, Unit.CALENDAR_DAY, False), ()),
        ("2026-12-29 10:00", rules.Terms(480, Unit.HOUR), ()),
        ("2027-12-29 10:00", rules.Terms(5, Unit.WORKING_DAY), (2027, 2028)),
    ],
)
def test_only_a_count_that_needs_holidays_reports_missing_years(started, terms, years):
    assert reckon(beijing(started), terms).assumed_years == years
