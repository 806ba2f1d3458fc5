"""Interview record: whom, what was asked and said, what was handed over."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import ServiceRecord
from cases.record_kinds import InterviewDetails
from cases.services.recording import log_interview
from socialwork.core.errors import DomainError, NotVisible, NotYours
from socialwork.people.dossiers import open_dossier
from tests import cast
from tests.factories.occasions import occasion

TEXT = {
    "summary": "近两周出勤好转。",
    "present": "班主任",
    "questions": "问：和谁来往？\n答：同桌。",
    "documents": "出勤表",
}


def interview(world, case, **more):
    values = {
        "by": world.worker,
        "occasion": occasion(method="school_visit", place="school", co_worker=world.second),
        "interviewee": "teacher",
        "details": InterviewDetails(read_and_signed=True),
        "text": TEXT,
        **more,
    }
    return log_interview(case=case, at=timezone.now(), **values)


def test_an_interview_names_whom_and_keeps_questions_sealed(world):
    case = cast.opened(world)
    record = interview(world, case)
    assert (record.kind, record.interviewee, record.co_worker) == ("interview", "teacher", world.second)
    assert record.details == {"read_and_signed": True, "verified": False}
    open_dossier(case.juvenile_id).read(record)
    assert record.text["questions"].endswith("同桌。")


def test_it_may_be_long(world):
    assert interview(world, cast.opened(world), text={"summary": "长" * 4000}).pk


def test_an_interview_without_interviewee_is_refused(world):
    case = cast.opened(world)
    for wrong in ("", "neighbour's dog"):
        with pytest.raises(DomainError) as refusal:
            interview(world, case, interviewee=wrong)
        assert refusal.value.field == "interviewee"
    assert not ServiceRecord.objects.exists()


def test_somebody_who_did_not_come_is_on_record_as_well(world):
    record = interview(world, cast.opened(world), occasion=occasion(outcome="not_attended", absence_reason="illness"))
    assert (record.attended, record.absence_class) == (False, "acceptable")


@pytest.mark.parametrize(
    ("login", "refusal"),
    [("supervisor", NotYours), ("prosecutor", NotYours), ("unassigned", NotVisible), ("worker_elsewhere", NotVisible)],
)
def test_nobody_else_logs(world, login, refusal):
    with pytest.raises(refusal):
        interview(world, cast.opened(world), by=world.people[login], occasion=occasion())


def test_the_page_submits_and_shows_it(world, sign_in):
    case = cast.opened(world)
    client = sign_in(world.worker)
    address = reverse("cases:log_interview", args=[case.pk])
    initial = client.get(address).context["form"].initial
    body = {
        "on": initial["on"],
        "started": initial["started"].strftime("%H:%M"),
        "ended": initial["ended"].strftime("%H:%M"),
        "method": "school_visit",
        "outcome": "on_time",
        "interviewee": "teacher",
        "summary": "近两周出勤好转。",
        "questions": "问：和谁来往？",
        "read_and_signed": "on",
    }
    assert client.post(address, body | {"interviewee": ""}).status_code == 400
    assert client.post(address, body).status_code == 302
    record = ServiceRecord.objects.get()
    text = sign_in(world.prosecutor).get(record.get_absolute_url()).content.decode()
    assert "访谈记录：老师（班主任）" in text
    assert "问：和谁来往？" in text
