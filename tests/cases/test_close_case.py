"""Closing: a complete file or reasons, retention, and visits afterwards."""
from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from cases import checklist
from cases.models import Case, CaseDecision, FollowUp
from cases.services.closing import close_case, record_follow_up
from cases.services.ending import kept_until
from socialwork.core.errors import Blocked, Moved, NotVisible, NotYours
from socialwork.deadlines.models import Deadline
from socialwork.people.dossiers import open_dossier
from socialwork.people.services import record_consent
from tests.factories import records


def test_the_checklist_of_an_investigation_is_complete(world):
    case = records.evaluated(world)
    assert {item.code: item.there for item in checklist.of_case(case)} == {
        "records_social_investigation": True, "report": True, "evaluation": True,
    }


def test_closing_keeps_the_file_five_years_and_plans_the_visits(world):
    case = records.evaluated(world)
    at = timezone.now()
    close_case(
        case=case, by=world.prosecutor, at=at, reason="commission_finished", unresolved="观护另行委托。",
        client_opinion="写的都是我说过的。",
    )
    case.refresh_from_db()
    today = timezone.localdate(at)
    assert (case.state, case.closure_reason, case.closed_by) == ("closed", "commission_finished", world.prosecutor)
    assert case.retain_until == kept_until(today)
    visits = list(FollowUp.objects.filter(case=case).order_by("planned_on"))
    clocks = Deadline.objects.filter(subject_id=case.pk, met_at=None, cancelled_at=None).order_by("due_at")
    assert [clock.code for clock in clocks] == ["D26", "D26_3", "D26_6"]
    assert [timezone.localdate(clock.due_at) for clock in clocks] == [row.planned_on for row in visits]
    decision = CaseDecision.objects.get(case=case, kind="close")
    open_dossier(case.juvenile_id).read(decision)
    assert (decision.text["unresolved"], decision.text["client_opinion"]) == ("观护另行委托。", "写的都是我说过的。")


@pytest.mark.parametrize(
    ("ended", "kept"),
    [(dt.date(2026, 11, 22), dt.date(2031, 11, 22)), (dt.date(2028, 2, 29), dt.date(2033, 3, 1))],
)
def test_five_years(ended, kept):
    assert kept_until(ended) == kept


def test_what_is_missing_is_named_or_excused(world):
    case = records.evaluated(world, records.guided(world))
    with pytest.raises(Blocked) as refusal:
        close_case(case=case, by=world.prosecutor, at=timezone.now(), reason="period_expired")
    missing = {field for field, _ in refusal.value.blockers}
    assert missing == {"excuse_consent_service", "excuse_assessment", "excuse_plan", "excuse_records_guidance"}
    close_case(
        case=case, by=world.prosecutor, at=timezone.now(), reason="period_expired", visits=[],
        excused={name.removeprefix("excuse_"): "转入前由他机构完成，原件在卷。" for name in missing},
    )
    case.refresh_from_db()
    assert case.state == "closed"
    assert not FollowUp.objects.exists()


def test_consent_needs_both_signers(world):
    case = records.evaluated(world, records.guided(world))
    consent = {
        "juvenile": case.juvenile, "by": world.prosecutor, "at": timezone.now(), "kind": "service",
        "given_on": timezone.localdate(), "method": "paper", "text_version": "1",
    }

    def there() -> bool:
        return next(item.there for item in checklist.of_case(case) if item.code == "consent_service")

    assert not there()
    record_consent(capacity="minor", **consent)
    assert not there()
    record_consent(capacity="guardian", **consent)
    assert there()


def test_every_goal_of_the_plan_needs_a_result(world):
    case = records.started(world, services=("guidance",))
    goal = records.with_plan(world, case)
    from cases.services.responding import finish_service

    finish_service(case=case, by=world.prosecutor, at=timezone.now())
    case = records.evaluated(world, Case.objects.get(pk=case.pk))
    excuses = {"consent_service": "略", "assessment": "略", "records_guidance": "略"}
    with pytest.raises(Blocked) as refusal:
        close_case(case=case, by=world.prosecutor, at=timezone.now(), reason="goals_met", excused=excuses)
    assert [field for field, _ in refusal.value.blockers] == [f"goal-{goal.pk}"]
    close_case(
        case=case, by=world.prosecutor, at=timezone.now(), reason="goals_met", excused=excuses, goals={goal.pk: "achieved"}
    )
    goal.refresh_from_db()
    assert goal.result == "achieved"


def test_another_reason_needs_words(world):
    case = records.evaluated(world)
    with pytest.raises(Blocked) as refusal:
        close_case(case=case, by=world.prosecutor, at=timezone.now(), reason="other")
    assert [field for field, _ in refusal.value.blockers] == ["explanation"]


@pytest.mark.parametrize(("login", "refusal"), [("worker", NotYours), ("unit_head", NotYours), ("colleague", NotVisible)])
def test_who_does_not_close(world, login, refusal):
    case = records.evaluated(world)
    with pytest.raises(refusal):
        close_case(case=case, by=world.people[login], at=timezone.now(), reason="commission_finished")


def test_not_before_the_evaluation(world):
    with pytest.raises(Moved):
        close_case(case=records.accepted(world), by=world.prosecutor, at=timezone.now(), reason="commission_finished")


def test_a_visit_is_recorded_once_and_ends_its_clock(world):
    case = records.closed(world)
    first = FollowUp.objects.filter(case=case).order_by("planned_on").first()
    at = timezone.now()
    record_follow_up(follow_up=first, by=world.worker, at=at, visited_at=at, reached=True, situation="在读，到课正常。")
    first.refresh_from_db()
    assert (first.done_by, first.reached) == (world.worker, True)
    assert Deadline.objects.get(code="D26").met_at == at
    assert Deadline.objects.get(code="D26_3").met_at is None
    with pytest.raises(Moved):
        record_follow_up(follow_up=first, by=world.second, at=at, visited_at=at, reached=True, situation="又一次")


def test_a_visit_lies_between_the_closing_and_now(world):
    case = records.closed(world)
    visit = FollowUp.objects.filter(case=case).order_by("planned_on").first()
    at = timezone.now()
    for moment in (at + dt.timedelta(minutes=1), at - dt.timedelta(days=2)):
        with pytest.raises(Blocked) as refusal:
            record_follow_up(follow_up=visit, by=world.worker, at=at, visited_at=moment, reached=True, situation="x")
        assert [field for field, _ in refusal.value.blockers] == ["visited_at"]


@pytest.mark.parametrize(("login", "refusal"), [("supervisor", NotYours), ("prosecutor", NotYours), ("unassigned", NotVisible)])
def test_the_workers_record_visits(world, login, refusal):
    visit = FollowUp.objects.filter(case=records.closed(world)).first()
    at = timezone.now()
    with pytest.raises(refusal):
        record_follow_up(follow_up=visit, by=world.people[login], at=at, visited_at=at, reached=True, situation="x")
