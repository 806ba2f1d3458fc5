"""Which of the matters one was told of are still open to one."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.apps import apps

from socialwork.access.api import permitted
from socialwork.access.policy import registered
from socialwork.notifications.models import Notice


def closed_to(user: Any, notices: Iterable[Notice]) -> set[UUID]:
    """Notices about matters the person may not open any more: they were passed on, withdrawn, or the agreement ended.

    One query, whatever the notices are about.
    """
    rows, targets = list(notices), {}
    for notice in rows:
        targets.setdefault(apps.get_model(notice.target_type), set()).add(notice.target_id)
    asked = [
        permitted(model, user).filter(pk__in=ids).order_by().values_list("pk", flat=True)
        for model, ids in targets.items() if model in registered()
    ]
    if not asked:
        return set()
    visible = set(asked[0].union(*asked[1:]) if len(asked) > 1 else asked[0])
    return {notice.pk for notice in rows if apps.get_model(notice.target_type) in registered() and notice.target_id not in visible}
