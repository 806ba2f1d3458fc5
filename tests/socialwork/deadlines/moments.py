"""Instants as people in Beijing write them."""
from __future__ import annotations

from datetime import datetime

from socialwork.deadlines import calendar


def beijing(text: str) -> datetime:
    """An instant from local wall time, e.g. "2026-03-02 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=calendar.LEGAL_ZONE)
