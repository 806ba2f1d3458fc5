"""What a page of a list reads of its rows: the same statement for everybody but for the keys and the person who looks.

It is put into words once for each shape, order and language (core.statements).
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Expression, F, Model, QuerySet

from socialwork.core.making import made
from socialwork.core.statements import Keys, ask


@dataclass(frozen=True)
class Shape:
    """What a row of a list carries: `build(rows, viewer_id)` is a queryset that depends on nothing else than the language.

    `build` is a function of a module; it is called once for each order and language. `names` are related rows of which a list
    shows a column or two ("lead", ("name",)): each is made once for all the rows of the page that name it; other columns cost a
    query when touched.
    """

    build: Callable[[QuerySet, UUID], QuerySet]
    names: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def said(self, rows: QuerySet, viewer_id: UUID) -> QuerySet:
        """The whole queryset, with the columns of related rows beside the row's own."""
        columns = {_column(name, column): F(f"{name}__{column}") for name, given in self.names for column in given}
        return self.build(rows, viewer_id).annotate(**columns)

    def named(self, rows: Sequence[Model]) -> None:
        """Give every row its related rows, one object for each of them."""
        for name, columns in self.names:
            field: Any = rows[0]._meta.get_field(name)
            own, model, found = field.attname, field.related_model, {}
            loaded = (model._meta.pk.attname, *columns)
            texts = [_column(name, column) for column in columns]
            for row in rows:
                values = row.__dict__
                related = found.get(pk := values[own])
                if related is None and pk is not None:
                    related = found[pk] = made(model, zip(loaded, (pk, *map(values.get, texts)), strict=True), row._state.db)
                row._state.fields_cache[name] = related


def _column(name: str, column: str) -> str:
    return f"{name}_shows_{column}"


class KeyAmong(Expression):
    """`id = ANY(…)`: the keys are found first, whatever else is joined.

    With `id IN (…)` the keys are one more table to join, and beyond eight tables (`join_collapse_limit`) the database
    joins all rows with everything they show before it looks at the keys.
    """

    conditional = True

    def __init__(self, keys: str, params: Sequence[Any], of: str = "pk") -> None:
        super().__init__(output_field=BooleanField())
        self.keys, self.params, self.sides = keys, params, [F(of)]

    def get_source_expressions(self) -> list[Any]:
        return self.sides

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.sides = list(exprs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, own = compiler.compile(self.sides[0])
        return f"{column} = ANY({self.keys})", [*own, *self.params]


def rows_of(model: type[Model], shape: Shape, keys: Keys, viewer_id: UUID, order: tuple[str, ...]) -> list[Any]:
    """The rows with these keys in the given order, each carrying what the shape says."""
    found = list(ask(_page, model, shape, order, keys, viewer_id))
    if found:
        shape.named(found)
    return found


def _page(model: type[Model], shape: Shape, order: tuple[str, ...], keys: Keys, viewer_id: UUID) -> QuerySet:
    return shape.said(model._default_manager.filter(KeyAmong("%s::uuid[]", [keys])), viewer_id).order_by(*order)
