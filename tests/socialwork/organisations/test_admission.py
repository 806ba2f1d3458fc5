"""The way of an agency through the registry, who goes which step, and what stops it."""
from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from socialwork.core.errors import Blocked, DomainError, Moved, NotVisible, NotYours
from socialwork.organisations import services
from socialwork.organisations.models import Agreement, Inspection, Organisation
from tests.access.matrix import oversight as steps
from tests.socialwork.organisations.agreements import day


def act(name, agency, by, **more):
    return getattr(services, name)(agency=agency, by=by, at=timezone.now(), **more)


def inspect(world, agency, **more):
    facts = {
        "inspected_on": timezone.localdate(), "parts": steps.PARTS, "shortcomings": [], "passed": True,
        "by": world.civil_affairs, **more,
    }
    return act("record_inspection", agency, **facts)


def state_of(agency):
    return Organisation.objects.get(pk=agency.pk).state


def test_from_candidate_to_active_and_out(world):
    agency = steps.active(world)
    assert state_of(agency) == "active"
    act("suspend_agency", agency, world.civil_affairs, reason="人员不足")
    act("readmit_agency", agency, world.civil_affairs, reason="已补足人员")
    act("exit_agency", agency, world.civil_affairs, reason="机构注销")
    assert state_of(agency) == "exited"
    acts = list(agency.registry_entries.order_by("made_at", "id").values_list("act", "reason"))
    assert acts == [
        ("admit_agency", ""), ("activate_agency", ""), ("suspend_agency", "人员不足"), ("readmit_agency", "已补足人员"),
        ("exit_agency", "机构注销"),
    ]


def test_the_credit_code_is_checked_and_registered_once(world):
    facts = {"name": "甲", "short_name": "甲", "kind": "agency_service_org"}
    for code, expected in (("52990101MJ100001XF", "credit_code"), ("5299", "credit_code")):
        with pytest.raises(DomainError) as refusal:
            services.register_agency(
                bureau=world.east_bureau, by=world.civil_affairs, at=timezone.now(), facts={**facts, "credit_code": code}
            )
        assert refusal.value.code == expected
    steps.candidate(world)
    with pytest.raises(DomainError) as refusal:
        steps.candidate(world)
    assert refusal.value.code == "registered"


def test_a_failed_inspection_sends_back_who_is_not_yet_active(world):
    agency = steps.inspected(world)
    inspect(world, agency, passed=False, shortcomings=["staffing"])
    assert state_of(agency) == "recommended"
    with pytest.raises(Moved):
        act("admit_agency", agency, world.unit_head)


def test_a_yearly_check_does_not_move_an_active_agency(world):
    agency = steps.active(world)
    inspect(world, agency, passed=False, shortcomings=["systems"])
    assert state_of(agency) == "active"


def test_no_pass_with_shortcomings_in_words_and_in_the_database(world):
    agency = steps.recommended(world)
    with pytest.raises(DomainError) as refusal:
        inspect(world, agency, shortcomings=["premises"])
    assert refusal.value.field == "passed"
    with pytest.raises(IntegrityError, match="passed_inspection_has_no_shortcomings"), transaction.atomic():
        Inspection.objects.create(
            agency=agency, bureau=world.east_bureau, inspected_by=world.civil_affairs, inspected_on=timezone.localdate(),
            passed=True, shortcomings=["premises"], **steps.PARTS,
        )


def test_an_inspection_of_more_than_a_year_ago_does_not_admit(world):
    agency = steps.inspected(world)
    Inspection.objects.filter(agency=agency).update(inspected_on=timezone.localdate() - dt.timedelta(days=400))
    with pytest.raises(DomainError) as refusal:
        act("admit_agency", agency, world.unit_head)
    assert refusal.value.code == "inspection"


def test_nobody_becomes_active_while_nobody_can_sign_in(world):
    agency = services.admit_agency(agency=steps.inspected(world), by=world.unit_head, at=timezone.now())
    with pytest.raises(DomainError) as refusal:
        act("activate_agency", agency, world.civil_affairs)
    assert refusal.value.code == "no_manager"


def test_running_agreements_hold_an_agency_in_the_registry(world):
    with pytest.raises(Blocked):
        act("exit_agency", world.east_agency, world.civil_affairs, reason="甲")
    Agreement.objects.filter(pk=world.east_agreement.pk).update(ends_on=day(-1), access_until=day(0))
    act("exit_agency", world.east_agency, world.civil_affairs, reason="甲")


def test_an_agency_that_left_comes_back_by_a_new_letter(world):
    agency = act("exit_agency", steps.active(world), world.civil_affairs, reason="停业")
    letter = {"recommended_on": timezone.localdate(), "reason": "已恢复运营"}
    with pytest.raises(DomainError) as refusal:
        act("recommend_agency", agency, world.civil_affairs, letter_number="东民社荐1号", **letter)
    assert refusal.value.field == "letter_number"
    act("recommend_agency", Organisation.objects.get(pk=agency.pk), world.civil_affairs, letter_number="东民社荐2号", **letter)
    assert state_of(agency) == "recommended"


def test_the_bureau_of_another_district_and_the_organ_have_no_say(world):
    agency = steps.recommended(world)
    with pytest.raises(NotVisible):
        inspect(world, agency, by=world.civil_affairs_elsewhere)
    with pytest.raises(NotYours):
        inspect(world, agency, by=world.unit_head)
    with pytest.raises(NotYours):
        act("admit_agency", steps_admissible(world, agency), world.civil_affairs)


def steps_admissible(world, agency):
    inspect(world, agency)
    return Organisation.objects.get(pk=agency.pk)
