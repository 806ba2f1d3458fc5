"""A case stands still and goes on: its clocks with it."""
from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from cases.models import CaseDecision
from cases.services.ending import resume_case, suspend_case
from socialwork.core.errors import DomainError, Moved, NotVisible, NotYours
from socialwork.deadlines.models import Deadline
from tests.factories import records


def test_suspending_stops_the_clocks_and_resuming_lets_them_run_on(world):
    case = records.started(world)
    clock = Deadline.objects.get(subject_id=case.pk, code="D2b")
    at = timezone.now()
    suspend_case(case=case, by=world.prosecutor, at=at, reason_code="hospital", explanation="住院治疗。")
    case.refresh_from_db()
    assert (case.state, case.suspend_reason, case.next_act) == ("suspended", "hospital", "resume_case")
    assert Deadline.objects.get(pk=clock.pk).paused_at == at
    resume_case(case=case, by=world.prosecutor, at=at + dt.timedelta(days=5))
    case.refresh_from_db()
    again = Deadline.objects.get(pk=clock.pk)
    assert (case.state, again.paused_at, case.next_act) == ("in_progress", None, "D2b")
    assert again.due_at > clock.due_at
    assert list(CaseDecision.objects.order_by("decided_at").values_list("kind", flat=True)) == ["suspend", "resume"]


def test_another_reason_needs_words(world):
    with pytest.raises(DomainError) as refusal:
        suspend_case(case=records.started(world), by=world.prosecutor, at=timezone.now(), reason_code="other")
    assert refusal.value.field == "explanation"


def test_a_report_is_not_sent_while_the_case_stands_still(world):
    report = records.written(world)
    suspend_case(case=report.case, by=world.prosecutor, at=timezone.now(), reason_code="subject_missing")
    with pytest.raises(Moved):
        records.in_review(world, report)
    records.write(report, "family", world.worker, body="仍可修改文字。")


@pytest.mark.parametrize(("login", "refusal"), [("worker", NotYours), ("manager", NotYours), ("colleague", NotVisible)])
def test_only_the_prosecutor_in_charge_suspends(world, login, refusal):
    case = records.started(world)
    with pytest.raises(refusal):
        suspend_case(case=case, by=world.people[login], at=timezone.now(), reason_code="hospital")


def test_only_a_suspended_case_is_resumed(world):
    with pytest.raises(Moved):
        resume_case(case=records.started(world), by=world.prosecutor, at=timezone.now())
