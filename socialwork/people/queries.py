"""Finding a child inside one's own organisation, and shapes of pages."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from socialwork.access.api import permitted
from socialwork.access.prepared import KeyAmong
from socialwork.access.roles import Role, holding
from socialwork.core import blind_index
from socialwork.core.identifiers import compact_code, compact_work_code
from socialwork.core.statements import ask
from socialwork.people.dossiers import read_across
from socialwork.people.models import Consent, Guardian, Juvenile, SearchToken
from socialwork.people.policies import knows_names

# What a child must be loaded with for the name to be opened without a further query.
WITH_KEY = ("identity", "dossier_key")
MOST = 25
# Documents other than the resident ID are looked up whole; shorter texts are names, codes or digits of a phone.
SHORTEST_NUMBER = 7
# What a list needs of a child to open the name.
SHOWN_OF_A_CHILD = (
    "juvenile__code", "juvenile__organ_id", "juvenile__identity__sealed", "juvenile__identity__juvenile_id", "juvenile__dossier_key__wrapped",
)


def find(user: Any, text: str) -> list[Juvenile]:
    """Children the user may see whose name (two characters are enough), work code, ID number or phone match.

    Newest first, at most MOST. The database compares blind tokens of the user's organisation only. Who may not know
    names finds by work code alone: a name must not lead them to a file.
    """
    text = text.strip()
    code = compact_work_code(text)
    if code:
        found = permitted(Juvenile, user).filter(code=code)
        return with_identity(list(_newest(found)))
    if text and knows_names(user):
        return with_identity(list(ask(_seen_among, user, _candidates(user.organisation_id, text))))
    return []


def _seen_among(user: Any, keys: list[UUID]) -> QuerySet[Juvenile]:
    return _newest(permitted(Juvenile, user).filter(KeyAmong("%s", [keys])))


def _newest(found: QuerySet[Juvenile]) -> QuerySet[Juvenile]:
    return found.select_related(*WITH_KEY, "organ__district").order_by("-created_at", "-id")[:MOST]


def with_identity(rows: list[Juvenile]) -> list[Juvenile]:
    """Open the identities of loaded rows: one query, none where their keys were loaded with them (WITH_KEY)."""
    read_across([(row.id, row.identity) for row in rows], children=rows)
    return rows


def for_page(rows: QuerySet) -> QuerySet:
    return rows.select_related(*WITH_KEY, "circumstances", "organ")


def open_identity(juvenile: Juvenile) -> dict[str, Any]:
    """What is known of the child, every key present; empty where the dossier was closed."""
    with_identity([juvenile])
    return juvenile.identity.text or {}


def guardians_of(juvenile: Juvenile) -> list[Guardian]:
    """The child's guardians and contacts, opened, in the order they were named."""
    rows = list(Guardian.objects.filter(juvenile=juvenile).order_by("created_at", "id"))
    return _opened(juvenile, rows)


def consents_of(juvenile: Juvenile) -> list[Consent]:
    """Agreements given for the child, opened, newest first."""
    rows = list(Consent.objects.filter(juvenile=juvenile).select_related("guardian", "recorded_by", "scan").order_by("-given_on", "-id"))
    _opened(juvenile, [row.guardian for row in rows if row.guardian])
    return _opened(juvenile, rows)


def _opened(juvenile: Juvenile, rows: Sequence[Any]) -> list[Any]:
    if rows:
        read_across((juvenile.pk, row) for row in rows)
    return list(rows)


def _candidates(scope_id: UUID, text: str) -> list[UUID]:
    """Children of whom the text says the name or, where it has a digit, the end of a phone number or the number of a paper; newest first."""
    compact = compact_code(text)
    if not any(map(str.isdigit, compact)):
        wanted = [blind_index.query_tokens(scope_id, text)]
    else:
        # A number has no characters of a name: asked for each pair of its digits, the database took its time to plan.
        wanted = [blind_index.phone_query_tokens(scope_id, text)]
        if len(compact) >= SHORTEST_NUMBER:
            wanted.append([blind_index.exact(scope_id, "id_number", text)])
    found = [_with_tokens(scope_id, tokens) for tokens in wanted if tokens]
    if not found:
        return []
    return list(found[0].union(*found[1:], all=True) if len(found) > 1 else found[0])


def _with_tokens(scope_id: UUID, wanted: Sequence[bytes]) -> QuerySet:
    tokens = SearchToken.objects.filter(scope_id=scope_id)
    rows = tokens.filter(token=wanted[0])
    for other in wanted[1:]:
        rows = rows.filter(juvenile_id__in=tokens.filter(token=other).values("juvenile_id"))
    return rows.order_by("-sorted_at", "-juvenile_id").values_list("juvenile_id", flat=True)[:200]


def registered_here(user: Any, number: str) -> Juvenile | None:
    """A child of the user's own organ with this ID number, whether or not the user may see the file."""
    index = blind_index.exact(user.organisation_id, "id_number", number)
    return Juvenile.objects.filter(Q(identity__number_index=index), organ_id=user.organisation_id).order_by("created_at").first()


def people_of(organisation_id: UUID, *roles: Role) -> QuerySet:
    """Active people of an organisation who hold one of the roles, by name."""
    return get_user_model().objects.filter(holding(*roles), organisation_id=organisation_id, is_active=True).order_by("name")
