"""Shapes of referral pages, and the places referrals hold."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet, Sum

from referrals.models import ReferralService
from referrals.states import HOLDING


def for_list(rows: QuerySet) -> QuerySet:
    """What a row of a worklist shows."""
    return rows.select_related("juvenile__identity", "organ", "agency", "prosecutor").prefetch_related("services")


def for_page(rows: QuerySet) -> QuerySet:
    """What the page of one referral shows."""
    return rows.select_related(
        "juvenile__identity", "organ", "agency", "agreement", "prosecutor", "district", "submitted_by", "approved_by",
        "accepted_by", "declined_by", "previous",
    )


def reserved_places(agreement_ids: Sequence[UUID], services: Sequence[str]) -> Mapping[tuple[UUID, str], int]:
    """Units held by referrals that wait for approval or for the agency's answer."""
    rows = (
        ReferralService.objects.filter(
            referral__agreement_id__in=agreement_ids, referral__state__in=HOLDING, service_type__in=services
        )
        .values_list("referral__agreement_id", "service_type").annotate(units=Sum("quantity")).order_by()
    )
    return {(agreement, service): units for agreement, service, units in rows}
