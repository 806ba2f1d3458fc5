"""The tables of the statistics page as a sheet, with the same numbers and the same ones withheld."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from socialwork.exporting import kinds
from socialwork.exporting.workbook import write_sheet
from socialwork.statistics import presenters
from socialwork.statistics.boards import Board, Cell, Line
from socialwork.statistics.figures import Figures, figures
from socialwork.statistics.forms import ask
from socialwork.statistics.policies import READERS
from socialwork.statistics.suppression import Shown


def count(user: Any, query: Mapping[str, Any]) -> int:
    """Rows of all tables together."""
    return sum(len(board.lines) + 1 for board in _asked(user, query).boards)


def write(user: Any, query: Mapping[str, Any], lines: Sequence[str], told: kinds.Told) -> tuple[bytes, int]:
    """The tables below each other, each under its own heads and beside its definition."""
    found = _asked(user, query)
    head = [str(found.subject.title), presenters.period(found.chosen)]
    content, _rows = write_sheet(
        title=_("Statistics"), lines=[*lines, presenters.source()], columns=head, rows=_rows_of(found, user), told=told
    )
    return content, sum(len(board.lines) + 1 for board in found.boards)


def _asked(user: Any, query: Mapping[str, Any]) -> Figures:
    today = timezone.localdate()
    return figures(user, ask(user, {name: query.get(name, "") for name in query}, today=today).chosen(), today=today)


def _rows_of(found: Figures, user: Any) -> Iterator[Sequence[Any]]:
    for board in found.boards:
        shown = presenters.table(found, board, user)
        yield []
        yield [shown["title"]]
        yield [str(board.measure.definition)]
        yield shown["columns"]
        for line, row in zip([*board.lines, board.total], [*shown["rows"], shown["total"]], strict=True):
            yield [row["label"], *_cells(board, line)]


def _cells(board: Board, line: Line) -> list[Any]:
    cells = [line.cells[code] for code, _label in presenters.columns_of(board)]
    return [*(_number(cell) for cell in [*cells, line.total]), *presenters.further(board, line)]


def _number(cell: Cell) -> int | str:
    return cell.amount if cell.shown == Shown.OPEN else presenters.shown(cell)


# Numbers of matters, never a matter: one person may take them out alone.
kinds.register(
    kinds.Kind(
        code="statistics", label=gettext_lazy("Statistics"), roles=READERS, list_url="statistics:board", count=count, write=write,
        alone_up_to=kinds.MOST,
    )
)
