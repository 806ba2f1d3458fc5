"""The agency takes a referral up: a case is opened with its two workers."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Assignment, Case
from cases.services.clocks import refresh_next_act
from cases.services.eligibility import obstacles_to_assign
from referrals.models import Referral
from referrals.services import mark_accepted
from referrals.services.clocks import in_custody, propose_limit
from socialwork import audit
from socialwork.core.errors import Blocked
from socialwork.core.sequences import official_number
from socialwork.deadlines import services as clocks


def accept_referral(
    *, referral: Referral, by: Any, at: datetime, lead: Any, second: Any, supervisor: Any = None, counsellor: Any = None
) -> Case:
    """Accept a referral and open its case.

    Raises Blocked when a worker is not in order (undertaking, background check within twelve months, legal training,
    conflict of interest, caseload) or lead and second are the same person; NotYours, Moved as every transition.
    """
    with transaction.atomic():
        blockers = list(_not_different(lead, second))
        for field, worker in (("lead", lead), ("second", second)):
            blockers += [(field, sentence) for sentence in obstacles_to_assign(worker, referral, today=timezone.localdate(at))]
        if blockers:
            raise Blocked(blockers)
        mark_accepted(referral=referral, by=by, at=at)
        case = Case.objects.create(
            number=_number(referral, at), referral=referral, juvenile_id=referral.juvenile_id, organ_id=referral.organ_id,
            prosecutor_id=referral.prosecutor_id, agency_id=referral.agency_id, agreement_id=referral.agreement_id,
            district_id=referral.district_id, lead=lead, second=second, supervisor=supervisor, counsellor=counsellor,
            created_at=at, touched_at=at,
        )
        assign(case, lead=lead, second=second, supervisor=supervisor, counsellor=counsellor, by=by, at=at)
        _start_clocks(case, referral, lead)
        audit.record("case.opened", case, by=by, at=at)
        refresh_next_act(case, at=at)
    return case


def assign(case: Case, *, by: Any, at: datetime, **holders: Any) -> None:
    """Write the first holders of the case's functions into the assignment history."""
    Assignment.objects.bulk_create(
        Assignment(case=case, function=function, worker=worker, held=DateTimeTZRange(at, None), assigned_by=by, created_at=at)
        for function, worker in holders.items() if worker is not None
    )


def _not_different(lead: Any, second: Any) -> Sequence[tuple[str | None, Any]]:
    if lead.pk == second.pk:
        return [("second", _("Two different workers are needed. Choose another second worker."))]
    return []


def _start_clocks(case: Case, referral: Referral, lead: Any) -> None:
    """The time limit set in the referral runs from the day it was sent; a day chosen by the organ overrides the rule's."""
    if not referral.due_rule:
        return
    proposed = propose_limit(
        services=[line.service_type for line in referral.services.order_by("pk")], stage=referral.stage,
        custody=referral.custody, starts_at=referral.issued_at, organ_id=referral.organ_id, agreement_id=referral.agreement_id,
    )
    chosen = {}
    if proposed is None or proposed.due_on != referral.due_on:
        days = (referral.due_on - timezone.localdate(referral.issued_at)).days
        chosen = {"amount": max(days, 1), "unit": "calendar_day"}
    clocks.start(
        code=referral.due_rule, subject=case, organ_id=case.organ_id, agency_id=case.agency_id, owner_id=lead.pk,
        started_at=referral.issued_at, in_custody=in_custody(referral.custody), agreement_id=case.agreement_id,
        referral_id=referral.pk, **chosen,
    )

def _number(referral: Referral, at: datetime) -> str:
    """Number of the case at the agency: prefix, year, serial without gaps."""
    year = timezone.localtime(at).year
    prefix = referral.agency.letter_prefix or referral.agency.short_name
    return official_number(prefix=prefix, scope=referral.agency_id, kind="case", year=year)
