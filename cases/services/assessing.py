"""Pre-assessment (F15): what the worker finds in each domain, the level that follows, and the person who confirms it.

Professional structured judgement, not a validated instrument (domain 11.2); the level sets nothing but the frequency of
contacts (D9).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cases.models import Assessment, Case, DomainRating
from cases.services.clocks import refresh_next_act
from socialwork import audit
from socialwork.access import api as access
from socialwork.core import vocabulary
from socialwork.core.errors import DomainError, Moved, NotYours, Stale
from socialwork.people.dossiers import Dossier, open_dossier

# Levels that only the supervisor confirms.
GRAVE = ("high", "very_high")
BY_RATING = ("low", "low", "medium", "high")
# From this rating on, and for a strength, the facts behind it must be named.
NAMED_FROM = 2


@dataclass(frozen=True)
class Rating:
    """One domain: 0 none, 1 some, 2 clear, 3 severe; a strength; a priority; the facts behind it."""

    domain: str
    rating: int
    strength: bool = False
    priority: bool = False
    facts: str = ""


def propose_risk(ratings: Sequence[Rating]) -> str:
    """The level the ratings point to: the highest rules; severe danger to safety is a crisis."""
    highest = max((row.rating for row in ratings), default=0)
    if any(row.domain == "safety" and row.rating == 3 for row in ratings):
        return "very_high"
    return BY_RATING[highest]


def assess_case(
    *,
    case: Case,
    by: Any,
    at: datetime,
    version: int,
    occasion: str,
    ratings: Sequence[Rating],
    protective: Sequence[str],
    text: Mapping[str, str],
) -> Assessment:
    """Write the assessment of an occasion, or rewrite it as long as nobody confirmed it (`version` 0 for a new one).

    Raises Stale, Moved once it is confirmed, DomainError when a domain is missing or a clear rating has no facts.
    """
    _check(ratings, protective, occasion)
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        access.require(by, "assess_case", case)
        row = Assessment.objects.select_for_update().filter(case=case, occasion=occasion).first()
        dossier = open_dossier(case.juvenile_id)
        if row is not None:
            dossier.read(row)
            _require_open(row, version)
        row = row or Assessment(case=case, occasion=occasion, version=0, created_at=at)
        row.version += 1
        row.protective, row.proposed_risk = list(protective), propose_risk(ratings)
        row.assessed_at, row.assessed_by = at, by
        dossier.write(row, **text)
        row.save()
        _write_ratings(row, ratings, dossier, at)
        facts = {"occasion": occasion, "proposed": row.proposed_risk, "supervisor_confirms": row.proposed_risk in GRAVE}
        audit.record("assessment.made", row, by=by, at=at, facts=facts)
        refresh_next_act(case, at=at)
    return row


def _write_ratings(row: Assessment, ratings: Sequence[Rating], dossier: Dossier, at: datetime) -> None:
    DomainRating.objects.filter(assessment=row).delete()
    for rating in ratings:
        line = DomainRating(
            assessment=row,
            domain=rating.domain,
            rating=rating.rating,
            strength=rating.strength,
            priority=rating.priority,
            created_at=at,
        )
        dossier.write(line, facts=rating.facts)
        line.save(force_insert=True)


def confirm_assessment(
    *, assessment: Assessment, by: Any, at: datetime, version: int, risk_level: str, override_reason: str = ""
) -> Assessment:
    """A person confirms the proposed level or sets another with a reason; it becomes the level of the case.

    A high level, proposed or set, is confirmed by the supervisor. Raises NotYours, Stale, Moved, DomainError.
    """
    if risk_level not in vocabulary.codes("risk_level"):
        raise DomainError(_("Choose the level."), code="required", field="risk_level")
    if risk_level != assessment.proposed_risk and not override_reason.strip():
        raise DomainError(
            _("Say why the level differs from the one the ratings point to."), code="required", field="override_reason"
        )
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=assessment.case_id)
        row = Assessment.objects.select_for_update().get(pk=assessment.pk)
        access.require(by, "confirm_assessment", row)
        dossier = open_dossier(case.juvenile_id)
        dossier.read(row)
        _require_open(row, version)
        if risk_level in GRAVE and case.supervisor_id != by.pk:
            raise NotYours(_("A high level is confirmed by the supervisor of the case."))
        dossier.write(row, override_reason=override_reason.strip())
        row.risk_level, row.confirmed_at, row.confirmed_by, row.version = risk_level, at, by, row.version + 1
        row.save()
        Case.objects.filter(pk=case.pk).update(risk_level=risk_level, version=F("version") + 1)
        facts = {"occasion": row.occasion, "proposed": row.proposed_risk, "level": risk_level}
        audit.record("assessment.confirmed", row, by=by, at=at, facts=facts)
        refresh_next_act(case, at=at)
    return row


def _require_open(row: Assessment, version: int) -> None:
    if row.confirmed_at is not None:
        raise Moved(_("This assessment is confirmed and stays as it is. Assess again at the next occasion."))
    if row.version != version:
        raise Stale(row.text or {})


def _check(ratings: Sequence[Rating], protective: Sequence[str], occasion: str) -> None:
    if occasion not in Assessment.Occasion.values:
        raise DomainError(_("Choose the occasion."), code="required", field="occasion")
    if {row.domain for row in ratings} != set(vocabulary.codes("assessment_domain")):
        raise DomainError(_("Rate every domain; 0 where there is nothing to note."), code="required")
    if set(protective) - set(vocabulary.codes("protective_factor")):
        raise DomainError(_("Choose one of the values offered."), code="unknown_term", field="protective")
    for row in ratings:
        if not 0 <= row.rating <= 3:
            raise DomainError(_("Choose a value from 0 to 3."), code="scale", field=f"rating_{row.domain}")
        if (row.rating >= NAMED_FROM or row.strength) and not row.facts.strip():
            raise DomainError(
                _("Name the facts behind a clear rating or a strength."), code="required", field=f"facts_{row.domain}"
            )
