"""The way of an agency through the registry: recommended, inspected, chosen, active, suspended, gone (domain 9.2)."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from socialwork import audit
from socialwork.access import api as access
from socialwork.access.roles import Role, holding
from socialwork.core.errors import Blocked, DomainError
from socialwork.organisations import queries
from socialwork.organisations.models import Inspection, Organisation, Recommendation, RegistryEntry
from socialwork.organisations.periods import a_year_after
from socialwork.organisations.states import AGENCY
from socialwork.workflow.transitions import run_transition


def recommend_agency(
    *, agency: Organisation, by: Any, at: datetime, letter_number: str, recommended_on: dt.date, reason: str
) -> Recommendation:
    """Recommend the agency to the organs by letter. Raises DomainError for a day ahead or a number already used."""
    if recommended_on > timezone.localdate(at):
        raise DomainError(_("A letter cannot be dated in the future."), code="future", field="recommended_on")
    with transaction.atomic():
        run_transition(agency, AGENCY["recommend_agency"], by=by, at=at)
        row = Recommendation(
            agency=agency, bureau=by.organisation, letter_number=letter_number, reason=reason, recommended_on=recommended_on,
            recommended_by=by, created_at=at,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise DomainError(
                _("This agency was already recommended in a letter with this number."), code="letter", field="letter_number"
            ) from error
    return row


def record_inspection(
    *, agency: Organisation, by: Any, at: datetime, inspected_on: dt.date, parts: Mapping[str, str],
    shortcomings: Sequence[str], passed: bool, findings: str = "",
) -> Inspection:
    """Record what was found on the spot: at admission, and every year afterwards.

    `parts` holds what was found by the names of Inspection.PARTS; `shortcomings` those that were not in order. A
    recommended agency that passes may be chosen; one that is not yet active and fails goes back to being recommended.
    Raises DomainError for a day ahead and for a pass with shortcomings.
    """
    if inspected_on > timezone.localdate(at):
        raise DomainError(_("An inspection cannot lie in the future."), code="future", field="inspected_on")
    if passed and shortcomings:
        raise DomainError(
            _("An agency passes only when every part is in order. Untick the shortcomings or record that it did not pass."),
            code="shortcomings", field="passed",
        )
    with transaction.atomic():
        fresh = Organisation.objects.select_for_update().get(pk=agency.pk)
        access.require(by, "record_inspection", fresh)
        row = Inspection.objects.create(
            agency=fresh, bureau=by.organisation, inspected_on=inspected_on, inspected_by=by, passed=passed,
            shortcomings=sorted(shortcomings), findings=findings, created_at=at, **parts,
        )
        facts = {"passed": passed, "inspection": str(row.pk), "shortcomings": sorted(shortcomings)}
        step = AGENCY["pass_inspection" if passed else "fail_inspection"]
        if fresh.state in step.sources:
            run_transition(fresh, step, by=by, at=at, facts=facts)
        else:
            audit.record(step.verb, fresh, by=by, at=at, facts=facts)
    return row


def admit_agency(*, agency: Organisation, by: Any, at: datetime) -> Organisation:
    """A head of unit chooses the agency from those recommended and inspected (seed practice).

    Raises DomainError when the latest inspection was not passed or lies more than a year back.
    """
    with transaction.atomic():
        access.require(by, "admit_agency", agency)
        _require_fresh_inspection(agency, today=timezone.localdate(at))
        return _decide(agency, "admit_agency", by=by, at=at)


def activate_agency(*, agency: Organisation, by: Any, at: datetime) -> Organisation:
    """Put a chosen agency on the list organs make agreements from. Raises DomainError while nobody there can sign in."""
    with transaction.atomic():
        access.require(by, "activate_agency", agency)
        managers = get_user_model().objects.filter(holding(Role.AGENCY_MANAGER), organisation=agency, is_active=True)
        if not managers.exists():
            raise DomainError(
                _("The agency has no manager who can sign in. Let the operator of the system open an account first."),
                code="no_manager",
            )
        return _decide(agency, "activate_agency", by=by, at=at)


def suspend_agency(*, agency: Organisation, by: Any, at: datetime, reason: str) -> Organisation:
    """No new referral goes to the agency. Running cases go on until each organ decides about its agreement."""
    return _decide(agency, "suspend_agency", by=by, at=at, reason=reason)


def readmit_agency(*, agency: Organisation, by: Any, at: datetime, reason: str) -> Organisation:
    """End a suspension. Raises DomainError when the latest inspection was not passed or lies more than a year back."""
    with transaction.atomic():
        access.require(by, "readmit_agency", agency)
        _require_fresh_inspection(agency, today=timezone.localdate(at))
        return _decide(agency, "readmit_agency", by=by, at=at, reason=reason)


def exit_agency(*, agency: Organisation, by: Any, at: datetime, reason: str) -> Organisation:
    """Take the agency off the registry. Raises Blocked while agreements run: the organs terminate them first."""
    with transaction.atomic():
        fresh = Organisation.objects.select_for_update().get(pk=agency.pk)
        access.require(by, "exit_agency", fresh)
        running = list(queries.running_agreements(fresh, today=timezone.localdate(at)))
        if running:
            sentence = _("Agreement %(number)s still runs. Its organ must terminate it first.")
            raise Blocked([(None, sentence % {"number": row.number}) for row in running])
        return _decide(fresh, "exit_agency", by=by, at=at, reason=reason)


def _decide(agency: Organisation, verb: str, *, by: Any, at: datetime, reason: str = "") -> Organisation:
    """Carry out a transition and write the decision with its reason into the agency's history."""
    with transaction.atomic():
        run_transition(agency, AGENCY[verb], by=by, at=at)
        RegistryEntry.objects.create(agency=agency, act=verb, reason=reason, made_at=at, made_by=by, created_at=at)
    return agency


def _require_fresh_inspection(agency: Organisation, *, today: dt.date) -> None:
    latest = queries.inspections_of(agency).first()
    if latest is None or not latest.passed or a_year_after(latest.inspected_on) < today:
        raise DomainError(
            _("There is no inspection of the last twelve months that the agency has passed. Record one first."),
            code="inspection",
        )

