"""The agency asks, the prosecutor answers; the agency's clock stands still in between."""
from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.services.opening import accept_referral
from referrals.models import NO_DUE, Remark
from referrals.services import answer_information, ask_information
from socialwork.access import api
from socialwork.audit.models import Event
from socialwork.core.errors import Moved, NotVisible, NotYours
from socialwork.deadlines.models import Deadline
from tests import cast

QUESTION, ANSWER = "父亲的电话无法接通，是否有其他联系方式？", "可联系其姑姑，电话见监护人一栏。"


def address(row, name):
    return reverse(f"referrals:{name}", args=[row.pk])


def test_asking_stops_the_clock_and_answering_restarts_it(world, sign_in):
    row = cast.issued(world)
    due = row.next_due_at
    assert sign_in(world.intake).post(address(row, "ask_information"), {"question": QUESTION}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.next_act, row.next_due_at) == ("info_requested", "answer_information", NO_DUE)
    assert Deadline.objects.open().of_subject(row).get().paused_at is not None
    page = sign_in(world.prosecutor).get(address(row, "answer_information"))
    assert page.context["question"] == QUESTION
    assert sign_in(world.prosecutor).post(address(row, "answer_information"), {"answer": ANSWER}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.next_act) == ("issued", "accept_referral")
    assert row.next_due_at >= due
    assert Deadline.objects.open().of_subject(row).get().paused_at is None
    events = Event.objects.filter(thread_id=row.pk, verb__startswith="referral.").order_by("at", "id")
    assert [event.verb for event in events][-2:] == ["referral.information_asked", "referral.information_answered"]


def test_a_long_pause_gives_the_rest_of_the_time_back(world):
    row = cast.issued(world)
    asked = timezone.now()
    ask_information(referral=row, by=world.intake, at=asked, question=QUESTION)
    answer_information(referral=row, by=world.prosecutor, at=asked + dt.timedelta(days=20), answer=ANSWER)
    assert row.next_due_at > asked + dt.timedelta(days=20)


def test_both_sides_read_question_and_answer(world, sign_in):
    row = cast.issued(world)
    ask_information(referral=row, by=world.intake, at=timezone.now(), question=QUESTION)
    answer_information(referral=row, by=world.prosecutor, at=timezone.now(), answer=ANSWER)
    for person in (world.prosecutor, world.unit_head, world.intake, world.manager):
        page = sign_in(person).get(address(row, "detail")).content.decode()
        assert QUESTION in page and ANSWER in page


def test_others_are_refused(world):
    row = cast.issued(world)
    for person, refusal in ((world.prosecutor, NotYours), (world.worker, NotVisible), (world.manager_elsewhere, NotVisible)):
        with pytest.raises(refusal):
            ask_information(referral=row, by=person, at=timezone.now(), question=QUESTION)
    ask_information(referral=row, by=world.intake, at=timezone.now(), question=QUESTION)
    for person, refusal in ((world.intake, NotYours), (world.unit_head, NotYours), (world.colleague, NotVisible)):
        with pytest.raises(refusal):
            answer_information(referral=row, by=person, at=timezone.now(), answer=ANSWER)


def test_twice_is_too_late(world):
    row = cast.issued(world)
    ask_information(referral=row, by=world.intake, at=timezone.now(), question=QUESTION)
    with pytest.raises(Moved):
        ask_information(referral=row, by=world.manager, at=timezone.now(), question=QUESTION)


def test_an_empty_question_is_not_sent(world, sign_in):
    row = cast.issued(world)
    response = sign_in(world.intake).post(address(row, "ask_information"), {"question": "  "})
    assert response.status_code == 400 and "question" in response.context["form"].errors


def test_an_agency_whose_agreement_ended_asks_nothing(world, sign_in):
    row = cast.issued(world)
    world.east_agreement.ends_on = timezone.localdate() - dt.timedelta(days=1)
    world.east_agreement.save()
    assert sign_in(world.intake).get(address(row, "detail")).status_code == 200
    assert sign_in(world.intake).post(address(row, "ask_information"), {"question": QUESTION}).status_code == 403
    world.east_agreement.access_until = world.east_agreement.ends_on
    world.east_agreement.save()
    assert sign_in(world.intake).get(address(row, "detail")).status_code == 404


def test_those_on_the_case_read_the_answer_and_no_other_worker_does(world, sign_in):
    row = cast.issued(world)
    ask_information(referral=row, by=world.intake, at=timezone.now(), question=QUESTION)
    answer_information(referral=row, by=world.prosecutor, at=timezone.now(), answer=ANSWER)
    case = accept_referral(
        referral=row, by=world.intake, at=timezone.now(), lead=world.worker, second=world.second, supervisor=world.supervisor
    )
    for person in (world.worker, world.second, world.supervisor, world.intake, world.prosecutor, world.unit_head):
        page = sign_in(person).get(reverse("cases:detail", args=[case.pk])).content.decode()
        assert QUESTION in page and ANSWER in page
    assert not api.permitted(Remark, world.unassigned).exists()
    assert not api.permitted(Remark, world.counsellor).exists()
    assert not api.permitted(Remark, world.worker).filter(kind=Remark.Kind.APPROVE).exists()
