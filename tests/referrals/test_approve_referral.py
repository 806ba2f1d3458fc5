"""The unit head approves or returns; from the approval on the agency has it, with number, clock and letter."""
from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.models import Remark
from referrals.services import approve_referral, return_referral, submit_referral
from socialwork.audit.models import Event
from socialwork.core.errors import DomainError, Moved, NotVisible, NotYours
from socialwork.deadlines.models import Deadline
from socialwork.people.dossiers import open_dossier
from tests import cast


def address(row, name="approve_referral"):
    return reverse(f"referrals:{name}", args=[row.pk])


def test_the_agency_has_it_with_number_clock_and_letter(world, sign_in):
    row = cast.submitted(world)
    response = sign_in(world.unit_head).post(address(row), {"remark": "同意。"})
    row.refresh_from_db()
    assert response.status_code == 302
    assert (row.state, row.approved_by, row.issued_by) == ("issued", world.unit_head, world.unit_head)
    assert row.number.startswith(f"东检未委〔{timezone.localdate().year}〕")
    clock = Deadline.objects.open().of_subject(row).get()
    assert (clock.code, clock.agency_id, row.next_act, row.next_due_at) == ("D1", world.east_agency.pk, "accept_referral", clock.due_at)
    assert Event.objects.filter(verb="referral.approved", thread_id=row.pk).count() == 1
    assert sign_in(world.intake).get(reverse("referrals:detail", args=[row.pk])).status_code == 200


def test_the_page_says_by_when_the_agency_answers(world, sign_in):
    page = sign_in(world.unit_head).get(address(cast.submitted(world)))
    assert any("2个工作日" in str(sentence) or "2 个工作日" in str(sentence) for sentence in page.context["follows"])


def test_numbers_of_one_year_have_no_gap(world):
    numbers = [cast.issued(world).number for _turn in range(3)]
    assert [int(number.partition("〕")[2].removesuffix("号")) for number in numbers] == [1, 2, 3]


def test_the_remark_stays_inside_the_organ(world, sign_in):
    row = cast.submitted(world)
    approve_referral(referral=row, by=world.unit_head, at=timezone.now(), remark="注意保密。")
    detail = reverse("referrals:detail", args=[row.pk])
    assert "注意保密。" in sign_in(world.prosecutor).get(detail).content.decode()
    assert "注意保密。" not in sign_in(world.intake).get(detail).content.decode()


def test_nobody_approves_what_they_submitted(world, sign_in):
    world.unit_head.roles = ["unit_head", "prosecutor"]
    world.unit_head.save()
    row = cast.submitted(world, by="unit_head", juvenile=cast.child(world, by="unit_head"))
    assert sign_in(world.unit_head).post(address(row)).status_code == 403
    page = sign_in(world.unit_head).get(reverse("referrals:detail", args=[row.pk]))
    assert not page.context["primary"]


def test_others_are_refused(world):
    row = cast.submitted(world)
    for person, refusal in (
        (world.prosecutor, NotYours), (world.clerk, NotVisible), (world.colleague, NotVisible), (world.unit_head_elsewhere, NotVisible),
        (world.intake, NotVisible),
    ):
        for act, more in ((approve_referral, {}), (return_referral, {"reason": "不行"})):
            with pytest.raises(refusal):
                act(referral=row, by=person, at=timezone.now(), **more)


def test_an_agreement_that_ended_meanwhile_stops_it(world, sign_in):
    row = cast.submitted(world)
    world.east_agreement.ends_on = timezone.localdate() - dt.timedelta(days=1)
    world.east_agreement.save()
    with pytest.raises(DomainError):
        approve_referral(referral=row, by=world.unit_head, at=timezone.now())
    response = sign_in(world.unit_head).post(address(row), {})
    assert response.status_code == 400 and "协议" in str(response.context["form"].non_field_errors())
    row.refresh_from_db()
    assert (row.state, row.number) == ("pending_approval", "")


def test_approving_twice_is_too_late(world, sign_in):
    row = cast.issued(world)
    with pytest.raises(Moved):
        approve_referral(referral=row, by=world.unit_head, at=timezone.now())
    assert sign_in(world.unit_head).post(address(row)).status_code == 409
    assert row.documents.count() == 1


def test_a_return_needs_a_reason_and_frees_the_places(world, sign_in):
    from socialwork.organisations import capacity

    row = cast.submitted(world)
    key = (world.east_agreement.pk, "social_investigation")
    assert capacity.places([key[0]], today=timezone.localdate())[key].reserved == 1
    client = sign_in(world.unit_head)
    assert client.post(address(row, "return_referral"), {"reason": " "}).status_code == 400
    assert client.post(address(row, "return_referral"), {"reason": "请补充家庭情况。"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.returned_by, row.next_act) == ("draft", world.unit_head, "submit_referral")
    assert capacity.places([key[0]], today=timezone.localdate())[key].reserved == 0
    remark = Remark.objects.get()
    open_dossier(row.juvenile_id).read(remark)
    assert (remark.kind, remark.text["body"]) == ("return", "请补充家庭情况。")
    page = sign_in(world.prosecutor).get(reverse("referrals:edit_referral", args=[row.pk]))
    assert page.context["returned"]["text"] == "请补充家庭情况。"
    assert submit_referral(referral=row, by=world.prosecutor, at=timezone.now()).state == "pending_approval"


@pytest.mark.parametrize("reason", ["长" * 100_000])
def test_a_reason_too_long_is_named_and_kept(world, sign_in, reason):
    response = sign_in(world.unit_head).post(address(cast.submitted(world), "return_referral"), {"reason": reason})
    assert response.status_code == 400
    assert response.context["form"]["reason"].value() == reason
