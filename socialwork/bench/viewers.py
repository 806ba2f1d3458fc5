"""Who looks: real people of the seeded country who see about thirty, a thousand, and as many rows as anybody."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, QuerySet
from django.test import Client

from cases.filters import open_cases
from cases.models import Case
from socialwork.access.listing import row_ids
from socialwork.access.roles import Role
from socialwork.accounts.models import User

# Whose cases are counted by which column.
SCOPES = {"lead": Role.SOCIAL_WORKER, "agency": Role.AGENCY_MANAGER, "organ": Role.UNIT_HEAD}
FEW, SOME, MANY = 30, 1_000, 50_000


@dataclass(frozen=True)
class Viewer:
    """A person, and about how many cases are open to that person by the one column `scope`."""

    user: User
    scope: str
    rows: int

    @property
    def words(self) -> str:
        return f"{self.rows:,}"

    @property
    def scope_id(self) -> object:
        return self.user.pk if self.scope == "lead" else self.user.organisation_id

    def client(self) -> Client:
        """Signed in, as by a browser."""
        client = Client()
        client.force_login(self.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client


def viewers() -> list[Viewer]:
    """Three people: few, some, many rows; the nearest there are in a small country. Few are few that stand in the list."""
    cases = Case.objects.all()
    everything, standing = ([(scope, *pair) for scope in SCOPES for pair in _counts(scope, rows)] for rows in (cases, open_cases(cases)))
    found = []
    for wanted, counted in ((FEW, standing), (SOME, everything), (MANY, everything)):
        for scope, scope_id, rows in sorted(counted, key=lambda row: (abs(row[2] - wanted), str(row[1]))):
            user = _somebody(scope, scope_id)
            if user and row_ids(Case, user, limit=1):
                found.append(Viewer(user, scope, rows))
                break
    return found


def _counts(scope: str, cases: QuerySet) -> Iterable[tuple[object, int]]:
    return cases.order_by().values_list(f"{scope}_id").annotate(rows=Count("pk"))


def _somebody(scope: str, scope_id: object) -> User | None:
    people = User.objects.filter(is_active=True, roles=[str(SCOPES[scope])]).order_by("login")
    return people.filter(**{"pk" if scope == "lead" else "organisation_id": scope_id}).first()
