"""What a person has seen: whatever is newer is unread. Like the access log it changes nothing of the case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.models import Case
from socialwork.accounts.models import LastSeen
from socialwork.core import together


def mark_seen(*, case: Case, by: Any, at: datetime) -> None:
    """The person looked at the case now."""
    together.put(LastSeen(user=by, thread_id=case.thread_id, seen_at=at), by=("user", "thread_id"), keep=("seen_at",))
