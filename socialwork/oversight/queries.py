"""What oversight asks: staff by certificate, the people of an organisation. Never a child."""
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from socialwork.accounts.models import Certificate, StaffRecord, User
from socialwork.organisations.models import Organisation


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
