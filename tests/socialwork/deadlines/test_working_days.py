"""Days, months, holidays."""
from __future__ import annotations

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialwork.deadlines import calendar
from socialwork.deadlines.models import Holiday
from socialwork.deadlines.wording import DayKind, Origin
from tests.socialwork.deadlines import oracle
from tests.socialwork.deadlines.moments import beijing
from tests.socialwork.deadlines.published import CALENDAR

DAYS = st.dates(date(2004, 1, 1), date(2026, 12, 31))


def test_every_published_day_agrees_with_the_library():
    day, wrong = date(2004, 1, 1), []
    while day <= date(2026, 12, 31):
        if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += oracle.DAY
    assert wrong == []


def test_make_up_saturday_is_worked_and_the_holiday_monday_is_not():
    assert CALENDAR.is_working_day(date(2025, 1, 26))  # a Sunday before the Spring Festival
    assert not CALENDAR.is_working_day(date(2025, 1, 28))


@given(DAYS, st.integers(1, 40))
def test_working_days_are_counted_like_the_slow_oracle(day, amount):
    assert CALENDAR.add_working_days(day, amount) == oracle.last_day(day, amount, working=True, rolls=True)


@given(DAYS, st.integers(0, 40))
def test_adding_and_counting_working_days_are_inverse(day, amount):
    later = CALENDAR.add_working_days(day, amount)
    assert CALENDAR.working_days_between(day, later) == amount
    assert CALENDAR.working_days_between(later, day) == 0


@given(DAYS)
def test_rolling_over_lands_on_the_first_working_day_not_before(day):
    rolled = CALENDAR.roll_over(day)
    passed = [day + oracle.DAY * step for step in range((rolled - day).days)]
    assert oracle.works(rolled)
    assert not any(oracle.works(each) for each in passed)


@given(st.dates(date(1996, 1, 1), date(2040, 12, 31)))
def test_one_month_by_spc_202(day):
    assert calendar.add_months(day, 1) == oracle.month_later(day)


@given(st.dates(date(1996, 1, 1), date(2040, 12, 31)), st.integers(0, 60))
def test_months_are_counted_from_the_first_day_at_once(day, amount):
    later = calendar.add_months(day, amount)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == amount
    assert later.day == day.day or (later + oracle.DAY).day == 1
    assert later >= day


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        ((2026, 1, 15), 1, (2026, 2, 15)),
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2024, 1, 31), 1, (2024, 2, 29)),
        ((2024, 1, 30), 1, (2024, 2, 29)),
        ((2024, 2, 29), 1, (2024, 3, 31)),  # a last day counts to a last day
        ((2024, 2, 28), 1, (2024, 3, 28)),
        ((2025, 2, 28), 12, (2026, 2, 28)),
        ((2023, 2, 28), 12, (2024, 2, 29)),
        ((2026, 1, 31), 2, (2026, 3, 31)),
        ((2026, 12, 5), 3, (2027, 3, 5)),
    ],
)
def test_months_at_their_ends(start, amount, end):
    assert calendar.add_months(date(*start), amount) == date(*end)


def test_a_day_is_a_day_in_beijing():
    late = datetime.fromisoformat("2026-03-02T17:30:00+00:00")
    assert calendar.local_day(late) == date(2026, 3, 3)
    assert calendar.end_of_day(date(2026, 3, 3)) == datetime.fromisoformat("2026-03-03T15:59:59+00:00")


def test_an_instant_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        calendar.local_day(datetime(2026, 3, 2, 10))


def test_hours_are_exact():
    start = beijing("2026-03-02 10:20")
    assert calendar.add_hours(start, 48) - start == timedelta(hours=48)


def test_an_unpublished_year_counts_weekdays_and_says_so():
    assert CALENDAR.is_working_day(date(2027, 10, 1))
    assert CALENDAR.missing_years(date(2026, 12, 30), date(2027, 1, 4)) == (2027,)
    assert CALENDAR.missing_years(date(2026, 1, 1), date(2026, 12, 31)) == ()


def test_stored_days_answer_like_the_file(holidays):
    assert calendar.is_working_day(date(2025, 1, 26))
    assert not calendar.is_working_day(date(2025, 1, 28))
    assert calendar.add_working_days(date(2026, 9, 30), 1) == oracle.last_day(
        date(2026, 9, 30), 1, working=True, rolls=True
    )
    assert calendar.roll_over(date(2026, 10, 1), in_custody=False) > date(2026, 10, 1)
    assert calendar.roll_over(date(2026, 10, 1), in_custody=True) == date(2026, 10, 1)
    assert calendar.missing_years(date(2026, 12, 31), date(2027, 1, 1)) == (2027,)


def test_coverage_names_first_last_and_holes(holidays):
    known = calendar.coverage()
    assert (known.first, known.last, known.holes) == (2004, 2026, ())
    Holiday.objects.filter(day__year=2010).delete()
    assert calendar.coverage().holes == (2010,)


def test_coverage_of_an_empty_table(db):
    Holiday.objects.all().delete()
    known = calendar.coverage()
    assert (known.first, known.last, known.years, known.holes) == (None, None, (), ())


def test_a_local_day_wins_and_publishes_nothing(holidays):
    Holiday.objects.create(day=date(2026, 3, 3), kind=DayKind.OFF, origin=Origin.LOCAL, source="typhoon")
    Holiday.objects.create(day=date(2026, 10, 1), kind=DayKind.WORK, origin=Origin.LOCAL, source="on duty")
    Holiday.objects.create(day=date(2027, 3, 3), kind=DayKind.OFF, origin=Origin.LOCAL, source="typhoon")
    assert not calendar.is_working_day(date(2026, 3, 3))
    assert calendar.is_working_day(date(2026, 10, 1))
    assert not calendar.is_working_day(date(2027, 3, 3))
    assert calendar.missing_years(date(2027, 1, 1), date(2027, 12, 31)) == (2027,)
