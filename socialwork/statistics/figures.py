"""What a person is shown for what the address asks: the same for the page and for the file."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from socialwork.core import vocabulary
from socialwork.statistics import boards, queries
from socialwork.statistics import measures as m
from socialwork.statistics.boards import DISTRICT, MONTH, SERVICE, Board, Line
from socialwork.statistics.policies import sees_what_others_own
from socialwork.statistics.wording import SUBJECTS, Subject

COLUMNS = {MONTH: "month", DISTRICT: "district", SERVICE: "service"}


@dataclass(frozen=True)
class Figures:
    """Tables of one subject for what was chosen, and whether small numbers are withheld in them."""

    subject: Subject
    chosen: Mapping[str, Any]
    boards: Sequence[Board]
    withheld: bool
    names: Mapping[Any, str] = field(default_factory=dict)

    def label(self, board: Board, line: Line) -> str:
        """What a row stands for, in words."""
        if line.key is None:
            return pgettext("statistics", "Together")
        if line.inside is not None or board.by == SERVICE:
            return service_label(line.key)
        if board.by == MONTH:
            return date_format(line.key, "YEAR_MONTH_FORMAT")
        return self.names.get(line.key) or pgettext("statistics", "not stated")


def figures(user: Any, chosen: Mapping[str, Any], *, today: dt.date) -> Figures:
    """The figures a person may see, for what the form of forms.ask has chosen. From whom does not own them small numbers are
    withheld (V25)."""
    return _protected(user, chosen, today) if sees_what_others_own(user) else _open(user, chosen)


def service_label(service: str) -> str:
    if service == queries.OTHER:
        return _("Other services")
    return pgettext("statistics", "Several services together") if service == queries.SEVERAL else vocabulary.label("service_type", service)


def _wanted(subject: Subject) -> list[str]:
    return [*(measure.code for measure in subject.measures), *([m.MINUTES] if subject.code == "services" else [])]


def _open(user: Any, chosen: Mapping[str, Any]) -> Figures:
    subject, by = SUBJECTS[chosen["subject"]], chosen["by"]
    where = queries.within(_wanted(subject), chosen["since"], chosen["until"])
    if chosen["district"]:
        where &= Q(district=chosen["district"])
    if chosen["service"] or by != SERVICE:
        where &= Q(service=chosen["service"])
    found = queries.sums(user, ("service", COLUMNS[by], "measure", "detail") if by != SERVICE else ("service", "measure", "detail"), where)
    rows: dict[tuple[Any, ...], int] = {}
    totals: dict[tuple[Any, ...], int] = {}
    for (service, *key, measure, detail), amount in found.items():
        if by != SERVICE or service:
            rows[(key[0] if key else service), measure, detail] = amount
        if service == chosen["service"]:
            totals[measure, detail] = totals.get((measure, detail), 0) + amount
    drawn = [boards.open_board(measure, by, _keys(by, rows, chosen), rows, totals) for measure in subject.measures]
    # Tables in which there is nothing are left out, but never all of them.
    shown = [board for board in drawn if board.total.total.amount] or drawn[:1]
    return Figures(subject, chosen, shown, withheld=False, names=chosen["districts"])


def _keys(by: str, rows: Mapping[tuple[Any, ...], int], chosen: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a table: every month asked for, but only districts and services in which there is something."""
    if by == MONTH:
        return m.months_between(chosen["since"], chosen["until"])
    there = {key for key, _measure, _detail in rows}
    return [code for code in vocabulary.codes("service_type") if code in there] if by == SERVICE else sorted(there)


def _protected(user: Any, chosen: Mapping[str, Any], today: dt.date) -> Figures:
    subject, year = SUBJECTS[chosen["subject"]], chosen["year"]
    # Everybody knows what is in a month to come: it would protect no other number.
    months = m.months_between(dt.date(year, 1, 1), min(dt.date(year, 12, 1), today.replace(day=1)))
    agencies = queries.registered_agencies(user)
    services = queries.agreed_services(agencies)
    where = queries.within(_wanted(subject), months[0], months[-1]) & (queries.WHOLE | Q(alone=True))
    rows = queries.sums(user, ("month", "agency_id", "service", "alone", "measure", "detail"), where)
    shown = [
        board for measure in subject.measures
        for board in boards.protected_boards(measure, boards.protected_details(measure), rows, months=months, services=services)
    ]
    names = {agency.pk: agency.short_name for agency in agencies}
    return Figures(subject, chosen, shown, withheld=True, names=names)

