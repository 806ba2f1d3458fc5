"""A case that ends before its aim: cancelled by the prosecutor, or handed to another agency."""
from __future__ import annotations

import pytest
from django.utils import timezone

from cases.models import Case, CaseDecision
from cases.services.ending import cancel_case, kept_until, transfer_case
from referrals.models import Referral
from socialwork.access.api import permitted
from socialwork.core.errors import Blocked, Moved, NotVisible, NotYours
from socialwork.deadlines.models import Deadline
from socialwork.people.dossiers import open_dossier
from tests.factories import records

TRANSFER = {
    "reason_code": "moved", "explanation": "随父迁居。", "legal_ground": "监护人书面同意。", "done": "完成三次访谈。",
    "open_matters": "校方意见未取得。",
}


def test_cancelling_ends_the_clocks_and_keeps_the_file(world):
    case = records.started(world)
    cancel_case(
        case=case, by=world.prosecutor, at=timezone.now(), reason_code="case_withdrawn", explanation="案件已撤销。",
        records="已形成的记录由机构保存，期满销毁。",
    )
    case.refresh_from_db()
    assert (case.state, case.closure_reason, case.next_act) == ("cancelled", "commission_cancelled", "")
    assert case.retain_until == kept_until(timezone.localdate())
    assert not Deadline.objects.filter(subject_id=case.pk, met_at=None, cancelled_at=None).exists()
    decision = CaseDecision.objects.get(kind="cancel")
    open_dossier(case.juvenile_id).read(decision)
    assert decision.text["records"] == "已形成的记录由机构保存，期满销毁。"


def test_reason_and_records_are_needed(world):
    with pytest.raises(Blocked) as refusal:
        cancel_case(
            case=records.started(world), by=world.prosecutor, at=timezone.now(), reason_code="other", explanation=" ", records=""
        )
    assert [field for field, _ in refusal.value.blockers] == ["explanation", "records"]


def test_transferring_ends_the_case_and_begins_a_new_draft(world):
    case = records.started(world)
    draft = transfer_case(case=case, by=world.prosecutor, at=timezone.now(), **TRANSFER)
    case.refresh_from_db()
    assert (case.state, case.closure_reason) == ("transferred", "agency_changed")
    assert Referral.objects.get(pk=case.referral_id).state == "transferred"
    assert (draft.state, draft.previous_id, draft.received_package.referral_id) == ("draft", case.referral_id, case.referral_id)
    assert not permitted(Referral, world.manager).filter(pk=draft.pk).exists()


def test_nothing_is_handed_on_without_a_ground(world):
    case = records.started(world)
    with pytest.raises(Blocked) as refusal:
        transfer_case(case=case, by=world.prosecutor, at=timezone.now(), **{**TRANSFER, "legal_ground": ""})
    assert [field for field, _ in refusal.value.blockers] == ["legal_ground"]
    assert Case.objects.get().state == "in_progress"


@pytest.mark.parametrize(("login", "refusal"), [("worker", NotYours), ("manager", NotYours), ("colleague", NotVisible)])
def test_only_the_prosecutor_in_charge_ends_it(world, login, refusal):
    case = records.started(world)
    person = world.people[login]
    with pytest.raises(refusal):
        cancel_case(
            case=case, by=person, at=timezone.now(), reason_code="not_needed", explanation="x", records="x"
        )
    with pytest.raises(refusal):
        transfer_case(case=case, by=person, at=timezone.now(), **TRANSFER)


def test_an_evaluated_case_is_closed_not_cancelled(world):
    with pytest.raises(Moved):
        cancel_case(
            case=records.evaluated(world), by=world.prosecutor, at=timezone.now(), reason_code="not_needed", explanation="x",
            records="x",
        )
