"""One box over what a person may see: masked matches before anything new is begun."""
from __future__ import annotations

import pytest
from django.urls import reverse

from socialwork.audit.models import Access
from socialwork.people import queries
from tests import cast
from tests.referrals.bodies import id_number


def found(client, text):
    return client.post(reverse("people:find"), {"q": text})


def codes(response):
    table = response.context["worklist"]
    return [row["cells"][0]["sub"] or row["cells"][0]["text"] for row in table["rows"]] if table else None


@pytest.mark.parametrize("text", ["林小", "小舟", " 林小舟 ", "5678", "10012345678"])
def test_part_of_the_name_or_the_phone_is_enough(world, sign_in, text):
    child = cast.draft(world).juvenile
    assert codes(found(sign_in(world.prosecutor), text)) == [child.code]


def test_the_work_code_is_found_as_it_is_typed(world, sign_in):
    child = cast.draft(world).juvenile
    assert codes(found(sign_in(world.prosecutor), child.code.lower().removeprefix("j-"))) == [child.code]


def test_the_whole_id_number_is_found(world, sign_in):
    number = id_number()
    child = cast.child(world, id_number=number, birth_on="2011-04-18")
    assert codes(found(sign_in(world.prosecutor), number)) == [child.code]
    assert codes(found(sign_in(world.prosecutor), number[:17] + ("1" if number[17] != "1" else "2"))) == []


def test_the_number_of_another_paper_is_found(world, sign_in):
    child = cast.child(world, id_type="passport", id_number="E1234567", birth_on="2011-04-18")
    assert codes(found(sign_in(world.prosecutor), "e1234567")) == [child.code]


def test_a_number_is_not_looked_for_as_a_name(world, django_assert_num_queries):
    """One statement, and none of the dozen parts that a name of eighteen characters would have."""
    for text in (id_number(), "10012345678", "林小舟"):
        with django_assert_num_queries(1) as sent:
            queries._candidates(world.east_court.pk, text)
        assert sent.captured_queries[0]["sql"].count("people_searchtoken\" WHERE") + sent.captured_queries[0]["sql"].count("U0 WHERE") <= 2


def test_a_match_is_masked_and_says_year_district_and_state(world, sign_in):
    cast.issued(world)
    response = found(sign_in(world.prosecutor), "林小")
    name, born, district, state, matter = response.context["worklist"]["rows"][0]["cells"]
    assert name["text"] == "林某某"
    assert len(born) == 4 and born.isdigit()
    assert district == "朝阳区"
    assert str(state["state"]["label"]) == "在办"
    assert matter["text"].startswith("东检未委〔")
    assert "林小舟" not in response.content.decode().replace('value="林小"', "")


def test_nobody_finds_the_child_of_a_colleague(world, sign_in):
    cast.draft(world)
    for person in (world.colleague, world.prosecutor_elsewhere, world.intake, world.worker, world.unit_head_elsewhere):
        assert codes(found(sign_in(person), "林小")) == []


def test_the_agency_finds_a_child_once_it_has_accepted(world, sign_in):
    case = cast.opened(world)
    assert codes(found(sign_in(world.worker), "林小")) == [case.juvenile.code]
    assert codes(found(sign_in(world.unassigned), "林小")) == []


def test_who_works_with_codes_is_not_led_to_a_file_by_a_name(world, sign_in):
    case = cast.opened(world)
    client = sign_in(world.supervisor)
    assert codes(found(client, "林小")) == []
    assert codes(found(client, case.juvenile.code)) == [case.juvenile.code]
    assert "林" not in found(client, case.juvenile.code).content.decode()


@pytest.mark.parametrize("text", ["", " ", "林", "x" * 61])
def test_a_text_that_cannot_be_searched_is_named(world, sign_in, text):
    response = found(sign_in(world.prosecutor), text)
    assert response.status_code == 400
    assert response.context["form"].errors["q"]


@pytest.mark.parametrize("text", ["𠮷野", "阿·不都", "😀😀", "'; --", "%%", "林小" * 30])
def test_rare_characters_and_signs_are_searched_without_harm(world, sign_in, text):
    assert found(sign_in(world.prosecutor), text[:60]).status_code == 200


def test_a_name_with_rare_characters_is_found(world, sign_in):
    child = cast.child(world, name="𠮷·买买提")
    assert codes(found(sign_in(world.prosecutor), "𠮷买")) == [child.code]


def test_the_search_is_recorded_and_stands_in_no_address(world, sign_in):
    client = sign_in(world.prosecutor)
    assert found(client, "林小").status_code == 200
    entry = Access.objects.get(route="people:find", action="searched")
    assert (entry.actor_id, entry.detail) == (world.prosecutor.pk, "0")
    assert client.get(reverse("people:find"), {"q": "林小"}).context["worklist"] is None


def test_only_those_who_refer_are_offered_to_register(world, sign_in):
    assert found(sign_in(world.prosecutor), "林小").context["register"]
    assert not found(sign_in(world.unit_head), "林小").context["register"]
    assert not found(sign_in(world.intake), "林小").context["register"]

