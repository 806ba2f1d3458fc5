"""Agreements between organs and an agency: drafted, signed, changed by new versions, suspended, ended."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from socialwork import audit
from socialwork.access import api as access
from socialwork.access.roles import Family
from socialwork.core.errors import DomainError, Stale
from socialwork.organisations import queries
from socialwork.organisations.models import Agreement, AgreementParty, AgreementService, AgreementVersion, Organisation
from socialwork.organisations.states import AGREEMENT, AgencyState, AgreementState
from socialwork.workflow.transitions import run_transition

# Columns of a version that people agree on, besides period and services.
TERMS = (
    "kind", "procurement", "area", "response_hours", "urgent_response_hours", "training_duty", "data_terms", "evaluation_method",
)
LINE = ("service_type", "quota", "unit", "unit_price")


def draft_agreement(
    *, organ: Organisation, by: Any, at: datetime, agency: Organisation, number: str, title: str, starts_on: dt.date,
    ends_on: dt.date, hand_over_days: int, terms: Mapping[str, Any], services: Sequence[Mapping[str, Any]],
    parties: Sequence[Organisation] = (),
) -> Agreement:
    """Write down what the parties want to agree on, as version 1. It gives no rights until it is signed.

    `parties` are further organs. Raises DomainError for an agency that is not on the active list, a reversed or past
    period, a missing service, or a number the agency has under another agreement.
    """
    _check_terms(starts_on, ends_on, terms, services, today=timezone.localdate(at))
    with transaction.atomic():
        access.require(by, "draft_agreement", organ)
        _require_active(agency)
        row = Agreement(
            number=number, title=title, agency=agency, district_id=organ.district_id, starts_on=starts_on, ends_on=ends_on,
            hand_over_days=hand_over_days, access_until=ends_on + dt.timedelta(days=hand_over_days), created_at=at,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise DomainError(
                _("The agency has another agreement with this number."), code="number", field="number"
            ) from error
        for party in {organ.pk: organ, **{other.pk: other for other in parties}}.values():
            if party.family != Family.ORGAN:
                raise DomainError(_("Only organs can commission an agency."), code="party", field="parties")
            AgreementParty.objects.create(agreement=row, organ=party, created_at=at)
        _write_version(row, 1, valid_from=starts_on, reason="", by=by, at=at, terms=terms, services=services)
        audit.record("agreement.drafted", row, by=by, at=at, facts={"agency": str(agency.pk), "parties": len(parties) + 1})
    return row


def change_agreement(
    *, agreement: Agreement, by: Any, at: datetime, version: int, starts_on: dt.date, ends_on: dt.date, hand_over_days: int,
    valid_from: dt.date, reason: str, terms: Mapping[str, Any], services: Sequence[Mapping[str, Any]],
) -> AgreementVersion:
    """Agree on other terms: a new version that counts from `valid_from`; earlier versions stay as they were.

    The period of the agreement and the agency's access follow the new end at once. Raises Stale when somebody changed
    the agreement since `version`, DomainError when nothing changed, when it has ended, or for dates out of order.
    """
    today = timezone.localdate(at)
    _check_terms(starts_on, ends_on, terms, services, today=today)
    with transaction.atomic():
        row = _locked(agreement)
        access.require(by, "change_agreement", row)
        latest = queries.latest_version(row)
        if row.version != version:
            raise Stale(_as_typed(row, latest))
        draft = row.state == AgreementState.DRAFT
        _require_running(row, today)
        _check_change(row, latest, draft=draft, starts_on=starts_on, ends_on=ends_on, valid_from=valid_from, reason=reason)
        same_end = (row.starts_on, row.ends_on, row.hand_over_days) == (starts_on, ends_on, hand_over_days)
        if same_end and _as_agreed(latest) == _as_wanted(terms, services):
            raise DomainError(_("Nothing was changed, so there is nothing to write down."), code="unchanged")
        Agreement.objects.filter(pk=row.pk).update(
            starts_on=starts_on, ends_on=ends_on, hand_over_days=hand_over_days, version=F("version") + 1,
            access_until=ends_on + dt.timedelta(days=hand_over_days),
        )
        row.refresh_from_db()
        new = _write_version(
            row, latest.number + 1, valid_from=starts_on if draft else valid_from, reason=reason, by=by, at=at, terms=terms,
            services=services,
        )
        audit.record("agreement.changed", row, by=by, at=at, facts={"version": new.number, "valid_from": new.valid_from.isoformat()})
    return new


def sign_agreement(*, agreement: Agreement, by: Any, at: datetime) -> Agreement:
    """Record that all parties have signed; from its first day on the agency may receive referrals under it.

    Raises DomainError when the agency is not on the active list or the end has passed.
    """
    with transaction.atomic():
        row = _locked(agreement)
        access.require(by, "sign_agreement", row)
        _require_active(row.agency)
        _require_running(row, timezone.localdate(at))
        return run_transition(row, AGREEMENT["sign_agreement"], by=by, at=at)


def discard_agreement(*, agreement: Agreement, by: Any, at: datetime) -> Agreement:
    """Give up a draft. Its number becomes free."""
    return run_transition(agreement, AGREEMENT["discard_agreement"], by=by, at=at)


def suspend_agreement(*, agreement: Agreement, by: Any, at: datetime, reason: str) -> Agreement:
    """Stop the agency's work under the agreement from this day on.

    Workers lose access at once; managers read and hand over until the agreed days after the stop have passed.
    """
    return _stop(agreement, "suspend_agreement", by=by, at=at, reason=reason, hand_over_days=None)


def terminate_agreement(*, agreement: Agreement, by: Any, at: datetime, reason: str, hand_over_days: int) -> Agreement:
    """End the agreement before its time. The agency's managers read and hand over for `hand_over_days` after this day."""
    return _stop(agreement, "terminate_agreement", by=by, at=at, reason=reason, hand_over_days=hand_over_days)


def resume_agreement(*, agreement: Agreement, by: Any, at: datetime) -> Agreement:
    """End a suspension: the agency works again until the agreed end. Raises DomainError when the end has passed."""
    with transaction.atomic():
        row = _locked(agreement)
        access.require(by, "resume_agreement", row)
        _require_active(row.agency)
        _require_running(row, timezone.localdate(at))
        return run_transition(
            row, AGREEMENT["resume_agreement"], by=by, at=at, stopped_on=None, stopped_reason="",
            access_until=row.ends_on + dt.timedelta(days=row.hand_over_days),
        )


def _stop(
    agreement: Agreement, verb: str, *, by: Any, at: datetime, reason: str, hand_over_days: int | None
) -> Agreement:
    today = timezone.localdate(at)
    with transaction.atomic():
        row = _locked(agreement)
        access.require(by, verb, row)
        _require_running(row, today)
        days = row.hand_over_days if hand_over_days is None else hand_over_days
        until = today + dt.timedelta(days=days)
        return run_transition(
            row, AGREEMENT[verb], by=by, at=at, facts={"access_until": until.isoformat()}, stopped_on=today,
            stopped_reason=reason, hand_over_days=days, access_until=until,
        )


def _locked(agreement: Agreement) -> Agreement:
    return Agreement.objects.select_for_update(of=("self",)).select_related("agency").get(pk=agreement.pk)


def _write_version(
    row: Agreement, number: int, *, valid_from: dt.date, reason: str, by: Any, at: datetime, terms: Mapping[str, Any],
    services: Sequence[Mapping[str, Any]],
) -> AgreementVersion:
    version = AgreementVersion.objects.create(
        agreement=row, number=number, valid_from=valid_from, starts_on=row.starts_on, ends_on=row.ends_on,
        change_reason=reason, made_by=by, created_at=at, **{name: terms[name] for name in TERMS if name in terms},
    )
    for line in services:
        AgreementService.objects.create(version=version, created_at=at, **{name: line[name] for name in LINE})
    return version


def _check_terms(
    starts_on: dt.date, ends_on: dt.date, terms: Mapping[str, Any], services: Sequence[Mapping[str, Any]], *, today: dt.date
) -> None:
    if ends_on < starts_on:
        raise DomainError(_("The end lies before the beginning."), code="reversed", field="ends_on")
    if ends_on < today:
        raise DomainError(_("The end must not lie in the past."), code="past", field="ends_on")
    if not terms.get("area"):
        raise DomainError(_("Choose the districts the agreement covers."), code="area", field="area")
    codes = [line["service_type"] for line in services]
    if not codes:
        raise DomainError(_("Name at least one service."), code="services")
    if len(set(codes)) != len(codes):
        raise DomainError(_("Each service may stand in one line only."), code="services")


def _check_change(
    row: Agreement, latest: AgreementVersion, *, draft: bool, starts_on: dt.date, ends_on: dt.date, valid_from: dt.date,
    reason: str,
) -> None:
    if draft:
        return
    if starts_on != row.starts_on:
        raise DomainError(_("The first day of a signed agreement stays."), code="start", field="starts_on")
    if not reason:
        raise DomainError(_("Say why the terms change."), code="reason", field="change_reason")
    if not latest.valid_from <= valid_from <= ends_on:
        raise DomainError(
            _("The new terms begin on or after the day the present ones began, and before the end."), code="valid_from",
            field="valid_from",
        )


def _require_active(agency: Organisation) -> None:
    if not Organisation.objects.filter(pk=agency.pk, family=Family.AGENCY, state=AgencyState.ACTIVE).exists():
        raise DomainError(
            _("The agency is not on the active list of the registry. Choose another agency or ask civil affairs."),
            code="agency", field="agency",
        )


def _require_running(row: Agreement, today: dt.date) -> None:
    if row.ends_on < today:
        raise DomainError(_("The agreement has ended by itself. Draft a new one."), code="ended")


def _as_agreed(version: AgreementVersion) -> tuple[Any, ...]:
    lines = [{name: getattr(line, name) for name in LINE} for line in version.services.all()]
    return _as_wanted({name: getattr(version, name) for name in TERMS}, lines)


def _as_wanted(terms: Mapping[str, Any], services: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
    shown = tuple(sorted(terms[name]) if name == "area" else terms.get(name, "") for name in TERMS)
    return shown, tuple(sorted(tuple(line[name] for name in LINE) for line in services))


def _as_typed(row: Agreement, latest: AgreementVersion) -> dict[str, Any]:
    """What somebody else agreed on, for showing beside what this person typed."""
    return {
        "starts_on": row.starts_on, "ends_on": row.ends_on, "hand_over_days": row.hand_over_days,
        "change_reason": latest.change_reason, **{name: getattr(latest, name) for name in TERMS},
    }
