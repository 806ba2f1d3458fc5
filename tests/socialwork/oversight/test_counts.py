"""Counts for civil affairs: of the own district, numbers only, and nothing else of these matters is open to it."""
from __future__ import annotations

from django.urls import reverse

from socialwork.access import api, listing
from socialwork.oversight import queries
from socialwork.oversight.wording import Group
from tests import cast

COUNTS = "oversight:counts"


def counted(world):
    agencies = queries.counted_agencies(world.civil_affairs)
    return queries.work_counts(queries.agreed_services(agencies))


def test_each_service_asked_stands_in_one_group(world):
    cast.opened(world)
    cast.issued(world)
    cast.filled(world)
    agency = world.east_agency.pk
    assert counted(world) == {
        (agency, "social_investigation", Group.RUNNING): 1, (agency, "social_investigation", Group.WAITING): 1,
    }


def test_only_agencies_of_the_own_district(world):
    assert {row.name for row in queries.counted_agencies(world.civil_affairs)} == {"启航社工中心", "旧约社工中心"}
    assert {row.name for row in queries.counted_agencies(world.civil_affairs_elsewhere)} == {"同行社工中心"}
    assert queries.counted_agencies(world.prosecutor) == []


def test_rows_do_not_tell_that_something_happened(world):
    before = queries.agreed_services(queries.counted_agencies(world.civil_affairs))
    cast.opened(world)
    assert queries.agreed_services(queries.counted_agencies(world.civil_affairs)) == before
    assert before[world.east_agency.pk][-1] == queries.OTHER_SERVICES


def test_the_page_shows_no_small_number_and_no_child(world, sign_in):
    case = cast.opened(world)
    page = sign_in(world.civil_affairs).get(reverse(COUNTS))
    cells = {str(cell) for row in page.context["table"]["rows"] for cell in row["cells"]}
    assert cells <= {"<5", "*"}
    for secret in ("林小舟", case.juvenile.code, case.number, case.referral.number):
        assert secret not in page.content.decode()


def test_civil_affairs_opens_no_matter_of_a_child(world, sign_in):
    case = cast.opened(world)
    client = sign_in(world.civil_affairs)
    for row in (case, case.referral, case.juvenile):
        assert not api.can(world.civil_affairs, "view", row)
        assert client.get(row.get_absolute_url()).status_code == 404
        assert listing.row_ids(type(row), world.civil_affairs) == []


def test_places_and_prices_of_an_agreement_are_the_parties_own(world, sign_in):
    cast.opened(world)
    address = reverse("organisations:agreement", args=[world.east_agreement.pk])
    seen = {name: sign_in(world.people[name]).get(address).context["services"] for name in ("civil_affairs", "manager", "intake")}
    assert len(seen["civil_affairs"]["columns"]) == 2
    assert len(seen["manager"]["columns"]) == 8
    assert len(seen["intake"]["columns"]) == 6
