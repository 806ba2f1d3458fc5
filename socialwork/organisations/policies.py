"""Who may see organisations and agreements, and who may refer."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from socialwork.access.policy import NOBODY, Ground, Policy, register
from socialwork.access.roles import Family, Role
from socialwork.organisations.models import Agreement, Organisation


@register
class OrganisationPolicy(Policy):
    model = Organisation

    def view(self, user: Any) -> Sequence[Ground]:
        grounds = [Ground("own", Q(pk=user.organisation_id), _("It is your organisation."))]
        if user.has_role(Role.CIVIL_AFFAIRS_OFFICER):
            registry = Q(family=Family.AGENCY, district_id=user.organisation.district_id)
            grounds.append(Ground("registry", registry, _("The agency is registered in your district.")))
        return grounds

    def draft_referral(self, user: Any) -> Q:
        """Creating a referral is an act on the own organ."""
        if user.has_role(Role.PROSECUTOR, Role.CLERK):
            return Q(pk=user.organisation_id, family=Family.ORGAN)
        return NOBODY

    def find_juvenile(self, user: Any) -> Q:
        working = (
            Role.PROSECUTOR, Role.CLERK, Role.UNIT_HEAD, Role.AGENCY_MANAGER, Role.AGENCY_INTAKE, Role.SOCIAL_WORKER,
            Role.COUNSELLOR, Role.SUPERVISOR,
        )
        return Q(pk=user.organisation_id) if user.has_role(*working) else NOBODY

    def audience(self, row: Organisation) -> QuerySet:
        return get_user_model().objects.filter(organisation=row)


@register
class AgreementPolicy(Policy):
    model = Agreement

    def view(self, user: Any) -> Sequence[Ground]:
        organisation = user.organisation_id
        grounds = []
        if user.has_role(Role.UNIT_HEAD, Role.PROSECUTOR):
            grounds.append(Ground("party", Q(parties__organ_id=organisation), _("Your organ is party to it.")))
        if user.has_role(Role.AGENCY_MANAGER, Role.AGENCY_INTAKE):
            grounds.append(Ground("agency", Q(agency_id=organisation), _("Your agency is party to it.")))
        if user.has_role(Role.CIVIL_AFFAIRS_OFFICER):
            registry = Q(agency__district_id=user.organisation.district_id)
            grounds.append(Ground("registry", registry, _("The agency is registered in your district.")))
        return grounds
