"""The shipped table of holidays as a calendar that needs no database."""
from __future__ import annotations

import json
from datetime import date

from django.conf import settings

from socialwork.deadlines import calendar
from socialwork.deadlines.wording import DayKind, Origin

_YEARS = json.loads((settings.REFERENCE_DIR / "holidays.json").read_text(encoding="utf-8"))["years"]


def _year(number: int) -> calendar.Year:
    tables = _YEARS.get(str(number), {kind: {} for kind in DayKind.values})
    return calendar.compile_year(
        (date.fromisoformat(day), kind, Origin.STATE_COUNCIL) for kind in DayKind.values for day in tables[kind]
    )


CALENDAR = calendar.WorkingCalendar(_year)
