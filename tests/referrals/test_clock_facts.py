"""The clocks of referrals are those their rows call for, whatever became of them."""
from __future__ import annotations

from django.utils import timezone

from referrals.services.answering import answer_information, ask_information, decline_referral
from socialwork.deadlines import queries
from socialwork.deadlines.models import Deadline
from tests import cast


def lost_or_left():
    return [(found.kind, found.code) for found in queries.differences() if found.subject_type == "referrals.referral"]


def test_nothing_is_lost_or_left_over(world):
    asked, answered, declined = cast.issued(world), cast.issued(world), cast.issued(world)
    cast.opened(world)
    at = timezone.now()
    ask_information(referral=asked, by=world.intake, at=at, question="请补充监护人联系方式。")
    ask_information(referral=answered, by=world.intake, at=at, question="请补充监护人联系方式。")
    answered.refresh_from_db()
    answer_information(referral=answered, by=world.prosecutor, at=at, answer="已补充。")
    decline_referral(referral=declined, by=world.intake, at=at, reason_code="capacity", reason="本月人手不足。")
    assert lost_or_left() == []
    Deadline.objects.open().filter(subject_id=asked.pk).delete()
    assert lost_or_left() == [("lost", "D1")]


def test_an_appropriate_adult_is_answered_within_hours(world):
    referral = cast.issued(world, services=("appropriate_adult",), due_rule="", stage="investigation")
    clock = Deadline.objects.open().get(subject_id=referral.pk)
    assert (clock.code, clock.unit) == ("D17", "hour")
    assert lost_or_left() == []
