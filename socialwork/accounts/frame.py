"""What stands around every page: who is signed in, where they can go, how much is unread."""
from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
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


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame` for the layouts, None for people who are not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"frame": None}
    return {
        "frame": {
            "organisation": user.organisation.short_name,
            "person": user.name,
            "roles": [Role(role).label for role in user.roles],
            "nav": sections(request, user),
            # Counted when the session's user was loaded (access.backends); by token there is no page with a top bar.
            "unread_count": getattr(user, "unread_count", 0),
            "search_url": reverse("people:find") if user.has_role(*SEARCHERS) else "",
            "notices_url": reverse("notifications:list"),
            "language": get_language(),
        }
    }


def sections(request: HttpRequest, user: Any) -> list[dict[str, Any]]:
    """The sections of the person's roles, each address once."""
    found: dict[str, dict[str, Any]] = {}
    current = request.resolver_match.view_name if request.resolver_match else ""
    for label, name, roles in SECTIONS:
        if user.has_role(*roles) and name not in found:
            found[name] = {"label": label, "url": reverse(name), "active": name == current}
    return list(found.values())

