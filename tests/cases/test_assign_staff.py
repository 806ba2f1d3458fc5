"""The manager says who supervises and who counsels."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Assignment, ServiceRecord
from cases.services.assigning import assign_staff
from socialwork.access import api as access
from socialwork.access.roles import Role
from socialwork.audit.models import Event
from socialwork.core.errors import Blocked, DomainError, NotVisible, NotYours, Stale
from tests import cast
from tests.factories.occasions import contact


@pytest.fixture
def another_supervisor(world):
    return cast.person("supervisor2", "岑督导", world.east_agency, Role.SUPERVISOR)


def change(world, case, **more):
    values = {"by": world.manager, "supervisor": world.supervisor, "counsellor": world.counsellor, **more}
    return assign_staff(case=case, at=timezone.now(), version=values.pop("version", case.version), **values)


def test_a_new_supervisor_takes_over_what_waits(world, another_supervisor):
    case = cast.opened(world)
    record = contact(world, case)
    case.refresh_from_db()
    change(world, case, supervisor=another_supervisor)
    case.refresh_from_db()
    assert case.supervisor == another_supervisor
    assert ServiceRecord.objects.get(pk=record.pk).supervisor == another_supervisor
    assert not access.can(world.supervisor, "view", case)
    spans = Assignment.objects.filter(case=case, function="supervisor").order_by("held")
    assert [span.worker for span in spans] == [world.supervisor, another_supervisor]
    assert spans[0].held.upper == spans[1].held.lower
    assert Event.objects.get(verb="case.staff_assigned").facts == {"supervisor": str(another_supervisor.pk)}


def test_a_function_may_stay_empty(world):
    case = cast.opened(world)
    change(world, case, counsellor=None)
    case.refresh_from_db()
    assert case.counsellor is None
    assert Assignment.objects.get(case=case, function="counsellor").held.upper is not None


def test_nothing_changed_is_nothing_written(world):
    case = cast.opened(world)
    change(world, case)
    assert not Event.objects.filter(verb="case.staff_assigned").exists()


def test_a_stale_page_is_told(world, another_supervisor):
    case = cast.opened(world)
    change(world, case, supervisor=another_supervisor)
    with pytest.raises(Stale):
        change(world, case, supervisor=None)


def test_the_own_work_is_not_supervised_and_people_must_be_in_order(world, another_supervisor):
    case = cast.opened(world)
    world.worker.roles = [Role.SOCIAL_WORKER, Role.SUPERVISOR]
    world.worker.save(update_fields=["roles"])
    with pytest.raises(DomainError) as refusal:
        change(world, case, supervisor=world.worker)
    assert refusal.value.field == "supervisor"
    another_supervisor.staff.undertaking_on = None
    another_supervisor.staff.save()
    with pytest.raises(Blocked) as blocked:
        change(world, case, supervisor=another_supervisor)
    assert [field for field, _ in blocked.value.blockers] == ["supervisor"]


@pytest.mark.parametrize(
    ("login", "refusal"),
    [("worker", NotYours), ("supervisor", NotYours), ("prosecutor", NotYours), ("manager_elsewhere", NotVisible)],
)
def test_nobody_else_assigns(world, login, refusal):
    with pytest.raises(refusal):
        change(world, cast.opened(world), by=world.people[login], supervisor=None)


def test_the_page_saves(world, sign_in):
    case = cast.opened(world)
    client = sign_in(world.manager)
    address = reverse("cases:assign_staff", args=[case.pk])
    assert client.get(address).status_code == 200
    body = {"supervisor": str(world.supervisor.pk), "counsellor": "", "_version": str(case.version)}
    assert client.post(address, body).status_code == 302
    case.refresh_from_db()
    assert (case.supervisor, case.counsellor) == (world.supervisor, None)
    assert client.post(address, {**body, "supervisor": ""}).status_code == 409
