"""Correcting who a child is, the guardians, and recording consent."""
from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from socialwork.audit.models import Event
from socialwork.core.models import FormDraft
from socialwork.people.dossiers import open_dossier
from socialwork.people.models import Consent, Guardian, Identity
from tests import cast


def identity(child):
    row = Identity.objects.get(juvenile=child)
    open_dossier(child.pk).read(row)
    return row


def correction(version=1, **changes):
    return {"_version": str(version), "name": "林小洲", "sex": "male", "birth_on": "2011-04-18", "phone": "10012345678", **changes}


def test_a_correction_is_written_and_found_by(world, sign_in):
    child = cast.draft(world).juvenile
    client = sign_in(world.prosecutor)
    response = client.post(reverse("people:correct_identity", args=[child.pk]), correction())
    assert response.headers["Location"] == reverse("people:juvenile", args=[child.pk])
    assert identity(child).text["name"] == "林小洲"
    event = Event.objects.get(verb="juvenile.identity_corrected")
    assert "name" in event.facts["fields"] and "林" not in str(event.facts)
    found = client.post(reverse("people:find"), {"q": "小洲"}).context["worklist"]["rows"]
    assert len(found) == 1


def test_it_leads_back_to_the_draft_and_nowhere_else(world, sign_in):
    draft = cast.draft(world)
    client, address = sign_in(world.prosecutor), reverse("people:correct_identity", args=[draft.juvenile_id])
    page = reverse("referrals:edit_referral", args=[draft.pk])
    assert client.post(f"{address}?next={page}", correction()).headers["Location"] == page
    for elsewhere in ("https://example.com/", "//example.com/", "javascript:alert(1)"):
        answer = client.post(f"{address}?next={elsewhere}", correction(version=identity(draft.juvenile).version))
        assert answer.headers["Location"] == reverse("people:juvenile", args=[draft.juvenile_id])


def test_a_stale_tab_shows_both_texts_and_loses_neither(world, sign_in):
    child = cast.draft(world).juvenile
    address = reverse("people:correct_identity", args=[child.pk])
    assert sign_in(world.clerk).post(address, correction(address="东湖区新街二号")).status_code == 302
    response = sign_in(world.prosecutor).post(address, correction(address="东湖区旧街三号"))
    assert response.status_code == 409
    assert response.context["theirs"]["address"] == "东湖区新街二号"
    assert response.context["form"]["address"].value() == "东湖区旧街三号"
    assert "conflict" in response.content.decode()
    assert identity(child).text["address"] == "东湖区新街二号"
    assert sign_in(world.prosecutor).post(address, correction(version=2, address="东湖区旧街三号")).status_code == 302


def test_a_mistake_does_not_make_a_stale_tab_fresh(world, sign_in):
    child = cast.draft(world).juvenile
    address = reverse("people:correct_identity", args=[child.pk])
    assert sign_in(world.clerk).post(address, correction()).status_code == 302
    wrong = sign_in(world.prosecutor).post(address, correction(name=""))
    assert wrong.status_code == 400
    assert str(wrong.context["version"]) == "1"


def test_who_may_see_but_not_correct_is_refused(world, sign_in):
    case = cast.opened(world)
    for person in (world.unit_head, world.intake, world.worker):
        assert sign_in(person).post(reverse("people:correct_identity", args=[case.juvenile_id]), correction()).status_code == 403
    assert sign_in(world.colleague).post(reverse("people:correct_identity", args=[case.juvenile_id]), correction()).status_code == 404


def test_a_guardian_is_added_and_corrected(world, sign_in):
    child = cast.draft(world).juvenile
    client = sign_in(world.prosecutor)
    sent = {"relation": "mother", "name": "周岚", "phone": "10022223333", "flags": ["actual_carer"]}
    assert client.post(reverse("people:add_guardian", args=[child.pk]), sent).status_code == 302
    added = Guardian.objects.get(juvenile=child, relation="mother")
    address = reverse("people:change_guardian", args=[child.pk, added.pk])
    assert client.get(address).context["form"]["name"].value() == "周岚"
    changed = {**sent, "flags": ["accomplice"], "unavailable_reason": "accomplice", "_version": "1"}
    assert client.post(address, changed).status_code == 302
    added.refresh_from_db()
    assert (added.flags, added.unavailable_reason, added.version) == (["accomplice"], "accomplice", 2)
    assert client.post(address, changed).status_code == 409
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert {"juvenile.guardian_added", "juvenile.guardian_changed"} <= verbs


def test_what_is_typed_about_a_guardian_is_kept_apart_from_the_others(world, sign_in):
    child = cast.draft(world).juvenile
    client = sign_in(world.prosecutor)
    client.post(reverse("people:add_guardian", args=[child.pk]), {"relation": "mother", "name": "周岚"})
    father, mother = (Guardian.objects.get(juvenile=child, relation=relation) for relation in ("father", "mother"))
    typed = {"relation": "father", "name": "林大山", "note": "长期在外务工，每月回家一次。", "_version": "1"}
    keep = reverse("save_draft", args=["change_guardian", father.pk])
    assert client.post(keep, typed).status_code == 200
    # The session ended, the person signed in again: the text stands where it was typed, and nowhere else.
    pages = {each: client.get(reverse("people:change_guardian", args=[child.pk, each.pk])) for each in (father, mother)}
    assert pages[father].context["form"]["note"].value() == typed["note"]
    assert keep in pages[father].content.decode() and typed["note"] not in pages[mother].content.decode()
    assert client.post(reverse("people:change_guardian", args=[child.pk, father.pk]), typed).status_code == 302
    assert not FormDraft.objects.exists()
    for who, about in ((world.colleague, father.pk), (world.prosecutor, child.pk)):
        assert sign_in(who).post(reverse("save_draft", args=["change_guardian", about]), typed).status_code == 404


def test_a_guardian_of_another_child_is_not_reached_through_ones_own(world, sign_in):
    mine, other = cast.draft(world).juvenile, cast.draft(world, "colleague").juvenile
    theirs = Guardian.objects.get(juvenile=other)
    assert sign_in(world.prosecutor).get(reverse("people:change_guardian", args=[mine.pk, theirs.pk])).status_code == 404


def consent(**changes):
    today = timezone.localdate().isoformat()
    return {"kind": "service", "capacity": "minor", "given_on": today, "method": "paper", "text_version": "F05-2026-1", **changes}


def test_a_consent_is_recorded(world, sign_in):
    case = cast.opened(world)
    address = reverse("people:record_consent", args=[case.juvenile_id])
    assert sign_in(world.worker).post(address, consent()).status_code == 302
    row = Consent.objects.get()
    assert (row.kind, row.capacity, row.recorded_by) == ("service", "minor", world.worker)
    father = Guardian.objects.get(juvenile=case.juvenile)
    assert sign_in(world.worker).post(address, consent(capacity="guardian", guardian=str(father.pk))).status_code == 302
    assert Consent.objects.filter(guardian=father).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"given_on": (timezone.localdate() + dt.timedelta(days=1)).isoformat()}, "given_on"),
        ({"capacity": "guardian"}, "guardian"),
        ({"capacity": "substitute"}, "substitute_reason"),
        ({"kind": "personal_data_under_14"}, "capacity"),
        ({"kind": ""}, "kind"),
    ],
)
def test_a_consent_that_cannot_stand_is_named(world, sign_in, changes, field):
    case = cast.opened(world)
    response = sign_in(world.worker).post(reverse("people:record_consent", args=[case.juvenile_id]), consent(**changes))
    assert response.status_code == 400
    assert field in response.context["form"].errors
    assert not Consent.objects.exists()


def test_a_guardian_who_harmed_the_child_cannot_agree(world, sign_in):
    case = cast.opened(world)
    father = Guardian.objects.get(juvenile=case.juvenile)
    father.flags = ["perpetrator"]
    father.save()
    address = reverse("people:record_consent", args=[case.juvenile_id])
    assert sign_in(world.worker).post(address, consent(capacity="guardian", guardian=str(father.pk))).status_code == 400


def test_a_supervisor_reads_the_code_and_no_name(world, sign_in):
    case = cast.opened(world)
    page = sign_in(world.supervisor).get(reverse("people:juvenile", args=[case.juvenile_id])).content.decode()
    assert case.juvenile.code in page
    for secret in ("林小舟", "林大山", "10012345678", "东湖区某路一号"):
        assert secret not in page
    assert "林小舟" in sign_in(world.worker).get(reverse("people:juvenile", args=[case.juvenile_id])).content.decode()
