"""Decisions of people: pause, resume, extend; each with a reason and an event."""
from __future__ import annotations

import pytest

from socialwork.audit.models import Event
from socialwork.core.errors import DomainError, Moved
from socialwork.deadlines import services
from socialwork.deadlines.models import Deadline, DeadlineExtension, DeadlinePause
from socialwork.deadlines.wording import State
from tests.socialwork.deadlines.moments import beijing


@pytest.fixture
def pause(organ, prosecutor):
    def stop(at="2026-03-05 10:00", reason="the young person is in hospital", **facts):
        return services.pause(subject=organ, reason=reason, by=prosecutor, at=beijing(at), **facts)

    return stop


@pytest.fixture
def resume(organ, prosecutor):
    def run(at="2026-03-10 09:00", **facts):
        return services.resume(subject=organ, by=prosecutor, at=beijing(at), **facts)

    return run


def events():
    return list(Event.objects.order_by("at", "id").values_list("verb", "facts"))


def test_pause_stops_what_may_be_paused(start, pause, organ, prosecutor):
    start("D1"), start("D2b"), start("D10")
    assert {row.code for row in pause()} == {"D1", "D2b"}
    states = {row.code: row.state for row in Deadline.objects.order_by("code")}
    assert states == {"D1": State.PAUSED, "D2b": State.PAUSED, "D10": State.OPEN}
    assert set(DeadlinePause.objects.values_list("approved_by", "resumed_at")) == {(prosecutor.pk, None)}
    assert events() == [("deadline.paused", {"codes": ["D1", "D2b"]})]
    assert Event.objects.get().target_id == organ.pk


def test_pause_named_codes_only(start, pause):
    start("D1"), start("D2b")
    assert [row.code for row in pause(codes=["D1"])] == ["D1"]


def test_pause_twice_is_one_pause(start, pause):
    start("D2b")
    pause()
    assert pause("2026-03-06 10:00") == []
    assert DeadlinePause.objects.count() == 1
    assert len(events()) == 1


def test_resume_moves_the_end_and_says_who(start, pause, resume, prosecutor):
    start("D2b"), start("D1")
    pause()
    resumed = {row.code: row.due_at for row in resume()}
    # Twelve days of fifteen remained, to a Sunday; the two working days had run out before.
    assert resumed == {"D2b": beijing("2026-03-23 23:59:59"), "D1": beijing("2026-03-04 23:59:59")}
    assert set(DeadlinePause.objects.values_list("resumed_at", "resumed_by")) == {
        (beijing("2026-03-10 09:00"), prosecutor.pk)
    }
    assert events()[-1] == ("deadline.resumed", {"codes": ["D1", "D2b"]})


def test_resume_without_a_pause_does_nothing(start, resume):
    start("D2b")
    assert resume() == []
    assert events() == []


def test_two_pauses_add_up(start, pause, resume):
    start("D2b")
    pause("2026-03-03 10:00"), resume("2026-03-05 10:00")
    pause("2026-03-06 10:00"), resume("2026-03-09 10:00")
    assert Deadline.objects.get().due_at == beijing("2026-03-23 23:59:59")


@pytest.mark.parametrize("reason", ["", "   "])
def test_pause_needs_a_reason(start, pause, reason):
    start("D2b")
    with pytest.raises(DomainError) as refused:
        pause(reason=reason)
    assert refused.value.field == "reason"


def test_pause_of_a_clock_that_may_not_stop_is_refused(start, pause):
    start("D10")
    with pytest.raises(DomainError) as refused:
        pause(codes=["D10"])
    assert refused.value.code == "not_pausable"
    assert events() == []


def test_pause_before_the_start_is_refused(start, pause):
    start("D2b")
    with pytest.raises(DomainError):
        pause("2026-03-02 09:59")


def test_pause_inside_an_earlier_pause_is_refused(start, pause, resume):
    start("D2b")
    pause(), resume()
    with pytest.raises(DomainError):
        pause("2026-03-09 10:00")


def test_resume_before_the_pause_is_refused(start, pause, resume):
    start("D2b")
    pause()
    with pytest.raises(DomainError):
        resume("2026-03-05 09:00")


@pytest.fixture
def extend(prosecutor):
    def grant(deadline, to="2026-03-25 12:00", at="2026-03-10 09:00", reason="more interviews"):
        return services.extend(
            deadline=deadline, new_due_at=beijing(to), reason=reason, by=prosecutor, at=beijing(at)
        )

    return grant


def test_extend_moves_the_end_to_the_day_named(start, extend, prosecutor):
    extended = extend(start("D2b"))
    assert extended.due_at == beijing("2026-03-25 23:59:59")
    grant = DeadlineExtension.objects.get()
    assert (grant.old_due_at, grant.new_due_at) == (beijing("2026-03-17 23:59:59"), beijing("2026-03-25 23:59:59"))
    assert (grant.reason, grant.approved_by) == ("more interviews", prosecutor.pk)
    (event,) = events()
    assert event[0] == "deadline.extended"
    assert event[1]["code"] == "D2b"
    assert "more interviews" not in str(event[1])


def test_extend_twice_the_last_one_counts(start, extend):
    deadline = start("D2b")
    extend(deadline)
    assert extend(deadline, "2026-04-01 12:00", "2026-03-11 09:00").due_at == beijing("2026-04-01 23:59:59")


def test_extend_while_paused_then_resume(start, extend, pause, resume):
    deadline = start("D2b")
    pause()
    extended = extend(deadline, at="2026-03-06 09:00")
    assert (extended.state, extended.next_reminder_at) == (State.PAUSED, None)
    # Nineteen of the days granted remained on 6 March; 29 March is a Sunday.
    assert resume()[0].due_at == beijing("2026-03-30 23:59:59")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"to": "2026-03-17 10:00"}, "new_due_at"),
        ({"to": "2026-03-01 10:00"}, "new_due_at"),
    ],
)
def test_extend_needs_a_reason_and_a_later_day(start, extend, change, field):
    with pytest.raises(DomainError) as refused:
        extend(start("D2b"), **change)
    assert refused.value.field == field


def test_extend_what_may_not_be_extended_is_refused(start, extend):
    with pytest.raises(DomainError) as refused:
        extend(start("D10"))
    assert refused.value.code == "not_extendable"


def test_extend_what_is_done_comes_too_late(start, extend, organ):
    deadline = start("D2b")
    services.meet(subject=organ, code="D2b", at=beijing("2026-03-09 10:00"))
    with pytest.raises(Moved):
        extend(deadline)
