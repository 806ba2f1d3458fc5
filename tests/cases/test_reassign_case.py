"""Guided hand-over: offered with what is open, taken by the receiver, without a moment in which nobody answers."""

from __future__ import annotations

import threading
import time

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cases.models import Assignment, Case, HandOver, ServiceRecord
from cases.services.assigning import Package, accept_handover, reassign_case, withdraw_handover
from socialwork.access import api as access
from socialwork.access.roles import Role
from socialwork.audit.models import Event
from socialwork.core.errors import Blocked, DomainError, Moved, NotVisible, NotYours
from socialwork.deadlines.models import Deadline
from socialwork.people.dossiers import open_dossier
from tests import cast
from tests.factories.occasions import at_once, contact

PACKAGE = Package(reason="leave", open_matters="报告还差社区访谈。", next_steps="周三校访。", advice="先聊手机维修。")


def offer(world, case, **more):
    values = {"by": world.worker, "function": "lead", "receiver": world.unassigned, "package": PACKAGE, **more}
    return reassign_case(case=case, at=timezone.now(), **values)


def test_an_offer_changes_nothing_and_is_sealed(world):
    case = cast.opened(world)
    row = offer(world, case)
    case.refresh_from_db()
    assert case.lead == world.worker
    assert b"\xe6\x8a\xa5" not in bytes(row.sealed)
    open_dossier(case.juvenile_id).read(row)
    assert row.text["advice"] == "先聊手机维修。"
    event = Event.objects.get(verb="hand_over.offered")
    assert event.facts == {"function": "lead", "to": str(world.unassigned.pk), "reason": "leave"}


def test_accepting_passes_case_history_and_clocks_on_at_one_instant(world):
    case = cast.opened(world)
    row = offer(world, case)
    at = timezone.now()
    accept_handover(handover=row, by=world.unassigned, at=at)
    case.refresh_from_db()
    assert case.lead == world.unassigned
    spans = Assignment.objects.filter(case=case, function="lead").order_by("held")
    assert [(span.worker, span.held.upper) for span in spans] == [(world.worker, at), (world.unassigned, None)]
    assert spans[1].held.lower == at
    assert Deadline.objects.open().get(subject_id=case.pk).owner_id == world.unassigned.pk
    assert not access.can(world.worker, "view", case)
    assert access.can(world.unassigned, "log_contact", case)
    assert Event.objects.filter(verb="hand_over.accepted", thread_id=case.thread_id).count() == 1


def test_the_receiver_sees_the_offer_and_nothing_else_of_the_case(world, sign_in):
    case = cast.opened(world)
    row = offer(world, case)
    client = sign_in(world.unassigned)
    page = client.get(reverse("cases:accept_handover", args=[row.pk]))
    text = page.content.decode()
    assert "报告还差社区访谈" in text
    assert "林小舟" not in text
    assert client.get(reverse("cases:detail", args=[case.pk])).status_code == 404
    answer = client.post(reverse("cases:accept_handover", args=[row.pk]), {"read": "on"})
    assert answer.status_code == 302
    assert client.get(reverse("cases:detail", args=[case.pk])).status_code == 200


def test_a_worker_hands_over_the_own_part_only_a_manager_any(world):
    case = cast.opened(world)
    with pytest.raises(DomainError) as refusal:
        offer(world, case, function="second")
    assert refusal.value.field == "function"
    assert offer(world, case, by=world.manager, function="second").giver == world.second


@pytest.mark.parametrize(
    ("login", "refusal"),
    [
        ("unassigned", NotVisible),
        ("worker_elsewhere", NotVisible),
        ("supervisor", NotYours),
        ("counsellor", NotYours),
        ("prosecutor", NotYours),
        ("manager_elsewhere", NotVisible),
    ],
)
def test_nobody_else_offers(world, login, refusal):
    case = cast.opened(world)
    with pytest.raises(refusal):
        offer(world, case, by=world.people[login])


def test_the_receiver_must_be_in_order(world):
    case = cast.opened(world)
    staff = world.unassigned.staff
    staff.undertaking_on = None
    staff.save()
    with pytest.raises(Blocked) as refusal:
        offer(world, case)
    assert [field for field, _ in refusal.value.blockers] == ["receiver"]


def test_the_receiver_is_judged_again_when_accepting(world):
    case = cast.opened(world)
    row = offer(world, case)
    world.unassigned.staff.background_check_on = None
    world.unassigned.staff.save()
    with pytest.raises(Blocked):
        accept_handover(handover=row, by=world.unassigned, at=timezone.now())
    case.refresh_from_db()
    assert case.lead == world.worker


@pytest.mark.parametrize("login", ["second", "worker"])
def test_somebody_on_the_case_cannot_receive_it(world, login):
    with pytest.raises(DomainError) as refusal:
        offer(world, cast.opened(world), by=world.manager, receiver=world.people[login])
    assert refusal.value.field == "receiver"


def test_the_supervisor_of_the_case_cannot_become_its_worker(world):
    world.supervisor.roles = [Role.SUPERVISOR, Role.SOCIAL_WORKER]
    world.supervisor.save(update_fields=["roles"])
    with pytest.raises(DomainError) as refusal:
        offer(world, cast.opened(world), receiver=world.supervisor)
    assert refusal.value.code == "supervisor"


def test_an_offer_needs_a_reason_and_what_is_open(world):
    case = cast.opened(world)
    for package, field in ((Package("", "x"), "reason"), (Package("leave", " "), "open_matters")):
        with pytest.raises(DomainError) as refusal:
            offer(world, case, package=package)
        assert refusal.value.field == field


def test_one_part_is_handed_over_once_at_a_time(world):
    case = cast.opened(world)
    offer(world, case)
    with pytest.raises(Moved):
        offer(world, case, receiver=world.former_worker)


def test_an_offer_is_withdrawn_or_declined_and_then_gone(world):
    case = cast.opened(world)
    row = offer(world, case)
    withdraw_handover(handover=row, by=world.unassigned, at=timezone.now())
    assert Event.objects.get(verb="hand_over.withdrawn").facts == {"declined": True}
    with pytest.raises(NotVisible):
        accept_handover(handover=row, by=world.unassigned, at=timezone.now())
    with pytest.raises(Moved):
        withdraw_handover(handover=row, by=world.worker, at=timezone.now())
    assert offer(world, case).open


@pytest.mark.parametrize("login", ["worker_elsewhere", "prosecutor", "counsellor", "former_worker"])
def test_strangers_do_not_know_of_a_hand_over(world, login):
    row = offer(world, cast.opened(world))
    for act in (accept_handover, withdraw_handover):
        with pytest.raises(NotVisible):
            act(handover=row, by=world.people[login], at=timezone.now())


@pytest.mark.parametrize("login", ["manager", "second", "worker"])
def test_who_may_see_an_offer_cannot_accept_it_for_another(world, login):
    row = offer(world, cast.opened(world))
    with pytest.raises(NotYours):
        accept_handover(handover=row, by=world.people[login], at=timezone.now())


def test_an_offer_whose_giver_has_gone_meanwhile_is_void(world):
    case = cast.opened(world)
    stale = offer(world, case)
    HandOver.objects.filter(pk=stale.pk).update(withdrawn_at=timezone.now(), withdrawn_by=world.worker)
    fresh = offer(world, case, receiver=world.former_worker)
    accept_handover(handover=fresh, by=world.former_worker, at=timezone.now())
    HandOver.objects.filter(pk=stale.pk).update(withdrawn_at=None, withdrawn_by=None)
    with pytest.raises(Moved):
        accept_handover(handover=stale, by=world.unassigned, at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_accepting_twice_at_once_passes_the_case_on_once():
    call_command("load_reference", verbosity=0)
    world = cast.build_world()
    case = cast.opened(world)
    row = offer(world, case)

    def act():
        accept_handover(handover=HandOver.objects.get(pk=row.pk), by=world.unassigned, at=timezone.now())

    assert at_once(act, act) == ["done", "moved"]
    assert Assignment.objects.filter(case=case, function="lead").count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_acceptance_and_withdrawal_at_once_one_counts():
    call_command("load_reference", verbosity=0)
    world = cast.build_world()
    case = cast.opened(world)
    row = offer(world, case)
    outcome = at_once(
        lambda: accept_handover(handover=HandOver.objects.get(pk=row.pk), by=world.unassigned, at=timezone.now()),
        lambda: withdraw_handover(handover=HandOver.objects.get(pk=row.pk), by=world.worker, at=timezone.now()),
    )
    assert outcome.count("done") == 1
    case = Case.objects.get(pk=case.pk)
    row.refresh_from_db()
    assert (case.lead == world.unassigned) == (row.accepted_at is not None)


@pytest.mark.django_db(transaction=True)
def test_who_waited_for_the_case_while_it_was_passed_on_writes_nothing_in_it():
    """The right is asked of the case as it is once it is locked, not as it was when the question was sent."""
    call_command("load_reference", verbosity=0)
    world = cast.build_world()
    case = cast.opened(world)
    row, passed = offer(world, case), threading.Event()

    def pass_on():
        with transaction.atomic():
            accept_handover(handover=HandOver.objects.get(pk=row.pk), by=world.unassigned, at=timezone.now())
            passed.set()
            time.sleep(0.5)

    def log():
        assert passed.wait(timeout=30)
        contact(world, case)

    assert at_once(pass_on, log) == ["done", "not_found"]
    assert not ServiceRecord.objects.filter(case=case).exists()


def test_the_page_proposes_what_is_open_and_warns_of_drafts(world, sign_in):
    case = cast.opened(world)
    contact(world, case)
    client = sign_in(world.worker)
    client.post(reverse("save_draft", args=["log_contact", case.pk]), {"summary": "未写完", "_tab": "a"})
    page = client.get(reverse("cases:reassign_case", args=[case.pk]))
    assert "提交社会调查报告" in page.context["form"].initial["open_matters"]
    assert page.context["drafts"]
    body = {"function": "lead", "receiver": str(world.unassigned.pk), "reason": "leave", "open_matters": "无"}
    assert client.post(reverse("cases:reassign_case", args=[case.pk]), body).status_code == 302
    assert HandOver.objects.filter(case=case, receiver=world.unassigned).count() == 1
