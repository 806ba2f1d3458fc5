"""One referral through every layer, by the people of three organisations, in real Chromium."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from referrals.models import Referral
from tests.browser.actor import Actor


def test_a_referral_from_the_search_box_to_the_inbox(world: Any, as_person: Any) -> None:
    today = timezone.localdate()
    prosecutor = Actor(as_person(world.prosecutor))
    prosecutor.go("people:find").fill(q="苏云起").press("查找")
    prosecutor.press("登记新的未成年人")
    prosecutor.fill(
        name="苏云起", sex="male", birth_on=(today - timedelta(days=5800)).isoformat(), phone="10012340001",
    ).fill_rows("guardians", [{"relation": "mother", "name": "苏母", "phone": "10012340002"}])
    prosecutor.press("登记并起草委托")
    referral = prosecutor.identifier()
    assert Referral.objects.get(pk=referral).state == "draft"
