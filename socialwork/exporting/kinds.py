"""What can be taken out, by kind: each app above registers the lists it shows, with the columns of the sheet."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from socialwork.core.errors import NotVisible


@dataclass(frozen=True)
class Kind:
    """One list that can be taken out.

    rows: for a user and the filters of the list, the cells of each row in the order of `columns`, in texts, numbers and
    days, through the same row filter as the list itself. count: how many that will be, no more than `MOST` + 1.
    roles: who is offered it. list_url: name of the page of the list. `named` sheets show children's names.
    """

    code: str
    label: Any
    columns: Sequence[Any]
    roles: tuple[Any, ...]
    list_url: str
    rows: Callable[[Any, Mapping[str, Any]], Iterable[Sequence[Any]]]
    count: Callable[[Any, Mapping[str, Any]], int]


MOST = 50_000
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


def as_asked(user: Any) -> HttpRequest:
    """A request of that person for filters that ask who is looking, where no browser asks."""
    request = HttpRequest()
    request.user = user
    return request
