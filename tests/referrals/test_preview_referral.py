"""The preview is the agency's page: the same words, from the same rows."""
from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from referrals.services import approve_referral, submit_referral
from tests import cast


def brief_of(response):
    """The sections of the brief as they stand on a page, spaces evened out."""
    page = response.content.decode()
    start = page.index("<h2>服务对象与监护人</h2>")
    end = page.index("</section>", page.index("<h2>情况说明</h2>", start))
    return " ".join(page[start:end].split())


def test_what_is_previewed_is_what_the_agency_gets(world, sign_in):
    draft = cast.filled(world)
    previewed = sign_in(world.prosecutor).get(reverse("referrals:preview_referral", args=[draft.pk]))
    submit_referral(referral=draft, by=world.prosecutor, at=timezone.now())
    by_the_head = sign_in(world.unit_head).get(reverse("referrals:preview_referral", args=[draft.pk]))
    approve_referral(referral=draft, by=world.unit_head, at=timezone.now())
    received = sign_in(world.intake).get(reverse("referrals:detail", args=[draft.pk]))
    assert previewed.context["brief"] == by_the_head.context["brief"] == received.context["brief"]
    assert brief_of(previewed) == brief_of(by_the_head) == brief_of(received)


def test_what_is_not_shared_stands_in_neither(world, sign_in):
    draft = cast.issued(world)
    whole = sign_in(world.prosecutor).get(reverse("referrals:detail", args=[draft.pk])).content.decode()
    received = sign_in(world.intake).get(reverse("referrals:detail", args=[draft.pk])).content.decode()
    assert "同案人员姓名仅供检察机关掌握" in whole
    assert "同案人员姓名仅供检察机关掌握" not in received


def test_the_mark_of_the_incident_is_never_shown_to_an_agency(world, sign_in):
    sent = cast.issued(world, incident="内部标记一号", joint_offence=True)
    assert "内部标记一号" in sign_in(world.prosecutor).get(reverse("referrals:detail", args=[sent.pk])).content.decode()
    assert "内部标记一号" not in sign_in(world.intake).get(reverse("referrals:detail", args=[sent.pk])).content.decode()


def test_there_is_no_preview_of_what_was_sent(world, sign_in):
    sent = cast.issued(world)
    assert sign_in(world.prosecutor).get(reverse("referrals:preview_referral", args=[sent.pk])).status_code == 409
    assert sign_in(world.intake).get(reverse("referrals:preview_referral", args=[sent.pk])).status_code == 403
