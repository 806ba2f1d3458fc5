"""Giving people accounts: whoever opens one never learns the password the person will use."""
from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from socialwork import audit
from socialwork.access import api as access
from socialwork.access.roles import Family, Role
from socialwork.accounts.models import AccessToken, StaffRecord, User
from socialwork.accounts.policies import SET_APART, first_roles, grantable_roles
from socialwork.core import vocabulary
from socialwork.core.errors import DomainError, Moved
from socialwork.organisations.models import District, Organisation

# No 0 O 1 I L and no vowels: the password is read aloud or copied from paper.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 4, 4
ONE_TIME = timedelta(hours=72)


@dataclass(frozen=True)
class OneTime:
    """An account and the one-time password that opens it once; it is shown to whoever opened it and kept nowhere."""

    person: User
    password: str


def open_account(
    *, organisation: Organisation, by: User, at: datetime, login: str, name: str, roles: Sequence[str], email: str = "",
    phone: str = "", staff: Mapping[str, Any] | None = None,
) -> OneTime:
    """Open an account for a colleague in one's own organisation, with a one-time password valid for 72 hours.

    `staff` holds the first columns of an agency's staff record. Raises DomainError for a login already in use and for
    roles one may not give.
    """
    with transaction.atomic():
        access.require(by, "open_account", organisation)
        check_roles(roles, grantable_roles(by, organisation))
        opened = _open(organisation, at=at, login=login, name=name, roles=roles, email=email, phone=phone)
        if organisation.family == Family.AGENCY:
            StaffRecord.objects.create(user=opened.person, created_at=at, **(staff or {}))
        audit.record("account.opened", opened.person, by=by, at=at, facts={"roles": sorted(roles)})
    return opened


def open_administrator(
    *, organisation: Organisation, by: User, at: datetime, login: str, name: str, role: str, email: str = "", phone: str = ""
) -> OneTime:
    """The operator of the system opens the first accounts of an organisation: administrator, auditor, agency manager.

    Everybody else is let in by the organisation itself. Raises DomainError for any other role.
    """
    with transaction.atomic():
        access.require(by, "open_administrator", organisation)
        check_roles([role], first_roles(organisation))
        opened = _open(organisation, at=at, login=login, name=name, roles=[role], email=email, phone=phone)
        if organisation.family == Family.AGENCY and role not in SET_APART:
            StaffRecord.objects.create(user=opened.person, created_at=at)
        audit.record("account.opened", opened.person, by=by, at=at, facts={"roles": [role]})
    return opened


def create_operator(
    *, at: datetime, login: str, name: str, organisation_name: str, district: District, kind: str = "system_operator"
) -> OneTime:
    """The first account of an installation, made at the machine itself. Refused once there is an operator."""
    with transaction.atomic():
        operators = User.objects.filter(roles__contains=[Role.SYSTEM_OPERATOR], is_active=True)
        if operators.exists():
            raise DomainError(_("There is an operator already, who can open further accounts."), code="operator_exists")
        vocabulary.term("org_type", kind)
        home, _made = Organisation.objects.get_or_create(
            name=organisation_name, family=Family.OPERATOR,
            defaults={
                "short_name": organisation_name[:40], "kind": kind, "district": district,
                "province_code": district.province_code, "created_at": at,
            },
        )
        opened = _open(home, at=at, login=login, name=name, roles=[Role.SYSTEM_OPERATOR])
        audit.record("account.opened", opened.person, by=None, at=at, facts={"roles": [Role.SYSTEM_OPERATOR]})
    return opened


def renew_password(*, person: User, by: User, at: datetime) -> OneTime:
    """A colleague has lost the password: a new one-time password. Sessions and tokens of the old one end."""
    with transaction.atomic():
        fresh = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
        access.require(by, "renew_password", fresh)
        if not fresh.is_active:
            raise Moved(_("The account is closed. Reopen it first."))
        password = give_one_time_password(fresh, at=at)
        audit.record("account.password_renewed", fresh, by=by, at=at)
    return OneTime(fresh, password)


def choose_password(*, person: User, at: datetime, password: str) -> User:
    """The person chooses the own password with the one-time password in hand. Raises Moved when it no longer holds."""
    with transaction.atomic():
        fresh = User.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=person.pk)
        if not fresh.is_active or fresh.one_time_until is None or fresh.one_time_until < at:
            raise Moved(_("The one-time password no longer holds. Ask your administrator for a new one."))
        fresh.set_password(password)
        fresh.one_time_until = None
        fresh.save(update_fields=["password", "one_time_until"])
        audit.record("account.password_chosen", fresh, by=fresh, at=at)
    return fresh


def change_password(*, person: User, at: datetime, password: str) -> User:
    """A person changes the own password; other sessions end by themselves, tokens are taken back."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        AccessToken.objects.filter(user=person).delete()
        audit.record("account.password_changed", person, by=person, at=at)
    return person


def give_one_time_password(person: User, *, at: datetime) -> str:
    """Set a random password that only leads to choosing one. Sessions end with the old password, tokens are deleted."""
    password = one_time_password()
    person.set_password(password)
    person.one_time_until = at + ONE_TIME
    person.save(update_fields=["password", "one_time_until"])
    AccessToken.objects.filter(user=person).delete()
    return password


def one_time_password() -> str:
    """Four groups of four characters, about 77 random bits: BX4K-9QTM-…."""
    return "-".join("".join(secrets.choice(ALPHABET) for _place in range(GROUP)) for _group in range(GROUPS))


def check_roles(roles: Sequence[str], allowed: Sequence[Role]) -> None:
    """Raise DomainError unless there is a role and every one may be given."""
    if not roles:
        raise DomainError(_("Choose at least one role."), code="roles", field="roles")
    if not set(roles) <= {str(role) for role in allowed}:
        raise DomainError(_("You cannot give this role."), code="roles", field="roles")


def _open(
    organisation: Organisation, *, at: datetime, login: str, name: str, roles: Sequence[str], email: str = "", phone: str = ""
) -> OneTime:
    person = User(
        login=login.strip().lower(), name=name, organisation=organisation, roles=sorted(str(role) for role in roles),
        email=email, phone=phone, one_time_until=at + ONE_TIME,
    )
    password = one_time_password()
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        if "login" not in str(error):
            raise
        raise DomainError(_("This sign-in name is taken. Choose another one."), code="login", field="login") from error
    return OneTime(person, password)
