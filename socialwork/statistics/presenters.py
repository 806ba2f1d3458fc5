"""Figures in words: tables, chart, and the way from a number to its rows."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from socialwork.access.roles import Family
from socialwork.statistics import measures as m
from socialwork.statistics.boards import AGENCY, DISTRICT, MONTH, SERVICE, Board, Cell, Line
from socialwork.statistics.figures import Figures
from socialwork.statistics.suppression import Shown
from socialwork.statistics.wording import PARTS, SUBJECTS, named_reasons

SMALL, WITHHELD = "<5", "*"
FIRST_COLUMNS = {
    MONTH: lambda: pgettext("statistics", "Month"), DISTRICT: lambda: _("District"), SERVICE: lambda: _("Service"),
    AGENCY: lambda: _("Agency and service"),
}


def tabs(figures: Figures, path: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The subjects; what was chosen goes along."""
    return [
        {"label": subject.title, "url": _address(path, query, subject=code), "active": code == figures.subject.code, "count": None}
        for code, subject in SUBJECTS.items()
    ]


def rows_by(figures: Figures, path: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the rows can be; nothing to choose where small numbers are withheld."""
    if figures.withheld:
        return []
    labels = {MONTH: pgettext("statistics", "By month"), DISTRICT: pgettext("statistics", "By district"), SERVICE: pgettext("statistics", "By service")}
    return [
        {"label": label, "url": _address(path, query, by=by), "active": by == figures.chosen["by"], "count": None}
        for by, label in labels.items()
    ]


def columns_of(board: Board) -> list[tuple[str, str]]:
    """Codes and labels of the columns between the row's name and its total."""
    labels = {**board.measure.columns(), **named_reasons()}
    ordered = [*board.measure.columns(), *(code for code in board.details if code not in board.measure.columns())]
    return [(code, str(labels[code])) for code in ordered if code in board.details]


def table(figures: Figures, board: Board, user: Any) -> dict[str, Any]:
    """A table as components/stat_table.html."""
    heads = [FIRST_COLUMNS[board.by](), *(label for _code, label in columns_of(board)), str(board.measure.total), *_further(board)]
    return {
        "title": str(board.measure.title) if board.by != AGENCY else _("%(measure)s by agency and service") % {"measure": board.measure.title},
        "columns": heads, "definition": board.measure.definition,
        "rows": [{"label": _row_label(figures, board, line), "cells": _cells(figures, board, line, user)} for line in board.lines],
        "total": {"label": figures.label(board, board.total), "cells": _cells(figures, board, board.total, user)},
        "source": "",
    }


def _row_label(figures: Figures, board: Board, line: Line) -> str:
    label = figures.label(board, line)
    if line.inside is not None:
        return f"·\u00a0{label}"
    return _("%(agency)s, all services") % {"agency": label} if board.by == AGENCY else label


def _cells(figures: Figures, board: Board, line: Line, user: Any) -> list[Any]:
    cells: list[Any] = []
    for code, cell in [*((code, line.cells[code]) for code, _label in columns_of(board)), ("", line.total)]:
        address = drill_down(figures, board, line, code, user) if cell.amount and not figures.withheld else ""
        cells.append({"text": shown(cell), "url": address} if address else shown(cell))
    return [*cells, *(str(extra) for extra in further(board, line))]


def shown(cell: Cell) -> str:
    """A number as it may be seen."""
    return {Shown.OPEN: str(cell.amount), Shown.SMALL: SMALL, Shown.WITHHELD: WITHHELD}[cell.shown]


def _further(board: Board) -> list[str]:
    """Columns that follow the total: time spent, or the share in time."""
    if board.measure.code == m.RECORDS and board.by != AGENCY:
        return [pgettext("statistics", "Time (hours:minutes)")]
    return [pgettext("statistics", "In time, %")] if board.measure.code in m.TIMELINESS else []


def further(board: Board, line: Line) -> list[str]:
    """The cells under those columns."""
    if board.measure.code == m.RECORDS and board.by != AGENCY:
        return [duration(line.minutes)]
    return [share(line)] if board.measure.code in m.TIMELINESS else []


def duration(minutes: Cell | None) -> str:
    if minutes is None:
        return ""
    return f"{minutes.amount // 60}:{minutes.amount % 60:02d}" if minutes.shown == Shown.OPEN else shown(minutes)


def share(line: Line) -> str:
    """Percent in time, where every number it is made of is shown."""
    parts = (line.cells[m.IN_TIME], line.cells[m.LATE], line.total)
    if any(part.shown != Shown.OPEN for part in parts) or not line.total.amount:
        return ""
    return f"{round(100 * line.cells[m.IN_TIME].amount / line.total.amount)}\u00a0%"


def drill_down(figures: Figures, board: Board, line: Line, code: str, user: Any) -> str:
    """The list of the rows behind a number, for those who may see them; empty where there is no such list."""
    chosen = figures.chosen
    asked = {name: chosen[name] for name in ("district", "service")}
    if line.key is not None:
        asked |= {board.by: line.key} if board.by in asked else {}
    since, until = (line.key, line.key) if board.by == MONTH and line.key else (chosen["since"], chosen["until"])
    months = {"from": since.strftime("%Y-%m"), "to": until.strftime("%Y-%m")}
    if board.measure.code == m.REFERRALS:
        name = "referrals:list" if user.organisation.family == Family.ORGAN else "referrals:inbox"
        asked |= {"standing": code, "sent_from": months["from"], "sent_to": months["to"]}
    elif board.measure.code == m.OUTCOMES:
        name = "cases:list"
        asked |= {"state": "all", "reason": code, "ended_from": months["from"], "ended_to": months["to"]}
    else:
        return ""
    return f"{reverse(name)}?{urlencode({key: value for key, value in asked.items() if value})}"


def chart(figures: Figures) -> dict[str, Any] | None:
    """The first table as bars: a series for each column; numbers that are withheld are gaps. None when nothing is left."""
    board = figures.boards[0]
    series = [
        {"label": label, "data": [_drawn(line.cells[code]) for line in board.lines]}
        for code, label in columns_of(board) if code not in PARTS
    ]
    if not any(value for each in series for value in each["data"]):
        return None
    return {"title": str(board.measure.title), "labels": [figures.label(board, line) for line in board.lines], "series": series,
            "across": board.by != MONTH}


def _drawn(cell: Cell) -> int | None:
    return cell.amount if cell.shown == Shown.OPEN else None


def notes(figures: Figures) -> list[dict[str, Any]]:
    """What stands behind the marks, as components/facts.html."""
    if not figures.withheld:
        return [{"label": _("Several services"), "wide": True, "text": _(
            "A referral that asks for several services counts once by month and by district, and once for each service where a service is "
            "chosen or the rows are services: these rows can add up to more than there are referrals.")}]
    return [
        {"label": SMALL, "wide": True, "text": _("Fewer than five, none included: so few that somebody could be recognised.")},
        {"label": WITHHELD, "wide": True, "text": _(
            "Withheld, because a number marked <5 could be worked out from it, or a total that is small itself.")},
        {"label": pgettext("statistics", "Several services together"), "wide": True, "text": _(
            "A referral that asks for several services stands in this row, with everything that belongs to it, and in no other.")},
        {"label": _("Year"), "wide": True, "text": _(
            "The figures are those of whole calendar years: from other periods small numbers could be worked out.")},
    ]


def source() -> str:
    """When the figures held, and where they come from."""
    return _("As of %(moment)s, from the referrals, cases and records themselves.") % {
        "moment": date_format(timezone.localtime(), "DATETIME_FORMAT")
    }


def period(chosen: Mapping[str, Any]) -> str:
    """The months the figures are of, in words."""
    if "year" in chosen:
        return pgettext("statistics", "Year %(year)s") % {"year": chosen["year"]}
    ends: Sequence[dt.date] = (chosen["since"], chosen["until"])
    return pgettext("statistics", "%(since)s to %(until)s") % dict(
        zip(("since", "until"), (date_format(end, "YEAR_MONTH_FORMAT") for end in ends), strict=True)
    )


def _address(path: str, query: Mapping[str, str], **changes: str) -> str:
    return f"{path}?{urlencode({**query, **changes})}"
