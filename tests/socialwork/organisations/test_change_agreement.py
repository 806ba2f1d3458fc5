"""A change is a new version: the old terms stay readable, places and access follow the new ones."""
from __future__ import annotations

import datetime as dt

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from socialwork.core.errors import DomainError, Moved, NotYours, Stale
from socialwork.organisations import capacity, services
from socialwork.organisations.models import AgreementVersion
from tests import cast
from tests.access.matrix.organisations import terms
from tests.socialwork.organisations.agreements import GUIDANCE, TERMS, change, day, draft, signed, today


def test_a_change_writes_a_new_version_and_leaves_the_old_one(world):
    row = signed(world)
    change(row, world.unit_head, services=[{**GUIDANCE, "quota": 25, "unit_price": 650}])
    old, new = row.versions.order_by("number")
    assert [(line.quota, line.unit_price) for line in old.services.all()] == [(10, 600)]
    assert [(line.quota, line.unit_price) for line in new.services.all()] == [(25, 650)]
    assert (new.number, new.change_reason, new.made_by) == (2, "名额不足", world.unit_head)
    assert capacity.places([row.pk], today=today())[row.pk, "guidance"].quota == 25


def test_the_database_refuses_to_change_a_version(world):
    row = signed(world)
    with pytest.raises(ProgrammingError, match="never changed"), transaction.atomic():
        AgreementVersion.objects.filter(agreement=row).update(response_hours=1)


def test_terms_of_a_later_day_count_from_that_day(world):
    row = signed(world)
    change(row, world.unit_head, valid_from=day(30), services=[{**GUIDANCE, "quota": 25}])
    quotas = [capacity.places([row.pk], today=when)[row.pk, "guidance"].quota for when in (today(), day(29), day(30))]
    assert quotas == [10, 10, 25]


def test_another_end_moves_the_access_of_the_agency(world):
    row = signed(world)
    change(row, world.unit_head, ends_on=day(10), hand_over_days=5)
    row.refresh_from_db()
    assert (row.ends_on, row.access_until, row.state) == (day(10), day(15), "active")
    change(row, world.unit_head, ends_on=day(200), hand_over_days=60)
    row.refresh_from_db()
    assert (row.ends_on, row.access_until) == (day(200), day(260))
    assert [version.ends_on for version in row.versions.order_by("number")] == [day(364), day(10), day(200)]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"services": [GUIDANCE]}, "unchanged"), ({"ends_on": day(-1)}, "reversed"),
        ({"starts_on": day(5), "ends_on": day(300)}, "start"), ({"reason": "", "ends_on": day(100)}, "reason"),
        ({"valid_from": day(-1), "ends_on": day(100)}, "valid_from"), ({"valid_from": day(101), "ends_on": day(100)}, "valid_from"),
        ({"terms": {**TERMS, "area": []}}, "area"),
    ],
)
def test_refusals(world, more, code):
    row = signed(world)
    with pytest.raises(DomainError) as refusal:
        change(row, world.unit_head, **more)
    assert refusal.value.code == code
    assert row.versions.count() == 1


def test_who_wrote_on_an_older_text_is_shown_both(world):
    row = signed(world)
    change(row, world.unit_head, ends_on=day(300))
    with pytest.raises(Stale) as refusal:
        change(row, world.unit_head, ends_on=day(200))
    assert refusal.value.theirs["ends_on"] == day(300)
    assert row.versions.count() == 2


def test_an_ended_agreement_is_not_prolonged(world):
    row = world.former_agreement
    with pytest.raises(DomainError) as refusal:
        change(row, world.unit_head, ends_on=day(100))
    assert refusal.value.code == "ended"


def test_a_terminated_agreement_is_not_changed(world):
    row = services.terminate_agreement(
        agreement=signed(world), by=world.unit_head, at=timezone.now(), reason="停业", hand_over_days=0
    )
    with pytest.raises(Moved):
        change(row, world.unit_head, ends_on=day(100))


def test_the_agency_cannot_change_what_was_agreed(world):
    with pytest.raises(NotYours):
        change(signed(world), world.manager, ends_on=day(100))


def test_a_draft_may_begin_on_another_day_and_needs_no_reason(world):
    row = draft(world)
    change(row, world.unit_head, starts_on=day(20), ends_on=day(400), reason="")
    row.refresh_from_db()
    assert (row.starts_on, row.ends_on) == (day(20), day(400))
    assert row.versions.order_by("-number").first().valid_from == day(20)


def test_the_page_begins_from_the_terms_in_force_and_compares(world, sign_in):
    row, client = signed(world), sign_in(world.unit_head)
    address = reverse("organisations:change_agreement", args=[row.pk])
    form = client.get(address).context["form"]
    assert form["ends_on"].value() == row.ends_on
    assert [line["quota"].value() for line in form.formsets["lines"].forms] == [10]
    body = terms(
        starts_on=row.starts_on, ends_on=row.ends_on, hand_over_days=30, valid_from=today(), change_reason="增加名额",
        _version=row.version, **{"lines-INITIAL_FORMS": 1},
    )
    assert client.post(address, body).status_code == 302
    rows = client.get(reverse("organisations:compare_versions", args=[row.pk])).context["rows"]
    assert [(entry["label"], entry["old"], entry["new"]) for entry in rows] == [
        ("观护帮教", "10个名额、每月600.00元", "12个名额、每月650.00元")
    ]


def test_a_version_that_does_not_exist_is_not_found(world, sign_in):
    address = reverse("organisations:compare_versions", args=[world.east_agreement.pk])
    client = sign_in(world.unit_head)
    assert client.get(address, {"old": "9"}).status_code == 404
    assert client.get(address, {"old": "x", "new": "1"}).status_code == 404
    assert client.get(address).status_code == 200


def test_the_version_a_text_was_begun_from_survives_a_mistake(world, sign_in):
    row, client = signed(world), sign_in(world.unit_head)
    address = reverse("organisations:change_agreement", args=[row.pk])
    body = terms(starts_on=row.starts_on, valid_from=today(), change_reason="", _version=row.version)
    change(row, world.unit_head, ends_on=row.ends_on - dt.timedelta(days=1))
    assert client.post(address, body).context["version"] == str(row.version)
    conflict = client.post(address, {**body, "change_reason": "增加名额"})
    assert conflict.status_code == 409
    assert conflict.context["theirs"]["ends_on"] == day(363)


def test_a_price_is_never_negative_and_quotas_are_numbers(world, sign_in):
    client = sign_in(world.unit_head)
    address = reverse("organisations:draft_agreement", args=[world.east_court.pk])
    body = terms(
        number="甲", title="乙", agency=str(world.east_agency.pk), **{"lines-0-unit_price": "-1", "lines-0-quota": "0"}
    )
    refused = client.post(address, body)
    assert refused.status_code == 400
    assert sorted(refused.context["form"].formsets["lines"].errors[0]) == ["quota", "unit_price"]
    assert cast.EAST in refused.context["form"]["area"].value()
