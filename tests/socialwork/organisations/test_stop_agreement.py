"""Signing, suspending, resuming, terminating: by the head of a party's unit, once."""
from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from socialwork.audit.models import Event
from socialwork.core.errors import DomainError, Moved, NotVisible, NotYours
from socialwork.notifications.models import Notice
from socialwork.notifications.services import deliver
from socialwork.organisations import services
from socialwork.organisations.models import Agreement, Organisation
from tests.socialwork.organisations.agreements import day, draft, signed, today
from tests.socialwork.organisations.races import at_once

NOW = timezone.now


def act(name, row, by, **more):
    return getattr(services, name)(agreement=row, by=by, at=NOW(), **more)


def test_signing_puts_it_in_force_with_who_and_when(world):
    row = signed(world)
    assert (row.state, row.signed_by, row.version) == ("active", world.unit_head, 2)
    assert row.signed_at is not None
    assert Agreement.objects.filter(Agreement.live(today()), pk=row.pk).exists()


def test_signing_twice_is_too_late(world):
    row = signed(world)
    with pytest.raises(Moved):
        act("sign_agreement", row, world.unit_head)


def test_nothing_is_signed_with_a_suspended_agency_or_after_the_end(world):
    row = draft(world)
    Organisation.objects.filter(pk=world.east_agency.pk).update(state="suspended")
    with pytest.raises(DomainError) as refusal:
        act("sign_agreement", row, world.unit_head)
    assert refusal.value.code == "agency"
    Organisation.objects.filter(pk=world.east_agency.pk).update(state="active")
    Agreement.objects.filter(pk=row.pk).update(starts_on=day(-20), ends_on=day(-1))
    with pytest.raises(DomainError) as refusal:
        act("sign_agreement", row, world.unit_head)
    assert refusal.value.code == "ended"


def test_suspending_stops_today_and_leaves_the_window(world):
    row = act("suspend_agreement", signed(world), world.unit_head, reason="督导制度未落实")
    assert (row.state, row.stopped_on, row.access_until, row.stopped_reason) == ("suspended", today(), day(30), "督导制度未落实")
    event = Event.objects.get(verb="agreement.suspended", target_id=row.pk)
    # The reason stays with the agreement: the record of acts holds codes only.
    assert event.facts == {"from": "active", "to": "suspended", "access_until": day(30).isoformat()}


def test_resuming_gives_the_agreed_end_back(world):
    row = act("suspend_agreement", signed(world), world.unit_head, reason="整改")
    row = act("resume_agreement", row, world.unit_head)
    assert (row.state, row.stopped_on, row.access_until, row.stopped_reason) == ("active", None, day(394), "")


def test_terminating_ends_it_for_good_with_the_window_of_the_day(world):
    row = act("terminate_agreement", signed(world), world.unit_head, reason="停业", hand_over_days=7)
    assert (row.state, row.stopped_on, row.access_until, row.hand_over_days) == ("terminated", today(), day(7), 7)
    with pytest.raises(Moved):
        act("resume_agreement", row, world.unit_head)
    with pytest.raises(Moved):
        act("terminate_agreement", row, world.unit_head, reason="停业", hand_over_days=7)


def test_a_suspended_agreement_can_be_terminated(world):
    row = act("suspend_agreement", signed(world), world.unit_head, reason="整改")
    row = act("terminate_agreement", row, world.unit_head, reason="整改不合格", hand_over_days=0)
    assert (row.state, row.access_until) == ("terminated", today())


def test_what_has_expired_needs_no_end(world):
    for name, more in (("suspend_agreement", {"reason": "甲"}), ("terminate_agreement", {"reason": "甲", "hand_over_days": 3})):
        with pytest.raises(DomainError) as refusal:
            act(name, world.former_agreement, world.unit_head, **more)
        assert refusal.value.code == "ended"


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("sign_agreement", {}), ("discard_agreement", {}), ("suspend_agreement", {"reason": "甲"}), ("resume_agreement", {}),
        ("terminate_agreement", {"reason": "甲", "hand_over_days": 1}),
    ],
)
def test_only_the_head_of_a_partys_unit(world, name, more):
    row = draft(world) if name in ("sign_agreement", "discard_agreement") else world.east_agreement
    for person in (world.prosecutor, world.manager):
        with pytest.raises(NotYours):
            act(name, row, person, **more)
    for person in (world.unit_head_elsewhere, world.manager_elsewhere, world.organ_admin, world.worker):
        with pytest.raises(NotVisible):
            act(name, row, person, **more)


def test_the_agency_is_told_to_hand_over(world):
    row = act("suspend_agreement", world.east_agreement, world.unit_head, reason="整改")
    event = Event.objects.get(verb="agreement.suspended", target_id=row.pk)
    deliver(event_id=event.pk, at=NOW())
    told = Notice.objects.filter(event_id=event.pk).order_by("recipient__login").values_list("recipient__login", "level", "path")
    address = reverse("organisations:agreement", args=[row.pk])
    assert list(told) == [("intake", "act", address), ("manager", "act", address)]


def test_signing_at_the_same_moment_succeeds_once(committed):
    row = draft(committed)
    outcomes = at_once(
        lambda: act("sign_agreement", row, committed.unit_head), lambda: act("sign_agreement", row, committed.unit_head)
    )
    assert outcomes == ["done", "moved"]
    assert Event.objects.filter(verb="agreement.signed", target_id=row.pk).count() == 1


def test_suspending_and_terminating_at_the_same_moment_leaves_one_story(committed):
    row = signed(committed)
    outcomes = at_once(
        lambda: act("suspend_agreement", row, committed.unit_head, reason="整改"),
        lambda: act("terminate_agreement", row, committed.unit_head, reason="停业", hand_over_days=3),
    )
    row.refresh_from_db()
    # Terminating after suspending is right; suspending what was terminated is too late.
    assert row.state == "terminated"
    assert outcomes in (["done", "done"], ["done", "moved"])
    assert Event.objects.filter(target_id=row.pk, verb__in=["agreement.suspended", "agreement.terminated"]).count() == outcomes.count(
        "done"
    )


@pytest.mark.parametrize("state", ["active", "suspended", "draft"])
def test_what_has_ended_by_itself_offers_nothing_but_to_be_thrown_away(world, sign_in, state):
    row = draft(world) if state == "draft" else signed(world)
    if state == "suspended":
        act("suspend_agreement", row, world.unit_head, reason="整改")
    client = sign_in(world.unit_head)

    def offered():
        page = client.get(row.get_absolute_url()).context
        return {action["url"].rstrip("/").rpartition("/")[2] for action in (*page["primary"], *page["acts"])}

    before = offered()
    Agreement.objects.filter(pk=row.pk).update(starts_on=day(-20), ends_on=day(-1), access_until=day(29))
    assert before > offered() and offered() == ({"discard-agreement"} if state == "draft" else set())
    for name in ("change_agreement", "suspend_agreement", "terminate_agreement"):
        assert client.get(reverse(f"organisations:{name}", args=[row.pk])).status_code in (403, 409)
