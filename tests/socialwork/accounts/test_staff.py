"""The staff list: roles, records, leaving and coming back. Nobody promotes, vouches for or closes oneself."""
from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from socialwork.access.roles import Role
from socialwork.accounts import presenters, registry, services
from socialwork.accounts.models import AccessToken, Certificate, StaffRecord, User
from socialwork.core.errors import DomainError, Moved, NotVisible, NotYours, Stale
from tests import cast
from tests.socialwork.organisations.races import at_once


def act(name, person, by, **more):
    return getattr(services, name)(person=person, by=by, at=timezone.now(), **more)


@pytest.fixture
def open_work():
    """Matters that hang on people, as the apps above would count them."""
    held: dict[object, int] = {}

    def count(person):
        return held.get(person.pk, 0)

    registry.open_work.append(count)
    yield held
    registry.open_work.remove(count)


def test_roles_change_at_the_next_request(world, sign_in):
    client = sign_in(world.worker)
    assert client.get(reverse("accounts:staff")).status_code == 404
    act("change_roles", world.worker, world.manager, roles=["agency_manager", "social_worker"])
    assert client.get(reverse("accounts:staff")).status_code == 200


@pytest.mark.parametrize("roles", [[], ["organ_admin"], ["auditor"], ["prosecutor"], ["social_worker", "system_operator"]])
def test_roles_that_cannot_be_given(world, roles):
    with pytest.raises(DomainError) as refusal:
        act("change_roles", world.worker, world.manager, roles=roles)
    assert refusal.value.field == "roles"


def test_nobody_changes_oneself_and_managers_do_not_touch_administrators(world):
    admin = cast.person("agency_admin", "简管理员", world.east_agency, Role.ORGAN_ADMIN)
    for name, more in (("change_roles", {"roles": ["agency_manager"]}), ("close_account", {}), ("renew_password", {})):
        with pytest.raises(NotYours):
            act(name, world.manager, world.manager, **more)
        with pytest.raises(NotYours):
            act(name, admin, world.manager, **more)
        with pytest.raises(NotVisible):
            act(name, world.worker, world.manager_elsewhere, **more)
    with pytest.raises(NotYours):
        act("close_account", world.auditor, world.organ_admin)


def test_the_database_keeps_auditors_apart(world):
    with pytest.raises(IntegrityError, match="administrators_hold_one_role"), transaction.atomic():
        User.objects.filter(pk=world.auditor.pk).update(roles=["auditor", "prosecutor"])


def test_a_closed_account_ends_at_the_next_request(world, sign_in):
    client = sign_in(world.worker)
    AccessToken.objects.create(user=world.worker, digest=AccessToken.digest_of("key"))
    act("close_account", world.worker, world.manager)
    assert client.get("/").headers["Location"].startswith(reverse("accounts:sign_in"))
    assert not AccessToken.objects.filter(user=world.worker).exists()
    assert StaffRecord.objects.get(user=world.worker).left_on == timezone.localdate()
    with pytest.raises(Moved):
        act("close_account", world.worker, world.manager)


def test_open_matters_are_handed_over_first(world, open_work):
    open_work[world.worker.pk] = 2
    for name, more in (("close_account", {}), ("change_roles", {"roles": ["agency_intake"]})):
        with pytest.raises(DomainError) as refusal:
            act(name, world.worker, world.manager, **more)
        assert refusal.value.code == "open_work"
    act("change_roles", world.worker, world.manager, roles=["agency_intake", "social_worker"])
    open_work.clear()
    act("close_account", world.worker, world.manager)


def test_coming_back_needs_a_new_password(world):
    opened = act("reopen_account", world.suspended, world.manager)
    assert opened.person.is_active and opened.person.check_password(opened.password)
    assert opened.person.one_time_until is not None
    with pytest.raises(Moved):
        act("reopen_account", world.suspended, world.manager)


def edit(world, **more):
    facts = {
        "staff": world.worker.staff, "by": world.manager, "at": timezone.now(), "version": world.worker.staff.version,
        "record": {"background_check_on": timezone.localdate()}, **more,
    }
    return services.edit_staff_record(**facts)


def test_the_staff_record_is_kept_by_another_person(world):
    assert edit(world).background_check_on == timezone.localdate()
    with pytest.raises(Stale):
        edit(world, version=1)
    with pytest.raises(NotYours):
        edit(world, staff=world.manager.staff)
    with pytest.raises(DomainError) as refusal:
        edit(world, record={"undertaking_on": timezone.localdate() + dt.timedelta(days=1)})
    assert refusal.value.field == "undertaking_on"


def test_certificates_are_recorded_once_and_in_order(world):
    facts = {"staff": world.worker.staff, "by": world.manager, "at": timezone.now(), "kind": "teacher", "number": "2024-1"}
    day = dt.date(2024, 5, 1)
    row = services.add_certificate(**facts, issued_on=day, valid_until=None)
    for more, field in (
        ({"issued_on": day, "valid_until": None}, "number"),
        ({"issued_on": day, "valid_until": day - dt.timedelta(days=1)}, "valid_until"),
        ({"issued_on": timezone.localdate() + dt.timedelta(days=2), "valid_until": None}, "issued_on"),
    ):
        with pytest.raises(DomainError) as refusal:
            services.add_certificate(**facts, **more)
        assert refusal.value.field == field
    services.remove_certificate(certificate=row, by=world.manager, at=timezone.now())
    with pytest.raises(Moved):
        services.remove_certificate(certificate=row, by=world.manager, at=timezone.now())


def test_the_database_keeps_days_in_order(world):
    staff = world.worker.staff
    with pytest.raises(IntegrityError, match="left_after_employed"), transaction.atomic():
        StaffRecord.objects.filter(pk=staff.pk).update(employed_on=dt.date(2026, 2, 1), left_on=dt.date(2026, 1, 1))
    with pytest.raises(IntegrityError, match="certificate_ends_after_issue"), transaction.atomic():
        Certificate.objects.create(
            staff=staff, kind="teacher", issued_on=dt.date(2026, 2, 1), valid_until=dt.date(2026, 1, 1)
        )


@pytest.mark.parametrize(("ago", "text"), [(0, "还有 365 天到期"), (364, "还有 1 天到期"), (365, "今日到期"), (366, "已过期 1 天")])
def test_due_words_of_the_background_check(world, ago, text):
    today = dt.date(2026, 11, 22)
    staff = StaffRecord(background_check_on=today - dt.timedelta(days=ago))
    assert presenters.check_due(staff, today)["text"] == text
    assert staff.background_check_valid(today) == (ago <= 365)


def test_closing_twice_at_the_same_moment_closes_once(committed):
    outcomes = at_once(
        lambda: act("close_account", committed.worker, committed.manager),
        lambda: act("close_account", committed.worker, committed.manager),
    )
    assert outcomes == ["done", "moved"]


def test_two_administrators_cannot_close_each_other(committed):
    other = cast.person("other_admin", "孔管理员", committed.east_court, Role.ORGAN_ADMIN)
    outcomes = at_once(
        lambda: act("close_account", other, committed.organ_admin), lambda: act("close_account", committed.organ_admin, other)
    )
    assert outcomes == ["done", "forbidden"]
    assert User.objects.filter(pk__in=[other.pk, committed.organ_admin.pk], is_active=True).count() == 1
