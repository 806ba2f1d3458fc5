"""Keeping the staff list: roles, records, certificates, leaving and coming back."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from socialwork import audit
from socialwork.access import api as access
from socialwork.access.roles import Role
from socialwork.accounts import registry
from socialwork.accounts.models import AccessToken, Certificate, StaffRecord, User
from socialwork.accounts.policies import grantable_roles
from socialwork.accounts.services.opening import OneTime, check_roles, give_one_time_password
from socialwork.core.errors import DomainError, Moved, NotYours, Stale
from socialwork.organisations.models import Organisation

# Roles in which somebody holds a matter that another must take over first.
CARRYING = frozenset({Role.PROSECUTOR, Role.SOCIAL_WORKER, Role.COUNSELLOR, Role.SUPERVISOR})
STAFF_COLUMNS = (
    "sex", "functions", "languages", "background_check_on", "undertaking_on", "legal_training_on", "employed_on",
)
PAST_DAYS = ("background_check_on", "undertaking_on", "legal_training_on")


def edit_account(*, person: User, by: User, at: datetime, name: str, email: str, phone: str) -> User:
    """Correct how a colleague is called and reached."""
    with transaction.atomic():
        fresh = _locked(person, by)
        access.require(by, "edit_account", fresh)
        values = {"name": name, "email": email, "phone": phone}
        changed = sorted(column for column, value in values.items() if getattr(fresh, column) != value)
        for column, value in values.items():
            setattr(fresh, column, value)
        fresh.save(update_fields=list(values))
        audit.record("account.edited", fresh, by=by, at=at, facts={"fields": changed})
    return fresh


def change_roles(*, person: User, by: User, at: datetime, roles: Sequence[str]) -> User:
    """Give and take functions. Takes effect at the person's next request.

    Raises DomainError for roles one may not give, and while open matters hang on a role that is taken.
    """
    with transaction.atomic():
        fresh = _locked(person, by)
        access.require(by, "change_roles", fresh)
        check_roles(roles, grantable_roles(by, fresh.organisation))
        before, after = set(fresh.roles), {str(role) for role in roles}
        if (before - after) & CARRYING:
            _require_handed_over(fresh, field="roles")
        fresh.roles = sorted(after)
        fresh.save(update_fields=["roles"])
        audit.record("account.roles_changed", fresh, by=by, at=at, facts={"from": sorted(before), "to": sorted(after)})
    return fresh


def edit_staff_record(
    *, staff: StaffRecord, by: User, at: datetime, version: int, record: Mapping[str, Any]
) -> StaffRecord:
    """Keep a colleague's file: background check, undertaking, training, functions (domain 9.3).

    Raises Stale when somebody changed it since `version`, DomainError for a day that has not come.
    """
    today = timezone.localdate(at)
    values = {name: value for name, value in record.items() if name in STAFF_COLUMNS}
    for name in PAST_DAYS:
        if values.get(name) and values[name] > today:
            raise DomainError(_("This day has not come yet. Check the date."), code="future", field=name)
    with transaction.atomic():
        fresh = StaffRecord.objects.select_for_update(of=("self",)).select_related("user").get(pk=staff.pk)
        access.require(by, "edit_staff_record", fresh)
        if fresh.version != version:
            raise Stale({name: getattr(fresh, name) for name in values})
        changed = sorted(name for name, value in values.items() if getattr(fresh, name) != value)
        for name, value in values.items():
            setattr(fresh, name, value)
        fresh.version += 1
        _save_record(fresh)
        audit.record("staff_record.edited", fresh, by=by, at=at, facts={"fields": changed})
    return fresh


def add_certificate(
    *, staff: StaffRecord, by: User, at: datetime, kind: str, number: str, issued_on: dt.date, valid_until: dt.date | None
) -> Certificate:
    """Record a certificate that was seen. Raises DomainError for days out of order and for one recorded already."""
    if issued_on > timezone.localdate(at):
        raise DomainError(_("This day has not come yet. Check the date."), code="future", field="issued_on")
    if valid_until and valid_until < issued_on:
        raise DomainError(_("It cannot end before it was issued."), code="reversed", field="valid_until")
    with transaction.atomic():
        access.require(by, "add_certificate", staff)
        row = Certificate(
            staff=staff, kind=kind, number=number, issued_on=issued_on, valid_until=valid_until, created_at=at
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise DomainError(_("This certificate is recorded already."), code="recorded", field="number") from error
        audit.record("staff_record.certificate_added", staff, by=by, at=at, facts={"kind": kind})
    return row


def remove_certificate(*, certificate: Certificate, by: User, at: datetime) -> StaffRecord:
    """Take back a certificate that was recorded by mistake. The record of acts keeps that it stood there."""
    with transaction.atomic():
        row = Certificate.objects.select_for_update(of=("self",)).filter(pk=certificate.pk).first()
        if row is None:
            raise Moved()
        access.require(by, "remove_certificate", row)
        staff = row.staff
        row.delete()
        audit.record("staff_record.certificate_removed", staff, by=by, at=at, facts={"kind": certificate.kind})
    return staff


def close_account(*, person: User, by: User, at: datetime) -> User:
    """A colleague leaves or must not work any more: no sign-in from this moment on, sessions and tokens end.

    Raises DomainError while open matters hang on the person, Moved when the account is closed already.
    """
    with transaction.atomic():
        fresh = _locked(person, by)
        access.require(by, "close_account", fresh)
        if not fresh.is_active:
            raise Moved(_("The account is closed already."))
        _require_handed_over(fresh)
        fresh.is_active = False
        fresh.save(update_fields=["is_active"])
        StaffRecord.objects.filter(user=fresh, left_on=None).update(left_on=timezone.localdate(at))
        AccessToken.objects.filter(user=fresh).delete()
        audit.record("account.closed", fresh, by=by, at=at)
    return fresh


def reopen_account(*, person: User, by: User, at: datetime) -> OneTime:
    """A colleague comes back: the same account with a new one-time password. Raises Moved when it is open."""
    with transaction.atomic():
        fresh = _locked(person, by)
        access.require(by, "reopen_account", fresh)
        if fresh.is_active:
            raise Moved(_("The account is open already."))
        fresh.is_active = True
        fresh.save(update_fields=["is_active"])
        password = give_one_time_password(fresh, at=at)
        StaffRecord.objects.filter(user=fresh).update(left_on=None)
        audit.record("account.reopened", fresh, by=by, at=at)
    return OneTime(fresh, password)


def _locked(person: User, by: User) -> User:
    """The person under a lock that also holds the organisation, so that two administrators cannot close each other."""
    Organisation.objects.select_for_update().get(pk=person.organisation_id)
    if not User.objects.filter(pk=by.pk, is_active=True).exists():
        raise NotYours()
    return User.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=person.pk)


def _require_handed_over(person: User, *, field: str | None = None) -> None:
    count = registry.count_open_work(person)
    if count:
        sentence = ngettext(
            "%(count)d open matter hangs on this person. Hand it over first.",
            "%(count)d open matters hang on this person. Hand them over first.", count,
        )
        raise DomainError(sentence % {"count": count}, code="open_work", field=field)


def _save_record(staff: StaffRecord) -> None:
    try:
        with transaction.atomic():
            staff.save()
    except IntegrityError as error:
        raise DomainError(
            _("The person cannot have begun after leaving."), code="reversed", field="employed_on"
        ) from error
