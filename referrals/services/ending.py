"""Withdrawing a referral, sending it elsewhere, and starting again after a refusal."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from referrals.models import BriefParagraph, HandOverPackage, Referral, ReferralGuardian, ReferralService, Remark
from referrals.services.clocks import refresh_next_act
from referrals.services.drafting import draft_referral
from referrals.services.remarks import say
from referrals.states import MACHINE
from socialwork.access import api as access
from socialwork.deadlines import services as clocks
from socialwork.people.dossiers import open_dossier
from socialwork.workflow.transitions import run_transition

# What a new attempt takes over from the one before; agency, agreement and limits are chosen anew.
CARRIED = (
    "subject_type", "stage", "custody", "charge", "behaviours", "offence_on", "age_at_offence", "joint_offence", "incident",
    "urgency", "district",
)


def withdraw_referral(*, referral: Referral, by: Any, at: datetime, reason_code: str, reason: str) -> Referral:
    """The prosecutor takes the referral back before it was accepted; the agency keeps nothing of it but the fact."""
    with transaction.atomic():
        run_transition(
            referral, MACHINE["withdraw_referral"], by=by, at=at, facts={"reason": reason_code}, reason_code=reason_code
        )
        say(referral, Remark.Kind.WITHDRAW, reason, by=by, at=at, code=reason_code)
        clocks.cancel(subject=referral, at=at)
        refresh_next_act(referral, at=at)
    return referral


def refer_again(*, referral: Referral, by: Any, at: datetime) -> Referral:
    """After a refusal or withdrawal: a new draft with everything that was written, for another agency."""
    with transaction.atomic():
        access.require(by, "refer_again", referral)
        draft = draft_referral(by=by, at=at, juvenile=referral.juvenile, prosecutor=referral.prosecutor, previous=referral)
        _carry_over(referral, draft, at)
        Referral.objects.filter(pk=referral.pk).update(next_act="")
    return draft


def transfer_referral(
    *, referral: Referral, by: Any, at: datetime, reason_code: str, reason: str, done: str, open_matters: str, advice: str = "",
    ground: str = "",
) -> Referral:
    """Send the matter to another agency: this referral ends, a new draft begins, and a hand-over package goes with it.

    `ground` is the consent or duty on which the child's data go on (V22; codes of wording.GROUNDS). Returns the new
    draft, in which the prosecutor chooses the agency.
    """
    with transaction.atomic():
        facts = {"reason": reason_code, "ground": ground}
        run_transition(referral, MACHINE["transfer_referral"], by=by, at=at, facts=facts, reason_code=reason_code)
        say(referral, Remark.Kind.TRANSFER, reason, by=by, at=at, code=reason_code)
        clocks.cancel(subject=referral, at=at)
        refresh_next_act(referral, at=at)
        draft = draft_referral(by=by, at=at, juvenile=referral.juvenile, prosecutor=referral.prosecutor, previous=referral)
        _carry_over(referral, draft, at)
        package = HandOverPackage(referral=referral, successor=draft, prepared_by=by, created_at=at)
        open_dossier(referral.juvenile_id).write(package, done=done, open_matters=open_matters, advice=advice)
        package.save(force_insert=True)
    return draft


def _carry_over(old: Referral, draft: Referral, at: datetime) -> None:
    for name in CARRIED:
        setattr(draft, name, getattr(old, name))
    draft.save(update_fields=CARRIED)
    ReferralService.objects.bulk_create(
        ReferralService(referral=draft, service_type=line.service_type, quantity=line.quantity)
        for line in old.services.order_by("pk")
    )
    dossier = open_dossier(old.juvenile_id)
    for paragraph in old.paragraphs.order_by("position"):
        dossier.read(paragraph)
        copy = BriefParagraph(
            referral=draft, kind=paragraph.kind, position=paragraph.position, shared=paragraph.shared, created_at=at
        )
        dossier.write(copy, body=paragraph.text["body"])
        copy.save(force_insert=True)
    ReferralGuardian.objects.filter(referral=draft).delete()
    for link in old.guardian_links.order_by("pk"):
        ReferralGuardian.objects.create(referral=draft, guardian_id=link.guardian_id)
