"""The agency takes a referral up: a case is opened with its two workers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Assignment, Case
from cases.services.clocks import refresh_next_act, time_limit_rule
from cases.services.eligibility import COUNSELLOR, LEAD, SECOND, SUPERVISOR, obstacles_to_assign
from referrals.models import Referral
from referrals.services import mark_accepted
from referrals.services.clocks import in_custody
from referrals.services.letters import issue_acknowledgement
from socialwork import audit
from socialwork.access import api as access
from socialwork.accounts.models import StaffRecord
from socialwork.core.errors import Blocked
from socialwork.core.sequences import official_number
from socialwork.deadlines import services as clocks


def accept_referral(
    *, referral: Referral, by: Any, at: datetime, lead: Any, second: Any, supervisor: Any = None, counsellor: Any = None
) -> Case:
    """Accept a referral, open its case, and answer the organ with the acknowledgement (F03).

    Raises Blocked when a person is not in order (undertaking, background check within twelve months, legal training,
    certificate, conflict of interest, caseload) or holds two functions that exclude each other; NotYours, Moved as
    every transition.
    """
    holders = {LEAD: lead, SECOND: second, SUPERVISOR: supervisor, COUNSELLOR: counsellor}
    with transaction.atomic():
        access.require(by, "accept_referral", referral)
        lock_staff(*holders.values())
        require_in_order(referral, holders, at=at)
        mark_accepted(referral=referral, by=by, at=at)
        case = Case.objects.create(
            number=_number(referral, at),
            referral=referral,
            juvenile_id=referral.juvenile_id,
            organ_id=referral.organ_id,
            prosecutor_id=referral.prosecutor_id,
            agency_id=referral.agency_id,
            agreement_id=referral.agreement_id,
            district_id=referral.district_id,
            lead=lead,
            second=second,
            supervisor=supervisor,
            counsellor=counsellor,
            created_at=at,
            touched_at=at,
        )
        assign(case, by=by, at=at, **{str(function): holder for function, holder in holders.items()})
        _start_clocks(case, referral, lead)
        issue_acknowledgement(referral=referral, by=by, at=at, workers=[lead, second])
        audit.record("case.opened", case, by=by, at=at)
        refresh_next_act(case, at=at)
    return case


def require_in_order(referral: Referral, holders: Mapping[str, Any], *, at: datetime) -> None:
    """Raise Blocked with everything that keeps these people from these functions; an empty function is no obstacle."""
    today = timezone.localdate(at)
    blockers: list[tuple[str | None, Any]] = list(_excluding_each_other(holders))
    for function, holder in holders.items():
        if holder is not None:
            found = obstacles_to_assign(holder, referral, today=today, function=function)
            blockers.extend((str(function), sentence) for sentence in found)
    if blockers:
        raise Blocked(blockers)


def lock_staff(*people: Any) -> None:
    """Two officers who give the last place of somebody's caseload away at once do so one after the other."""
    wanted = sorted(person.pk for person in people if person is not None)
    list(StaffRecord.objects.select_for_update().filter(user_id__in=wanted).order_by("user_id").values_list("pk"))


def assign(case: Case, *, by: Any, at: datetime, **holders: Any) -> None:
    """Write the first holders of the case's functions into the assignment history."""
    Assignment.objects.bulk_create(
        Assignment(
            case=case, function=function, worker=worker, held=DateTimeTZRange(at, None), assigned_by=by, created_at=at
        )
        for function, worker in holders.items()
        if worker is not None
    )


def _excluding_each_other(holders: Mapping[str, Any]) -> list[tuple[str | None, Any]]:
    found: list[tuple[str | None, Any]] = []
    if holders.get(LEAD) is not None and holders[LEAD] == holders.get(SECOND):
        found.append(("second", _("Two different workers are needed. Choose another second worker.")))
    if holders.get(SUPERVISOR) is not None and holders[SUPERVISOR] in (holders.get(LEAD), holders.get(SECOND)):
        found.append(("supervisor", _("Nobody supervises the own work. Choose another supervisor.")))
    return found


def _start_clocks(case: Case, referral: Referral, lead: Any) -> None:
    """The time limit of the referral runs from the day it was sent; a day chosen by the organ overrides the rule's."""
    if not referral.due_rule and not referral.due_on:
        return
    clocks.start(
        code=time_limit_rule(referral),
        subject=case,
        organ_id=case.organ_id,
        agency_id=case.agency_id,
        owner_id=lead.pk,
        started_at=referral.issued_at,
        in_custody=in_custody(referral.custody),
        agreement_id=case.agreement_id,
        referral_id=referral.pk,
        due_on=referral.due_on,
    )


def _number(referral: Referral, at: datetime) -> str:
    """Number of the case at the agency: prefix, year, serial without gaps."""
    year = timezone.localtime(at).year
    prefix = referral.agency.letter_prefix or referral.agency.short_name
    return official_number(prefix=prefix, scope=referral.agency_id, kind="case", year=year)
