"""To another agency: reason, legal ground, and a package that the new agency reads and the old one does not."""
from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.services.opening import accept_referral
from referrals.models import HandOverPackage, Referral
from referrals.services import approve_referral, edit_referral, submit_referral, transfer_referral
from socialwork.access import api
from socialwork.access.roles import Role
from socialwork.audit.models import Event
from socialwork.core.errors import NotVisible, NotYours
from tests import cast

BODY = {
    "reason_code": "capacity", "reason": "机构人员变动。", "ground": "commission", "done": "已联系监护人一次。",
    "open_matters": "社会调查尚未开始。", "advice": "避免到学校走访。",
}


def address(row, name="transfer_referral"):
    return reverse(f"referrals:{name}", args=[row.pk])


def test_the_referral_ends_and_a_draft_with_the_package_begins(world, sign_in):
    row = cast.issued(world)
    response = sign_in(world.prosecutor).post(address(row), {**BODY, "_key": str(uuid4())})
    draft = Referral.objects.get(previous=row)
    row.refresh_from_db()
    assert response.headers["Location"] == address(draft, "edit_referral")
    assert (row.state, row.reason_code, draft.state, draft.agency) == ("transferred", "capacity", "draft", None)
    assert draft.received_package.referral == row
    assert Event.objects.get(verb="referral.transferred").facts["ground"] == "commission"


@pytest.mark.parametrize("missing", ["reason_code", "reason", "ground", "done", "open_matters"])
def test_nothing_is_transferred_without_reason_ground_and_package(world, sign_in, missing):
    row = cast.issued(world)
    response = sign_in(world.prosecutor).post(address(row), {name: value for name, value in BODY.items() if name != missing})
    assert response.status_code == 400 and missing in response.context["form"].errors
    row.refresh_from_db()
    assert row.state == "issued"


def test_the_new_agency_reads_the_package_once_it_has_the_referral(world, sign_in):
    cast.agreement("东检社协〔2026〕2号", world.west_agency, world.east_court, signer=world.unit_head, area=cast.EAST)
    row = cast.issued(world)
    draft = transfer_referral(referral=row, by=world.prosecutor, at=timezone.now(), **BODY)
    agreement = world.west_agency.agreements.get(number="东检社协〔2026〕2号")
    limit = timezone.localdate() + dt.timedelta(days=10)
    edit_referral(
        referral=draft, by=world.prosecutor, at=timezone.now(), version=draft.version,
        fields={"agency": world.west_agency, "agreement": agreement, "due_on": limit, "due_rule": "D2b"},
        services={"social_investigation": 1},
        paragraphs=[("facts", "简要案情。", True), ("request", "社会调查。", True)],
    )
    previewed = sign_in(world.prosecutor).get(address(draft, "preview_referral")).context["brief"]
    submit_referral(referral=draft, by=world.prosecutor, at=timezone.now())
    approve_referral(referral=draft, by=world.unit_head, at=timezone.now())
    received = sign_in(world.manager_elsewhere).get(address(draft, "detail"))
    assert received.context["brief"] == previewed
    page = received.content.decode()
    assert BODY["done"] in page and BODY["advice"] in page and BODY["reason"] not in page
    old = sign_in(world.intake).get(address(row, "detail")).content.decode()
    assert BODY["done"] not in old and BODY["reason"] not in old and "林小舟" not in old
    assert sign_in(world.intake).get(address(draft, "detail")).status_code == 404
    draft.refresh_from_db()
    those_who_take_it_over_read_the_package(world, sign_in, draft)


def those_who_take_it_over_read_the_package(world, sign_in, draft):
    """It was written for the workers: they find it on the page of the case."""
    people = {
        login: cast.person(login, name, world.west_agency, Role.SOCIAL_WORKER)
        for login, name in (("new_lead", "伍社工"), ("new_second", "岑社工"))
    }
    intake = cast.person("new_intake", "尚接案", world.west_agency, Role.AGENCY_INTAKE)
    case = accept_referral(
        referral=draft, by=intake, at=timezone.now(), lead=people["new_lead"], second=people["new_second"]
    )
    for worker in people.values():
        page = sign_in(worker).get(reverse("cases:detail", args=[case.pk])).content.decode()
        assert BODY["done"] in page and BODY["advice"] in page and BODY["reason"] not in page
    for person in (world.worker_elsewhere, world.worker, world.intake):
        assert not api.permitted(HandOverPackage, person).exists()


def test_what_was_taken_up_is_transferred_with_its_case(world, sign_in):
    row = cast.opened(world).referral
    client = sign_in(world.prosecutor)
    assert client.get(address(row)).status_code == 409
    assert client.post(address(row), BODY).status_code == 409
    assert "transfer_referral" not in str(client.get(address(row, "detail")).context["quiet"])


def test_others_are_refused(world):
    row = cast.issued(world)
    for person, refusal in ((world.unit_head, NotYours), (world.intake, NotYours), (world.colleague, NotVisible)):
        with pytest.raises(refusal):
            transfer_referral(referral=row, by=person, at=timezone.now(), **BODY)
