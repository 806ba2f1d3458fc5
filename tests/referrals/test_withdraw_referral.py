"""Taking a referral back, in every state before it was accepted."""
from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.services import ask_information, withdraw_referral
from socialwork.audit.models import Event
from socialwork.core.errors import Moved, NotVisible, NotYours
from socialwork.deadlines.models import Deadline
from socialwork.organisations import capacity
from tests import cast

REASON = {"reason_code": "not_needed", "reason": "监护人已自行落实帮教。"}


def address(row, name="withdraw_referral"):
    return reverse(f"referrals:{name}", args=[row.pk])


def asked(world):
    return ask_information(referral=cast.issued(world), by=world.intake, at=timezone.now(), question="？")


@pytest.mark.parametrize("make", [cast.draft, cast.submitted, cast.issued, asked])
def test_it_is_withdrawn_with_a_reason(world, sign_in, make):
    row = make(world)
    assert sign_in(world.prosecutor).post(address(row), {}).status_code == 400
    assert sign_in(world.prosecutor).post(address(row), REASON).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reason_code, row.next_act) == ("withdrawn", "not_needed", "")
    assert not Deadline.objects.open().of_subject(row).exists()
    assert Event.objects.get(verb="referral.withdrawn").facts["reason"] == "not_needed"


def test_the_places_are_free_again(world):
    row, key = cast.issued(world), (world.east_agreement.pk, "social_investigation")
    assert capacity.places([key[0]], today=timezone.localdate())[key].reserved == 1
    withdraw_referral(referral=row, by=world.prosecutor, at=timezone.now(), **REASON)
    assert capacity.places([key[0]], today=timezone.localdate())[key].reserved == 0


def test_the_agency_keeps_the_bare_fact(world, sign_in):
    row = withdraw_referral(referral=cast.issued(world), by=world.prosecutor, at=timezone.now(), **REASON)
    page = sign_in(world.intake).get(address(row, "detail")).content.decode()
    assert row.number in page and "不再需要该项服务" in page
    for secret in (REASON["reason"], "林小舟", "夺取路人挎包"):
        assert secret not in page
    assert REASON["reason"] in sign_in(world.unit_head).get(address(row, "detail")).content.decode()


def test_a_draft_withdrawn_is_nothing_to_any_agency(world, sign_in):
    row = withdraw_referral(referral=cast.filled(world), by=world.prosecutor, at=timezone.now(), **REASON)
    assert sign_in(world.intake).get(address(row, "detail")).status_code == 404


def test_what_was_accepted_is_not_withdrawn(world, sign_in):
    row = cast.opened(world).referral
    assert sign_in(world.prosecutor).post(address(row), REASON).status_code == 409
    with pytest.raises(Moved):
        withdraw_referral(referral=row, by=world.prosecutor, at=timezone.now(), **REASON)


def test_others_are_refused(world):
    row = cast.issued(world)
    for person, refusal in ((world.unit_head, NotYours), (world.intake, NotYours), (world.colleague, NotVisible), (world.clerk, NotVisible)):
        with pytest.raises(refusal):
            withdraw_referral(referral=row, by=person, at=timezone.now(), **REASON)
