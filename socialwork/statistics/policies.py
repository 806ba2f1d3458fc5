"""Whose counts one may read: of the own organ, of the own agency, of the agencies registered in the own district."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from socialwork.access.api import permitted
from socialwork.access.policy import Ground, Policy, register
from socialwork.access.roles import Role
from socialwork.organisations.models import Organisation
from socialwork.statistics.models import Addition, Delta, Rollup

READERS = (Role.UNIT_HEAD, Role.AGENCY_MANAGER, Role.CIVIL_AFFAIRS_OFFICER)


def sees_what_others_own(user: Any) -> bool:
    """Whether the figures belong to others, so that small numbers are withheld (V25)."""
    return user.has_role(Role.CIVIL_AFFAIRS_OFFICER)


class CountedPolicy(Policy):
    """Heads of units read the figures of their organ, managers those of their agency, civil affairs those of its registry."""

    def view(self, user: Any) -> Sequence[Ground]:
        if user.has_role(Role.UNIT_HEAD):
            return [Ground("organ", Q(organ_id=user.organisation_id), _("They are figures of your organ."))]
        if user.has_role(Role.AGENCY_MANAGER):
            return [Ground("agency", Q(agency_id=user.organisation_id), _("They are figures of your agency."))]
        if user.has_role(Role.CIVIL_AFFAIRS_OFFICER):
            registered = permitted(Organisation, user, "count_work").values("pk")
            return [Ground("registry", Q(agency_id__in=registered), _("They are figures of an agency registered in your district."))]
        return []


@register
class RollupPolicy(CountedPolicy):
    model = Rollup


@register
class DeltaPolicy(CountedPolicy):
    model = Delta


@register
class AdditionPolicy(Policy):
    """Nobody reads the additions themselves, which name their referral: what they count is read as deltas."""

    model = Addition

    def view(self, user: Any) -> Sequence[Ground]:
        return []
