"""The agency accepts: a case with two workers in order, or a sentence that says what is missing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from cases.models import Assignment
from cases.services.opening import accept_referral
from socialwork.audit.models import Event
from socialwork.core.errors import Blocked, NotVisible
from tests import cast


def test_accepting_opens_a_case_with_lead_and_second(world):
    case = cast.opened(world)
    assert case.state == "accepted"
    assert set(Assignment.objects.filter(case=case).values_list("function", "worker__login")) == {
        ("lead", "worker"),
        ("second", "second"),
        ("supervisor", "supervisor"),
        ("counsellor", "counsellor"),
    }
    assert case.referral.state == "accepted"
    assert case.next_act == "D2b"
    verbs = list(Event.objects.filter(thread_id=case.thread_id).order_by("at", "id").values_list("verb", flat=True))
    assert verbs == [
        "referral.drafted",
        "referral.edited",
        "referral.submitted",
        "referral.approved",
        "referral.accepted",
        "case.opened",
    ]


def test_a_worker_without_background_check_is_refused_and_nothing_is_written(world):
    referral = cast.issued(world)
    staff = world.worker.staff
    staff.background_check_on = timezone.localdate() - dt.timedelta(days=400)
    staff.save()
    with pytest.raises(Blocked) as refusal:
        accept_referral(referral=referral, by=world.intake, at=timezone.now(), lead=world.worker, second=world.second)
    assert [field for field, _ in refusal.value.blockers] == ["lead"]
    referral.refresh_from_db()
    assert referral.state == "issued"


def test_another_agency_does_not_know_the_referral(world):
    referral = cast.issued(world)
    with pytest.raises(NotVisible):
        accept_referral(
            referral=referral, by=world.manager_elsewhere, at=timezone.now(), lead=world.worker, second=world.second
        )
