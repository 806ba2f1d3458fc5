"""Questions accounts put to the apps above: what somebody still has to hand over."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Each counts matters that would be left without this person: open cases, referrals in charge, reviews.
open_work: list[Callable[[Any], int]] = []


def count_open_work(person: Any) -> int:
    """How many open matters the person must hand over before leaving or changing functions."""
    return sum(count(person) for count in open_work)
