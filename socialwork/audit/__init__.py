"""Append-only record of acts and readings: `audit.record` and `audit.read`, which `audit.reading` leaves to whoever sends it."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socialwork.audit.models import Event
    from socialwork.core.together import Part


def record(verb: str, target: Any, **kwargs: Any) -> Event:
    """See socialwork.audit.services.record; importable before the apps are loaded."""
    from socialwork.audit import services

    return services.record(verb, target, **kwargs)


def read(target: Any, **kwargs: Any) -> None:
    """See socialwork.audit.services.read; importable before the apps are loaded."""
    from socialwork.audit import services

    services.read(target, **kwargs)


def reading(target: Any, **kwargs: Any) -> Part:
    """See socialwork.audit.services.reading; importable before the apps are loaded."""
    from socialwork.audit import services

    return services.reading(target, **kwargs)
