"""Sign-ins to the country: of each kind of user those who see the most, about 1,000 and the fewest rows."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count
from django.utils.translation import gettext as _

from cases.models import Case
from socialwork.access.roles import Role
from socialwork.accounts.models import User

# By role: the column of a case through which its holders see it.
SEES_BY = {
    Role.UNIT_HEAD: ("organ_id", "organisation_id"),
    Role.AGENCY_MANAGER: ("agency_id", "organisation_id"),
    Role.PROSECUTOR: ("prosecutor_id", "pk"),
    Role.SOCIAL_WORKER: ("lead_id", "pk"),
    Role.SUPERVISOR: ("supervisor_id", "pk"),
}
USUAL = 1_000


def signins(password: str) -> Iterator[str]:
    """Lines to print: role, login, how many cases, and the password of all."""
    yield _("Sign-ins (the password of everybody is %(password)s):") % {"password": password}
    for role, (column, own) in SEES_BY.items():
        counts = {
            key: number for key, number in Case.objects.order_by().values_list(column).annotate(number=Count("pk"))
        }
        holders = User.objects.filter(roles__contains=[str(role)]).order_by("login").values_list("login", own)
        seen = sorted((counts.get(key, 0), login) for login, key in holders)
        seen = [pair for pair in seen if pair[0]]
        if not seen:
            continue
        middle = min(seen, key=lambda pair: abs(pair[0] - USUAL))
        for cases, login in dict.fromkeys((seen[0], middle, seen[-1])):
            yield f"  {role.label}: {login} ({cases:,})"
    for role in (Role.CIVIL_AFFAIRS_OFFICER, Role.AUDITOR, Role.SYSTEM_OPERATOR):
        found = (
            User.objects.filter(roles__contains=[str(role)]).order_by("login").values_list("login", flat=True).first()
        )
        if found:
            yield f"  {role.label}: {found}"
