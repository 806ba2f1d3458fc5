"""The lists of referrals as a sheet: codes, states and days, no name and no word of a child."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referrals import queries
from referrals.filters import ReferralFilter
from referrals.models import NO_DUE, Referral
from referrals.policies import RECEIVERS
from referrals.presenters.rows import acts_of
from referrals.states import ReferralState
from socialwork.access import api, listing
from socialwork.access.roles import Family, Role
from socialwork.core import vocabulary
from socialwork.exporting import kinds

COLUMNS = (
    gettext_lazy("Referral number"), gettext_lazy("Work code"), gettext_lazy("Services"), gettext_lazy("State"),
    gettext_lazy("Stage"), gettext_lazy("Urgency"), gettext_lazy("Organ"), gettext_lazy("In charge"), gettext_lazy("Agency"),
    gettext_lazy("Drafted on"), gettext_lazy("Sent on"), gettext_lazy("Due on"),
)
DUE_FIRST = listing.Sort("next_due_at")


def rows(user: Any, query: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    """The cells of every referral the person may see and the filters leave."""
    found = listing.all_rows(Referral, user, sort=DUE_FIRST, narrow=partial(_narrow, user, query), shape=_shape)
    return map(_cells, found)


def count(user: Any, query: Mapping[str, Any]) -> int:
    return _narrow(user, query, api.permitted(Referral, user))[: kinds.MOST + 1].count()


def _narrow(user: Any, query: Mapping[str, Any], found: QuerySet) -> QuerySet:
    chosen = ReferralFilter(
        query, queryset=found, request=kinds.as_asked(user), acts=acts_of(user),
        other_side="organ" if user.organisation.family == Family.AGENCY else "agency", others=queries.other_sides(user),
    )
    chosen.form.is_valid()
    return chosen.filter_queryset(found)


def _shape(found: QuerySet) -> QuerySet:
    return found.select_related("juvenile", "organ", "agency", "prosecutor").prefetch_related("services")


def _cells(referral: Referral) -> list[Any]:
    services = sorted(line.service_type for line in referral.services.all())
    return [
        referral.number, referral.juvenile.code, _(", ").join(vocabulary.label("service_type", code) for code in services),
        ReferralState(referral.state).label, vocabulary.label("stage", referral.stage) if referral.stage else "",
        vocabulary.label("urgency", referral.urgency), referral.organ.name, referral.prosecutor.name,
        referral.agency.name if referral.agency else "", timezone.localdate(referral.created_at), kinds.day_of(referral.issued_at),
        kinds.day_of(referral.next_due_at) if referral.next_due_at != NO_DUE else None,
    ]


for code, roles, label, page in (
    ("referrals", (Role.PROSECUTOR, Role.UNIT_HEAD), gettext_lazy("Referrals"), "referrals:list"),
    ("received_referrals", RECEIVERS, gettext_lazy("Received referrals"), "referrals:inbox"),
):
    kinds.register(
        kinds.sheet(code=code, label=label, columns=COLUMNS, roles=tuple(roles), list_url=page, rows=rows, count=count)
    )
