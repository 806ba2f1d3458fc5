"""The end of a month: which cases owe a report, the clock that starts, and the proof that clocks and facts agree."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from cases import tasks
from cases.models import Case, CaseDecision, MonthlyReport
from cases.queries_monthly import Month, contacts_planned, months_owed
from cases.services import ending
from cases.services.months import differences, end_months
from cases.services.responding import finish_service
from socialwork.deadlines.models import Deadline
from tests import cast
from tests.factories import monthly, occasions


def after(month: Month, number: int = 1, hour: int = 3) -> dt.datetime:
    """A moment in the month that follows."""
    return monthly.day_of(month, month.length, 23) + dt.timedelta(days=number - 1, hours=hour + 1)


def clocks(case: Case) -> list[tuple[str, dt.date]]:
    rows = Deadline.objects.open().filter(subject_id=case.pk, code="D12").order_by("occurrence")
    return [(row.occurrence, timezone.localdate(row.due_at)) for row in rows]


def pause(world, case, at):
    ending.decide(case, CaseDecision.Kind.SUSPEND, by=world.prosecutor, at=at, code="hospital")


def go_on(world, case, at):
    ending.decide(case, CaseDecision.Kind.RESUME, by=world.prosecutor, at=at)


def test_a_report_is_owed_by_the_fifth_of_the_next_month(world):
    case = monthly.guided(world)
    month = monthly.last_month()
    assert end_months(at=after(month)) == 1
    following = month.last + dt.timedelta(days=5)
    assert clocks(case) == [(str(month), following)]
    clock = Deadline.objects.get(code="D12")
    assert (clock.started_at, clock.owner_id, clock.referral_id) == (month.ended_at, case.lead_id, case.referral_id)
    case.refresh_from_db()
    assert (case.next_act, case.next_due_at) == ("D12", clock.due_at)


def test_twice_is_no_error(world):
    monthly.guided(world)
    month = monthly.last_month()
    assert [end_months(at=after(month)), end_months(at=after(month)), end_months(at=after(month, 4))] == [1, 0, 0]
    assert (MonthlyReport.objects.count(), Deadline.objects.filter(code="D12").count()) == (1, 1)


def test_a_month_that_has_not_ended_asks_for_nothing(world):
    case = monthly.guided(world)
    assert end_months(at=monthly.day_of(monthly.last_month(), 28, 23)) == 0 and clocks(case) == []


def test_after_days_of_standstill_every_month_is_begun(world):
    month = monthly.last_month()
    case = monthly.guided(world, since=monthly.day_of(month.before, 5))
    assert end_months(at=after(month, 9)) == 2
    assert [found for found, _day in clocks(case)] == [str(month.before), str(month)]
    assert list(differences(at=after(month, 9))) == []


def test_no_years_of_clocks_for_an_old_case(world):
    month = monthly.last_month()
    case = monthly.guided(world, since=monthly.day_of(month, 1) - dt.timedelta(days=500))
    end_months(at=after(month))
    assert [found for found, _day in clocks(case)] == [str(month.before.before), str(month.before), str(month)]


@pytest.mark.parametrize("services", [("social_investigation",), ("psych_counselling",), ("family_education",)])
def test_only_services_by_the_month(world, services):
    case = monthly.guided(world, services=services)
    assert end_months(at=timezone.now()) == 0 and clocks(case) == []


def test_a_month_suspended_as_a_whole_is_never_due(world):
    month = monthly.last_month()
    case = monthly.guided(world, since=monthly.day_of(month.before, 1))
    pause(world, case, monthly.day_of(month.before, 20))
    assert end_months(at=after(month)) == 1
    assert [found for found, _day in clocks(case)] == [str(month.before)]
    go_on(world, case, after(month, 2))
    assert end_months(at=after(month, 3)) == 0 and list(differences(at=after(month, 3))) == []


def test_a_month_partly_worked_is_due_and_asks_for_fewer_contacts(world):
    month = monthly.last_month()
    case = monthly.guided(world, since=monthly.day_of(month.before, 1) - dt.timedelta(days=40))
    assert contacts_planned(case, month) == 2
    pause(world, case, monthly.day_of(month, 9))
    assert [str(found) for found in months_owed(case, at=after(month))][-1] == str(month)
    assert contacts_planned(Case.objects.get(pk=case.pk), month) == 1


@pytest.mark.parametrize(
    ("since", "level", "planned"), [(10, "low", 3), (10, "high", 3), (-40, "high", 4), (-40, "medium", 2)]
)
def test_how_many_contacts_are_planned(world, since, level, planned):
    month = monthly.last_month()
    case = monthly.guided(world, since=monthly.day_of(month, 1) + dt.timedelta(days=since - 1))
    case.risk_level = level
    assert contacts_planned(case, month) == planned


def test_the_plan_may_ask_for_more(world):
    month = monthly.last_month()
    case = monthly.guided(world, since=monthly.day_of(month, 1) - dt.timedelta(days=60))
    plan = occasions.plan_in_force(world, case)
    type(plan).objects.filter(pk=plan.pk).update(decided_at=monthly.day_of(month, 1))
    assert contacts_planned(case, month) == 4


def test_the_end_of_the_case_ends_its_clocks(world):
    case = monthly.guided(world)
    monthly.due(world, case)
    finish_service(case=case, by=world.prosecutor, at=timezone.now())
    assert clocks(case) == []
    assert end_months(at=timezone.now() + dt.timedelta(days=40)) == 0
    assert list(differences(at=timezone.now())) == []


def test_the_proof_finds_what_is_lost_moved_and_left_over(world):
    case, month = monthly.guided(world), monthly.last_month()
    at = after(month)
    assert [(found.kind, found.occurrence) for found in differences(at=at)] == [("lost", str(month))]
    end_months(at=at)
    assert list(differences(at=at)) == []
    rows = Deadline.objects.filter(code="D12")
    rows.update(started_at=month.ended_at - dt.timedelta(hours=1))
    assert [found.kind for found in differences(at=at)] == ["moved"]
    rows.update(occurrence="2001-01")
    assert sorted(found.kind for found in differences(at=at)) == ["left_over", "lost"]
    rows.update(cancelled_at=at)
    assert [found.kind for found in differences(at=at)] == ["lost"]
    assert case.pk == next(differences(at=at)).subject_id


def test_the_proof_knows_reports_sent_back(world):
    report = monthly.returned(world)
    assert list(differences(at=timezone.now())) == []
    monthly.send(world, monthly.loaded(report))
    assert list(differences(at=timezone.now())) == []


def test_the_task_runs_every_night(world):
    monthly.guided(world)
    assert [tasks.end_months(), tasks.end_months()] == [1, 0]


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_begin_each_report_once(transactional_db):
    world = cast.build_world()
    monthly.guided(world)
    at = timezone.now()
    assert occasions.at_once(lambda: end_months(at=at), lambda: end_months(at=at)) == ["done", "done"]
    assert (MonthlyReport.objects.count(), Deadline.objects.filter(code="D12").count()) == (1, 1)
