"""The contact log: short, on a doorstep, with the rules said where the cursor is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django import forms
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, RecordGoal, ServiceRecord
from cases.queries_records import covered_goals
from cases.record_kinds import ContactDetails
from cases.services.assigning import Package, accept_handover, reassign_case
from cases.services.occasions import Sequel
from cases.services.recording import log_contact
from socialwork.access import api as access
from socialwork.audit.models import Event
from socialwork.core.errors import DomainError, Moved, NotVisible, NotYours
from socialwork.core.models import FormDraft
from socialwork.deadlines import calendar as days
from socialwork.people.dossiers import open_dossier
from tests import cast
from tests.factories.occasions import SUMMARY, contact, guided, occasion, plan_in_force


def test_the_first_contact_starts_the_case_and_is_sealed(world):
    case = cast.opened(world)
    record = contact(world, case)
    case.refresh_from_db()
    assert (case.state, case.first_contact_at) == ("in_progress", record.started_at)
    assert (record.state, record.lasted, record.written_late, record.supervisor) == (
        "submitted",
        60,
        False,
        world.supervisor,
    )
    open_dossier(case.juvenile_id).read(record)
    assert record.text["summary"] == SUMMARY
    verbs = Event.objects.filter(thread_id=case.thread_id, at__gte=record.submitted_at).values_list("verb", flat=True)
    assert sorted(verbs) == ["case.started", "service_record.logged"]
    assert Event.objects.get(verb="service_record.logged").facts == {"kind": "contact", "attended": True, "late": False}


def test_a_later_contact_starts_nothing_anew(world):
    case = cast.opened(world)
    first = contact(world, case, occasion=occasion(hours_ago=30))
    contact(world, case, by=world.second)
    case.refresh_from_db()
    assert case.first_contact_at == first.started_at
    assert Event.objects.filter(verb="case.started").count() == 1


def test_the_date_agreed_is_the_next_act_of_a_case_without_a_nearer_clock(world):
    case = guided(world)
    next_on = timezone.localdate() + dt.timedelta(days=4)
    contact(world, case, sequel=Sequel(next_on=next_on))
    case.refresh_from_db()
    assert (case.next_act, case.next_due_at) == ("log_contact", days.end_of_day(next_on))
    contact(world, case, occasion=occasion(hours_ago=1, minutes=30))
    case.refresh_from_db()
    # Nothing agreed: the day the organ named is what remains.
    assert (case.next_act, case.next_due_at) == ("LIMIT", days.end_of_day(case.referral.due_on))


def test_a_contact_written_down_afterwards_does_not_undo_what_was_agreed_later(world):
    case = guided(world)
    next_on = timezone.localdate() + dt.timedelta(days=4)
    contact(world, case, sequel=Sequel(next_on=next_on))
    contact(world, case, occasion=occasion(hours_ago=30), sequel=Sequel(next_on=timezone.localdate()))
    contact(world, case, occasion=occasion(hours_ago=20))
    case.refresh_from_db()
    assert (case.next_act, case.next_due_at) == ("log_contact", days.end_of_day(next_on))


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"occasion": occasion(minutes=-30)}, "V6", "ended"),
        ({"occasion": occasion(hours_ago=1, minutes=1500)}, "V6", "ended"),
        ({"occasion": occasion(hours_ago=-1)}, "V7", "ended"),
        ({"occasion": occasion(method="carrier_pigeon")}, "unknown_term", "method"),
        ({"occasion": occasion(place="moon")}, "unknown_term", "place"),
        ({"occasion": occasion(outcome="perhaps")}, "unknown_term", "outcome"),
        ({"occasion": occasion(outcome="late")}, "required", "late_minutes"),
        ({"occasion": occasion(outcome="not_attended")}, "required", "absence_reason"),
        ({"text": {"summary": ""}}, "required", "summary"),
        ({"text": {"summary": "长" * 501}}, "too_long", "summary"),
        ({"details": ContactDetails(mood=6)}, "scale", "mood"),
        ({"details": ContactDetails(topics=("weather",))}, "unknown_term", "topics"),
        ({"details": ContactDetails(present=("ghost",))}, "unknown_term", "present"),
        ({"details": ContactDetails(duties={"obey": "maybe"})}, "unknown_term", "duties"),
        ({"details": ContactDetails(risk_change="sideways")}, "unknown_term", "risk_change"),
        ({"sequel": Sequel(crisis="boredom")}, "unknown_term", "crisis"),
        ({"sequel": Sequel(next_on=timezone.localdate() - dt.timedelta(days=9))}, "next_on", "next_on"),
        ({"sequel": Sequel(tell_prosecutor="请联系 13900001111")}, "V24", "tell_prosecutor"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(world, more, code, field):
    case = cast.opened(world)
    with pytest.raises(DomainError) as refusal:
        contact(world, case, **more)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not ServiceRecord.objects.exists()
    assert Case.objects.get(pk=case.pk).state == "accepted"


def test_absence_carries_reason_and_class_and_counts_as_no_first_contact(world):
    case = cast.opened(world)
    record = contact(world, case, occasion=occasion(outcome="not_attended", absence_reason="forgot"))
    assert (record.happened, record.attended, record.absence_class) == (True, False, "unacceptable")
    contact(world, case, occasion=occasion(hours_ago=30, outcome="did_not_happen", absence_reason="organ_postponed"))
    assert ServiceRecord.objects.filter(happened=False, absence_class="logistics").count() == 1
    assert Case.objects.get(pk=case.pk).first_contact_at is None
    late = contact(world, case, occasion=occasion(hours_ago=60, outcome="late", late_minutes=15))
    assert (late.attended, late.late_minutes, late.absence_reason) == (True, 15, "")


def test_more_than_48_hours_later_is_marked_late(world):
    case = cast.opened(world)
    assert not contact(world, case, occasion=occasion(hours_ago=47)).written_late
    assert contact(world, case, occasion=occasion(hours_ago=49)).written_late


def test_two_places_at_once_is_a_warning_that_can_be_confirmed(world):
    case = cast.opened(world)
    contact(world, case)
    other = cast.opened(world)
    with pytest.raises(DomainError) as refusal:
        contact(world, other, occasion=occasion(hours_ago=3.5))
    assert (refusal.value.code, refusal.value.field) == ("overlap", "overlap_confirmed")
    contact(world, other, occasion=occasion(hours_ago=3.5), overlap_confirmed=True)
    contact(world, other, by=world.second, occasion=occasion(hours_ago=3.2))


def test_somebody_who_was_taken_along_is_there_as_well(world):
    case = cast.opened(world)
    contact(world, case, occasion=occasion(co_worker=world.second))
    with pytest.raises(DomainError) as refusal:
        contact(world, case, by=world.second)
    assert refusal.value.code == "overlap"
    with pytest.raises(DomainError) as refusal:
        contact(world, case, occasion=occasion(hours_ago=9, co_worker=world.unassigned))
    assert refusal.value.field == "co_worker"


def test_goals_of_the_plan_in_force_are_touched_and_remember_when(world):
    case = guided(world)
    plan_in_force(world, case)
    goals = covered_goals(case)
    assert [goal.last_on for goal in goals] == [None, None]
    record = contact(world, case, goals={goals[0].row.pk: "partly", goals[1].row.pk: ""})
    assert set(RecordGoal.objects.filter(record=record).values_list("result", flat=True)) == {"partly", ""}
    assert [goal.last_on for goal in covered_goals(case)] == [timezone.localdate(record.started_at)] * 2
    plan_in_force(world, case)
    assert [goal.last_on for goal in covered_goals(case)] == [timezone.localdate(record.started_at)] * 2


def test_a_goal_of_another_case_or_an_unknown_result_is_refused(world):
    case, other = guided(world), guided(world)
    plan_in_force(world, case)
    goal = covered_goals(case)[0].row.pk
    with pytest.raises(DomainError):
        contact(world, other, goals={goal: ""})
    with pytest.raises(DomainError):
        contact(world, case, goals={goal: "brilliant"})


def test_a_crisis_and_a_message_are_events_of_their_own(world):
    case = cast.opened(world)
    record = contact(world, case, sequel=Sequel(crisis="suicide", tell_prosecutor="今晚由祖母陪护。"))
    crisis = Event.objects.get(verb="case.crisis_flagged")
    assert (crisis.target_id, crisis.facts) == (case.pk, {"crisis": "suicide", "record": str(record.pk)})
    assert Event.objects.get(verb="case.prosecutor_told").facts == {"record": str(record.pk)}
    assert "祖母" not in str(Event.objects.filter(thread_id=case.thread_id).values_list("facts", flat=True))


@pytest.mark.parametrize(
    ("login", "refusal"),
    [
        ("supervisor", NotYours),
        ("counsellor", NotYours),
        ("manager", NotYours),
        ("prosecutor", NotYours),
        ("unassigned", NotVisible),
        ("worker_elsewhere", NotVisible),
        ("worker_of_former", NotVisible),
        ("suspended", NotVisible),
        ("civil_affairs", NotVisible),
    ],
)
def test_nobody_else_logs(world, login, refusal):
    with pytest.raises(refusal):
        contact(world, cast.opened(world), by=world.people[login])


def test_a_worker_whose_assignment_ended_can_neither_log_nor_read(world):
    case = cast.opened(world)
    record = contact(world, case)
    offer = reassign_case(
        case=case,
        by=world.worker,
        at=timezone.now(),
        function="lead",
        receiver=world.unassigned,
        package=Package("leave", "无"),
    )
    accept_handover(handover=offer, by=world.unassigned, at=timezone.now())
    with pytest.raises(NotVisible):
        contact(world, case, occasion=occasion(hours_ago=9))
    assert not access.can(world.worker, "view", record)
    assert access.can(world.unassigned, "amend_record", record)


def test_an_ended_case_takes_no_more_records(world):
    case = cast.opened(world)
    Case.objects.filter(pk=case.pk).update(
        **{"state": "cancelled", "closed_at": timezone.now(), "closed_by": world.prosecutor, "closure_reason": "moved"}
    )
    with pytest.raises(Moved):
        contact(world, case)


def test_everybody_on_the_case_reads_it_but_the_counsellor(world):
    record = contact(world, cast.opened(world))
    seen = {login for login, person in world.people.items() if access.can(person, "view", record)}
    assert seen == {"prosecutor", "unit_head", "intake", "manager", "worker", "second", "supervisor"}


def test_facts_that_contradict_each_other_are_impossible(world):
    record = contact(world, cast.opened(world))
    rows = ServiceRecord.objects.filter(pk=record.pk)
    for wrong in ({"attended": False}, {"happened": False}, {"co_worker": world.worker}, {"kind": "séance"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(kind="interview")


# ---------------------------------------------------------------- the page


def filled(form: forms.Form, **more) -> dict:
    """What a browser sends of the form as it was opened, and what a person adds."""
    body = {}
    for name, field in form.fields.items():
        value = form.initial.get(name, field.initial)
        if value not in (None, "", False) and not isinstance(value, list | tuple):
            body[name] = value.strftime("%H:%M") if isinstance(value, dt.time) else value
    return body | more


def test_a_routine_contact_asks_for_two_things(world, sign_in):
    """Under two minutes: everything but way and words is proposed; the second time the way is proposed as well."""
    case = cast.opened(world)
    client = sign_in(world.worker)
    address = reverse("cases:log_contact", args=[case.pk])
    form = client.get(address).context["form"]
    asked = [name for name, field in form.fields.items() if field.required and name not in filled(form)]
    assert asked == ["method", "summary"]
    answer = client.post(address, filled(form, method="home_visit", place="home", summary=SUMMARY))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("cases:detail", args=[case.pk]))
    ServiceRecord.objects.update(started_at=timezone.now() - dt.timedelta(days=1))
    form = client.get(address).context["form"]
    assert [name for name, field in form.fields.items() if field.required and name not in filled(form)] == ["summary"]
    assert (form.initial["method"], form.initial["place"]) == ("home_visit", "home")
    assert len([name for name in form.fields if not form[name].is_hidden]) <= 22


def test_the_page_stands_on_three_steps_with_goals_and_when_they_were_covered(world, sign_in):
    case = guided(world)
    plan_in_force(world, case)
    goal = covered_goals(case)[0]
    contact(world, case, goals={goal.row.pk: "done"})
    page = sign_in(world.worker).get(reverse("cases:log_contact", args=[case.pk]))
    assert [section["id"] for section in page.context["sections"]] == ["when", "what", "next"]
    labels = [str(label) for _key, label in page.context["form"].fields["goals"].choices]
    assert "上次" in labels[0]
    assert "尚未涉及" in labels[1]


def test_an_overlap_is_asked_on_the_page_and_the_text_stays(world, sign_in):
    case = cast.opened(world)
    # At ten yesterday, so that the hour at which the test runs does not matter.
    start = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0) - dt.timedelta(days=1)
    half = dt.timedelta(minutes=30)
    contact(world, case, occasion=replace(occasion(), started_at=start, ended_at=start + half))
    client = sign_in(world.worker)
    address = reverse("cases:log_contact", args=[case.pk])
    same = {"on": start.date(), "started": "10:15", "ended": "10:45"}
    body = filled(client.get(address).context["form"], method="phone", summary=SUMMARY, **same)
    refused = client.post(address, body)
    assert refused.status_code == 400
    assert SUMMARY in refused.content.decode()
    assert not refused.context["form"]["overlap_confirmed"].is_hidden
    assert client.post(address, body | {"overlap_confirmed": "on"}).status_code == 302


def test_an_evening_may_pass_midnight_and_a_slip_of_the_pen_may_not(world, sign_in):
    case = cast.opened(world)
    client = sign_in(world.worker)
    address = reverse("cases:log_contact", args=[case.pk])
    before = timezone.localdate() - dt.timedelta(days=2)
    body = filled(client.get(address).context["form"], method="phone", summary=SUMMARY, on=before, started="23:20")
    slip = client.post(address, body | {"ended": "23:10"})
    assert slip.status_code == 400 and slip.context["form"].has_error("ended")
    assert client.post(address, body | {"ended": "00:40"}).status_code == 302
    record = case.records.get()
    assert (timezone.localtime(record.started_at).date(), record.lasted) == (before, 80)


def test_the_message_is_previewed_and_nothing_is_sent(world, sign_in):
    case = cast.opened(world)
    client = sign_in(world.worker)
    address = reverse("cases:log_contact", args=[case.pk])
    body = filled(
        client.get(address).context["form"], method="phone", summary=SUMMARY, tell="on", tell_prosecutor="请知悉。"
    )
    page = client.post(address, body | {"_preview": "1"})
    assert (page.status_code, page.context["preview"]) == (200, "请知悉。")
    assert not ServiceRecord.objects.exists()
    assert client.post(address, body | {"tell_prosecutor": ""}).status_code == 400
    assert client.post(address, body).status_code == 302
    assert Event.objects.filter(verb="case.prosecutor_told").count() == 1


def test_typed_text_is_kept_and_gone_once_submitted(world, sign_in):
    case = cast.opened(world)
    client = sign_in(world.worker)
    saved = client.post(reverse("save_draft", args=["log_contact", case.pk]), {"summary": "写到一半", "_tab": "a"})
    assert saved.status_code == 200
    page = client.get(reverse("cases:log_contact", args=[case.pk]))
    assert page.context["form"]["summary"].value() == "写到一半"
    fresh = filled(page.context["form"], method="phone", summary="写完了")
    assert client.post(reverse("cases:log_contact", args=[case.pk]), fresh).status_code == 302
    assert not FormDraft.objects.exists()


def test_a_double_click_writes_one_record(world, sign_in):
    case = cast.opened(world)
    client = sign_in(world.worker)
    address = reverse("cases:log_contact", args=[case.pk])
    body = filled(
        client.get(address).context["form"],
        method="phone",
        summary=SUMMARY,
        _key="1f0e0d0c-1111-4222-8333-444455556666",
    )
    assert [client.post(address, body).status_code for _ in range(2)] == [302, 302]
    assert ServiceRecord.objects.count() == 1


@pytest.mark.parametrize("text", ["𠮷野家·阿依古丽", "=HYPERLINK(1)", "😀😀", "行一\r\n行二"])
def test_any_text_comes_back_as_it_was_typed(world, sign_in, text):
    case = cast.opened(world)
    record = contact(world, case, text={"summary": text})
    open_dossier(case.juvenile_id).read(record)
    assert record.text["summary"] == text
    assert sign_in(world.worker).get(record.get_absolute_url()).status_code == 200


def test_under_fourteen_a_guardian_consents_or_a_law_is_named(world):
    born = timezone.localdate() - dt.timedelta(days=13 * 366)
    child = cast.child(world, birth_on=born.isoformat())
    case = guided(
        world, juvenile=child, offence_on=timezone.localdate() - dt.timedelta(days=5), subject_type="below_age_offender"
    )
    with pytest.raises(DomainError) as refusal:
        contact(world, case)
    assert (refusal.value.code, refusal.value.field) == ("V9", "statutory_basis")
    record = contact(world, case, details=ContactDetails(statutory_basis="lpm"))
    assert record.details == {"statutory_basis": "lpm"}


def test_the_service_checks_what_the_form_checked(world):
    """The service is called by pages, API and loaders alike."""
    with pytest.raises(DomainError):
        log_contact(
            case=cast.opened(world),
            by=world.worker,
            at=timezone.now(),
            occasion=occasion(),
            details=ContactDetails(),
            text={},
        )


def test_a_topic_chosen_twice_stands_once():
    assert ContactDetails(topics=("tasks", "tasks", "family")).stored() == {"topics": ["tasks", "family"]}
