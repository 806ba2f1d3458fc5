"""Who may see organisations and agreements, who refers, who keeps the registry, and who signs."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from socialwork.access.policy import NOBODY, Ground, Policy, register
from socialwork.access.roles import Family, Role
from socialwork.organisations.models import Agreement, AgreementParty, Organisation
from socialwork.organisations.states import AGENCY, AGREEMENT, UNSIGNED, AgencyState

KEEPERS = (Role.ORGAN_ADMIN, Role.AGENCY_MANAGER)


@register
class OrganisationPolicy(Policy):
    model = Organisation
    machine = AGENCY

    def view(self, user: Any) -> Sequence[Ground]:
        grounds = [Ground("own", Q(pk=user.organisation_id), _("It is your organisation."))]
        if user.has_role(Role.CIVIL_AFFAIRS_OFFICER):
            grounds.append(Ground("registry", _registry(user), _("The agency is registered in your district.")))
        if user.has_role(Role.UNIT_HEAD, Role.PROSECUTOR):
            listed = Q(family=Family.AGENCY) & ~Q(state=AgencyState.CANDIDATE)
            grounds.append(Ground("directory", listed, _("The agency was recommended to the organs.")))
        if user.has_role(Role.UNIT_HEAD):
            own = Organisation.objects.filter(pk=user.organisation_id).values("province_code")
            near = Q(family=Family.ORGAN, province_code=Subquery(own))
            grounds.append(Ground("neighbour", near, _("It is an organ of your province, a possible party to an agreement.")))
        if user.has_role(Role.SYSTEM_OPERATOR):
            every = Q(family__in=Family.values)
            grounds.append(Ground("installation", every, _("You keep the organisations of this installation.")))
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

    def ask_export(self, user: Any) -> Q:
        """Taking a list out is an act on the own organisation."""
        taking = (
            Role.PROSECUTOR, Role.UNIT_HEAD, Role.AGENCY_MANAGER, Role.AGENCY_INTAKE, Role.SOCIAL_WORKER, Role.SUPERVISOR,
            Role.CIVIL_AFFAIRS_OFFICER,
        )
        return Q(pk=user.organisation_id) if user.has_role(*taking) else NOBODY

    def edit_organisation(self, user: Any) -> Q:
        return _keeps(user)

    def set_caseload_limits(self, user: Any) -> Q:
        return _keeps(user) & Q(family=Family.AGENCY)

    def keep_staff(self, user: Any) -> Q:
        return _keeps(user)

    def open_account(self, user: Any) -> Q:
        return _keeps(user)

    def draft_agreement(self, user: Any) -> Q:
        return Q(pk=user.organisation_id, family=Family.ORGAN) if user.has_role(Role.UNIT_HEAD) else NOBODY

    def register_organisation(self, user: Any) -> Q:
        return Q(pk=user.organisation_id, family=Family.OPERATOR) if user.has_role(Role.SYSTEM_OPERATOR) else NOBODY

    def open_administrator(self, user: Any) -> Q:
        return Q(family__in=Family.values) if user.has_role(Role.SYSTEM_OPERATOR) else NOBODY

    def register_agency(self, user: Any) -> Q:
        """Registering an agency is an act on the own bureau."""
        if user.has_role(Role.CIVIL_AFFAIRS_OFFICER):
            return Q(pk=user.organisation_id, family=Family.CIVIL_AFFAIRS)
        return NOBODY

    def read_registry(self, user: Any) -> Q:
        """Recommendations, inspections and decisions: for the bureau, the organs that choose, and the agency itself."""
        choosers = Q(family=Family.AGENCY) if user.has_role(Role.UNIT_HEAD, Role.PROSECUTOR) else NOBODY
        own = Q(pk=user.organisation_id, family=Family.AGENCY) if user.has_role(*KEEPERS) else NOBODY
        return _bureau(user) | choosers | own

    def edit_registration(self, user: Any) -> Q:
        return _bureau(user)

    def recommend_agency(self, user: Any) -> Q:
        return _bureau(user)

    def record_inspection(self, user: Any) -> Q:
        return _bureau(user)

    def pass_inspection(self, user: Any) -> Q:
        return _bureau(user)

    def fail_inspection(self, user: Any) -> Q:
        return _bureau(user)

    def activate_agency(self, user: Any) -> Q:
        return _bureau(user)

    def suspend_agency(self, user: Any) -> Q:
        return _bureau(user)

    def readmit_agency(self, user: Any) -> Q:
        return _bureau(user)

    def exit_agency(self, user: Any) -> Q:
        return _bureau(user)

    def count_work(self, user: Any) -> Q:
        return _bureau(user)

    def admit_agency(self, user: Any) -> Q:
        return Q(family=Family.AGENCY) if user.has_role(Role.UNIT_HEAD) else NOBODY

    def audience(self, row: Organisation) -> QuerySet:
        return get_user_model().objects.filter(organisation=row)


@register
class AgreementPolicy(Policy):
    model = Agreement
    machine = AGREEMENT

    def view(self, user: Any) -> Sequence[Ground]:
        grounds = []
        if user.has_role(Role.UNIT_HEAD, Role.PROSECUTOR):
            grounds.append(Ground("party", _party(user), _("Your organ is party to it.")))
        if user.has_role(Role.AGENCY_MANAGER, Role.AGENCY_INTAKE):
            own = Q(agency_id=user.organisation_id)
            grounds.append(Ground("own_agency", own, _("Your agency is party to it.")))
        if user.has_role(Role.CIVIL_AFFAIRS_OFFICER):
            registry = Q(agency__district_id=user.organisation.district_id) & ~Q(state__in=UNSIGNED)
            grounds.append(Ground("registry", registry, _("The agency is registered in your district.")))
        return grounds

    def read_prices(self, user: Any) -> Q:
        """Prices are the parties' own affair; civil affairs follows period, services and state."""
        own = Q(agency_id=user.organisation_id) if user.has_role(Role.AGENCY_MANAGER) else NOBODY
        return own | (_party(user) if user.has_role(Role.UNIT_HEAD, Role.PROSECUTOR) else NOBODY)

    def read_places(self, user: Any) -> Q:
        """How many places are taken: small numbers of children, so for the parties only (V25)."""
        own = Q(agency_id=user.organisation_id) if user.has_role(Role.AGENCY_MANAGER, Role.AGENCY_INTAKE) else NOBODY
        return own | (_party(user) if user.has_role(Role.UNIT_HEAD, Role.PROSECUTOR) else NOBODY)

    def change_agreement(self, user: Any) -> Q:
        return _signs(user)

    def sign_agreement(self, user: Any) -> Q:
        return _signs(user)

    def discard_agreement(self, user: Any) -> Q:
        return _signs(user)

    def suspend_agreement(self, user: Any) -> Q:
        return _signs(user)

    def resume_agreement(self, user: Any) -> Q:
        return _signs(user)

    def terminate_agreement(self, user: Any) -> Q:
        return _signs(user)

    def audience(self, row: Agreement) -> QuerySet:
        organs = row.parties.values_list("organ_id", flat=True)
        return get_user_model().objects.filter(organisation_id__in=[*organs, row.agency_id])


def _registry(user: Any) -> Q:
    return Q(family=Family.AGENCY, district_id=user.organisation.district_id)


def _bureau(user: Any) -> Q:
    return _registry(user) if user.has_role(Role.CIVIL_AFFAIRS_OFFICER) else NOBODY


def _keeps(user: Any) -> Q:
    return Q(pk=user.organisation_id) if user.has_role(*KEEPERS) else NOBODY


def _party(user: Any) -> Q:
    return Q(pk__in=AgreementParty.objects.filter(organ_id=user.organisation_id).values("agreement_id"))


def _signs(user: Any) -> Q:
    return _party(user) if user.has_role(Role.UNIT_HEAD) else NOBODY
