"""Combinations of filters a person keeps under a name. They are nobody's business but the person's own."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import QueryDict

from socialwork.accounts.models import SavedFilter

MOST = 20
# Where one is in the list, not what one looks for.
NOT_KEPT = ("after", "csrfmiddlewaretoken")


def save_filter(*, by: Any, worklist: str, name: str, query: str) -> SavedFilter | None:
    """Keep the query of a list under a name; the same name again replaces it. Nothing without name, list or filter.

    Beyond MOST per list the oldest goes.
    """
    kept = QueryDict(query, mutable=True)
    for control in NOT_KEPT:
        kept.pop(control, None)
    if not (worklist and name and kept):
        return None
    with transaction.atomic():
        row, _created = SavedFilter.objects.update_or_create(
            user=by, worklist=worklist, name=name, defaults={"query": kept.urlencode()}
        )
        mine = SavedFilter.objects.filter(user=by, worklist=worklist).order_by("-created_at", "-id")
        SavedFilter.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[MOST:])).delete()
    return row


def remove_filter(*, by: Any, filter_id: UUID) -> None:
    """Forget one of one's own; another person's is not found and stays."""
    SavedFilter.objects.filter(user=by, pk=filter_id).delete()
