"""Who keeps accounts and staff records. Nobody vouches for, promotes or closes oneself."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from socialwork.access.policy import NOBODY, Ground, Policy, register
from socialwork.access.roles import FAMILY_OF_ROLE, Family, Role
from socialwork.accounts.models import Certificate, StaffRecord, User
from socialwork.organisations.models import Organisation

# Given by the operator of the system only, to people who never open a file (GB/T 22239: three persons).
SET_APART = (Role.AUDITOR, Role.SYSTEM_OPERATOR)
ADMINISTRATIVE = (Role.ORGAN_ADMIN, *SET_APART)
KEEPERS = (Role.ORGAN_ADMIN, Role.AGENCY_MANAGER)


def grantable_roles(by: User, organisation: Organisation) -> list[Role]:
    """The roles this person may give to others of the organisation.

    Roles of its family; an administrator is made by an administrator only; auditors and operators by neither.
    """
    found = [
        role for role in Role
        if role not in SET_APART and FAMILY_OF_ROLE[role] in (None, organisation.family)
    ]
    return found if by.has_role(Role.ORGAN_ADMIN) else [role for role in found if role != Role.ORGAN_ADMIN]


def first_roles(organisation: Organisation) -> list[Role]:
    """The roles the operator of the system may give: administrator and auditor of an organisation, operator of the own kind.

    In an agency also the manager, who answers for it from the first day.
    """
    found = [Role.ORGAN_ADMIN, Role.AUDITOR]
    if organisation.family == Family.AGENCY:
        found.append(Role.AGENCY_MANAGER)
    if organisation.family == Family.OPERATOR:
        found.append(Role.SYSTEM_OPERATOR)
    return found


@register
class UserPolicy(Policy):
    model = User

    def view(self, user: Any) -> Sequence[Ground]:
        return person_grounds(user)

    def list_staff(self, user: Any) -> Q:
        return Q(organisation_id=user.organisation_id) if user.has_role(*KEEPERS) else NOBODY

    def list_administrators(self, user: Any) -> Q:
        return _administrators() if user.has_role(Role.SYSTEM_OPERATOR) else NOBODY

    def edit_account(self, user: Any) -> Q:
        return _keeps(user)

    def change_roles(self, user: Any) -> Q:
        return _keeps(user) & ~Q(pk=user.pk)

    def close_account(self, user: Any) -> Q:
        return (_keeps(user) | _operates(user)) & ~Q(pk=user.pk)

    def reopen_account(self, user: Any) -> Q:
        return (_keeps(user) | _operates(user)) & ~Q(pk=user.pk)

    def renew_password(self, user: Any) -> Q:
        return (_keeps(user) | _operates(user)) & ~Q(pk=user.pk)

    def create_token(self, user: Any) -> Q:
        return Q(pk=user.pk)

    def revoke_token(self, user: Any) -> Q:
        return Q(pk=user.pk)

    def audience(self, row: User) -> QuerySet:
        return User.objects.filter(organisation_id=row.organisation_id)


@register
class StaffRecordPolicy(Policy):
    model = StaffRecord

    def view(self, user: Any) -> Sequence[Ground]:
        return person_grounds(user, "user__")

    def edit_staff_record(self, user: Any) -> Q:
        return _vouches(user, "user")

    def add_certificate(self, user: Any) -> Q:
        return _vouches(user, "user")


@register
class CertificatePolicy(Policy):
    model = Certificate

    def view(self, user: Any) -> Sequence[Ground]:
        return person_grounds(user, "staff__user__")

    def remove_certificate(self, user: Any) -> Q:
        return _vouches(user, "staff__user")


def person_grounds(user: Any, path: str = "") -> list[Ground]:
    """Reasons to see a person's account, or with `path` ("user__") what belongs to it."""
    grounds = [Ground("oneself", Q(**{f"{path}pk": user.pk}), _("It is you."))]
    if user.has_role(*KEEPERS):
        staff = Q(**{f"{path}organisation_id": user.organisation_id})
        grounds.append(Ground("staff_list", staff, _("You keep the staff list of your organisation.")))
    if user.has_role(Role.SYSTEM_OPERATOR):
        grounds.append(Ground("administrator", _administrators(path), _("You keep the administrators' accounts.")))
    return grounds


def _administrators(path: str = "") -> Q:
    return Q(**{f"{path}roles__overlap": [str(role) for role in ADMINISTRATIVE]})


def _operates(user: Any) -> Q:
    return _administrators() if user.has_role(Role.SYSTEM_OPERATOR) else NOBODY


def _keeps(user: Any) -> Q:
    """Accounts of the own organisation, but not those set apart, and administrators only by administrators."""
    if not user.has_role(*KEEPERS):
        return NOBODY
    apart = SET_APART if user.has_role(Role.ORGAN_ADMIN) else ADMINISTRATIVE
    return Q(organisation_id=user.organisation_id) & ~Q(roles__overlap=[str(role) for role in apart])


def _vouches(user: Any, path: str) -> Q:
    """Staff records of the own agency, never the own one."""
    if not user.has_role(*KEEPERS):
        return NOBODY
    return Q(**{f"{path}__organisation_id": user.organisation_id}) & ~Q(**{path: user.pk})
