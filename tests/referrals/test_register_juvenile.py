"""Registering a child: what is typed, what is noticed, what follows."""
from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.models import Referral
from socialwork.audit.models import Event
from socialwork.core.models import FormDraft
from socialwork.people.dossiers import open_dossier
from socialwork.people.models import Guardian, Juvenile
from tests import cast
from tests.referrals.bodies import formset, id_number

URL = "people:register_juvenile"
MOTHER = {"relation": "mother", "name": "周岚", "phone": "10022223333", "flags": "legal_representative"}


def body(guardians=(MOTHER,), **changes):
    values = {
        "_key": str(uuid4()), "name": "林小舟", "id_type": "resident_id", "id_number": id_number(), "birth_on": "", "sex": "",
        "phone": "100 1234 5678", "address": "东湖区某路一号", "education_status": "junior_high", "living": ["left_behind", "grandparents"],
        **formset("guardians", list(guardians)), **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def post(client, **changes):
    return client.post(reverse(URL), body(**changes))


def test_a_child_is_registered_and_the_draft_begun(world, sign_in):
    response = post(sign_in(world.prosecutor))
    child, draft = Juvenile.objects.get(), Referral.objects.get()
    assert response.headers["Location"] == reverse("referrals:edit_referral", args=[draft.pk])
    assert (draft.juvenile_id, draft.state, draft.prosecutor) == (child.pk, "draft", world.prosecutor)
    open_dossier(child.pk).read(child.identity)
    text = child.identity.text
    assert (text["birth_on"], child.sex, text["phone"]) == ("2011-04-18", "male", "10012345678")
    assert sorted(child.circumstances.living) == ["grandparents", "left_behind"]
    guardian = Guardian.objects.get()
    assert (guardian.relation, guardian.flags) == ("mother", ["legal_representative"])
    assert [event.verb for event in Event.objects.order_by("at", "id")] == ["juvenile.registered", "referral.drafted"]


def test_a_clerk_names_the_prosecutor_in_charge(world, sign_in):
    client = sign_in(world.clerk)
    assert post(client).status_code == 400
    assert "prosecutor" in post(client).context["form"].errors
    assert post(client, prosecutor=str(world.colleague.pk)).status_code == 302
    assert Referral.objects.get().prosecutor == world.colleague
    assert post(client, prosecutor=str(world.prosecutor_elsewhere.pk)).status_code == 400


@pytest.mark.parametrize("person", ["unit_head", "intake", "worker", "supervisor", "civil_affairs", "organ_admin", "auditor"])
def test_nobody_else_registers(world, sign_in, person):
    client = sign_in(world.people[person])
    assert client.get(reverse(URL)).status_code == 403
    assert post(client).status_code == 403
    assert not Juvenile.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("id_number", id_number()[:17] + ("1" if id_number()[17] != "1" else "2"), "最后一位"),
        ("id_number", "99010120110418", "18"),
        ("id_number", id_number(born="20110230"), "出生日期"),
        ("birth_on", "2999-01-01", "尚未到来"),
        ("birth_on", "1950-01-01", "过早"),
        ("birth_on", "2011-04-19", "不一致"),
        ("birth_on", "18.04.2011", "日期"),
        ("name", "", "必填"),
        ("name", "林😀", "姓名"),
        ("name", "林1", "姓名"),
        ("phone", "12", "号码"),
        ("health", "病" * 100_000, "300"),
        ("sex", "x", "选"),
    ],
)
def test_bad_input_is_named_at_its_field_and_nothing_is_written(world, sign_in, field, value, words):
    response = post(sign_in(world.prosecutor), **{field: value})
    assert response.status_code == 400
    errors = response.context["form"].errors
    assert list(errors) == [field], errors
    assert words in str(errors[field]), errors
    assert not Juvenile.objects.exists()


def test_nothing_typed_is_lost_by_a_mistake(world, sign_in):
    page = post(sign_in(world.prosecutor), id_number="1", health="近视").content.decode()
    for typed in ("林小舟", "近视", "周岚", "100 1234 5678"):
        assert typed in page


@pytest.mark.parametrize("name", ["𠮷小舟", "阿依古丽·买买提", "欧阳 小舟", "Anna-Maria O'Neill"])
def test_rare_names_are_kept_as_written(world, sign_in, name):
    assert post(sign_in(world.prosecutor), name=name).status_code == 302
    child = Juvenile.objects.get()
    open_dossier(child.pk).read(child.identity)
    assert child.identity.text["name"] == name


def test_other_documents_need_no_check_digit(world, sign_in):
    response = post(sign_in(world.prosecutor), id_type="passport", id_number="E1234 567", birth_on="2011-04-18", sex="female")
    assert response.status_code == 302


def test_a_guardian_without_a_name_is_named_in_the_row(world, sign_in):
    response = post(sign_in(world.prosecutor), guardians=[{"relation": "father"}])
    assert response.status_code == 400
    assert "name" in response.context["form"].formsets["guardians"].errors[0]


def test_somebody_who_has_no_guardian_is_registered(world, sign_in):
    assert post(sign_in(world.prosecutor), guardians=[{"relation": "none"}]).status_code == 302


def test_the_same_child_of_ones_own_is_pointed_at(world, sign_in):
    known = cast.child(world, id_number=id_number(), birth_on="2011-04-18")
    response = post(sign_in(world.prosecutor))
    assert response.status_code == 400
    assert known.code in str(response.context["form"].errors["id_number"])
    assert response.context["known"]["url"] == reverse("people:juvenile", args=[known.pk])


def test_the_child_of_a_colleague_is_noticed_without_a_word_about_the_matter(world, sign_in):
    known = cast.child(world, id_number=id_number(), birth_on="2011-04-18")
    response = post(sign_in(world.colleague))
    page = response.content.decode()
    assert response.status_code == 400
    assert world.unit_head.name in str(response.context["form"].errors["id_number"])
    for secret in (known.code, str(known.pk), world.prosecutor.name):
        assert secret not in page
    assert Juvenile.objects.count() == 1


def test_after_asking_the_head_the_child_is_registered_separately(world, sign_in):
    cast.child(world, id_number=id_number(), birth_on="2011-04-18")
    assert post(sign_in(world.colleague), separately="on").status_code == 302
    assert Juvenile.objects.filter(organ=world.east_court).count() == 2


def test_another_organ_learns_nothing(world, sign_in):
    cast.child(world, id_number=id_number(), birth_on="2011-04-18")
    assert post(sign_in(world.prosecutor_elsewhere)).status_code == 302


def test_a_double_click_registers_once(world, sign_in):
    client, sent = sign_in(world.prosecutor), body()
    first, second = client.post(reverse(URL), sent), client.post(reverse(URL), sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Juvenile.objects.count() == 1


def test_what_was_typed_before_the_session_ended_is_there_again(world, sign_in):
    kept = {name: value for name, value in body().items() if name != "_key"}
    address = reverse("save_draft", args=["register_juvenile", world.east_court.pk])
    assert sign_in(world.prosecutor).post(address, kept).status_code == 200
    client = sign_in(world.prosecutor)
    page = client.get(reverse(URL))
    assert page.context["form"]["name"].value() == "林小舟"
    assert not page.context["form"].errors
    assert sign_in(world.colleague).get(reverse(URL)).context["form"]["name"].value() is None
    assert client.post(reverse(URL), {"_clear": "1"}).status_code == 302
    assert not FormDraft.objects.exists()


def test_a_row_is_added_without_scripts(world, sign_in):
    response = sign_in(world.prosecutor).post(reverse(URL), body(_add="guardians"))
    assert response.status_code == 200
    assert len(response.context["form"].formsets["guardians"].forms) == 2
    assert not Juvenile.objects.exists()


def test_the_day_is_the_offices_day(world, sign_in):
    today = timezone.localdate().isoformat()
    assert post(sign_in(world.prosecutor), id_number="", birth_on=today, sex="female").status_code == 302
