"""Free places under agreements, counted from what stands in the database at the moment of asking."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from socialwork.core import vocabulary
from socialwork.core.errors import DomainError
from socialwork.organisations.models import Agreement, AgreementService, AgreementVersion, District


@dataclass
class Obstacles:
    """What stands against a referral: `final` ones, and `waivable` ones a prosecutor may override with a reason (V16)."""

    final: list[Any] = field(default_factory=list)
    waivable: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Places:
    """Places of one service line: quota, and what is taken by cases, accepted-not-started, and reserved referrals."""

    quota: int
    active: int = 0
    waiting: int = 0
    reserved: int = 0

    @property
    def free(self) -> int:
        return self.quota - self.active - self.waiting - self.reserved


# Apps above say how many units of a service line they hold, as fields of Places:
# fn(agreement_ids) -> {(agreement, service): {"active": n, "waiting": m}}, in one query each, which does not name the services:
# a dozen of them beside each referral look so dear to the database that it reads every line there is.
Taken = Callable[[Sequence[UUID]], Mapping[tuple[UUID, str], Mapping[str, int]]]
counters: list[Taken] = []


def register_counter(counter: Taken) -> None:
    """The kinds counted by different counters must differ: "active" and "waiting" by one, "reserved" by another."""
    counters.append(counter)


def current_version(agreement_id: UUID, *, today: dt.date) -> AgreementVersion | None:
    """The terms in force today."""
    return (
        AgreementVersion.objects.filter(agreement_id=agreement_id, valid_from__lte=today).order_by("-number").first()
    )


def places(agreement_ids: Sequence[UUID], *, today: dt.date) -> dict[tuple[UUID, str], Places]:
    """Places by (agreement, service) under the terms in force today, for all the agreements in a few queries."""
    begun = AgreementVersion.objects.filter(agreement_id__in=agreement_ids, valid_from__lte=today)
    current = begun.order_by("agreement_id", "-number").distinct("agreement_id").values("pk")
    lines = AgreementService.objects.filter(version_id__in=current).order_by("pk").select_related("version")
    rows = {(line.version.agreement_id, line.service_type): line.quota for line in lines}
    taken = [counter(list(agreement_ids)) for counter in counters]
    return {
        key: Places(quota=quota, **{kind: units for held in taken for kind, units in held.get(key, {}).items()})
        for key, quota in rows.items()
    }


def require_live(agreement_id: UUID | None, *, today: dt.date) -> None:
    """Raise DomainError when the agreement gives no work today, or the registry has suspended the agency."""
    if not Agreement.objects.filter(Agreement.open_to_referrals(today), pk=agreement_id).exists():
        raise DomainError(
            _("The agreement with this agency has ended or is suspended. Choose another agency."), code="agreement", field="agency"
        )


def take_places(
    *, agreement_id: UUID | None, organ_id: UUID, agency_id: UUID | None, district: District | None,
    services: Mapping[str, int], today: dt.date, referral_id: UUID,
) -> Obstacles:
    """Check an agreement for a referral while holding its row lock, so that of two takers of the last place one is told.

    The lock is held until the caller's transaction ends; the caller then changes the state that counts as a place.
    """
    obstacles = Obstacles()
    agreement = (
        Agreement.objects.select_for_update(of=("self",)).filter(Agreement.live(today), pk=agreement_id, agency_id=agency_id)
        .filter(parties__organ_id=organ_id).first()
    )
    if agreement is None:
        obstacles.final.append(_("There is no agreement in force between your organ and this agency. Choose another agency."))
        return obstacles
    if not Agreement.objects.filter(Agreement.open_to_referrals(today), pk=agreement.pk).exists():
        obstacles.final.append(_("The registry of civil affairs has suspended this agency. Choose another agency."))
        return obstacles
    version = current_version(agreement.pk, today=today)
    if version is None or district is None or not set(version.area) & set(district.area_codes):
        obstacles.waivable.append(_("The agreement does not cover this district."))
    standing = places([agreement.pk], today=today)
    for service, quantity in services.items():
        name = vocabulary.label("service_type", service)
        line = standing.get((agreement.pk, service))
        if line is None:
            obstacles.waivable.append(_("The agreement does not include %(service)s.") % {"service": name})
        elif line.free < quantity:
            obstacles.waivable.append(
                _("No place is left for %(service)s: %(free)s free, %(wanted)s wanted.")
                % {"service": name, "free": max(line.free, 0), "wanted": quantity}
            )
    return obstacles
