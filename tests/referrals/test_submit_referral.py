"""Submitting and sending: blockers by name, places taken under a lock, exceptions only with a reason."""
from __future__ import annotations

import datetime as dt
import threading
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from referrals.models import Referral, Remark
from referrals.services import issue_referral, submit_referral
from socialwork.audit.models import Event
from socialwork.core.errors import Blocked, Moved, NotVisible, NotYours
from socialwork.organisations.models import AgreementService
from socialwork.people.dossiers import open_dossier
from tests import cast


def address(row, name="submit_referral"):
    return reverse(f"referrals:{name}", args=[row.pk])


def said(row):
    remarks = list(Remark.objects.filter(referral=row).order_by("said_at", "id"))
    open_dossier(row.juvenile_id).read(*remarks)
    return [(remark.kind, remark.code, remark.text["body"]) for remark in remarks]


def places(world, quota, service="social_investigation"):
    AgreementService.objects.filter(version__agreement=world.east_agreement, service_type=service).update(quota=quota)


def test_the_page_says_what_follows_who_acts_and_by_when(world, sign_in):
    page = sign_in(world.prosecutor).get(address(cast.filled(world)))
    text = page.content.decode()
    assert world.unit_head.name in text and "启航社工中心" in text
    assert page.context["blockers"] == [] and page.context["obstacles"] == []


def test_it_goes_to_the_unit_head(world, sign_in):
    draft = cast.filled(world)
    response = sign_in(world.prosecutor).post(address(draft), {"_key": str(uuid4())})
    draft.refresh_from_db()
    assert response.headers["Location"] == reverse("referrals:detail", args=[draft.pk])
    assert (draft.state, draft.submitted_by, draft.issued_at, draft.number) == ("pending_approval", world.prosecutor, None, "")
    assert draft.next_act == "approve_referral"
    event = Event.objects.get(verb="referral.submitted", thread_id=draft.pk)
    assert event.facts["services"] == ["social_investigation"] and event.facts["override"] is False


def test_an_organ_without_approval_sends_at_once(world, sign_in):
    draft = cast.filled(world)
    world.east_court.approval_levels = 0
    world.east_court.save()
    client = sign_in(world.prosecutor)
    assert client.post(address(draft)).status_code == 403
    assert client.post(address(draft, "issue_referral")).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.issued_by, draft.approved_at) == ("issued", world.prosecutor, None)
    assert draft.number.startswith("东检未委〔")
    assert draft.documents.get().kind == "F02"


def test_every_gap_is_named_as_a_link_to_its_field(world, sign_in):
    page = sign_in(world.prosecutor).get(address(cast.draft(world)))
    targets = {blocker["url"].partition("#")[2] for blocker in page.context["blockers"]}
    assert targets == {"id_subject_type", "id_stage", "id_custody", "agency", "limit", "services", "brief"}
    refused = sign_in(world.prosecutor).post(address(cast.draft(world)))
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("fields", "services", "field"),
    [
        ({"charge": ""}, ("social_investigation",), "charge"),
        ({"subject_type": "misbehaviour", "charge": ""}, ("family_education",), "behaviours"),
        ({"subject_type": "juvenile_victim"}, ("social_investigation",), "services"),
        ({"offence_on": None}, ("social_investigation",), "offence_on"),
        ({"due_on": timezone.localdate() - dt.timedelta(days=1)}, ("social_investigation",), "due_on"),
        ({"custody": ""}, ("social_investigation",), "custody"),
        ({"district": None}, ("social_investigation",), "district"),
    ],
)
def test_the_rules_of_the_draft(world, fields, services, field):
    draft = cast.filled(world, services=services, **fields)
    with pytest.raises(Blocked) as refusal:
        submit_referral(referral=draft, by=world.prosecutor, at=timezone.now())
    assert field in [name for name, _sentence in refusal.value.blockers]
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_who_was_grown_up_at_the_time_gets_no_juvenile_service(world):
    grown = cast.child(world, birth_on="1990-01-01")
    with pytest.raises(Blocked) as refusal:
        cast.submitted(world, juvenile=grown)
    assert refusal.value.blockers[0][0] == "services"


def test_the_age_is_counted_anew_after_the_birth_date_was_corrected(world):
    from socialwork.people.services import correct_identity

    draft = cast.filled(world)
    correct_identity(
        juvenile=draft.juvenile, by=world.prosecutor, at=timezone.now(), version=1, sex="male",
        identity={"name": "林小舟", "birth_on": "2012-06-01"},
    )
    sent = submit_referral(referral=draft, by=world.prosecutor, at=timezone.now())
    assert sent.age_at_offence == 14


def test_only_the_prosecutor_in_charge_submits(world):
    draft = cast.filled(world)
    for person, refusal in (
        (world.clerk, NotYours), (world.unit_head, NotYours), (world.colleague, NotVisible), (world.intake, NotVisible),
        (world.prosecutor_elsewhere, NotVisible),
    ):
        with pytest.raises(refusal):
            submit_referral(referral=draft, by=person, at=timezone.now())
    with pytest.raises(NotYours):
        issue_referral(referral=draft, by=world.prosecutor, at=timezone.now())


def test_twice_is_too_late(world):
    sent = cast.submitted(world)
    with pytest.raises(Moved):
        submit_referral(referral=sent, by=world.prosecutor, at=timezone.now())
    assert Event.objects.filter(verb="referral.submitted").count() == 1


def test_a_double_click_submits_once(world, sign_in):
    draft, key = cast.filled(world), str(uuid4())
    client = sign_in(world.prosecutor)
    first, second = client.post(address(draft), {"_key": key}), client.post(address(draft), {"_key": key})
    assert (first.status_code, second.status_code) == (302, 302)
    assert Event.objects.filter(verb="referral.submitted").count() == 1


def test_an_ended_agreement_cannot_be_waived(world):
    draft = cast.filled(world)
    world.east_agreement.ends_on = timezone.localdate() - dt.timedelta(days=1)
    world.east_agreement.save()
    with pytest.raises(Blocked) as refusal:
        submit_referral(referral=draft, by=world.prosecutor, at=timezone.now(), override="急需。")
    assert refusal.value.blockers[0][0] == "agency"


def test_a_used_up_quota_needs_a_reason_and_the_head_reads_it(world, sign_in):
    draft = cast.filled(world)
    places(world, 0)
    client = sign_in(world.prosecutor)
    page = client.get(address(draft))
    assert page.context["obstacles"] and not page.context["form"].fields["override"].widget.is_hidden
    assert client.post(address(draft), {}).status_code == 400
    assert client.post(address(draft), {"override": "另一机构已停止受理。"}).status_code == 302
    assert said(draft) == [("override", "V16", "另一机构已停止受理。")]
    assert "另一机构已停止受理。" in sign_in(world.unit_head).get(reverse("referrals:detail", args=[draft.pk])).content.decode()


def test_a_service_outside_the_agreement_needs_a_reason(world):
    draft = cast.filled(world, services=("school_help",))
    with pytest.raises(Blocked):
        submit_referral(referral=draft, by=world.prosecutor, at=timezone.now())
    assert submit_referral(referral=draft, by=world.prosecutor, at=timezone.now(), override="机构同意承担。").state == "pending_approval"


def test_a_later_limit_needs_a_reason(world, sign_in):
    draft = cast.filled(world, due_on=timezone.localdate() + dt.timedelta(days=60))
    client = sign_in(world.prosecutor)
    refused = client.post(address(draft), {})
    assert refused.status_code == 400
    assert "limit_reason" in refused.context["form"].errors
    assert client.post(address(draft), {"limit_reason": "监护人在外地，返回尚需时日。"}).status_code == 302
    assert said(draft) == [("override", "V17", "监护人在外地，返回尚需时日。")]
    assert Event.objects.get(verb="referral.submitted").facts["later_limit"] is True


def test_the_last_place_went_to_somebody_else_while_the_page_was_open(world, sign_in):
    draft = cast.filled(world)
    places(world, 1)
    client = sign_in(world.prosecutor)
    assert client.get(address(draft)).context["obstacles"] == []
    cast.submitted(world, by="colleague")
    refused = client.post(address(draft), {})
    assert refused.status_code == 400
    assert refused.context["obstacles"] and not refused.context["form"].fields["override"].widget.is_hidden


@pytest.mark.django_db(transaction=True)
def test_two_prosecutors_take_the_last_place_at_the_same_moment(world):
    """Two real connections: the lock on the agreement lets one in; the other is told, and nothing of it is written."""
    places(world, 1)
    mine, theirs = cast.filled(world), cast.filled(world, by="colleague")
    outcome: dict[str, object] = {}
    ready = threading.Barrier(2)

    def submit(row, person):
        try:
            ready.wait(timeout=20)
            submit_referral(referral=Referral.objects.get(pk=row.pk), by=person, at=timezone.now())
            outcome[person.login] = "taken"
        except Blocked as refusal:
            outcome[person.login] = [field for field, _sentence in refusal.blockers]
        finally:
            connection.close()

    threads = [threading.Thread(target=submit, args=pair) for pair in ((mine, world.prosecutor), (theirs, world.colleague))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(map(str, outcome.values())) == ["['agency']", "taken"]
    assert sorted(Referral.objects.values_list("state", flat=True)) == ["draft", "pending_approval"]
    assert Event.objects.filter(verb="referral.submitted").count() == 1
