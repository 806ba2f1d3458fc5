"""Bringing organisations in, and keeping what is known of them."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from socialwork import audit
from socialwork.access import api as access
from socialwork.access.roles import Family
from socialwork.core import vocabulary
from socialwork.core.errors import DomainError, Stale
from socialwork.core.identifiers import clean_credit_code
from socialwork.organisations.models import District, Organisation
from socialwork.organisations.states import AgencyState

# What the people of an organisation keep themselves; name, code and place are kept by whoever registered it.
OWN_SETTINGS = ("short_name", "letter_prefix", "contact", "phone", "address", "approval_levels")
# What the bureau keeps of an agency it registered.
REGISTRATION = (
    "name", "short_name", "kind", "credit_code", "address", "phone", "contact", "registered_on", "supervising_unit",
    "assessment_grade",
)


def register_organisation(
    *, home: Organisation, by: Any, at: datetime, district: District, facts: Mapping[str, Any]
) -> Organisation:
    """Bring a procuratorate, bureau or other organisation into the installation. `home` is the operator's organisation.

    `facts` holds the columns of REGISTRATION. An agency begins as a candidate, whoever registers it. Raises DomainError
    for a wrong or already registered credit code and for a kind that has no part here.
    """
    with transaction.atomic():
        access.require(by, "register_organisation", home)
        row = _create(district=district, at=at, facts=facts)
        audit.record("organisation.registered", row, by=by, at=at, facts={"kind": row.kind, "district": district.pk})
    return row


def register_agency(*, bureau: Organisation, by: Any, at: datetime, facts: Mapping[str, Any]) -> Organisation:
    """Enter an agency as a candidate in the registry of the bureau's district (domain 9.2).

    Raises DomainError for a wrong or already registered credit code.
    """
    with transaction.atomic():
        access.require(by, "register_agency", bureau)
        row = _create(district=bureau.district, at=at, facts=facts)
        if row.family != Family.AGENCY:
            raise DomainError(_("Choose the kind of a social-work agency."), code="kind", field="kind")
        audit.record("agency.registered", row, by=by, at=at, facts={"kind": row.kind, "district": row.district_id})
    return row


def edit_registration(
    *, agency: Organisation, by: Any, at: datetime, version: int, facts: Mapping[str, Any]
) -> Organisation:
    """Correct what the registry says of an agency. Raises Stale when somebody else did so since `version`."""
    values = _checked(facts, at=at)
    if family_of(values["kind"]) != Family.AGENCY:
        raise DomainError(_("Choose the kind of a social-work agency."), code="kind", field="kind")
    return _edit(agency, "edit_registration", "agency.registration_edited", values, by=by, at=at, version=version)


def edit_organisation(
    *, organisation: Organisation, by: Any, at: datetime, version: int, settings: Mapping[str, Any]
) -> Organisation:
    """Change the settings of one's own organisation (columns of OWN_SETTINGS). Raises Stale as every edit.

    `approval_levels` is an organ's own decision: 1 when its unit head approves each referral, 0 when it goes out at once.
    """
    values = {name: value for name, value in settings.items() if name in OWN_SETTINGS}
    if organisation.family != Family.ORGAN:
        values.pop("approval_levels", None)
    return _edit(organisation, "edit_organisation", "organisation.edited", values, by=by, at=at, version=version)


def set_caseload_limits(
    *, organisation: Organisation, by: Any, at: datetime, version: int, caseload_warn: int, caseload_block: int
) -> Organisation:
    """From how many active cases a worker is marked as loaded, and from how many no further case is given (domain 9.3)."""
    if not 1 <= caseload_warn <= caseload_block:
        raise DomainError(
            _("The limit must not lie below the mark that warns."), code="caseload", field="caseload_block"
        )
    values = {"caseload_warn": caseload_warn, "caseload_block": caseload_block}
    return _edit(organisation, "set_caseload_limits", "organisation.caseload_limits_set", values, by=by, at=at, version=version)


def family_of(kind: str) -> str:
    """The side of the wall an organisation of this kind stands on; "" when it has no part in the product."""
    return vocabulary.term("org_family", vocabulary.term("org_type", kind).extra["family"]).extra["access_family"]


def _create(*, district: District, at: datetime, facts: Mapping[str, Any]) -> Organisation:
    values = _checked(facts, at=at)
    family = family_of(values["kind"])
    if not family:
        raise DomainError(_("Organisations of this kind have no part here. Choose another kind."), code="kind", field="kind")
    row = Organisation(
        family=family, district=district, province_code=district.province_code, created_at=at,
        state=AgencyState.CANDIDATE if family == Family.AGENCY else AgencyState.ACTIVE, **values,
    )
    _save(row, force_insert=True)
    return row


def _edit(
    row: Organisation, action: str, verb: str, values: Mapping[str, Any], *, by: Any, at: datetime, version: int
) -> Organisation:
    with transaction.atomic():
        fresh = Organisation.objects.select_for_update().get(pk=row.pk)
        access.require(by, action, fresh)
        if fresh.version != version:
            raise Stale({name: getattr(fresh, name) for name in values})
        changed = sorted(name for name, value in values.items() if getattr(fresh, name) != value)
        for name, value in values.items():
            setattr(fresh, name, value)
        fresh.version += 1
        _save(fresh)
        audit.record(verb, fresh, by=by, at=at, facts={"fields": changed})
    return fresh


def _checked(facts: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """The columns of a registration in their stored form. Raises DomainError with the field."""
    values = {name: value for name, value in facts.items() if name in (*REGISTRATION, "letter_prefix")}
    if values.get("credit_code"):
        try:
            values["credit_code"] = clean_credit_code(values["credit_code"])
        except ValidationError as error:
            raise DomainError(error.messages[0], code="credit_code", field="credit_code") from error
    registered: dt.date | None = values.get("registered_on")
    if registered and registered > timezone.localdate(at):
        raise DomainError(_("The day of registration cannot lie in the future."), code="future", field="registered_on")
    return values


def _save(row: Organisation, **options: Any) -> None:
    try:
        with transaction.atomic():
            row.save(**options)
    except IntegrityError as error:
        if "one_credit_code" not in str(error):
            raise
        raise DomainError(
            _("An organisation with this credit code is registered already."), code="registered", field="credit_code"
        ) from error
