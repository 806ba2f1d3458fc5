"""Drafting: version 1, several organs, and what is refused before anything is written."""
from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from socialwork.access import api
from socialwork.access.roles import Family
from socialwork.audit.models import Event
from socialwork.core.errors import DomainError, NotVisible, NotYours
from socialwork.organisations import services
from socialwork.organisations.models import Agreement
from tests import cast
from tests.access.matrix.organisations import terms
from tests.socialwork.organisations.agreements import GUIDANCE, TERMS, day, draft, today


def test_a_draft_holds_its_terms_as_version_one_and_gives_no_rights(world):
    row = draft(world)
    version = row.versions.get()
    assert (row.state, row.access_until) == ("draft", day(394))
    assert (version.number, version.valid_from, version.area, version.kind) == (1, today(), [cast.EAST], "purchase")
    assert [(line.service_type, line.quota, line.unit, line.unit_price) for line in version.services.all()] == [
        ("guidance", 10, "per_month", 600)
    ]
    assert not Agreement.objects.filter(Agreement.live(today()), pk=row.pk).exists()
    assert not Agreement.objects.filter(Agreement.readable(today()), pk=row.pk).exists()
    event = Event.objects.get(verb="agreement.drafted", target_id=row.pk)
    assert event.actor_id == world.unit_head.pk and event.facts["parties"] == 1


def test_several_organs_are_parties_and_each_sees_it(world):
    police = cast.organisation("东湖区公安局", "police", Family.ORGAN, cast.EAST)
    head = cast.person("police_head", "关队长", police, "unit_head")
    row = draft(world, parties=[police, world.east_court])
    assert {party.organ for party in row.parties.all()} == {world.east_court, police}
    assert api.can(head, "sign_agreement", row)
    assert not api.can(world.unit_head_elsewhere, "view", row)


def test_civil_affairs_does_not_see_drafts(world):
    assert not api.can(world.civil_affairs, "view", draft(world))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"ends_on": day(-1)}, "ends_on"), ({"starts_on": day(10), "ends_on": day(5)}, "ends_on"), ({"services": []}, None),
        ({"services": [GUIDANCE, GUIDANCE]}, None), ({"terms": {**TERMS, "area": []}}, "area"),
        ({"number": "东检社协〔2026〕1号"}, "number"),
    ],
)
def test_what_cannot_be_agreed_is_refused_and_nothing_is_written(world, more, field):
    before = Agreement.objects.count()
    with pytest.raises(DomainError) as refusal:
        draft(world, **more)
    assert refusal.value.field == field
    assert Agreement.objects.count() == before


def test_a_discarded_draft_frees_its_number(world):
    services.discard_agreement(agreement=draft(world), by=world.unit_head, at=timezone.now())
    assert draft(world).state == "draft"


@pytest.mark.parametrize("state", ["candidate", "recommended", "inspected", "approved", "suspended", "exited"])
def test_only_agencies_on_the_active_list_get_agreements(world, state):
    agency = cast.organisation("晨光社工", "agency_service_org", Family.AGENCY, cast.EAST, state=state)
    with pytest.raises(DomainError) as refusal:
        draft(world, agency=agency)
    assert refusal.value.code == "agency"


def test_an_agency_cannot_be_a_commissioning_party(world):
    with pytest.raises(DomainError) as refusal:
        draft(world, parties=[world.former_agency])
    assert refusal.value.field == "parties"


def test_a_prosecutor_and_a_stranger_are_refused(world):
    with pytest.raises(NotYours):
        draft(world, by=world.prosecutor)
    with pytest.raises(NotVisible):
        draft(world, by=world.unit_head_elsewhere)


def test_the_page_offers_active_agencies_and_keeps_what_was_typed(world, sign_in):
    cast.organisation("晨光社工", "agency_service_org", Family.AGENCY, cast.EAST, state="suspended")
    client = sign_in(world.unit_head)
    address = reverse("organisations:draft_agreement", args=[world.east_court.pk])
    offered = {row.name for row in client.get(address).context["form"].fields["agency"].queryset}
    assert offered == {"启航社工中心", "同行社工中心", "旧约社工中心"}
    body = terms(number="东检社协〔2027〕9号", title="合作协议", agency=str(world.east_agency.pk), area=[])
    refused = client.post(address, body)
    assert refused.status_code == 400
    assert refused.context["form"]["title"].value() == "合作协议"
    assert list(refused.context["form"].errors) == ["area"]
    client.post(address, {**body, "area": [cast.EAST]})
    assert Agreement.objects.get(number="东检社协〔2027〕9号").versions.get().services.get().quota == 12


def test_without_scripts_a_line_is_added_by_the_server(world, sign_in):
    address = reverse("organisations:draft_agreement", args=[world.east_court.pk])
    page = sign_in(world.unit_head).post(address, {**terms(number="甲"), "_add": "lines"})
    assert page.status_code == 200
    assert len(page.context["form"].formsets["lines"].forms) == 2
    assert page.context["form"]["number"].value() == "甲"
