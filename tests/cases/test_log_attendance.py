"""Attendance as appropriate adult: what the law asks for at a questioning, also past midnight."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import ServiceRecord
from cases.record_kinds import AttendanceDetails
from cases.services.recording import log_attendance
from socialwork.core.errors import DomainError, NotVisible, NotYours
from socialwork.people.models import Juvenile
from tests import cast
from tests.factories.occasions import guided, occasion

ACT = {"activity": "interrogation", "representative_absence": "cannot_attend"}
ADULT = ("appropriate_adult",)


def attend(world, case, **more):
    values = {
        "by": world.worker,
        "occasion": occasion(method="", place="police_station"),
        "details": AttendanceDetails(**ACT, rights_explained=True, minor_agreed=True, transcript_read=True),
        "text": {"summary": "讯问一小时，期间休息一次。", "response": "情绪平稳。"},
        **more,
    }
    return log_attendance(case=case, at=timezone.now(), **values)


@pytest.fixture
def girls_case(world):
    case = guided(world, ADULT)
    Juvenile.objects.filter(pk=case.juvenile_id).update(sex="female")
    case.juvenile.refresh_from_db()
    return case


def test_what_the_law_asks_is_on_record(world):
    record = attend(world, guided(world, ADULT))
    assert record.details == {**ACT, "rights_explained": True, "minor_agreed": True, "transcript_read": True}


def test_at_the_questioning_of_a_girl_a_woman_of_the_staff_is_on_record(world, girls_case):
    with pytest.raises(DomainError) as refusal:
        attend(world, girls_case)
    assert (refusal.value.code, refusal.value.field) == ("V10", "female_staff_present")
    without = AttendanceDetails(**ACT, female_staff_present=False)
    with pytest.raises(DomainError) as refusal:
        attend(world, girls_case, details=without)
    assert refusal.value.field == "concerns"
    text = {"summary": "讯问一小时。", "concerns": "要求更换女工作人员。"}
    assert attend(world, girls_case, details=without, text=text).details["female_staff_present"] is False
    with_her = AttendanceDetails(**ACT, female_staff_present=True)
    assert (
        attend(world, girls_case, details=with_her, occasion=occasion(hours_ago=9)).details["female_staff_present"]
        is True
    )


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (AttendanceDetails(representative_absence="cannot_attend"), "activity"),
        (AttendanceDetails(activity="interrogation"), "representative_absence"),
        (AttendanceDetails(activity="lunch", representative_absence="cannot_attend"), "activity"),
    ],
)
def test_what_is_missing_is_said_at_its_field(world, details, field):
    with pytest.raises(DomainError) as refusal:
        attend(world, guided(world, ADULT), details=details)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("login", "refusal"), [("supervisor", NotYours), ("prosecutor", NotYours), ("unassigned", NotVisible)]
)
def test_nobody_else_logs(world, login, refusal):
    with pytest.raises(refusal):
        attend(world, guided(world, ADULT), by=world.people[login])


def test_the_page_asks_a_girls_question_and_passes_midnight(world, girls_case, sign_in):
    client = sign_in(world.worker)
    address = reverse("cases:log_attendance", args=[girls_case.pk])
    page = client.get(address)
    assert "female_staff_present" in page.context["form"].fields
    body = {
        "on": timezone.localdate() - timezone.timedelta(days=2),
        "started": "23:10",
        "ended": "01:20",
        "outcome": "on_time",
        **ACT,
        "female_staff_present": "yes",
        "summary": "夜间讯问。",
    }
    assert client.post(address, body | {"female_staff_present": ""}).status_code == 400
    assert client.post(address, body).status_code == 302
    assert ServiceRecord.objects.get().lasted == 130
    assert (
        "female_staff_present"
        not in sign_in(world.worker)
        .get(reverse("cases:log_attendance", args=[cast.opened(world).pk]))
        .context["form"]
        .fields
    )
