"""What the page asks: sums of the rollup together with the deltas not yet folded, in one statement, so exact at any moment."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from socialwork.access.api import permitted
from socialwork.organisations.models import AgreementService, District, Organisation
from socialwork.organisations.states import UNSIGNED
from socialwork.statistics.models import EVERYBODY, Delta, Rollup

Sums = Mapping[tuple[Any, ...], int]
# Rows of a protected table that stand for more than one service.
SEVERAL, OTHER = "several", "other"
WHOLE = Q(service="")


def sums(user: Any, by: Sequence[str], where: Q) -> Sums:
    """Amounts by the columns `by` of what the user may read and `where` leaves; nothing that is zero."""
    return _added(by, [permitted(model, user).filter(where) for model in (Rollup, Delta)])


def everywhere(by: Sequence[str], where: Q) -> Sums:
    """The same for the installation as a whole. No page shows it."""
    whole = Rollup.objects.filter(where, agency_id=EVERYBODY)
    return _added(by, [whole, Delta.objects.filter(where)])


def _added(by: Sequence[str], halves: Sequence[QuerySet]) -> Sums:
    # One statement: a fold that commits in between would otherwise be seen twice or not at all.
    first, second = (half.order_by().values_list(*by).annotate(all=Sum("amount")) for half in halves)
    found: dict[tuple[Any, ...], int] = {}
    for *key, amount in first.union(second, all=True):
        found[tuple(key)] = found.get(tuple(key), 0) + int(amount)
    return {key: amount for key, amount in found.items() if amount}


def within(measures: Iterable[str], since: dt.date, until: dt.date) -> Q:
    """Counts of these measures from one month to another, both included."""
    return Q(measure__in=list(measures), month__gte=since, month__lte=until)


def districts(user: Any) -> dict[str, str]:
    """Where services of the user's figures took place: names by code."""
    codes = [Q(code__in=permitted(model, user).values("district")) for model in (Rollup, Delta)]
    return dict(District.objects.filter(codes[0] | codes[1]).order_by("code").values_list("code", "name"))


def registered_agencies(user: Any) -> list[Organisation]:
    """The agencies whose work this officer may count, by name."""
    return list(permitted(Organisation, user, "count_work").order_by("name", "pk"))


def agreed_services(agencies: Iterable[Organisation]) -> dict[UUID, list[str]]:
    """The services each agency has ever had an agreement for: the rows of its table, whether or not anything was asked.

    The last rows of each stand for referrals with several services and for everything else, so that no row tells by its
    mere presence that something happened.
    """
    rows = (
        AgreementService.objects.filter(version__agreement__agency__in=list(agencies))
        .exclude(version__agreement__state__in=UNSIGNED)
        .values_list("version__agreement__agency_id", "service_type").distinct().order_by("service_type")
    )
    found: dict[UUID, list[str]] = {agency.pk: [] for agency in agencies}
    for agency_id, service in rows:
        found[agency_id].append(service)
    return {agency_id: [*services, SEVERAL, OTHER] for agency_id, services in found.items()}
