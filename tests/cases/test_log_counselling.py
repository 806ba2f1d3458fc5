"""Counselling: everybody learns that it took place, the counsellor alone what was said."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, CounsellingNote, ServiceRecord
from cases.record_kinds import CounsellingDetails
from cases.services.occasions import Sequel
from cases.services.recording import log_counselling
from socialwork.access import api as access
from socialwork.access.roles import Role
from socialwork.core.errors import DomainError, NotVisible, NotYours
from socialwork.deadlines import calendar as days
from socialwork.people.models import Consent
from tests import cast
from tests.factories.occasions import consent, contact, guided, occasion

NOTE = {"state": "警惕", "goal": "建立信任", "method": "沙盘", "progress": "愿意谈祖母。", "risk": "无", "next": "下周"}


def counsel(world, case, **more):
    values = {
        "by": world.counsellor,
        "occasion": occasion(method="face", place="agency"),
        "details": CounsellingDetails(session=1),
        "note": NOTE,
        **more,
    }
    return log_counselling(case=case, at=timezone.now(), **values)


@pytest.fixture
def case(world):
    found = guided(world, ("psych_counselling",))
    consent(world, found)
    return found


def test_the_note_is_for_the_counsellor_alone(world, case):
    record = counsel(world, case)
    note = CounsellingNote.objects.get(record=record)
    assert {login for login, person in world.people.items() if access.can(person, "view", note)} == {"counsellor"}
    seen = {login for login, person in world.people.items() if access.can(person, "view", record)}
    assert seen == {
        "prosecutor", "unit_head", "intake", "manager", "worker", "second", "supervisor", "counsellor",
    }  # fmt: skip


def test_the_counsellors_next_date_and_the_workers_stand_beside_each_other(world, case, sign_in):
    today = timezone.localdate()
    contact(world, case, occasion=occasion(hours_ago=9), sequel=Sequel(next_on=today + dt.timedelta(days=3)))
    counsel(world, case, sequel=Sequel(next_on=today + dt.timedelta(days=2)))
    case.refresh_from_db()
    assert (case.next_act, case.next_due_at) == ("log_counselling", days.end_of_day(today + dt.timedelta(days=2)))
    later = Sequel(next_on=today + dt.timedelta(days=4))
    counsel(world, case, occasion=occasion(hours_ago=1, minutes=30, method="face", place="agency"), sequel=later)
    case.refresh_from_db()
    assert (case.next_act, case.next_due_at) == ("log_contact", days.end_of_day(today + dt.timedelta(days=3)))
    # One act stands on the row, and it is the worker's; the counsellor is told of the own date all the same.
    for person in (world.worker, world.counsellor):
        (act,) = sign_in(person).get("/").context["acts"]
        assert ("疏导" in act["sentence"]) == (person == world.counsellor)


def test_a_counsellor_who_left_the_case_cannot_read_the_own_note(world, case):
    note = counsel(world, case).note
    Case.objects.filter(pk=case.pk).update(counsellor=None)
    assert not access.can(world.counsellor, "view", note)
    other = cast.person("counsellor2", "虞咨询师", world.east_agency, Role.COUNSELLOR)
    Case.objects.filter(pk=case.pk).update(counsellor=other)
    assert not access.can(other, "view", note)
    assert access.can(other, "view", note.record)


def test_the_pages_of_everybody_else_do_not_carry_a_word_of_it(world, case, sign_in):
    record = counsel(world, case)
    for login in ("prosecutor", "unit_head", "manager", "worker", "second", "supervisor"):
        client = sign_in(world.people[login])
        for address in (
            record.get_absolute_url(),
            reverse("cases:detail", args=[case.pk]),
            reverse("cases:records", args=[case.pk]),
        ):
            text = client.get(address).content.decode()
            assert "心理疏导" in text
            assert "祖母" not in text
            assert "沙盘" not in text
    assert "愿意谈祖母" in sign_in(world.counsellor).get(record.get_absolute_url()).content.decode()


@pytest.mark.parametrize("given", [(), ("minor",), ("guardian",)])
def test_without_both_consents_there_is_no_session(world, given):
    case = guided(world, ("psych_counselling",))
    consent(world, case, by=given)
    with pytest.raises(DomainError) as refusal:
        counsel(world, case)
    assert refusal.value.code == "V8"
    assert not ServiceRecord.objects.exists()


def test_a_withdrawn_consent_counts_no_more(world, case):
    Consent.objects.filter(capacity="minor").update(
        withdrawn_at=timezone.now() - timezone.timedelta(days=2), withdrawn_by=world.prosecutor
    )
    with pytest.raises(DomainError) as refusal:
        counsel(world, case)
    assert "未成年人本人" in str(refusal.value.message)


def test_a_test_needs_the_consent_to_testing_as_well(world, case):
    tested = CounsellingDetails(session=1, tested=True)
    with pytest.raises(DomainError) as refusal:
        counsel(world, case, details=tested)
    assert (refusal.value.code, refusal.value.field) == ("V8", "tested")
    consent(world, case, "psych_assessment")
    assert counsel(world, case, details=tested).details["tested"] is True


def test_a_danger_to_life_goes_before_a_signature(world):
    case = guided(world, ("psych_counselling",))
    record = counsel(world, case, sequel=Sequel(crisis="suicide"))
    assert record.crisis == "suicide"


def test_a_missed_session_has_no_note(world, case):
    record = counsel(world, case, occasion=occasion(outcome="not_attended", absence_reason="illness"), note={})
    assert not CounsellingNote.objects.filter(record=record).exists()
    with pytest.raises(DomainError) as refusal:
        counsel(world, case, occasion=occasion(hours_ago=9), note={})
    assert refusal.value.field == "progress"


@pytest.mark.parametrize(
    ("login", "refusal"),
    [
        ("worker", NotYours),
        ("supervisor", NotYours),
        ("manager", NotYours),
        ("prosecutor", NotYours),
        ("unassigned", NotVisible),
    ],
)
def test_nobody_else_logs(world, case, login, refusal):
    with pytest.raises(refusal):
        counsel(world, case, by=world.people[login])


def test_a_missing_consent_is_said_at_the_day_and_the_note_stays(world, sign_in):
    case = guided(world, ("psych_counselling",))
    client, address = sign_in(world.counsellor), reverse("cases:log_counselling", args=[case.pk])
    initial = client.get(address).context["form"].initial
    body = {
        "on": initial["on"], "started": "00:00", "ended": "00:01", "method": "face", "outcome": "on_time", "session": "1",
        "progress": "说出三个身体信号。",
    }
    answer = client.post(address, body)
    assert answer.status_code == 400 and "未成年人本人" in answer.context["form"].errors["on"][0]
    assert not answer.context["form"].non_field_errors() and "说出三个身体信号。" in answer.content.decode()


def test_the_page_says_what_is_missing_and_proposes_the_session(world, sign_in):
    case = guided(world, ("psych_counselling",))
    client = sign_in(world.counsellor)
    address = reverse("cases:log_counselling", args=[case.pk])
    page = client.get(address)
    assert reverse("people:record_consent", args=[case.juvenile_id]) in page.content.decode()
    consent(world, case)
    counsel(world, case, occasion=occasion(hours_ago=30))
    page = client.get(address)
    assert page.context["gaps"] == ""
    assert page.context["form"].initial["session"] == 2
    initial = page.context["form"].initial
    body = {
        "on": initial["on"],
        "started": initial["started"].strftime("%H:%M"),
        "ended": initial["ended"].strftime("%H:%M"),
        "method": "face",
        "outcome": "on_time",
        "session": "2",
        "progress": "说出三个身体信号。",
    }
    assert client.post(address, body).status_code == 302
    assert CounsellingNote.objects.count() == 2


def test_the_counsellor_sees_no_other_record_of_the_case(world, case, sign_in):
    from tests.factories.occasions import contact

    record = contact(world, case)
    assert sign_in(world.counsellor).get(record.get_absolute_url()).status_code == 404
