"""Objects from the rows of a statement whose words are kept (core.statements), made with as little as can be.

The ORM asks each time anew which column goes where and passes every object through its model's initialiser. What is made
here is the same object: a row of its model, of which the columns that were read are known and the others are not.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.signals import post_init, pre_init


def made(model: type[Model], known: Iterable[tuple[str, Any]], db: str | None) -> Any:
    """A stored row of which these columns are known; another is read when it is touched."""
    found = model.__new__(model)
    state = ModelState()
    state.adding, state.db = False, db
    found.__dict__ = {"_state": state, **dict(known)}
    return found


@dataclass(frozen=True)
class Part:
    """One object of a row: its columns, where they stand, and the objects that are read with it."""

    model: type[Model]
    names: tuple[str, ...]
    columns: slice
    key: int
    parts: tuple[Part, ...]
    give: Callable[[Any, Any], None] | None = None

    def made(self, row: Sequence[Any], db: str) -> Any:
        """The object; None where the row has none (an outer join that found nothing)."""
        if row[self.key] is None:
            return None
        found = made(self.model, zip(self.names, row[self.columns], strict=True), db)
        for part in self.parts:
            part.give(found, part.made(row, db))
        return found


class Maker:
    """How the rows of one statement become objects, found out once."""

    def __init__(self, compiler: Any) -> None:
        self.whole = _part(compiler.klass_info, compiler.select)
        self.notes = tuple((compiler.annotation_col_map or {}).items())
        self.converters = compiler.get_converters([column[0] for column in compiler.select])

    def made(self, rows: Iterable[Sequence[Any]], compiler: Any, db: str) -> Iterator[Any]:
        """The objects of the rows, with what is annotated."""
        whole, notes = self.whole, self.notes
        for row in compiler.apply_converters(rows, self.converters) if self.converters else rows:
            found = whole.made(row, db)
            known = found.__dict__
            for name, place in notes:
                known[name] = row[place]
            yield found


def maker_of(compiler: Any) -> Maker | None:
    """The maker for a compiled statement; None where its objects need what only the ORM does for them."""
    return Maker(compiler) if compiler.klass_info and _is_plain(compiler.klass_info) else None


def _is_plain(info: dict[str, Any]) -> bool:
    model = info["model"]
    own = model.__init__ is not Model.__init__ or model.from_db.__func__ is not Model.from_db.__func__
    heard = pre_init.has_listeners(model) or post_init.has_listeners(model)
    return not (own or heard or info.get("from_parent")) and all(map(_is_plain, info.get("related_klass_infos", ())))


def _part(info: dict[str, Any], select: Sequence[Any]) -> Part:
    places = info["select_fields"]
    columns = slice(places[0], places[-1] + 1)
    names = tuple(column[0].target.attname for column in select[columns])
    return Part(
        info["model"], names, columns, columns.start + names.index(info["model"]._meta.pk.attname),
        tuple(_part(other, select) for other in info.get("related_klass_infos", ())), info.get("local_setter"),
    )
