"""Shapes of case pages, and the places cases hold."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from django.db.models import QuerySet, Sum

from cases.states import ACTIVE, CaseState
from referrals.models import ReferralService


def for_list(rows: QuerySet) -> QuerySet:
    """What a row of a worklist shows."""
    return rows.select_related("juvenile__identity", "organ", "agency", "lead", "second", "referral").prefetch_related(
        "referral__services"
    )


def for_page(rows: QuerySet) -> QuerySet:
    """What stands around every page of one case."""
    return rows.select_related(
        "juvenile__identity", "organ", "agency", "agreement", "prosecutor", "district", "lead", "second", "supervisor",
        "counsellor", "referral",
    )


def _places(states: frozenset[str], agreement_ids: Sequence[UUID], services: Sequence[str]) -> Mapping[tuple[UUID, str], int]:
    rows = (
        ReferralService.objects.filter(
            referral__case__agreement_id__in=agreement_ids, referral__case__state__in=states, service_type__in=services
        )
        .values_list("referral__case__agreement_id", "service_type").annotate(units=Sum("quantity")).order_by()
    )
    return {(agreement, service): units for agreement, service, units in rows}


waiting_places = partial(_places, frozenset({CaseState.ACCEPTED}))
active_places = partial(_places, ACTIVE - {CaseState.ACCEPTED})
