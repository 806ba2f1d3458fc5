"""The agency accepts: a case with two workers in order, or a sentence that says what is missing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cases.models import Assignment, Case
from cases.services.opening import accept_referral
from referrals.models import IssuedDocument, Referral
from socialwork.access.roles import Role
from socialwork.accounts.models import Certificate
from socialwork.audit.models import Event
from socialwork.core.errors import Blocked, Moved, NotVisible, NotYours
from socialwork.deadlines.models import Deadline
from tests import cast
from tests.factories.occasions import at_once


def accept(world, referral, **more):
    values = {"by": world.intake, "lead": world.worker, "second": world.second, **more}
    return accept_referral(referral=referral, at=timezone.now(), **values)


def test_accepting_opens_a_case_with_lead_and_second(world):
    case = cast.opened(world)
    assert case.state == "accepted"
    assert set(Assignment.objects.filter(case=case).values_list("function", "worker__login")) == {
        ("lead", "worker"),
        ("second", "second"),
        ("supervisor", "supervisor"),
        ("counsellor", "counsellor"),
    }
    assert case.referral.state == "accepted"
    assert case.next_act == "D2b"
    verbs = list(Event.objects.filter(thread_id=case.thread_id).order_by("at", "id").values_list("verb", flat=True))
    assert verbs == [
        "referral.drafted",
        "referral.edited",
        "referral.submitted",
        "referral.approved",
        "referral.accepted",
        "case.opened",
    ]


def test_the_organ_gets_the_acknowledgement_and_the_clock_goes_to_the_lead(world):
    case = cast.opened(world)
    assert IssuedDocument.objects.filter(referral=case.referral, kind="F03").count() == 1
    clock = Deadline.objects.open().get(subject_id=case.pk)
    assert (clock.code, clock.owner_id, clock.started_at) == ("D2b", world.worker.pk, case.referral.issued_at)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("background_check_on", timezone.localdate() - dt.timedelta(days=400)),
        ("background_check_on", None),
        ("undertaking_on", None),
        ("legal_training_on", None),
        ("left_on", timezone.localdate() - dt.timedelta(days=1)),
    ],
)
def test_a_worker_who_is_not_in_order_is_refused_and_nothing_is_written(world, column, value):
    referral = cast.issued(world)
    staff = world.worker.staff
    setattr(staff, column, value)
    staff.save()
    with pytest.raises(Blocked) as refusal:
        accept(world, referral)
    assert [field for field, _ in refusal.value.blockers] == ["lead"]
    referral.refresh_from_db()
    assert (referral.state, Case.objects.count(), IssuedDocument.objects.filter(kind="F03").count()) == ("issued", 0, 0)


def test_a_lead_needs_a_certificate_of_social_work_a_second_does_not(world):
    referral = cast.issued(world)
    Certificate.objects.filter(staff__user__in=[world.worker, world.second]).delete()
    with pytest.raises(Blocked) as refusal:
        accept(world, referral)
    assert [field for field, _ in refusal.value.blockers] == ["lead"]


def test_nobody_is_both_workers_and_nobody_supervises_the_own_work(world):
    referral = cast.issued(world)
    with pytest.raises(Blocked) as refusal:
        accept(world, referral, second=world.worker)
    assert "second" in [field for field, _ in refusal.value.blockers]
    world.worker.roles = [Role.SOCIAL_WORKER, Role.SUPERVISOR]
    world.worker.save(update_fields=["roles"])
    with pytest.raises(Blocked) as refusal:
        accept(world, referral, supervisor=world.worker)
    assert [field for field, _ in refusal.value.blockers] == ["supervisor"]


def test_people_of_another_agency_or_without_the_function_cannot_be_given_a_case(world):
    referral = cast.issued(world)
    with pytest.raises(Blocked) as refusal:
        accept(world, referral, lead=world.worker_elsewhere, counsellor=world.supervisor)
    assert [field for field, _ in refusal.value.blockers] == ["lead", "counsellor"]


def test_nobody_works_for_both_sides_of_one_matter(world):
    cast.opened(world, incident="matter-1")
    other = cast.issued(world, incident="matter-1", subject_type="juvenile_victim", services=("psych_counselling",))
    with pytest.raises(Blocked) as refusal:
        accept(world, other)
    assert [field for field, _ in refusal.value.blockers] == ["lead", "second"]
    accept(world, other, lead=world.unassigned, second=world.former_worker)


def test_the_limit_of_the_caseload_stops(world):
    cast.opened(world)
    world.east_agency.caseload_warn, world.east_agency.caseload_block = 1, 1
    world.east_agency.save()
    with pytest.raises(Blocked):
        accept(world, cast.issued(world))


@pytest.mark.parametrize(
    ("login", "refusal"),
    [
        ("manager_elsewhere", NotVisible),
        ("worker", NotVisible),
        ("supervisor", NotVisible),
        ("prosecutor", NotYours),
        ("unit_head", NotYours),
        ("intake_of_former", NotVisible),
        ("civil_affairs", NotVisible),
    ],
)
def test_nobody_else_accepts(world, login, refusal):
    referral = cast.issued(world)
    with pytest.raises(refusal):
        accept(world, referral, by=world.people[login])


def test_a_second_acceptance_comes_too_late(world):
    referral = cast.issued(world)
    accept(world, referral)
    with pytest.raises(Moved):
        accept(world, referral)
    assert Case.objects.filter(referral=referral).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_one_opens_the_case():
    call_command("load_reference", verbosity=0)
    world = cast.build_world()
    referral = cast.issued(world)

    def act(by):
        return lambda: accept(world, Referral.objects.get(pk=referral.pk), by=by)

    assert at_once(act(world.intake), act(world.manager)) == ["done", "moved"]
    assert Case.objects.filter(referral=referral).count() == 1


def test_a_case_without_a_worker_is_impossible(world):
    case = cast.opened(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(case=case, function="lead").delete()
        connection_checks()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(lead=world.unassigned)
        connection_checks()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(second=case.lead)


def connection_checks() -> None:
    """Deferred rules are judged now."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_page_shows_who_cannot_be_chosen_and_why(world, sign_in):
    referral = cast.issued(world)
    staff = world.former_worker.staff
    staff.background_check_on = None
    staff.save()
    page = sign_in(world.intake).get(reverse("cases:accept_referral", args=[referral.pk]))
    form = page.context["form"]
    offered = {key for key, _label in form.fields["lead"].choices}
    assert str(world.worker.pk) in offered
    assert str(world.former_worker.pk) not in offered
    assert "背景审查" in page.content.decode()


def test_a_double_click_opens_one_case(world, sign_in):
    referral = cast.issued(world)
    client = sign_in(world.intake)
    body = {"lead": world.worker.pk, "second": world.second.pk, "_key": "0f0e0d0c-1111-4222-8333-444455556666"}
    address = reverse("cases:accept_referral", args=[referral.pk])
    first, second = client.post(address, body), client.post(address, body)
    assert (first.status_code, first.headers["Location"]) == (302, second.headers["Location"])
    assert Case.objects.count() == 1


def test_what_is_missing_stands_at_its_field(world, sign_in):
    referral = cast.issued(world)
    answer = sign_in(world.intake).post(
        reverse("cases:accept_referral", args=[referral.pk]), {"lead": world.worker.pk, "second": world.worker.pk}
    )
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["second"]
