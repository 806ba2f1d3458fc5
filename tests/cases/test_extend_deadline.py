"""More time is the prosecutor's to give, with a reason."""
from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from cases.models import CaseDecision
from cases.services.ending import extend_deadline
from socialwork.core.errors import Blocked, DomainError, NotVisible, NotYours
from socialwork.deadlines.models import Deadline, DeadlineExtension
from socialwork.people.dossiers import open_dossier
from tests import cast
from tests.factories import records


def clock_of(case):
    return Deadline.objects.get(subject_id=case.pk, code="D2b")


def test_more_time_moves_the_end_and_the_next_act(world):
    case = records.started(world)
    new_day = timezone.localdate(clock_of(case).due_at) + dt.timedelta(days=5)
    extend_deadline(
        case=case, deadline=clock_of(case), by=world.prosecutor, at=timezone.now(), new_due_on=new_day, explanation="等待校方答复。"
    )
    case.refresh_from_db()
    assert timezone.localdate(clock_of(case).due_at) == new_day
    assert timezone.localdate(case.next_due_at) == new_day


def test_the_reason_stays_sealed(world):
    case = records.started(world)
    new_day = timezone.localdate(clock_of(case).due_at) + dt.timedelta(days=5)
    extend_deadline(
        case=case, deadline=clock_of(case), by=world.prosecutor, at=timezone.now(), new_due_on=new_day, explanation="林小舟住院。"
    )
    decision = CaseDecision.objects.get(kind="extend")
    open_dossier(case.juvenile_id).read(decision)
    assert decision.text["explanation"] == "林小舟住院。"
    assert DeadlineExtension.objects.get().reason == f"case_decision:{decision.pk}"


def test_an_earlier_day_is_refused_at_its_field(world):
    case = records.started(world)
    with pytest.raises(DomainError) as refusal:
        extend_deadline(
            case=case, deadline=clock_of(case), by=world.prosecutor, at=timezone.now(), new_due_on=timezone.localdate(),
            explanation="x",
        )
    assert refusal.value.field == "new_due_on"


def test_a_reason_is_needed(world):
    case = records.started(world)
    with pytest.raises(Blocked):
        extend_deadline(
            case=case, deadline=clock_of(case), by=world.prosecutor, at=timezone.now(),
            new_due_on=timezone.localdate() + dt.timedelta(days=90), explanation=" ",
        )


def test_a_clock_of_another_case_does_not_exist_here(world):
    case, other = records.started(world), cast.opened(world)
    with pytest.raises(NotVisible):
        extend_deadline(
            case=case, deadline=clock_of(other), by=world.prosecutor, at=timezone.now(),
            new_due_on=timezone.localdate() + dt.timedelta(days=90), explanation="x",
        )


@pytest.mark.parametrize(("login", "refusal"), [("worker", NotYours), ("manager", NotYours), ("unit_head", NotYours), ("colleague", NotVisible)])
def test_only_the_prosecutor_in_charge_gives_time(world, login, refusal):
    case = records.started(world)
    with pytest.raises(refusal):
        extend_deadline(
            case=case, deadline=clock_of(case), by=world.people[login], at=timezone.now(),
            new_due_on=timezone.localdate() + dt.timedelta(days=90), explanation="x",
        )
