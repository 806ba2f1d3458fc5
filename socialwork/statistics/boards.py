"""Tables made of sums: open ones for those whose figures they are, protected ones for everybody else."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from socialwork.statistics import measures as m
from socialwork.statistics.queries import OTHER, SEVERAL, Sums
from socialwork.statistics.suppression import Figure, Shown, Table
from socialwork.statistics.wording import NAMED_REASONS, OTHER_REASONS, PARTS, Measure

MONTH, DISTRICT, SERVICE, AGENCY = "month", "district", "service", "agency"


@dataclass(frozen=True)
class Cell:
    """A number and how it may be shown."""

    amount: int
    shown: Shown = Shown.OPEN


@dataclass(frozen=True)
class Line:
    """One row: what it stands for, a number by column, their total, and minutes where the measure has them.

    `inside` is what the row is part of: the agency of a service.
    """

    key: Any
    cells: Mapping[str, Cell]
    total: Cell
    minutes: Cell | None = None
    inside: Any = None


@dataclass(frozen=True)
class Board:
    """One table: a measure by month, district, service or agency."""

    measure: Measure
    by: str
    lines: Sequence[Line]
    total: Line
    details: Sequence[str] = field(default_factory=list)


def open_board(measure: Measure, by: str, keys: Iterable[Any], rows: Sums, totals: Sums) -> Board:
    """A table in which every number is shown. `rows` by (key, measure, detail), `totals` by (measure, detail).

    A total is its own sum, not that of the rows: a matter with two services stands in two rows and counts once. Columns
    in which nothing stands are left out.
    """
    kept = [code for code in measure.details if (measure.code, code) in totals]
    lines = [_open_line(measure, key, {detail: rows.get((key, measure.code, detail), 0) for detail in measure.details},
                        _minutes(measure, lambda kind, key=key: rows.get((key, m.MINUTES, kind), 0))) for key in keys]
    counted = {detail: totals.get((measure.code, detail), 0) for detail in measure.details}
    total = _open_line(measure, None, counted, _minutes(measure, lambda kind: totals.get((m.MINUTES, kind), 0)))
    derived = [code for code in measure.columns() if code in PARTS and set(PARTS[code]) & set(kept)]
    return Board(measure, by, lines, total, [*kept, *derived] or measure.details)


def _open_line(measure: Measure, key: Any, counted: Mapping[str, int], minutes: int | None) -> Line:
    cells = {detail: Cell(amount) for detail, amount in counted.items()}
    return Line(key, _with_parts(measure, cells), Cell(sum(counted.values())), None if minutes is None else Cell(minutes))


def _minutes(measure: Measure, of_kind: Any) -> int | None:
    return sum(of_kind(kind) for kind in m.KINDS) if measure.code == m.RECORDS else None


def _with_parts(measure: Measure, cells: dict[str, Cell]) -> dict[str, Cell]:
    """The derived columns beside the others."""
    derived = {code: Cell(sum(cells[part].amount for part in PARTS[code])) for code in measure.columns() if code in PARTS}
    return {**cells, **derived}


def protected_boards(
    measure: Measure, details: Sequence[str], rows: Sums, *, months: Sequence[Any], services: Mapping[UUID, Sequence[str]]
) -> list[Board]:
    """The same things by month, and by agency and service, without any number that tells of fewer than five.

    `rows` by (month, agency, service, alone, measure, detail). A referral with several services stands in a row of its own, so that
    everything adds up and nothing counts twice. Both tables are protected together.
    """
    counts, by_month, minutes = _spread(measure, details, rows, months, services)
    table = Table(counts, services, list(details), by_month).protect()
    whole = _line(table, None, [("column", code) for code in details], ("all",), details)
    if measure.code == m.RECORDS:
        whole = Line(None, whole.cells, whole.total, Cell(minutes, whole.total.shown))
    periods = [_line(table, month, [("moment", month, code) for code in details], ("month", month), details) for month in months]
    agencies = []
    for agency, offered in services.items():
        agencies.append(_line(table, agency, [("block", agency, code) for code in details], ("agency", agency), details))
        for service in offered:
            keys = [("cell", agency, service, code) for code in details]
            agencies.append(_line(table, service, keys, ("row", agency, service), details, inside=agency))
    return [Board(measure, MONTH, periods, whole, details), Board(measure, AGENCY, agencies, whole, details)]


def _line(
    table: Table, key: Any, places: Sequence[tuple[Any, ...]], total: tuple[Any, ...], details: Sequence[str], *, inside: Any = None
) -> Line:
    cells = {code: _cell(table[place]) for code, place in zip(details, places, strict=True)}
    return Line(key, cells, _cell(table[total]), inside=inside)


def _cell(figure: Figure) -> Cell:
    return Cell(figure.value, figure.shown)


def _spread(
    measure: Measure, details: Sequence[str], rows: Sums, months: Sequence[Any], services: Mapping[UUID, Sequence[str]]
) -> tuple[dict[tuple[Any, ...], int], dict[Any, dict[str, int]], int]:
    """Counts by (agency, service, detail) and by month; referrals with several services are what is left over."""
    counts: dict[tuple[Any, ...], int] = {}
    by_month: dict[Any, dict[str, int]] = {month: dict.fromkeys(details, 0) for month in months}
    minutes = 0
    for (month, agency, service, _alone, code, detail), amount in rows.items():
        if code == m.MINUTES and not service:
            minutes += amount
        if code != measure.code:
            continue
        column = detail if detail in details else OTHER_REASONS
        if not service:
            by_month[month][column] += amount
            row = SEVERAL
        else:
            row = service if service in services[agency] else OTHER
            counts[agency, SEVERAL, column] = counts.get((agency, SEVERAL, column), 0) - amount
        counts[agency, row, column] = counts.get((agency, row, column), 0) + amount
    return counts, by_month, minutes


def protected_details(measure: Measure) -> Sequence[str]:
    """The columns of a protected table: fixed, so that none tells by its mere presence that something happened."""
    return (*NAMED_REASONS, OTHER_REASONS) if measure.code == m.OUTCOMES else tuple(measure.details)
