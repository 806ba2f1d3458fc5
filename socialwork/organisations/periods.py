"""Periods that yearly checks are counted in."""
from __future__ import annotations

import datetime as dt


def a_year_after(day: dt.date) -> dt.date:
    """The same day a year later, the last one a yearly check still holds; 29 February becomes the 28th (Civil Code 202)."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
