"""When an agreement ends, the agency's access ends with it: the same filter on lists, pages and acts, day by day."""
from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from cases.models import Case
from referrals.models import Referral
from socialwork.access import api, listing
from socialwork.core.errors import DomainError, NotVisible, NotYours
from socialwork.organisations import capacity, services
from socialwork.organisations.models import Agreement, Organisation
from socialwork.people.models import Juvenile
from tests import cast
from tests.socialwork.organisations.agreements import day, today

WORKERS = ("worker", "second", "supervisor", "counsellor")
MANAGERS = ("manager", "intake")


def listed(model, user):
    return [row.pk for row in listing.list_rows(model, user, sort=listing.Sort("next_due_at")).rows]


def sees(model, user, row):
    """The list, the detail page and the question agree."""
    found = api.can(user, "view", row)
    assert (row.pk in listed(model, user)) == found
    assert api.permitted(model, user).filter(pk=row.pk).exists() == found
    return found


def who_sees(world, model, row):
    return {name for name in (*WORKERS, *MANAGERS, "prosecutor", "unit_head") if sees(model, world.people[name], row)}


def move(row, **columns):
    """The agreement as it stands on another day than today: the days are moved instead of the clock."""
    Agreement.objects.filter(pk=row.pk).update(**columns)


ORGAN_SIDE = {"prosecutor", "unit_head"}
EVERYBODY = {*WORKERS, *MANAGERS, *ORGAN_SIDE}


@pytest.mark.parametrize(
    ("columns", "seeing"),
    [
        ({"ends_on": day(0), "access_until": day(30)}, EVERYBODY),
        ({"ends_on": day(-1), "access_until": day(29)}, {*MANAGERS, *ORGAN_SIDE}),
        ({"ends_on": day(-30), "access_until": day(0)}, {*MANAGERS, *ORGAN_SIDE}),
        ({"ends_on": day(-31), "access_until": day(-1)}, ORGAN_SIDE),
        ({"starts_on": day(0)}, EVERYBODY),
        ({"starts_on": day(1)}, ORGAN_SIDE),
        ({"state": "suspended", "stopped_on": day(0), "access_until": day(0)}, {*MANAGERS, *ORGAN_SIDE}),
        ({"state": "suspended", "stopped_on": day(-1), "access_until": day(-1)}, ORGAN_SIDE),
        ({"state": "terminated", "stopped_on": day(-7), "access_until": day(0)}, {*MANAGERS, *ORGAN_SIDE}),
        ({"state": "terminated", "stopped_on": day(-8), "access_until": day(-1)}, ORGAN_SIDE),
    ],
    ids=[
        "last day", "day after the end", "last day of the window", "window over", "first day", "before the first day",
        "suspended today", "suspended, no window", "terminated, last day of the window", "terminated, window over",
    ],
)
def test_a_case_on_the_boundary_days(world, columns, seeing):
    case = cast.opened(world)
    move(world.east_agreement, **columns)
    assert who_sees(world, Case, case) == seeing


@pytest.mark.parametrize(
    ("columns", "seeing"),
    [
        ({"ends_on": day(-1), "access_until": day(0)}, {*MANAGERS, *ORGAN_SIDE}),
        ({"ends_on": day(-2), "access_until": day(-1)}, ORGAN_SIDE),
    ],
    ids=["last day of the window", "window over"],
)
def test_a_referral_on_the_boundary_days(world, columns, seeing):
    referral = cast.issued(world)
    move(world.east_agreement, **columns)
    assert who_sees(world, Referral, referral) == seeing


def test_in_the_window_managers_read_but_nobody_works(world, sign_in):
    case, referral = cast.opened(world), cast.issued(world)
    row = services.suspend_agreement(agreement=world.east_agreement, by=world.unit_head, at=timezone.now(), reason="整改")
    assert row.access_until == day(30)
    for name in MANAGERS:
        assert api.can(world.people[name], "view", case) and api.can(world.people[name], "view", referral)
        assert not api.allowed(world.people[name], referral) & {"accept_referral", "decline_referral", "ask_information"}
        with pytest.raises(NotYours):
            api.require(world.people[name], "assign_staff", case)
    with pytest.raises(NotVisible):
        api.require(world.worker, "log_contact", case)
    assert sign_in(world.manager).get(referral.get_absolute_url()).status_code == 200
    assert sign_in(world.worker).get(case.get_absolute_url()).status_code == 404


def test_the_child_is_forgotten_with_the_case(world):
    case = cast.opened(world)
    assert api.can(world.worker, "view", case.juvenile)
    services.suspend_agreement(agreement=world.east_agreement, by=world.unit_head, at=timezone.now(), reason="整改")
    child = Juvenile.objects.get(pk=case.juvenile_id)
    assert not api.can(world.worker, "view", child)
    assert api.can(world.manager, "view", child) and api.can(world.prosecutor, "view", child)
    move(world.east_agreement, access_until=day(-1), stopped_on=day(-1))
    assert not api.can(world.manager, "view", child)


def test_resuming_gives_access_back(world):
    case = cast.opened(world)
    row = services.suspend_agreement(agreement=world.east_agreement, by=world.unit_head, at=timezone.now(), reason="整改")
    assert not api.can(world.worker, "view", case)
    services.resume_agreement(agreement=row, by=world.unit_head, at=timezone.now())
    assert who_sees(world, Case, case) == EVERYBODY


def test_shortening_the_period_ends_access_on_the_new_day(world):
    from tests.socialwork.organisations.agreements import GUIDANCE, TERMS

    case, row = cast.opened(world), world.east_agreement
    services.change_agreement(
        agreement=row, by=world.unit_head, at=timezone.now(), version=row.version, starts_on=row.starts_on, ends_on=today(),
        hand_over_days=0, valid_from=today(), reason="提前结束", terms=TERMS, services=[GUIDANCE],
    )
    assert who_sees(world, Case, case) == EVERYBODY
    move(row, ends_on=day(-1), access_until=day(-1))
    assert who_sees(world, Case, case) == ORGAN_SIDE


def test_no_referral_goes_to_an_agency_the_registry_suspended(world):
    referral = cast.filled(world)
    case = cast.opened(world)
    Organisation.objects.filter(pk=world.east_agency.pk).update(state="suspended")
    with pytest.raises(DomainError):
        capacity.require_live(world.east_agreement.pk, today=today())
    obstacles = capacity.take_places(
        agreement_id=world.east_agreement.pk, organ_id=world.east_court.pk, agency_id=world.east_agency.pk,
        district=referral.district, services={"social_investigation": 1}, today=today(), referral_id=referral.pk,
    )
    assert len(obstacles.final) == 1 and obstacles.waivable == []
    # The children in care of the agency are not left alone by a decision of the registry.
    assert sees(Case, world.worker, case)


def test_the_agency_of_an_old_agreement_sees_nothing(world):
    for person in (world.intake_of_former, world.worker_of_former):
        assert listed(Case, person) == [] and listed(Referral, person) == []
    assert world.former_agreement.access_until < today() - dt.timedelta(days=300)
