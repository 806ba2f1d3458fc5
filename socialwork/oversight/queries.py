"""What oversight asks: counts by agency and service, staff by certificate, the people of an organisation. Never a child."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When

from cases.states import ACTIVE, CaseState
from referrals.models import ReferralService
from referrals.states import WITH_AGENCY
from socialwork.access.api import permitted
from socialwork.access.policy import registered
from socialwork.accounts.models import Certificate, StaffRecord, User
from socialwork.organisations.models import AgreementService, Organisation
from socialwork.organisations.states import UNSIGNED
from socialwork.oversight.wording import ACTS, Group

# Services an agency gave without an agreement that names them are counted together in one row.
OTHER_SERVICES = "other"

GROUP_OF_A_LINE = Case(
    When(referral__case__state__in=ACTIVE, then=Value(Group.RUNNING)),
    When(referral__case__state=CaseState.CLOSED, then=Value(Group.CLOSED)),
    When(referral__case__isnull=False, then=Value(Group.ENDED)),
    When(referral__state__in=WITH_AGENCY, then=Value(Group.WAITING)),
    default=Value(Group.NOT_TAKEN),
    output_field=CharField(),
)


def counted_agencies(user: Any) -> list[Organisation]:
    """The agencies whose work this officer may count, by name."""
    return list(permitted(Organisation, user, "count_work").order_by("name"))


def agreed_services(agencies: Iterable[Organisation]) -> dict[UUID, list[str]]:
    """The services each agency has ever had an agreement for: the rows of its table, whether or not anything was asked.

    The last row of each stands for everything else, so that no row tells by its mere presence that something happened.
    """
    rows = (
        AgreementService.objects.filter(version__agreement__agency__in=list(agencies))
        .exclude(version__agreement__state__in=UNSIGNED)
        .values_list("version__agreement__agency_id", "service_type").distinct().order_by("service_type")
    )
    found: dict[UUID, list[str]] = {agency.pk: [] for agency in agencies}
    for agency_id, service in rows:
        found[agency_id].append(service)
    return {agency_id: [*services, OTHER_SERVICES] for agency_id, services in found.items()}


def work_counts(services: dict[UUID, list[str]]) -> dict[tuple[UUID, str, str], int]:
    """How many services asked of the agencies stand where: numbers by (agency, service, group), nothing else.

    Counted are the services of referrals that were sent; a referral that asks for two services counts in both.
    """
    rows = (
        ReferralService.objects.filter(referral__agency_id__in=list(services), referral__issued_at__isnull=False)
        .values_list("referral__agency_id", "service_type", GROUP_OF_A_LINE).annotate(lines=Count("pk")).order_by()
    )
    found: dict[tuple[UUID, str, str], int] = {}
    for agency_id, service, group, lines in rows:
        row = service if service in services[agency_id] else OTHER_SERVICES
        found[agency_id, row, group] = found.get((agency_id, row, group), 0) + lines
    return found


def for_agency_list(rows: QuerySet) -> QuerySet:
    """What a row of the registry shows."""
    return rows.select_related("district")


def staff_counts(agency: Organisation, *, today: dt.date) -> dict[str, Any]:
    """How many people the agency has, by certificate, and how many may be given a case. Counts of staff, not of children."""
    staff = StaffRecord.objects.filter(user__organisation=agency, user__is_active=True)
    valid = Certificate.objects.filter(staff__in=staff).filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today))
    kinds = valid.values_list("kind").annotate(people=Count("staff", distinct=True)).order_by("kind")
    records = list(staff.order_by("pk"))
    return {
        "people": len(records), "checked": sum(record.background_check_valid(today) for record in records),
        "certificates": dict(kinds),
    }


def people_in_record(user: Any) -> Sequence[User]:
    """Who can have acted for the auditor's organisation: everybody who has or had an account there."""
    return User.objects.filter(organisation_id=user.organisation_id).order_by("name", "pk")



def act_labels() -> dict[str, Any]:
    """What acts are called, by audit verb: as on the button that does them, or as the list of words has it."""
    buttons = {
        step.verb: step.label
        for policy in registered().values() if policy.machine for step in policy.machine.transitions.values()
    }
    return {**buttons, **ACTS}


def act_options() -> list[tuple[str, str]]:
    """The acts to choose from, each with the kind of thing it is done to."""
    labels = act_labels()
    return [(verb, f"{labels[verb]} ({verb})") for verb in sorted(labels)]
