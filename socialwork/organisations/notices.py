"""Who is told of what becomes of agencies and agreements. Nothing here is about a child."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from socialwork.access.roles import Family, Role, holding
from socialwork.notifications.registry import notify
from socialwork.organisations import queries
from socialwork.organisations.models import Agreement, Organisation


def _holders(organisation_ids: Iterable[UUID], *roles: Role) -> list[Any]:
    people = get_user_model().objects.filter(holding(*roles), organisation_id__in=list(organisation_ids), is_active=True)
    return list(people.order_by("pk"))


def _agency_side(event: Any, row: Agreement) -> list[Any]:
    return _holders([row.agency_id], Role.AGENCY_MANAGER, Role.AGENCY_INTAKE)


def _organ_side(event: Any, row: Agreement) -> list[Any]:
    return _holders(row.parties.values_list("organ_id", flat=True), Role.UNIT_HEAD)


def _managers(event: Any, row: Organisation) -> list[Any]:
    return _holders([row.pk], Role.AGENCY_MANAGER)


def _heads_of_the_district(event: Any, row: Organisation) -> list[Any]:
    organs = Organisation.objects.filter(family=Family.ORGAN, district_id=row.district_id)
    return _holders(organs.values_list("pk", flat=True), Role.UNIT_HEAD)


def _bureau(event: Any, row: Organisation) -> list[Any]:
    bureaus = Organisation.objects.filter(family=Family.CIVIL_AFFAIRS, district_id=row.district_id)
    return _holders(bureaus.values_list("pk", flat=True), Role.CIVIL_AFFAIRS_OFFICER)


def _contracting_heads(event: Any, row: Organisation) -> list[Any]:
    """Heads of the units whose agreements with the agency still run: they decide what becomes of the work."""
    running = queries.running_agreements(row, today=timezone.localdate(event.at))
    return _holders(running.values_list("parties__organ_id", flat=True).order_by(), Role.UNIT_HEAD)


def _registry_page(row: Organisation) -> str:
    return reverse("oversight:agency", args=[row.pk])


def _tell(verb: str, level: str, to: Any, sentence: Any) -> None:
    agreement = verb.startswith("agreement.")
    path = Agreement.get_absolute_url if agreement else _registry_page
    notify(
        verb, level=level, to=to, sentence=sentence, path=path,
        label=lambda row: row.number if isinstance(row, Agreement) else row.short_name,
    )


_tell("agreement.signed", "know", _agency_side, _("Agreement %(label)s was signed."))
_tell("agreement.signed", "know", _organ_side, _("Agreement %(label)s was signed."))
_tell("agreement.changed", "know", _agency_side, _("The terms of agreement %(label)s were changed."))
_tell("agreement.suspended", "act", _agency_side, _("Agreement %(label)s was suspended. Stop the work and hand over."))
_tell("agreement.suspended", "know", _organ_side, _("Agreement %(label)s was suspended."))
_tell("agreement.resumed", "know", _agency_side, _("Agreement %(label)s is in force again."))
_tell("agreement.terminated", "act", _agency_side, _("Agreement %(label)s was terminated. Hand over in time."))
_tell("agreement.terminated", "know", _organ_side, _("Agreement %(label)s was terminated."))
_tell("agency.recommended", "know", _heads_of_the_district, _("%(label)s was recommended by civil affairs."))
_tell("agency.inspected", "know", _heads_of_the_district, _("%(label)s was inspected."))
_tell("agency.admitted", "act", _bureau, _("An organ has chosen %(label)s. Put it on the active list."))
_tell("agency.activated", "know", _managers, _("%(label)s stands on the active list."))
_tell("agency.suspended", "act", _contracting_heads, _("%(label)s was suspended. Decide about your agreement."))
_tell("agency.suspended", "know", _managers, _("%(label)s was suspended by the registry."))
_tell("agency.readmitted", "know", _managers, _("%(label)s stands on the active list again."))
