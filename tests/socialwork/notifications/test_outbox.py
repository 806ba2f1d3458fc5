"""A notice is told once, to the right people, without a personal fact, and is not lost with the queue."""
from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone, translation

from socialwork.audit.models import Event
from socialwork.deadlines.models import Deadline
from socialwork.deadlines.services import remind
from socialwork.notifications import services
from socialwork.notifications.models import Notice, Outgoing
from socialwork.notifications.presenters import text_of
from tests import cast


def deliver_all() -> int:
    return sum(services.deliver(event_id=row.pk, at=timezone.now()) for row in Outgoing.objects.filter(confirmed_at=None))


def told(verb: str) -> set[str]:
    return set(Notice.objects.filter(verb=verb).values_list("recipient__login", flat=True))


def test_the_right_people_are_told(world):
    cast.issued(world)
    deliver_all()
    assert told("referral.submitted") == {"unit_head"}
    assert told("referral.approved") == {"intake", "manager", "prosecutor"}
    levels = dict(Notice.objects.filter(verb="referral.approved").values_list("recipient__login", "level"))
    assert levels == {"intake": "act", "manager": "act", "prosecutor": "know"}


def test_delivering_twice_tells_once(world):
    cast.submitted(world)
    event = Event.objects.get(verb="referral.submitted")
    services.deliver(event_id=event.pk, at=timezone.now())
    Outgoing.objects.update(confirmed_at=None)
    services.deliver(event_id=event.pk, at=timezone.now())
    assert Notice.objects.filter(event_id=event.pk).count() == 1


def test_what_the_queue_lost_is_found_again(world):
    cast.submitted(world)
    assert services.due_for_relay(at=timezone.now()) == []
    later = timezone.now() + services.LEASE + dt.timedelta(seconds=1)
    waiting = services.due_for_relay(at=later)
    assert set(waiting) == set(Outgoing.objects.values_list("pk", flat=True))
    assert services.due_for_relay(at=later) == []


def test_a_rolled_back_act_tells_nobody(world):
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        cast.submitted(world)
        raise RuntimeError
    assert not Outgoing.objects.exists()


def test_no_notice_and_no_mail_carries_a_name(world, django_capture_on_commit_callbacks):
    world.unit_head.email, world.unit_head.mail_each = "head@example.invalid", True
    world.unit_head.save()
    cast.submitted(world)
    with django_capture_on_commit_callbacks(execute=True):
        deliver_all()
    for notice in Notice.objects.all():
        assert "林小舟" not in text_of(notice) + notice.label
    assert len(mail.outbox) == 1
    assert "林小舟" not in mail.outbox[0].subject + mail.outbox[0].body
    assert mail.outbox[0].to == ["head@example.invalid"]


def test_one_digest_a_day(world, django_capture_on_commit_callbacks):
    world.unit_head.email = "head@example.invalid"
    world.unit_head.save()
    cast.submitted(world)
    deliver_all()
    nine = timezone.localtime().replace(hour=9, minute=0)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.send_digests(at=nine.replace(hour=7)) == 0
        assert services.send_digests(at=nine) == 1
        assert services.send_digests(at=nine) == 0
    assert len(mail.outbox) == 1


def test_every_verb_told_of_is_recorded_somewhere():
    from pathlib import Path

    from django.conf import settings

    from socialwork.notifications.registry import verbs

    source = "".join(
        path.read_text(encoding="utf-8") for folder in ("socialwork", "referrals", "cases")
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py") if path.name != "notices.py"
    )
    assert [verb for verb in verbs() if f'"{verb}"' not in source] == []


def test_a_reminder_names_the_matter_and_the_act_and_whether_it_is_late(world):
    case = cast.opened(world)
    (clock,) = Deadline.objects.of_subject(case).open()
    assert all(remind(at=clock.started_at + (clock.due_at - clock.started_at) * part) for part in (0.85, 1.2))
    notices = Notice.objects.filter(recipient=world.worker, verb__startswith="deadline.").order_by("created_at")
    with translation.override("zh-hans"):
        words = [text_of(notice) for notice in notices]
    assert len(set(words)) == 2 and all(case.number in text and clock.title_zh in text for text in words)
    assert case.juvenile.code not in "".join(words)
    with translation.override("en"):
        assert clock.title_en in text_of(notices[0])
    notices[0].act_zh = ""
    assert case.number in text_of(notices[0])
