"""Whether a worker may be given a case (V14, V15, domain 9.3 and 13.4)."""
from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.states import ACTIVE
from referrals.models import Referral
from socialwork.access.roles import Role
from socialwork.accounts.models import StaffRecord


def obstacles_to_assign(worker: Any, referral: Referral, *, today: dt.date) -> list[Any]:
    """Sentences that say why the worker cannot take this referral; empty when everything is in order.

    The yearly background check is law (Law on Protection of Minors, art. 62); the rest is local practice.
    """
    found: list[Any] = []
    if not worker.is_active or worker.organisation_id != referral.agency_id or Role.SOCIAL_WORKER not in worker.roles:
        return [_("This person is not an active social worker of your agency.")]
    staff = StaffRecord.objects.filter(user=worker).first()
    if staff is None:
        return [_("There is no staff record. Complete it before a case is assigned.")]
    if not staff.background_check_valid(today):
        found.append(_("The background check is missing or older than twelve months. Renew it first."))
    if staff.undertaking_on is None or staff.undertaking_on > today:
        found.append(_("The confidentiality undertaking is missing."))
    if staff.legal_training_on is None or staff.legal_training_on > today:
        found.append(_("The legal training before the first case is missing."))
    load = active_cases(worker)
    if load >= worker.organisation.caseload_block:
        found.append(_("%(count)s active cases: the limit of the agency is reached.") % {"count": load})
    found += conflicts(worker, referral)
    return found


def active_cases(worker: Any) -> int:
    """Cases in which the person is lead or second now."""
    return Case.objects.filter(Q(lead=worker) | Q(second=worker), state__in=ACTIVE).count()


def conflicts(worker: Any, referral: Referral) -> list[Any]:
    """One worker never works for the suspect and the victim of one incident (13.4)."""
    if not referral.incident:
        return []
    same = Case.objects.filter(
        Q(lead=worker) | Q(second=worker), referral__incident=referral.incident, organ_id=referral.organ_id
    ).exclude(referral=referral)
    victim = referral.subject_type == "juvenile_victim"
    other_side = same.exclude(referral__subject_type="juvenile_victim") if victim else same.filter(
        referral__subject_type="juvenile_victim"
    )
    return [_("This worker already works for the other side of the same matter.")] if other_side.exists() else []
