"""The people behind a role, as seen from one matter."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model

from socialwork.access.roles import holding

# Roles that are one person on the row itself.
ON_THE_ROW = {
    "prosecutor": ("prosecutor",),
    "social_worker": ("lead", "second"),
    "supervisor": ("supervisor",),
    "counsellor": ("counsellor",),
}
# Roles that are everybody of an organisation of the row.
OF_THE_ORGANISATION = {
    "unit_head": "organ_id", "agency_intake": "agency_id", "agency_manager": "agency_id", "organ_admin": "organ_id",
}


def people_of(row: Any, *roles: str) -> list[Any]:
    """Active users who hold the roles in this matter; a role the matter does not know gives nobody."""
    found: dict[Any, Any] = {}
    for role in roles:
        for user in _holders(row, role):
            if user is not None and user.is_active:
                found[user.pk] = user
    return list(found.values())


def _holders(row: Any, role: str) -> Iterable[Any]:
    if role in ON_THE_ROW:
        return [getattr(row, name, None) for name in ON_THE_ROW[role]]
    organisation = getattr(row, OF_THE_ORGANISATION.get(role, ""), None) if role in OF_THE_ORGANISATION else None
    if organisation is None:
        return []
    return get_user_model().objects.filter(holding(role), organisation_id=organisation, is_active=True).order_by("pk")
