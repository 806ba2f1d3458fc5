"""Whether a person may be given a function in a case (V14, V15, domain 9.3 and 13.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases import queries
from cases.models import Assignment
from referrals.models import Referral
from socialwork.access.roles import Role
from socialwork.accounts.models import StaffRecord, User
from socialwork.core import vocabulary

LEAD, SECOND = Assignment.Function.LEAD, Assignment.Function.SECOND
SUPERVISOR, COUNSELLOR = Assignment.Function.SUPERVISOR, Assignment.Function.COUNSELLOR
ROLE_OF = {
    LEAD: Role.SOCIAL_WORKER,
    SECOND: Role.SOCIAL_WORKER,
    SUPERVISOR: Role.SUPERVISOR,
    COUNSELLOR: Role.COUNSELLOR,
}
# How the list of staff functions calls the function of a case; it says which kind of certificate the function needs.
STAFF_FUNCTION = {LEAD: "lead", SECOND: "second", SUPERVISOR: "supervisor", COUNSELLOR: "psychologist"}


@dataclass
class Standing:
    """One person beside the functions of a case: load, certificates, and what stands in the way of each function.

    `active` counts open cases as lead or second, `points` weighs them (a lead counts two, a second one). `obstacles`
    forbid, `warnings` are to be weighed (13.4: two suspects of one matter).
    """

    user: User
    staff: StaffRecord | None
    active: int = 0
    points: int = 0
    certificates: tuple[str, ...] = ()
    obstacles: dict[str, list[Any]] = field(default_factory=dict)
    warnings: list[Any] = field(default_factory=list)

    def fits(self, function: str) -> bool:
        return function in self.obstacles and not self.obstacles[function]


def standings(referral: Referral, *, today: dt.date, only: Sequence[UUID] | None = None) -> list[Standing]:
    """Everybody of the agency with a function in casework (or only those named), with what stands in the way.

    The yearly background check is law (Law on Protection of Minors, art. 62); undertaking, training and caseload are
    local practice. Five queries, whatever the number of people.
    """
    people = queries.casework_staff(referral.agency_id, only=only)
    loads = queries.caseloads([person.pk for person in people])
    sides = queries.other_sides(referral, [person.pk for person in people])
    found = []
    for person in people:
        staff = getattr(person, "staff", None)
        lead, second = loads.get(person.pk, (0, 0))
        standing = Standing(
            user=person,
            staff=staff,
            active=lead + second,
            points=2 * lead + second,
            certificates=tuple(row.kind for row in staff.certificates.all()) if staff else (),
        )
        general = _in_order(staff, today) + _conflicts(referral, sides.get(person.pk, set()))
        for function, role in ROLE_OF.items():
            if role in person.roles:
                standing.obstacles[function] = general + _particular(standing, function, today)
        standing.warnings = _warnings(referral, standing, sides.get(person.pk, set()))
        found.append(standing)
    return found


def obstacles_to_assign(worker: Any, referral: Referral, *, today: dt.date, function: str = LEAD) -> list[Any]:
    """Sentences that say why the person cannot take this function; empty when everything is in order."""
    found = standings(referral, today=today, only=[worker.pk])
    if not found or function not in found[0].obstacles:
        names = {
            LEAD: _("social worker"),
            SECOND: _("social worker"),
            SUPERVISOR: _("supervisor"),
            COUNSELLOR: _("counsellor"),
        }
        return [
            _("This person is not an active %(function)s of your agency.")
            % {"function": names[Assignment.Function(function)]}
        ]
    return found[0].obstacles[function]


def _in_order(staff: StaffRecord | None, today: dt.date) -> list[Any]:
    if staff is None:
        return [_("There is no staff record. Complete it before a case is assigned.")]
    found: list[Any] = []
    if staff.left_on is not None and staff.left_on <= today:
        found.append(_("This person has left the agency."))
    if not staff.background_check_valid(today):
        found.append(_("The background check is missing or older than twelve months. Renew it first."))
    if staff.undertaking_on is None or staff.undertaking_on > today:
        found.append(_("The confidentiality undertaking is missing."))
    if staff.legal_training_on is None or staff.legal_training_on > today:
        found.append(_("The legal training before the first case is missing."))
    return found


def _particular(standing: Standing, function: str, today: dt.date) -> list[Any]:
    """What one function asks besides: a certificate of its field (V14), and for workers a load below the limit."""
    found: list[Any] = []
    wanted = vocabulary.term("staff_function", STAFF_FUNCTION[Assignment.Function(function)]).extra.get(
        "certificate_field"
    )
    if wanted and standing.staff and wanted not in _fields(standing.staff.certificates.all(), today):
        found.append(_("There is no valid certificate for this function on record."))
    limit = standing.user.organisation.caseload_block
    if function in (LEAD, SECOND) and standing.active >= limit:
        found.append(_("%(count)s active cases: the limit of the agency is reached.") % {"count": standing.active})
    return found


def _fields(certificates: Iterable[Any], today: dt.date) -> set[str]:
    valid = [row for row in certificates if row.valid_until is None or row.valid_until >= today]
    return {vocabulary.term("certificate", row.kind).extra["field"] for row in valid}


def _conflicts(referral: Referral, sides: set[str]) -> list[Any]:
    """One person never works for the suspect and the victim of one incident (13.4)."""
    opposite = {"suspect": "victim", "victim": "suspect"}.get(queries.side_of(referral.subject_type))
    if opposite in sides:
        return [_("This person already works for the other side of the same matter.")]
    return []


def _warnings(referral: Referral, standing: Standing, sides: set[str]) -> list[Any]:
    found: list[Any] = []
    if queries.side_of(referral.subject_type) == "suspect" and "suspect" in sides:
        found.append(_("Already works for another suspect of the same matter."))
    warn = standing.user.organisation.caseload_warn
    if standing.active >= warn:
        found.append(
            _("%(count)s active cases: above the mark of %(mark)s.") % {"count": standing.active, "mark": warn}
        )
    return found
