"""Starting, meeting, cancelling, handing over, and what is due next."""
from __future__ import annotations

from datetime import date
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction

from socialwork.core.errors import DomainError, Moved
from socialwork.deadlines import hooks, queries, services
from socialwork.deadlines.models import Deadline, DeadlinePause
from socialwork.deadlines.rules import NoRule
from socialwork.deadlines.wording import State
from tests.socialwork.deadlines.moments import beijing

WORKER, OTHER = uuid4(), uuid4()


@pytest.fixture
def heard():
    """What `schedule_changed` said."""
    said = []

    def listen(sender, subject_type, subject_ids, **kwargs):
        said.append((subject_type, subject_ids))

    hooks.schedule_changed.connect(listen)
    yield said
    hooks.schedule_changed.disconnect(listen)


def test_start_writes_the_whole_clock(start, organ, heard):
    agency = uuid4()
    deadline = start("D2b", agency_id=agency, owner_id=WORKER, service="social_investigation")
    deadline.refresh_from_db()
    assert deadline.due_at == beijing("2026-03-17 23:59:59")
    assert (deadline.subject_type, deadline.subject_id) == ("organisations.organisation", organ.pk)
    assert (deadline.amount, deadline.unit) == (15, "calendar_day")
    assert (deadline.level, deadline.kind) == ("deployment", "local")
    assert (deadline.agency_id, deadline.owner_id, deadline.owner_role) == (agency, WORKER, "social_worker")
    assert (deadline.state, deadline.assumed_years, deadline.amount_chosen) == (State.OPEN, [], False)
    assert deadline.title_zh == "提交社会调查报告（审查起诉阶段）"
    assert "第一百七十二条" in deadline.basis_zh
    assert heard == [("organisations.organisation", [organ.pk])]


def test_start_uses_working_days_hours_and_urgency(start):
    assert start("D1", "2026-02-13 10:00").due_at == beijing("2026-02-24 23:59:59")
    assert start("D1", "2026-02-13 10:00", urgent=True, occurrence="2").due_at == beijing("2026-02-13 14:00")
    assert start("D10", "2026-02-13 10:00").due_at == beijing("2026-02-15 10:00")


def test_start_with_a_chosen_amount_keeps_it(start):
    deadline = start("D2b", amount=10, unit="working_day", owner_role="counsellor")
    assert deadline.due_at == beijing("2026-03-16 23:59:59")
    assert (deadline.amount_chosen, deadline.owner_role) == (True, "counsellor")


def test_start_with_a_named_day_ends_on_that_day(start, organ, prosecutor):
    deadline = start("D2b", due_on=date(2026, 3, 14))  # a Saturday, as the letter says
    assert deadline.due_at == beijing("2026-03-14 23:59:59")
    services.pause(subject=organ, reason="x", by=prosecutor, at=beijing("2026-03-04 10:00"))
    assert services.resume(subject=organ, by=prosecutor, at=beijing("2026-03-06 10:00"))[0].due_at == (
        beijing("2026-03-16 23:59:59")
    )
    assert list(queries.differences()) == []


@pytest.mark.parametrize(
    ("code", "facts", "error"),
    [
        ("D2b", {"due_on": date(2026, 3, 1)}, "invalid"),
        ("D2", {"due_on": date(2026, 3, 22)}, "above_ceiling"),
        ("D2", {"due_on": date(2026, 3, 9), "in_custody": True}, "above_ceiling"),
        ("D7", {"due_on": date(2027, 3, 3)}, "above_ceiling"),
    ],
)
def test_start_with_a_day_that_cannot_be_named_is_refused(start, code, facts, error):
    with pytest.raises(DomainError) as refused:
        start(code, **facts)
    assert (refused.value.code, refused.value.field) == (error, "due_on")
    assert Deadline.objects.count() == 0


def test_a_named_day_at_its_bounds(start):
    assert start("D2b", due_on=date(2026, 3, 2)).due_at == beijing("2026-03-02 23:59:59")
    assert start("D2", due_on=date(2026, 3, 8), in_custody=True).due_at == beijing("2026-03-08 23:59:59")
    assert start("D7", due_on=date(2027, 3, 2)).due_at == beijing("2027-03-02 23:59:59")


def test_start_into_an_unpublished_year_says_so(start):
    assert start("D1", "2026-12-31 10:00").assumed_years == [2027]


def test_start_twice_from_one_fact_is_one_clock(start, heard):
    assert start("D1") == start("D1")
    assert Deadline.objects.count() == 1
    assert len(heard) == 1


def test_start_twice_from_two_facts_is_refused(start):
    start("D1")
    with pytest.raises(Moved):
        start("D1", "2026-03-03 10:00")


def test_occurrences_run_beside_each_other(start):
    first = start("D12", "2026-01-31 18:00", occurrence="2026-01")
    second = start("D12", "2026-02-28 18:00", occurrence="2026-02")
    assert {first.occurrence, second.occurrence} == {"2026-01", "2026-02"}


def test_start_without_a_rule_writes_nothing(start):
    with pytest.raises(NoRule):
        start("D99")
    assert Deadline.objects.count() == 0


def test_a_clock_rolled_back_never_ran(start, heard):
    with transaction.atomic():
        start("D1")
        transaction.set_rollback(True)
    assert Deadline.objects.count() == 0


def test_meet_ends_the_clock_once(start, organ):
    start("D1")
    met = services.meet(subject=organ, code="D1", at=beijing("2026-03-03 10:00"))
    assert (met.state, met.met_late, met.next_reminder_at) == (State.MET, False, None)
    assert services.meet(subject=organ, code="D1", at=beijing("2026-03-05 10:00")) is None
    assert Deadline.objects.get().met_at == beijing("2026-03-03 10:00")


def test_met_after_the_end_is_late(start, organ):
    start("D1")
    assert services.meet(subject=organ, code="D1", at=beijing("2026-03-05 00:00:01")).met_late
    start("D1", "2026-03-09 10:00")
    assert not services.meet(subject=organ, code="D1", at=beijing("2026-03-11 23:59:59")).met_late


def test_meet_one_occurrence_leaves_the_other(start, organ):
    for month in ("2026-01", "2026-02"):
        start("D12", f"{month}-28 18:00", occurrence=month)
    services.meet(subject=organ, code="D12", occurrence="2026-01", at=beijing("2026-03-02 10:00"))
    assert list(Deadline.objects.open().values_list("occurrence", flat=True)) == ["2026-02"]


def test_meet_while_paused_closes_the_pause(start, organ, prosecutor):
    start("D2b")
    services.pause(subject=organ, reason="hospital", by=prosecutor, at=beijing("2026-03-05 10:00"))
    met = services.meet(subject=organ, code="D2b", at=beijing("2026-03-08 10:00"))
    pause = DeadlinePause.objects.get()
    assert (met.state, met.due_at) == (State.MET, beijing("2026-03-20 23:59:59"))
    assert (pause.resumed_at, pause.resumed_by) == (beijing("2026-03-08 10:00"), None)


def test_cancel_one_code_or_everything(start, organ):
    for code in ("D1", "D2b", "D30"):
        start(code)
    services.cancel(subject=organ, code="D1", at=beijing("2026-03-03 10:00"))
    assert set(Deadline.objects.open().values_list("code", flat=True)) == {"D2b", "D30"}
    ended = services.cancel(subject=organ, at=beijing("2026-03-04 10:00"))
    assert {deadline.state for deadline in ended} == {State.CANCELLED}
    assert not Deadline.objects.open().exists()


def test_a_finished_clock_may_start_anew(start, organ):
    start("D1")
    services.cancel(subject=organ, code="D1", at=beijing("2026-03-03 10:00"))
    assert start("D1", "2026-03-04 10:00").state == State.OPEN


def test_hand_over_moves_open_acts_of_one_role(start, organ, heard):
    start("D2b", owner_id=WORKER)
    start("D30", owner_id=WORKER)
    heard.clear()
    assert services.hand_over(subject=organ, owner_id=OTHER, owner_role="social_worker") == 1
    owners = dict(Deadline.objects.values_list("code", "owner_id"))
    assert owners == {"D2b": OTHER, "D30": WORKER}
    assert heard == [("organisations.organisation", [organ.pk])]


def test_change_of_custody_counts_again(start, organ):
    deadline = start("D2b", "2025-09-20 10:00", in_custody=True)
    assert deadline.due_at == beijing("2025-10-05 23:59:59")
    (changed,) = services.change_custody(subject=organ, in_custody=False, at=beijing("2025-09-22 10:00"))
    assert changed.due_at == beijing("2025-10-09 23:59:59")
    assert services.change_custody(subject=organ, in_custody=False, at=beijing("2025-09-23 10:00")) == []


def test_next_open_is_the_first_to_fall_due(start, organ, prosecutor):
    late, soon = start("D2b"), start("D1")
    assert queries.next_open("organisations.organisation", organ.pk) == soon
    assert services.next_open_for([organ.pk, prosecutor.pk]) == {organ.pk: soon}
    services.pause(subject=organ, codes=["D1"], reason="asked", by=prosecutor, at=beijing("2026-03-03 10:00"))
    assert queries.next_open("organisations.organisation", organ.pk) == late
    assert queries.paused_for([organ.pk]) == {organ.pk: soon}
    services.cancel(subject=organ, at=beijing("2026-03-04 10:00"))
    assert services.next_open_for([organ.pk], subject_type="organisations.organisation") == {}


def test_next_open_keeps_kinds_of_rows_apart(start, organ):
    start("D1")
    assert queries.next_open("cases.case", organ.pk) is None
    assert services.next_open_for([organ.pk], subject_type="cases.case") == {}


def test_proposal_is_what_start_would_write(start, organ):
    facts = {"started_at": beijing("2025-09-20 10:00"), "in_custody": True}
    proposal = queries.propose("D2", organ_id=organ.pk, **facts)
    assert proposal.due_at == start("D2", "2025-09-20 10:00", in_custody=True).due_at


def test_timeline_has_history_in_a_fixed_number_of_queries(start, organ, django_assert_num_queries):
    for month in range(1, 4):
        start("D12", f"2026-0{month}-28 18:00", occurrence=f"2026-0{month}")
    with django_assert_num_queries(3):
        rows = list(queries.timeline(organ))
        assert [len(row.pauses.all()) + len(row.extensions.all()) for row in rows] == [0, 0, 0]


def test_start_costs_four_queries(start, django_assert_num_queries):
    with django_assert_num_queries(4):
        start("D2b")


def test_deadline_dates_show_in_beijing_days(start):
    from socialwork.deadlines.calendar import local_day

    assert local_day(start("D2b", "2026-03-02 23:30").due_at) == date(2026, 3, 17)


@pytest.mark.django_db(transaction=True)
def test_two_callers_at_once_get_one_clock(start, organ):
    together, got = Barrier(2), []

    def call():
        try:
            together.wait(10)
            with transaction.atomic():
                got.append(start("D1").pk)
        finally:
            connection.close()

    callers = [Thread(target=call) for _ in range(2)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(30)
    assert len(got) == 2
    assert set(got) == {Deadline.objects.get().pk}
