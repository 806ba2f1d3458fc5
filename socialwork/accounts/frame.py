"""What stands around every page: who is signed in, where they can go, how much is unread."""
from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from socialwork.access.roles import Role

# Sections of the top bar by role (interface plan): label, URL name, roles. Order is the order on the screen.
SECTIONS: tuple[tuple[Any, str, tuple[Role, ...]], ...] = (
    (_("Today"), "today", tuple(Role)),
    (_("Referrals"), "referrals:list", (Role.PROSECUTOR, Role.CLERK, Role.UNIT_HEAD)),
    (_("Received referrals"), "referrals:inbox", (Role.AGENCY_MANAGER, Role.AGENCY_INTAKE)),
    (_("Case progress"), "cases:list", (Role.PROSECUTOR, Role.UNIT_HEAD)),
    (_("Cases"), "cases:list", (Role.AGENCY_MANAGER, Role.AGENCY_INTAKE, Role.SUPERVISOR)),
    (_("My cases"), "cases:list", (Role.SOCIAL_WORKER, Role.COUNSELLOR)),
    (_("To review"), "cases:review_queue", (Role.SUPERVISOR,)),
    (_("Team"), "cases:team", (Role.AGENCY_MANAGER, Role.SUPERVISOR)),
    (_("Agencies"), "oversight:agencies", (Role.CIVIL_AFFAIRS_OFFICER, Role.UNIT_HEAD)),
    (_("Agreements"), "organisations:agreements", (Role.CIVIL_AFFAIRS_OFFICER, Role.AGENCY_MANAGER, Role.UNIT_HEAD)),
    (_("Statistics"), "statistics:board", (Role.CIVIL_AFFAIRS_OFFICER, Role.UNIT_HEAD, Role.AGENCY_MANAGER)),
    (_("Staff"), "accounts:staff", (Role.ORGAN_ADMIN, Role.AGENCY_MANAGER)),
    (_("Record of acts"), "oversight:acts", (Role.AUDITOR,)),
    (_("Organisations"), "organisations:list", (Role.SYSTEM_OPERATOR,)),
    (_("Administrators"), "accounts:administrators", (Role.SYSTEM_OPERATOR,)),
)
SEARCHERS = (
    Role.PROSECUTOR, Role.CLERK, Role.UNIT_HEAD, Role.AGENCY_MANAGER, Role.AGENCY_INTAKE, Role.SOCIAL_WORKER,
    Role.COUNSELLOR, Role.SUPERVISOR,
)


class Section(NamedTuple):
    """An entry of the top bar."""

    label: str
    url: str
    active: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame` for the layouts, None for people who are not signed in. Its values can be keys."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"frame": None}
    current = request.resolver_match.view_name if request.resolver_match else ""
    return {
        "frame": {
            "organisation": user.organisation.short_name,
            "person": user.name,
            # Counted when the session's user was loaded (access.backends); by token there is no page with a top bar.
            "unread_count": getattr(user, "unread_count", 0),
            **_of_roles(tuple(user.roles), current, get_language(), get_urlconf(), get_script_prefix()),
        }
    }


@lru_cache(maxsize=1000)
def _of_roles(roles: tuple[str, ...], current: str, language: str | None, _urlconf: object, _prefix: str) -> Mapping[str, Any]:
    """What is alike for all people of the same roles on pages of one name: words of the roles, sections, addresses."""
    known = {Role(role) for role in roles}
    return {
        "roles": tuple(str(Role(role).label) for role in roles),
        "nav": _sections(known, current),
        "search_url": reverse("people:find") if known.intersection(SEARCHERS) else "",
        "notices_url": reverse("notifications:list"),
        "language": language,
    }


def _sections(roles: set[Role], current: str) -> tuple[Section, ...]:
    """The sections of the roles, each address once."""
    found: dict[str, Section] = {}
    for label, name, holders in SECTIONS:
        if roles.intersection(holders) and name not in found:
            found[name] = Section(str(label), reverse(name), name == current)
    return tuple(found.values())
