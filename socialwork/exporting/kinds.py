"""What can be taken out, by kind: each app above registers the lists it shows, with the columns of the sheet."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from socialwork.core.errors import NotVisible
from socialwork.exporting.workbook import XLSX, write_sheet

Told = Callable[[int], None]
# Rows of a sheet, at most.
MOST = 50_000


@dataclass(frozen=True)
class Kind:
    """One list that can be taken out.

    count: how many rows that will be for a user and the filters of the list, no more than `most` + 1, through the same
    row filter as the list itself. write: makes the file from user, filters, the lines of its origin and `told`, which is
    called now and then with the rows done; gives content and number of rows. roles: who is offered it. list_url: name of
    the page of the list. alone_up_to: rows one person may take out without a second.
    """

    code: str
    label: Any
    roles: tuple[Any, ...]
    list_url: str
    count: Callable[[Any, Mapping[str, Any]], int]
    write: Callable[[Any, Mapping[str, Any], Sequence[str], Told], tuple[bytes, int]]
    content_type: str = XLSX
    suffix: str = "xlsx"
    most: int = MOST
    alone_up_to: int = 200


def sheet(
    *, label: Any, columns: Sequence[Any], rows: Callable[[Any, Mapping[str, Any]], Iterable[Sequence[Any]]], **more: Any
) -> Kind:
    """A list as a sheet: `rows` gives the cells of each row in the order of `columns`."""

    def write(user: Any, query: Mapping[str, Any], lines: Sequence[str], told: Told) -> tuple[bytes, int]:
        heads = [str(column) for column in columns]
        return write_sheet(title=str(label), lines=lines, columns=heads, rows=rows(user, query), told=told)

    return Kind(label=label, write=write, **more)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind:
    """Raises NotVisible for a kind nobody registered."""
    try:
        return _kinds[code]
    except KeyError:
        raise NotVisible() from None


def kinds_for(user: Any) -> list[Kind]:
    """The kinds a person is offered, by code."""
    return [kind for _code, kind in sorted(_kinds.items()) if user.has_role(*kind.roles)]


def filters_of(query: str) -> QueryDict:
    """The filters of a list from its address; where the list stood and how it was sorted do not matter."""
    found = QueryDict(query, mutable=True)
    for name in ("after", "sort"):
        found.pop(name, None)
    return found


def day_of(moment: datetime | None) -> date | None:
    """The local day of an instant, as a cell."""
    return timezone.localdate(moment) if moment else None


def as_asked(user: Any) -> HttpRequest:
    """A request of that person for filters that ask who is looking, where no browser asks."""
    request = HttpRequest()
    request.user = user
    return request
