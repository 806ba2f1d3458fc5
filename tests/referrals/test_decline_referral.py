"""The agency declines with a reason: the organ has an acknowledgement, the agency keeps the fact and loses the content."""
from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from referrals.models import Referral
from referrals.services import ask_information, decline_referral, refer_again
from socialwork.access.api import permitted
from socialwork.audit.models import Event
from socialwork.core.errors import Moved, NotVisible, NotYours
from socialwork.deadlines.models import Deadline
from socialwork.people.models import Juvenile
from tests import cast

REASON = {"reason_code": "capacity", "reason": "两名社工休产假，本月无力承接。"}


def address(row, name="decline_referral", *more):
    return reverse(f"referrals:{name}", args=[row.pk, *more])


def declined(world):
    return decline_referral(referral=cast.issued(world), by=world.intake, at=timezone.now(), **REASON)


def test_it_is_declined_with_an_acknowledgement(world, sign_in):
    row = cast.issued(world)
    assert sign_in(world.intake).post(address(row), REASON).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reason_code, row.declined_by, row.next_act) == ("declined", "capacity", world.intake, "refer_again")
    assert not Deadline.objects.open().of_subject(row).exists()
    assert Event.objects.get(verb="referral.declined").facts["reason"] == "capacity"
    file = sign_in(world.prosecutor).get(address(row, "download_letter", "F03"))
    text = "\n".join(cell.text for table in Document(BytesIO(file.content)).tables for line in table.rows for cell in line.cells)
    assert "■不接受委托" in text and "人手不足" in text and REASON["reason"] in text and row.juvenile.code in text
    assert "林小舟" not in text


def test_it_may_be_declined_while_a_question_is_open(world):
    row = ask_information(referral=cast.issued(world), by=world.intake, at=timezone.now(), question="？")
    assert decline_referral(referral=row, by=world.intake, at=timezone.now(), **REASON).state == "declined"


def test_the_agency_keeps_the_fact_and_loses_the_content(world, sign_in):
    row = declined(world)
    response = sign_in(world.intake).get(address(row, "detail"))
    page = response.content.decode()
    assert response.status_code == 200 and response.context["brief"] is None
    assert row.number in page and REASON["reason"] in page and row.juvenile.code in page
    for secret in ("林小舟", "夺取路人挎包", "林大山"):
        assert secret not in page
    assert not permitted(Juvenile, world.intake).filter(pk=row.juvenile_id).exists()
    listed = sign_in(world.intake).get(reverse("referrals:inbox")).content.decode()
    assert row.juvenile.code in listed and "林某" not in listed
    assert sign_in(world.intake).get(address(row, "download_letter", "F02")).status_code == 404
    assert sign_in(world.intake).get(address(row, "download_letter", "F03")).status_code == 200


@pytest.mark.parametrize("body", [{}, {"reason_code": "capacity"}, {"reason_code": "x", "reason": "x"}, {**REASON, "reason": "长" * 100_000}])
def test_without_a_reason_nothing_is_declined(world, sign_in, body):
    row = cast.issued(world)
    assert sign_in(world.intake).post(address(row), body).status_code == 400
    row.refresh_from_db()
    assert row.state == "issued" and not row.documents.filter(kind="F03").exists()


def test_others_are_refused(world):
    row = cast.issued(world)
    for person, refusal in (
        (world.prosecutor, NotYours), (world.unit_head, NotYours), (world.worker, NotVisible), (world.supervisor, NotVisible),
        (world.manager_elsewhere, NotVisible), (world.intake_of_former, NotVisible),
    ):
        with pytest.raises(refusal):
            decline_referral(referral=row, by=person, at=timezone.now(), **REASON)


def test_two_answers_at_once_are_one(world, sign_in):
    row, key = cast.issued(world), str(uuid4())
    client = sign_in(world.intake)
    assert client.post(address(row), {**REASON, "_key": key}).status_code == 302
    assert client.post(address(row), {**REASON, "_key": key}).status_code == 302
    assert sign_in(world.manager).post(address(row), REASON).status_code == 409
    with pytest.raises(Moved):
        decline_referral(referral=row, by=world.manager, at=timezone.now(), **REASON)
    assert row.documents.filter(kind="F03").count() == 1


def test_referring_again_takes_everything_over_but_the_agency(world, sign_in):
    row = declined(world)
    response = sign_in(world.prosecutor).post(address(row, "refer_again"), {"_key": str(uuid4())})
    draft = Referral.objects.get(previous=row)
    assert response.headers["Location"] == address(draft, "edit_referral")
    assert (draft.state, draft.charge, draft.agency, draft.due_on, draft.number) == ("draft", "snatching", None, None, "")
    assert draft.paragraphs.count() == 3 and draft.services.get().service_type == "social_investigation"
    row.refresh_from_db()
    assert row.next_act == ""


def test_referring_again_is_the_prosecutors(world):
    row = declined(world)
    for person, refusal in ((world.unit_head, NotYours), (world.intake, NotYours), (world.colleague, NotVisible)):
        with pytest.raises(refusal):
            refer_again(referral=row, by=person, at=timezone.now())
    with pytest.raises(Moved):
        refer_again(referral=cast.issued(world), by=world.prosecutor, at=timezone.now())
