"""The reconciliation finds what was moved, lost or left over, and nothing else."""
from __future__ import annotations

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command

from socialwork.deadlines import hooks, queries, services, tasks
from socialwork.deadlines.models import Deadline, DeadlinePause
from tests.socialwork.deadlines.moments import beijing

ROW = "organisations.organisation"


@pytest.fixture
def facts():
    """Register facts for the test row and forget them afterwards."""
    clocks = []
    hooks.register_facts(ROW, lambda: clocks)
    yield clocks
    del hooks._sources[ROW]


def kinds():
    return [(found.kind, found.code) for found in queries.differences()]


def run():
    out = StringIO()
    call_command("check_deadlines", stdout=out)
    return out.getvalue()


def test_a_busy_life_leaves_no_difference(start, organ, prosecutor):
    deadline = start("D2b")
    start("D1"), start("D10"), start("D12", "2026-03-31 18:00", occurrence="2026-03")
    services.pause(subject=organ, reason="x", by=prosecutor, at=beijing("2026-03-03 10:00"))
    services.resume(subject=organ, by=prosecutor, at=beijing("2026-03-06 10:00"))
    services.extend(
        deadline=deadline,
        new_due_at=beijing("2026-03-28 10:00"),
        reason="x",
        by=prosecutor,
        at=beijing("2026-03-09 10:00"),
    )
    services.pause(subject=organ, reason="x", by=prosecutor, at=beijing("2026-03-10 10:00"), codes=["D2b"])
    services.change_custody(subject=organ, in_custody=True, at=beijing("2026-03-11 10:00"))
    services.meet(subject=organ, code="D10", at=beijing("2026-03-11 11:00"))
    assert "Differences: 0" in run()
    assert tasks.check() == 0


def test_a_moved_end_is_found_and_ends_with_one(start, capsys):
    deadline = start("D2b")
    Deadline.objects.filter(pk=deadline.pk).update(due_at=deadline.due_at + timedelta(days=1))
    assert kinds() == [("moved", "D2b")]
    with pytest.raises(SystemExit) as stop:
        run()
    assert stop.value.code == 1
    assert tasks.check() == 1


def test_a_stamp_without_a_pause_is_found(start):
    deadline = start("D2b")
    Deadline.objects.filter(pk=deadline.pk).update(paused_at=beijing("2026-03-04 10:00"))
    assert kinds() == [("stopped", "D2b")]


def test_a_pause_without_a_stamp_is_found(start):
    deadline = start("D2b")
    DeadlinePause.objects.create(
        deadline=deadline, paused_at=beijing("2026-03-04 10:00"), reason="x", approved_by=uuid4()
    )
    assert kinds() == [("stopped", "D2b")]


def test_lost_left_over_and_misdated_clocks_are_found(start, organ, facts):
    right, left_over, misdated = start("D1"), start("D2b"), start("D10")
    facts += [
        hooks.ExpectedClock(organ.pk, "D1", right.started_at),
        hooks.ExpectedClock(organ.pk, "D10", misdated.started_at + timedelta(hours=1)),
        hooks.ExpectedClock(organ.pk, "D30", right.started_at),
    ]
    assert sorted(kinds()) == [("left_over", left_over.code), ("lost", "D30"), ("moved", "D10")]


def test_facts_that_agree_are_silent(start, organ, facts):
    facts.append(hooks.ExpectedClock(organ.pk, "D1", start("D1").started_at))
    assert kinds() == []


def test_other_kinds_of_rows_are_not_left_over(start, prosecutor, organ, facts):
    services.start(code="D1", subject=prosecutor, organ_id=organ.pk, started_at=beijing("2026-03-02 10:00"))
    assert kinds() == []


def test_the_report_names_the_row_and_the_holidays(start, organ):
    deadline = start("D12", "2026-03-31 18:00", occurrence="2026-03")
    Deadline.objects.filter(pk=deadline.pk).update(due_at=deadline.due_at + timedelta(days=1))
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_deadlines", stdout=out)
    assert f"moved: D12 2026-03 of {ROW} {organ.pk}" in out.getvalue()
    assert "Holidays loaded: 2004 to 2026" in out.getvalue()


def test_the_number_of_queries_does_not_grow_with_the_rows(start, django_assert_max_num_queries):
    for number in range(30):
        start("D1", occurrence=str(number))
    with django_assert_max_num_queries(12):
        assert list(queries.differences()) == []
