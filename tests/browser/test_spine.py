"""One referral through every layer, by the people of three organisations, in real Chromium."""
from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cases.models import Case
from referrals.models import Referral
from tests.browser.actor import Actor

SHELF = os.environ.get("SCREENSHOTS", "")


def picture(actor: Actor, name: str) -> None:
    if SHELF:
        actor.page.screenshot(path=f"{SHELF}/spine-{name}.png", full_page=True)


def test_a_referral_from_the_search_box_to_the_first_contact(world: Any, as_person: Any) -> None:
    today = timezone.localdate()
    prosecutor = Actor(as_person(world.prosecutor))
    prosecutor.go("people:find").fill(q="苏云起").press("查找")
    prosecutor.press("登记新的未成年人")
    prosecutor.fill(
        name="苏云起", sex="male", birth_on=(today - timedelta(days=5800)).isoformat(), phone="10012340001",
    ).fill_rows("guardians", [{"relation": "mother", "name": "苏母", "phone": "10012340002"}])
    prosecutor.press("登记并起草委托")
    referral = Referral.objects.get(pk=prosecutor.identifier())
    picture(prosecutor, "1-draft")
    prosecutor.press("提交", exact=False)
    assert prosecutor.errors()
    picture(prosecutor, "2-blockers")
    prosecutor.fill(
        subject_type="juvenile_suspect", stage="prosecution_review", custody="bail", charge="snatching",
        offence_on=(today - timedelta(days=30)).isoformat(), agreement=str(world.east_agreement.pk),
    ).fill_rows("services", [{"service_type": "social_investigation", "quantity": "1"}])
    prosecutor.fill_rows(
        "paragraphs",
        [
            {"kind": "facts", "body": "夜间骑行时夺取路人挎包，次日由家长陪同到案。", "shared": True},
            {"kind": "risk", "body": "同案人员姓名仅供内部掌握。", "shared": False},
            {"kind": "request", "body": "了解成长经历、监护条件与帮教可能。", "shared": True},
        ],
    )
    picture(prosecutor, "3-filled")
    prosecutor.press("提交", exact=False)
    picture(prosecutor, "4-submitting")
    prosecutor.press("提交", exact=False)
    referral.refresh_from_db()
    assert referral.state == "pending_approval"

    head = Actor(as_person(world.unit_head))
    head.go("today").sees("审批或者退回")
    head.go("referrals:approve_referral", referral.pk).press("批准并发出")
    referral.refresh_from_db()
    assert referral.state == "issued"
    picture(head, "5-approved")

    intake = Actor(as_person(world.intake))
    intake.go("referrals:inbox").sees("社会调查")
    intake.go("referrals:detail", referral.pk).sees("夜间骑行").does_not_see("同案人员姓名")
    picture(intake, "6-received")
    intake.go("cases:accept_referral", referral.pk)
    picture(intake, "7-accepting")
    intake.fill(lead=str(world.worker.pk), second=str(world.second.pk), supervisor=str(world.supervisor.pk)).press("受理并", exact=False)
    case = Case.objects.get(referral=referral)
    picture(intake, "8-accepted")

    worker = Actor(as_person(world.worker, width=360))
    worker.go("cases:detail", case.pk)
    picture(worker, "9-case-phone")
    worker.go("cases:log_contact", case.pk)
    picture(worker, "10-contact-phone")
    Actor(as_person(world.colleague)).refused("referrals:detail", referral.pk).refused("cases:detail", case.pk)
    Actor(as_person(world.unassigned)).refused("cases:detail", case.pk)
    Actor(as_person(world.civil_affairs)).refused("cases:detail", case.pk)
