"""The prosecutor reads a monthly report and replies; the workers see both."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import MonthlyReport
from cases.services.monthly import mark_monthly_read, reply_monthly_report
from socialwork.audit.models import Event
from socialwork.core.errors import DomainError, Moved, NotVisible, NotYours
from socialwork.notifications.registry import tellings
from socialwork.people.dossiers import open_dossier
from tests.factories import monthly


def reply(world, report, **more):
    values = {"by": world.prosecutor, "at": timezone.now(), "reply": "同意下月安排，请跟进入学。", **more}
    return reply_monthly_report(report=report, **values)


def test_the_reply_is_sealed_stamped_and_told(world):
    report = reply(world, monthly.sent(world))
    assert (report.state, report.answered_by, report.read_by) == ("answered", world.prosecutor, None)
    again = MonthlyReport.objects.get(pk=report.pk)
    open_dossier(report.case.juvenile_id).read(again)
    assert again.text["reply"] == "同意下月安排，请跟进入学。" and again.read_by == world.prosecutor
    assert Event.objects.get(verb="monthly_report.replied").facts["month"] == report.month
    (told,) = tellings("monthly_report.replied")
    assert set(told.to(None, report)) == {world.worker, world.second}


def test_it_comes_once_and_never_empty(world):
    report = monthly.sent(world)
    with pytest.raises(DomainError) as refusal:
        reply(world, report, reply=" ")
    assert refusal.value.field == "reply"
    reply(world, report)
    with pytest.raises(Moved):
        reply(world, MonthlyReport.objects.get(pk=report.pk))


def test_nothing_is_answered_that_was_not_sent(world):
    report = monthly.due(world)
    with pytest.raises(NotVisible):
        reply(world, report)


@pytest.mark.parametrize(
    ("login", "refusal"),
    [
        ("worker", NotYours),
        ("supervisor", NotYours),
        ("manager", NotYours),
        ("unit_head", NotYours),
        ("counsellor", NotVisible),
        ("colleague", NotVisible),
        ("prosecutor_elsewhere", NotVisible),
    ],
)
def test_only_the_prosecutor_in_charge(world, login, refusal):
    with pytest.raises(refusal):
        reply(world, monthly.sent(world), by=world.people[login])


def test_reading_is_noted_for_the_prosecutor_in_charge_only_and_once(world, sign_in):
    report = monthly.sent(world)
    for login in ("worker", "supervisor", "unit_head"):
        assert sign_in(world.people[login]).get(report.get_absolute_url()).status_code == 200
        assert MonthlyReport.objects.get().read_at is None
    assert sign_in(world.prosecutor).get(report.get_absolute_url()).status_code == 200
    first = MonthlyReport.objects.get().read_at
    mark_monthly_read(report=report, by=world.prosecutor, at=timezone.now())
    assert first is not None and MonthlyReport.objects.get().read_at == first
    assert "检察官阅读" in sign_in(world.worker).get(report.get_absolute_url()).content.decode()


def test_the_page_shows_the_report_beside_the_reply(world, sign_in):
    report = monthly.sent(world)
    client, address = sign_in(world.prosecutor), reverse("cases:reply_monthly_report", args=[report.pk])
    assert monthly.TEXT["progress"] in client.get(address).content.decode()
    assert client.post(address, {"reply": ""}).status_code == 400
    assert client.post(address, {"reply": "同意。"})["Location"] == report.get_absolute_url()
    assert "同意。" in sign_in(world.worker).get(report.get_absolute_url()).content.decode()
