"""Today: what must be done by this person, and nothing that is not theirs."""
from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from cases.services.assigning import Package, reassign_case, withdraw_handover
from cases.services.planning import propose_plan
from cases.services.responding import submit_report
from cases.services.reviewing import finish_review
from referrals.models import NO_DUE
from tests import cast
from tests.factories import records
from tests.factories.occasions import written_plan


def test_the_intake_officer_is_asked_to_answer(world, sign_in):
    referral = cast.issued(world)
    page = sign_in(world.intake).get("/")
    assert page.status_code == 200
    assert [act["action"]["url"] for act in page.context["acts"]] == [referral.get_absolute_url()]


@pytest.mark.parametrize("login", ["colleague", "manager_elsewhere", "civil_affairs", "auditor", "operator_person", "worker"])
def test_nobody_else_is_asked(world, sign_in, login):
    cast.issued(world)
    page = sign_in(world.people[login]).get("/")
    assert page.status_code == 200
    assert page.context["acts"] == []


def test_a_clerk_is_asked_to_prepare_what_the_prosecutor_submits(world, sign_in):
    draft = cast.draft(world)
    (act,) = sign_in(world.clerk).get("/").context["acts"]
    assert act["sentence"].startswith("准备") and "提交" in sign_in(world.prosecutor).get("/").context["acts"][0]["sentence"]
    cells = {
        login: sign_in(world.people[login]).get(reverse("referrals:list")).context["worklist"]["rows"][0]["cells"]
        for login in ("clerk", "prosecutor")
    }
    assert cells["clerk"][4]["sub"] == "准备草稿" and cells["prosecutor"][4]["sub"] == "提交委托"
    # Who is both is asked for the act itself.
    type(world.clerk).objects.filter(pk=world.clerk.pk).update(roles=["clerk", "prosecutor"])
    type(draft).objects.filter(pk=draft.pk).update(prosecutor=world.clerk)
    assert "准备" not in sign_in(world.clerk).get("/").context["acts"][0]["sentence"]


def test_a_case_handed_over_waits_for_the_receiver(world, sign_in):
    case = cast.opened(world)
    offer = reassign_case(
        case=case, by=world.worker, at=timezone.now(), function="lead", receiver=world.unassigned,
        package=Package(reason="leave", open_matters="无"),
    )
    assert asked(world, sign_in, "unassigned") == [offer.get_absolute_url()]
    act = sign_in(world.unassigned).get("/").context["acts"][0]
    assert case.number in act["sentence"] and world.worker.name in act["sentence"]
    assert offer.get_absolute_url() not in asked(world, sign_in, "worker") + asked(world, sign_in, "manager")
    withdraw_handover(handover=offer, by=world.worker, at=timezone.now())
    assert asked(world, sign_in, "unassigned") == []


def asked(world, sign_in, login):
    return [act["action"]["url"] for act in sign_in(world.people[login]).get("/").context["acts"]]


def test_the_report_is_the_act_of_whoever_has_it(world, sign_in):
    report = records.in_review(world)
    case = report.case.get_absolute_url()
    assert asked(world, sign_in, "supervisor") == [case]
    assert asked(world, sign_in, "worker") == []
    records.accept_all(report, world.supervisor)
    finish_review(report=report, by=world.supervisor, at=timezone.now())
    page = sign_in(world.supervisor).get("/")
    assert "报送检察官" in page.context["acts"][0]["sentence"]
    submit_report(case=Case.objects.get(pk=report.case_id), by=world.supervisor, at=timezone.now())
    assert asked(world, sign_in, "supervisor") == []
    assert asked(world, sign_in, "prosecutor") == [case]


def test_a_returned_report_is_the_workers_again(world, sign_in):
    report = records.sent_back_once(world)
    assert asked(world, sign_in, "worker") == [report.case.get_absolute_url()]
    assert asked(world, sign_in, "supervisor") == []


def test_a_plan_that_was_sent_is_the_prosecutors_act(world, sign_in):
    case = cast.opened(world, services=("guidance",), due_rule="D8", due_on=timezone.localdate() + dt.timedelta(days=2))
    assert asked(world, sign_in, "worker") == [case.get_absolute_url()]
    propose_plan(plan=written_plan(world, case), by=world.worker, at=timezone.now())
    assert asked(world, sign_in, "prosecutor") == [case.get_absolute_url()]
    assert asked(world, sign_in, "worker") == []


def test_a_case_that_has_ended_waits_for_its_visits(world, sign_in):
    """Beside the open ones, which come first here by their nearer dates; with the last visit done it asks for nothing."""
    ended, running = records.closed(world), cast.opened(world)
    first, second = asked(world, sign_in, "worker")
    assert first == running.get_absolute_url() and str(ended.pk) in second
    Case.objects.filter(pk=ended.pk).update(next_due_at=NO_DUE)
    assert asked(world, sign_in, "worker") == [running.get_absolute_url()]
