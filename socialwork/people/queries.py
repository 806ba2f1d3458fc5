"""Finding a child inside one's own organisation, and shapes of pages."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from socialwork.access.api import permitted
from socialwork.core import blind_index
from socialwork.core.identifiers import WORK_CODE
from socialwork.people.dossiers import read_across
from socialwork.people.models import Juvenile, SearchToken

MOST = 25


def find(user: Any, text: str) -> list[Juvenile]:
    """Children the user may see whose name (two characters are enough), work code, ID number or phone match.

    Newest first, at most MOST. The database compares blind tokens of the user's organisation only.
    """
    text = text.strip()
    if not text:
        return []
    if WORK_CODE.fullmatch(text.upper()):
        found = permitted(Juvenile, user).filter(code=text.upper())
    else:
        ids = _candidates(user.organisation_id, text)
        found = permitted(Juvenile, user).filter(pk__in=ids)
    return with_identity(list(found.select_related("identity", "organ").order_by("-created_at", "-id")[:MOST]))


def with_identity(rows: list[Juvenile]) -> list[Juvenile]:
    """Open the identities of loaded rows, two queries in all."""
    read_across((row.pk, row.identity) for row in rows)
    return rows


def for_page(rows: QuerySet) -> QuerySet:
    return rows.select_related("identity", "circumstances", "organ")


def _candidates(scope_id: UUID, text: str) -> list[UUID]:
    by_name = blind_index.query_tokens(scope_id, text)
    by_phone = blind_index.phone_query_tokens(scope_id, text)
    number = blind_index.exact(scope_id, "id_number", text) if len(text) == 18 else None
    tokens = SearchToken.objects.filter(scope_id=scope_id)
    newest = ("-sorted_at", "-juvenile_id")
    found: list[UUID] = []
    for wanted in filter(None, [by_name, by_phone, [number] if number else []]):
        rows = tokens.filter(token=wanted[0])
        for other in wanted[1:]:
            rows = rows.filter(juvenile_id__in=tokens.filter(token=other).values("juvenile_id"))
        found.extend(rows.order_by(*newest).values_list("juvenile_id", flat=True)[:200])
    return found


def registered_here(user: Any, number: str) -> Juvenile | None:
    """A child of the user's own organ with this ID number, whether or not the user may see the file."""
    index = blind_index.exact(user.organisation_id, "id_number", number)
    return Juvenile.objects.filter(Q(identity__number_index=index), organ_id=user.organisation_id).order_by("created_at").first()
