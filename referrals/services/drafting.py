"""Starting a referral and filling it in, in any order."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.models import BriefParagraph, Referral, ReferralGuardian, ReferralService
from referrals.services.clocks import refresh_next_act
from socialwork import audit
from socialwork.access import api as access
from socialwork.core.errors import DomainError, Moved, Stale
from socialwork.core.identifiers import full_age_on
from socialwork.people.dossiers import open_dossier
from socialwork.people.models import Guardian, Identity, Juvenile

# Columns a person fills in; everything else is set by services.
EDITABLE = (
    "subject_type", "stage", "custody", "charge", "behaviours", "offence_on", "joint_offence", "incident", "urgency",
    "district", "agency", "agreement", "due_on", "due_rule",
)


def draft_referral(*, by: Any, at: datetime, juvenile: Juvenile, prosecutor: Any = None, previous: Referral | None = None) -> Referral:
    """Start an empty draft about a child for the user's own organ.

    A clerk names the prosecutor in charge. Raises DomainError when that person is no prosecutor of the organ.
    """
    charge = prosecutor or by
    with transaction.atomic():
        access.require(by, "draft_referral", by.organisation)
        access.require(by, "view", juvenile)
        if charge.organisation_id != by.organisation_id or "prosecutor" not in charge.roles or not charge.is_active:
            raise DomainError(_("Choose a prosecutor of your own organ."), code="prosecutor", field="prosecutor")
        referral = Referral.objects.create(
            organ=by.organisation, prosecutor=charge, juvenile=juvenile, previous=previous,
            district=by.organisation.district, created_at=at, touched_at=at,
        )
        for guardian in Guardian.objects.filter(juvenile=juvenile).order_by("created_at"):
            ReferralGuardian.objects.create(referral=referral, guardian=guardian)
        audit.record("referral.drafted", referral, by=by, at=at)
        refresh_next_act(referral, at=at)
    return referral


def edit_referral(
    *, referral: Referral, by: Any, at: datetime, version: int, fields: Mapping[str, Any], services: Mapping[str, int],
    paragraphs: Sequence[tuple[str, str, bool]], guardians: Sequence[Guardian] = (),
) -> Referral:
    """Save the draft page. `services` maps service codes to quantities; `paragraphs` are (kind, body, shared) in order.

    Raises Stale when somebody saved the page since `version`, DomainError for an act before birth or in the future.
    """
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    if fields.get("offence_on") and fields["offence_on"] > timezone.localdate(at):
        raise DomainError(_("The day of the event cannot lie in the future."), code="future", field="offence_on")
    with transaction.atomic():
        access.require(by, "edit_referral", referral)
        values = dict(fields)
        if "offence_on" in values:
            values["age_at_offence"] = age_at(referral.juvenile_id, values["offence_on"])
        claimed = Referral.objects.filter(pk=referral.pk, version=version, state="draft").update(
            version=F("version") + 1, **values
        )
        referral.refresh_from_db()
        if not claimed:
            raise Stale(_as_typed(referral)) if referral.state == "draft" else Moved()
        _replace_services(referral, services)
        _replace_paragraphs(referral, paragraphs, at)
        ReferralGuardian.objects.filter(referral=referral).delete()
        for guardian in guardians:
            if guardian.juvenile_id == referral.juvenile_id:
                ReferralGuardian.objects.create(referral=referral, guardian=guardian)
        audit.record("referral.edited", referral, by=by, at=at, facts={"fields": sorted(fields)})
        refresh_next_act(referral, at=at)
    return referral


def _replace_services(referral: Referral, services: Mapping[str, int]) -> None:
    ReferralService.objects.filter(referral=referral).delete()
    ReferralService.objects.bulk_create(
        ReferralService(referral=referral, service_type=code, quantity=quantity) for code, quantity in services.items()
    )


def _replace_paragraphs(referral: Referral, paragraphs: Sequence[tuple[str, str, bool]], at: datetime) -> None:
    dossier = open_dossier(referral.juvenile_id)
    BriefParagraph.objects.filter(referral=referral).delete()
    for position, (kind, body, shared) in enumerate(paragraphs):
        row = BriefParagraph(referral=referral, kind=kind, position=position, shared=shared, created_at=at)
        dossier.write(row, body=body)
        row.save(force_insert=True)


def birth_date(juvenile_id: Any) -> date | None:
    """The child's birth date, or None while it is not known."""
    identity = Identity.objects.get(juvenile_id=juvenile_id)
    open_dossier(juvenile_id).read(identity)
    return born_on(identity.text)


def born_on(text: Mapping[str, Any]) -> date | None:
    """The birth date in an opened identity."""
    return date.fromisoformat(text["birth_on"]) if text.get("birth_on") else None


def age_at(juvenile_id: Any, day: date | None) -> int | None:
    """Completed years on the day of the event, as criminal responsibility counts them. DomainError before birth."""
    born = birth_date(juvenile_id) if day else None
    if day is None or born is None:
        return None
    if day < born:
        raise DomainError(_("The act cannot lie before the birth of the child."), code="before_birth", field="offence_on")
    return full_age_on(born, day)


def _as_typed(referral: Referral) -> dict[str, Any]:
    """What somebody else saved, for showing beside what this person typed."""
    paragraphs = list(referral.paragraphs.order_by("position"))
    open_dossier(referral.juvenile_id).read(*paragraphs)
    return {
        **{name: getattr(referral, name) for name in EDITABLE},
        "services": {line.service_type: line.quantity for line in referral.services.order_by("pk")},
        "paragraphs": [(row.kind, row.text["body"], row.shared) for row in paragraphs if row.text],
        "guardians": [link.guardian_id for link in referral.guardian_links.order_by("pk")],
    }
