"""Shapes of the staff list and of a person's page."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet
from django.db.models.functions import JSONObject

from socialwork.accounts.models import AccessToken, Certificate, SavedFilter, StaffRecord, User


def for_list(rows: QuerySet) -> QuerySet:
    """What a row of the staff list shows."""
    certificates = Certificate.objects.order_by("issued_on", "id")
    staff = StaffRecord.objects.prefetch_related(Prefetch("certificates", queryset=certificates))
    return rows.select_related("organisation").prefetch_related(Prefetch("staff", queryset=staff))


def staff_of(person: User) -> StaffRecord | None:
    """The staff record, where the organisation keeps one."""
    return getattr(person, "staff", None)


def kept_filters() -> Any:
    """What the user of the outer query keeps of all lists, by name; read with the session's user."""
    kept = SavedFilter.objects.filter(user=OuterRef("pk")).order_by("name")
    return ArraySubquery(kept.values(row=JSONObject(id="id", worklist="worklist", name="name", query="query")))


def saved_filters(person: User, worklist: str) -> list[dict[str, Any]]:
    """What the person of the session keeps of one list, by name: id, name and query of each."""
    return [row for row in person.kept_filters if row["worklist"] == worklist]


def token_of(person: User) -> AccessToken | None:
    """The key of the person's programs, if there is one; nobody can read its text again."""
    return AccessToken.objects.filter(user=person).first()


def person_choosing(person_id: UUID | str, at: Any) -> User | None:
    """Who signed in with a one-time password that still holds."""
    return User.objects.filter(pk=person_id, is_active=True, one_time_until__gte=at).first()
