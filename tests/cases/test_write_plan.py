"""The plan: written in versions, approved where the service asks for it, one in force at a time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cases.models import Plan
from cases.services.planning import (
    Activity,
    Goal,
    adopt_plan,
    approve_plan,
    loaded_plan,
    propose_plan,
    return_plan,
    write_plan,
)
from socialwork.access import api as access
from socialwork.audit.models import Event
from socialwork.core.errors import Blocked, DomainError, Moved, NotVisible, NotYours, Stale
from socialwork.people.dossiers import open_dossier
from tests import cast
from tests.factories.occasions import PLAN_TEXT, goals, guided, plan_in_force, written_plan


def write(world, case, **more):
    values = {"by": world.worker, "version": 0, "text": PLAN_TEXT, "goals": goals("晚上九点前回家"), **more}
    return write_plan(case=case, at=timezone.now(), **values)


def test_a_plan_is_written_sealed_and_read_again(world):
    case = guided(world)
    plan = write(world, case)
    assert (plan.number, plan.version, plan.state) == (1, 1, "draft")
    whole = loaded_plan(plan)
    goal = whole.goals.get()
    open_dossier(case.juvenile_id).read(goal, *goal.activities.all())
    assert (whole.text["aim"], goal.text["goal"]) == ("稳定作息，恢复到校。", "晚上九点前回家")
    assert "家访" not in str(bytes(goal.sealed))
    assert Event.objects.get(verb="plan.written").facts == {"number": 1, "goals": 1}


def test_it_is_saved_again_and_a_stale_save_is_told(world):
    case = guided(world)
    plan = write(world, case)
    plan = write(world, case, version=plan.version, goals=goals("按时到校", "不再旷课"))
    assert (plan.version, plan.goals.count(), Plan.objects.count()) == (2, 2, 1)
    with pytest.raises(Stale) as refusal:
        write(world, case, version=1)
    assert refusal.value.theirs["aim"] == "稳定作息，恢复到校。"


def test_the_prosecutor_approves_where_the_service_asks_for_it(world):
    case = guided(world)
    plan = written_plan(world, case)
    with pytest.raises(NotYours):
        adopt_plan(plan=plan, by=world.worker, at=timezone.now())
    propose_plan(plan=plan, by=world.worker, at=timezone.now())
    with pytest.raises(Moved):
        write(world, case, version=plan.version)
    approve_plan(plan=plan, by=world.prosecutor, at=timezone.now())
    assert (plan.state, plan.decided_by) == ("approved", world.prosecutor)


def test_the_workers_put_it_in_force_where_it_does_not(world):
    case = guided(world, services=("psych_counselling",))
    plan = written_plan(world, case)
    with pytest.raises(NotYours):
        propose_plan(plan=plan, by=world.worker, at=timezone.now())
    adopt_plan(plan=plan, by=world.worker, at=timezone.now())
    assert (plan.state, plan.decided_by) == ("approved", world.worker)


def test_a_returned_plan_carries_the_reason_and_goes_on(world):
    case = guided(world)
    plan = written_plan(world, case)
    propose_plan(plan=plan, by=world.worker, at=timezone.now())
    with pytest.raises(DomainError):
        return_plan(plan=plan, by=world.prosecutor, at=timezone.now(), reason=" ")
    return_plan(plan=plan, by=world.prosecutor, at=timezone.now(), reason="频次过高，请与孩子再商量。")
    assert plan.state == "returned"
    assert loaded_plan(plan).text["return_reason"] == "频次过高，请与孩子再商量。"
    again = write(world, case, version=plan.version)
    assert (again.pk, again.number) == (plan.pk, 1)
    propose_plan(plan=again, by=world.second, at=timezone.now())
    assert again.state == "proposed"


def test_a_new_version_replaces_the_one_in_force(world):
    case = guided(world)
    first = plan_in_force(world, case)
    second = written_plan(world, case, "完成电工班报名")
    assert (second.number, Plan.objects.get(pk=first.pk).state) == (2, "approved")
    propose_plan(plan=second, by=world.worker, at=timezone.now())
    approve_plan(plan=second, by=world.prosecutor, at=timezone.now())
    assert (Plan.objects.get(pk=first.pk).state, second.state) == ("superseded", "approved")
    assert Event.objects.filter(verb="plan.superseded").count() == 1


def test_an_incomplete_plan_is_not_sent(world):
    case = guided(world)
    plan = write(world, case, text={"aim": "稳定作息"}, goals=[Goal(goal="按时到校")])
    with pytest.raises(Blocked) as refusal:
        propose_plan(plan=plan, by=world.worker, at=timezone.now())
    assert len(refusal.value.blockers) == 2


@pytest.mark.parametrize(
    "activity",
    [
        Activity("家访", "lead", 1, "week", timezone.localdate() - dt.timedelta(days=1)),
        Activity("家访", "lead", 0, "week", timezone.localdate() + dt.timedelta(days=9)),
        Activity("家访", "nobody", 1, "week", timezone.localdate() + dt.timedelta(days=9)),
        Activity("家访", "lead", 1, "century", timezone.localdate() + dt.timedelta(days=9)),
    ],
)
def test_an_impossible_activity_is_refused(world, activity):
    with pytest.raises(DomainError):
        write(world, guided(world), goals=[Goal(goal="按时到校", activities=[activity])])
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("login", "refusal"),
    [
        ("prosecutor", NotYours),
        ("supervisor", NotYours),
        ("manager", NotYours),
        ("counsellor", NotYours),
        ("unassigned", NotVisible),
        ("worker_elsewhere", NotVisible),
        ("colleague", NotVisible),
    ],
)
def test_nobody_else_writes(world, login, refusal):
    with pytest.raises(refusal):
        write(world, guided(world), by=world.people[login])


@pytest.mark.parametrize(
    ("login", "refusal"),
    [("worker", NotYours), ("unit_head", NotYours), ("colleague", NotVisible), ("prosecutor_elsewhere", NotVisible)],
)
def test_nobody_else_approves_or_returns(world, login, refusal):
    plan = written_plan(world, guided(world))
    propose_plan(plan=plan, by=world.worker, at=timezone.now())
    with pytest.raises(refusal):
        approve_plan(plan=plan, by=world.people[login], at=timezone.now())
    with pytest.raises(refusal):
        return_plan(plan=plan, by=world.people[login], at=timezone.now(), reason="x")


def test_a_decision_comes_once(world):
    plan = written_plan(world, guided(world))
    with pytest.raises(Moved):
        approve_plan(plan=plan, by=world.prosecutor, at=timezone.now())
    propose_plan(plan=plan, by=world.worker, at=timezone.now())
    approve_plan(plan=plan, by=world.prosecutor, at=timezone.now())
    with pytest.raises(Moved):
        approve_plan(plan=Plan.objects.get(pk=plan.pk), by=world.prosecutor, at=timezone.now())


def test_two_plans_in_force_or_being_made_are_impossible(world):
    case = guided(world)
    plan = written_plan(world, case)
    for state in ("draft", "approved"):
        Plan.objects.filter(pk=plan.pk).update(
            **{"state": state, "decided_at": timezone.now(), "decided_by": world.prosecutor}
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            Plan.objects.create(case=case, number=9, state=state, written_by=world.worker)


def body(goal="晚上九点前回家", activity="每周家访", version="0", **more):
    until = (timezone.localdate() + dt.timedelta(days=60)).isoformat()
    return {
        "aim": "稳定作息",
        "minors_view": "可以",
        "_version": version,
        "goals-TOTAL_FORMS": "1",
        "goals-INITIAL_FORMS": "0",
        "goals-0-goal": goal,
        "goals-0-activities-TOTAL_FORMS": "1",
        "goals-0-activities-INITIAL_FORMS": "0",
        "goals-0-activities-0-activity": activity,
        "goals-0-activities-0-responsible": "lead",
        "goals-0-activities-0-times": "2",
        "goals-0-activities-0-per": "month",
        "goals-0-activities-0-until": until,
        **more,
    }


def test_the_page_saves_adds_a_goal_without_scripts_and_copies_the_version_in_force(world, sign_in):
    case = guided(world)
    client = sign_in(world.worker)
    address = reverse("cases:write_plan", args=[case.pk])
    assert client.get(address).status_code == 200
    more = client.post(address, body(_add="goals"))
    assert (more.status_code, len(more.context["blocks"])) == (200, 2)
    more = client.post(address, {**body(), "_add": "goals-0-activities"})
    assert len(more.context["blocks"][0][1].forms) == 2
    assert not Plan.objects.exists()
    wrong = client.post(address, body(goal="", activity=""))
    assert wrong.status_code == 400
    assert client.post(address, body()).status_code == 302
    plan = Plan.objects.get()
    stale = client.post(address, body(goal="不同的目标"))
    assert stale.status_code == 409
    prosecutor = sign_in(world.prosecutor)
    assert client.post(reverse("cases:propose_plan", args=[plan.pk])).status_code == 302
    assert prosecutor.post(reverse("cases:approve_plan", args=[plan.pk])).status_code == 302
    page = client.get(address)
    assert page.context["copied"]
    assert page.context["form"].goals.forms[0].initial["goal"] == "晚上九点前回家"


def test_the_tab_compares_versions_and_offers_the_decision(world, sign_in):
    case = guided(world)
    plan_in_force(world, case)
    second = written_plan(world, case, "完成电工班报名", "不再旷课")
    propose_plan(plan=second, by=world.worker, at=timezone.now())
    page = sign_in(world.prosecutor).get(reverse("cases:plan", args=[case.pk]))
    assert page.context["primary"]["url"] == reverse("cases:approve_plan", args=[second.pk])
    assert {row["new"].split("\n")[0] for row in page.context["changes"]} == {"完成电工班报名"}
    old = sign_in(world.worker).get(reverse("cases:plan", args=[case.pk]) + "?version=1")
    assert old.context["plan"]["title"] != page.context["plan"]["title"]


def test_the_prosecutor_returns_on_a_page_of_its_own(world, sign_in):
    plan = written_plan(world, guided(world))
    propose_plan(plan=plan, by=world.worker, at=timezone.now())
    address = reverse("cases:return_plan", args=[plan.pk])
    client = sign_in(world.prosecutor)
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 400
    assert client.post(address, {"reason": "请减少频次"}).status_code == 302
    page = sign_in(world.worker).get(reverse("cases:write_plan", args=[plan.case_id]))
    assert page.context["returned"] == "请减少频次"


def test_a_plan_follows_the_rights_of_its_case(world):
    plan = written_plan(world, guided(world))
    seen = {login for login, person in world.people.items() if access.can(person, "view", plan)}
    assert seen == {"prosecutor", "unit_head", "intake", "manager", "worker", "second", "supervisor", "counsellor"}


def test_another_agencys_workers_do_not_reach_it_by_verbs(world):
    plan = written_plan(world, guided(world))
    for act in (propose_plan, adopt_plan):
        with pytest.raises(NotVisible):
            act(plan=plan, by=world.worker_elsewhere, at=timezone.now())
    assert cast.opened(world).plans.count() == 0
