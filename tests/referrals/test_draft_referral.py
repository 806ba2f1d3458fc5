"""Beginning a referral about a child who is known."""
from __future__ import annotations

from uuid import uuid4

from django.urls import reverse

from referrals.models import Referral
from socialwork.audit.models import Event
from tests import cast


def address(child):
    return reverse("referrals:draft_referral", args=[child.pk])


def test_the_prosecutor_begins_with_one_press(world, sign_in):
    child = cast.child(world)
    response = sign_in(world.prosecutor).post(address(child), {"_key": str(uuid4())})
    draft = Referral.objects.get()
    assert response.headers["Location"] == reverse("referrals:edit_referral", args=[draft.pk])
    assert (draft.organ, draft.prosecutor, draft.state, draft.district) == (
        world.east_court, world.prosecutor, "draft", world.east_court.district,
    )
    assert draft.guardian_links.count() == 1
    assert Event.objects.filter(verb="referral.drafted", thread_id=draft.pk).count() == 1


def test_the_clerk_names_a_prosecutor_of_the_own_organ(world, sign_in):
    child = cast.draft(world).juvenile
    client = sign_in(world.clerk)
    for wrong in ("", str(world.prosecutor_elsewhere.pk), str(world.unit_head.pk), "x"):
        assert client.post(address(child), {"prosecutor": wrong}).status_code == 400
    assert client.post(address(child), {"prosecutor": str(world.prosecutor.pk)}).status_code == 302
    assert Referral.objects.filter(prosecutor=world.prosecutor).count() == 2


def test_who_does_not_know_the_child_or_does_not_refer_is_refused(world, sign_in):
    case = cast.opened(world)
    for person, status in (
        (world.colleague, 404), (world.prosecutor_elsewhere, 404), (world.unit_head, 403), (world.intake, 403), (world.worker, 403),
    ):
        assert sign_in(person).post(address(case.juvenile), {}).status_code == status
    assert Referral.objects.count() == 1


def test_a_double_click_begins_one_draft(world, sign_in):
    child, sent = cast.child(world), {"_key": str(uuid4())}
    client = sign_in(world.prosecutor)
    assert client.post(address(child), sent).headers["Location"] == client.post(address(child), sent).headers["Location"]
    assert Referral.objects.count() == 1


def test_an_earlier_referral_is_shown_and_a_colleagues_only_mentioned(world, sign_in):
    first = cast.issued(world)
    page = sign_in(world.prosecutor).get(address(first.juvenile))
    assert [matter["label"] for matter in page.context["matters"]] == [first.number]
    Referral.objects.filter(pk=cast.draft(world, juvenile=first.juvenile).pk).update(prosecutor=world.colleague)
    page = sign_in(world.prosecutor).get(address(first.juvenile))
    assert page.context["hidden"] is True
    text = page.content.decode()
    assert world.unit_head.name in text and world.colleague.name not in text
