"""Shapes of the staff list and of a person's page."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from socialwork.accounts.models import AccessToken, Certificate, SavedFilter, StaffRecord, User


def for_list(rows: QuerySet) -> QuerySet:
    """What a row of the staff list shows."""
    certificates = Certificate.objects.order_by("issued_on", "id")
    staff = StaffRecord.objects.prefetch_related(Prefetch("certificates", queryset=certificates))
    return rows.select_related("organisation").prefetch_related(Prefetch("staff", queryset=staff))


def staff_of(person: User) -> StaffRecord | None:
    """The staff record, where the organisation keeps one."""
    return getattr(person, "staff", None)


def saved_filters(person: User, worklist: str) -> QuerySet[SavedFilter]:
    """What the person keeps of one list, by name."""
    return SavedFilter.objects.filter(user=person, worklist=worklist).order_by("name")


def token_of(person: User) -> AccessToken | None:
    """The key of the person's programs, if there is one; nobody can read its text again."""
    return AccessToken.objects.filter(user=person).first()


def person_choosing(person_id: UUID | str, at: Any) -> User | None:
    """Who signed in with a one-time password that still holds."""
    return User.objects.filter(pk=person_id, is_active=True, one_time_until__gte=at).first()
