"""The prosecutor sends a monthly report back: the reason, the clock anew, the months on the case page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import checklist
from cases.models import Case, MonthlyReport
from cases.services.closing import close_case
from cases.services.monthly import return_monthly_report
from cases.services.responding import finish_service
from socialwork.core.errors import Blocked, DomainError, Moved, NotVisible, NotYours
from socialwork.deadlines.models import Deadline
from socialwork.notifications.registry import tellings
from tests.factories import monthly, records


def give_back(world, report, **more):
    values = {"by": world.prosecutor, "at": timezone.now(), "return_reason": "请补充学校的反馈。", **more}
    return return_monthly_report(report=report, **values)


def test_the_reason_is_read_and_the_clock_starts_anew(world, sign_in):
    report = give_back(world, monthly.sent(world))
    assert (report.state, report.round) == ("returned", 1)
    clock = Deadline.objects.open().get(code="D12", occurrence=report.month)
    assert clock.started_at == report.answered_at
    assert timezone.localdate(clock.due_at) == timezone.localdate() + dt.timedelta(days=5)
    assert Case.objects.get(pk=report.case_id).next_act == "D12"
    page = sign_in(world.worker).get(reverse("cases:write_monthly_report", args=[report.pk])).content.decode()
    assert "请补充学校的反馈。" in page and monthly.TEXT["progress"] in page
    (told,) = tellings("monthly_report.returned")
    assert told.level == "act" and set(told.to(None, report)) == {world.worker, world.second}


def test_without_a_reason_or_twice_it_is_refused(world):
    report = monthly.sent(world)
    with pytest.raises(DomainError) as refusal:
        give_back(world, report, return_reason="")
    assert refusal.value.field == "return_reason"
    give_back(world, report)
    with pytest.raises(Moved):
        give_back(world, MonthlyReport.objects.get(pk=report.pk))


@pytest.mark.parametrize(
    ("login", "refusal"),
    [
        ("worker", NotYours),
        ("unit_head", NotYours),
        ("manager", NotYours),
        ("colleague", NotVisible),
        ("counsellor", NotVisible),
    ],
)
def test_only_the_prosecutor_in_charge(world, login, refusal):
    with pytest.raises(refusal):
        give_back(world, monthly.sent(world), by=world.people[login])


def test_after_the_service_is_finished_no_clock_starts(world):
    report = monthly.sent(world)
    finish_service(case=Case.objects.get(pk=report.case_id), by=world.prosecutor, at=timezone.now())
    give_back(world, monthly.loaded(report))
    assert not Deadline.objects.open().filter(code="D12").exists()
    assert monthly.send(world, monthly.loaded(report)).state == "submitted"


def test_a_report_not_sent_keeps_the_case_open_or_is_excused(world):
    report = monthly.due(world)
    finish_service(case=Case.objects.get(pk=report.case_id), by=world.prosecutor, at=timezone.now())
    case = records.evaluated(world, Case.objects.get(pk=report.case_id))
    missing = {item.code: item for item in checklist.of_case(case) if item.missing}
    assert missing["monthly_reports"].excusable
    excused = {code: "已经口头说明。" for code in missing if code != "monthly_reports"}
    with pytest.raises(Blocked) as refusal:
        close_case(case=case, by=world.prosecutor, at=timezone.now(), reason="commission_finished", excused=excused)
    assert [field for field, _sentence in refusal.value.blockers] == ["excuse_monthly_reports"]
    excused["monthly_reports"] = "该月服务对象住院。"
    closed = close_case(
        case=case, by=world.prosecutor, at=timezone.now(), reason="commission_finished", excused=excused
    )
    assert closed.state == "closed"


def test_the_case_shows_its_months_where_a_service_runs_by_the_month(world, sign_in):
    report = monthly.sent(world)
    address = reverse("cases:monthly_reports", args=[report.case_id])
    for login in ("worker", "second", "supervisor", "manager", "prosecutor", "unit_head"):
        page = sign_in(world.people[login]).get(address).content.decode()
        assert report.get_absolute_url() in page
        assert address in sign_in(world.people[login]).get(report.case.get_absolute_url()).content.decode()
    for login in ("counsellor", "intake"):
        client = sign_in(world.people[login])
        assert client.get(address).status_code == 403
        assert address not in client.get(report.case.get_absolute_url()).content.decode()
    assert "月报已报送" in sign_in(world.worker).get(f"{report.case.get_absolute_url()}?show=events").content.decode()


def test_other_services_have_no_months(world, sign_in):
    case = records.started(world)
    page = sign_in(world.worker).get(case.get_absolute_url()).content.decode()
    assert reverse("cases:monthly_reports", args=[case.pk]) not in page


def test_the_next_act_leads_to_the_report(world, sign_in):
    report = monthly.due(world)
    client = sign_in(world.worker)
    page = client.get(report.case.get_absolute_url()).content.decode()
    assert "撰写月报" in page and reverse("cases:monthly_reports", args=[report.case_id]) in page
    assert f"撰写{report.case.number}的月报" in client.get(reverse("today")).content.decode()
