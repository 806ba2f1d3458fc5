"""Reminders and escalation: each once, the latest only, up the ladder."""
from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from socialwork.deadlines import hooks, services, tasks
from socialwork.deadlines import rules as engine
from socialwork.deadlines.calendar import LEGAL_ZONE
from socialwork.deadlines.models import Deadline, DeadlineReminder, DeadlineRule
from tests.socialwork.deadlines.moments import beijing


@pytest.fixture
def told():
    """(code, point, roles) of every reminder sent."""
    sent = []

    def listen(sender, deadline, reminder, roles, **kwargs):
        sent.append((deadline.code, reminder.point, roles))

    hooks.reminder_due.connect(listen)
    yield sent
    hooks.reminder_due.disconnect(listen)


def remind(text, limit=500):
    return services.remind(at=beijing(text), limit=limit)


OWNER = ["social_worker"]
LADDER = ["social_worker", "supervisor", "agency_manager", "prosecutor"]


def test_the_whole_life_of_a_deadline(start, told):
    start("D10", "2026-03-02 10:00")  # 48 hours
    for day in range(2, 10):
        for hour in range(24):
            remind(f"2026-03-0{day} {hour:02}:30")
    assert told == [
        ("D10", "50", OWNER),
        ("D10", "80", OWNER),
        ("D10", "due", OWNER),
        ("D10", "overdue-1", LADDER[:2]),
        ("D10", "overdue-2", LADDER[:3]),
        ("D10", "overdue-3", LADDER[:3]),
        ("D10", "overdue-4", LADDER[:3]),
        ("D10", "overdue-5", LADDER[:3]),
    ]


def test_nothing_before_the_first_point(start, told):
    start("D10", "2026-03-02 10:00")
    assert remind("2026-03-03 09:59") == 0
    assert remind("2026-03-03 10:00") == 1


def test_at_the_very_end_it_is_due_and_a_day_later_overdue(start, told):
    start("D10", "2026-03-02 10:00")
    for text in ("2026-03-04 09:59:59", "2026-03-04 10:00", "2026-03-05 09:59:59", "2026-03-05 10:00"):
        remind(text)
    assert [point for _, point, _ in told] == ["80", "due", "overdue-1"]


def test_each_reminder_once_also_after_a_restart(start, told):
    deadline = start("D10", "2026-03-02 10:00")
    remind("2026-03-03 10:30")
    # A worker that died after the row was written finds it again.
    Deadline.objects.filter(pk=deadline.pk).update(next_reminder_at=beijing("2026-03-03 10:00"))
    assert remind("2026-03-03 10:40") == 0
    assert [point for _, point, _ in told] == ["50"]


def test_a_crash_between_row_and_notice_loses_neither(start, told):
    start("D10", "2026-03-02 10:00")
    with transaction.atomic():
        remind("2026-03-03 10:30")
        transaction.set_rollback(True)
    assert DeadlineReminder.objects.count() == 0
    assert remind("2026-03-03 10:40") == 1


def test_after_a_standstill_only_the_latest_is_sent(start, told):
    start("D2b")
    remind("2026-03-20 08:00")
    assert told == [("D2b", "overdue-2", LADDER[:3])]
    remind("2026-03-20 08:10")
    assert len(told) == 1
    remind("2026-03-21 08:10")
    assert told[-1] == ("D2b", "overdue-3", LADDER)


def test_a_moved_end_has_reminders_of_its_own(start, told, prosecutor):
    deadline = start("D2b")
    remind("2026-03-16 10:00")
    services.extend(
        deadline=deadline,
        new_due_at=beijing("2026-03-30 10:00"),
        reason="x",
        by=prosecutor,
        at=beijing("2026-03-17 10:00"),
    )
    remind("2026-03-17 10:10")
    remind("2026-03-26 10:00")
    remind("2026-03-31 10:00")
    assert [point for _, point, _ in told] == ["80", "50", "80", "due"]


def test_a_paused_clock_is_silent_and_speaks_again(start, told, organ, prosecutor):
    start("D2b")
    services.pause(subject=organ, reason="x", by=prosecutor, at=beijing("2026-03-03 10:00"))
    assert remind("2026-04-20 10:00") == 0
    services.resume(subject=organ, by=prosecutor, at=beijing("2026-04-20 10:00"))
    assert remind("2026-04-20 10:10") == 0
    assert remind("2026-04-29 10:10") == 1
    assert told == [("D2b", "50", OWNER)]  # of fifteen days one had passed before the stop


def test_done_and_cancelled_clocks_are_silent(start, told, organ):
    start("D10", "2026-03-02 10:00")
    start("D30", "2026-03-02 10:00")
    services.meet(subject=organ, code="D10", at=beijing("2026-03-02 11:00"))
    services.cancel(subject=organ, code="D30", at=beijing("2026-03-02 11:00"))
    assert remind("2026-05-01 10:00") == 0


def test_a_broken_receiver_delays_its_own_notice_only(start, told, organ):
    broken = start("D10", "2026-03-02 09:00")
    services.start(code="D10", subject=organ, occurrence="2", organ_id=uuid4(), started_at=beijing("2026-03-02 10:00"))

    tries = []

    def fail(sender, deadline, **kwargs):
        if deadline.pk == broken.pk:
            tries.append(deadline)
            raise RuntimeError("mail server down")

    hooks.reminder_due.connect(fail)
    try:
        assert remind("2026-03-03 10:30") == 1
        assert remind("2026-03-03 10:35") == 0
    finally:
        hooks.reminder_due.disconnect(fail)
    assert len(tries) == 1  # the next try waits, so that a broken one does not take the place of others
    assert not DeadlineReminder.objects.filter(deadline=broken).exists()
    assert remind("2026-03-03 10:45") == 1
    assert DeadlineReminder.objects.filter(deadline=broken).count() == 1


def test_a_run_takes_no_more_than_its_limit_and_the_next_takes_the_rest(start, told):
    for number in range(5):
        start("D10", "2026-03-02 10:00", occurrence=str(number))
    assert [remind("2026-03-03 10:30", limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_the_owner_of_the_clock_is_told_not_the_owner_of_the_rule(start, told):
    start("D10", "2026-03-02 10:00", owner_role="counsellor")
    remind("2026-03-03 10:30")
    assert told == [("D10", "50", ["counsellor"])]


def test_a_rule_without_points_is_silent(start, told):
    DeadlineRule.objects.filter(code="D10").update(reminder_points=[], repeat_hours=0)
    assert start("D10", "2026-03-02 10:00").next_reminder_at is None
    assert remind("2026-05-01 10:00") == 0


def test_the_sweep_task_sends_what_is_due_now(start, told):
    start("D10", "2026-03-02 10:00")
    assert tasks.sweep() == 1
    assert told[0][1].startswith("overdue-")


def test_the_sweep_task_asks_for_another_run_only_while_there_is_a_backlog(
    start, told, django_capture_on_commit_callbacks
):
    for number in range(3):
        start("D10", "2026-03-02 10:00", occurrence=str(number))
    with django_capture_on_commit_callbacks() as first:
        assert tasks.sweep(limit=2) == 2
    with django_capture_on_commit_callbacks() as second:
        assert tasks.sweep(limit=2) == 1
    assert (len(first), len(second)) == (1, 0)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2026, 1, 1), timezones=st.just(LEGAL_ZONE)),
    st.integers(1, 2000),
    st.integers(0, 4000),
    st.sampled_from([0, 1, 24, 168]),
    st.lists(st.sampled_from([10, 50, 80, 100]), unique=True),
)
def test_after_a_reminder_the_next_one_is_later_and_is_another(started_at, period, later, repeat, points):
    rule = DeadlineRule(reminder_points=points, repeat_hours=repeat, escalation=["supervisor", "prosecutor"])
    dates = {"counted_from": started_at, "due_at": started_at + timedelta(hours=period)}
    at = started_at + timedelta(hours=later)
    reached = engine.reminder_reached(rule, **dates, at=at)
    following = engine.next_reminder(rule, **dates, after=at)
    assert reached is None or reached.fell_due_at <= at
    if following is not None:
        assert following > at
        then = engine.reminder_reached(rule, **dates, at=following)
        assert then is not None
        assert then.fell_due_at == following
        assert reached is None or then.point != reached.point
