"""The only way a list of protected rows is made: ordered, limited arms, united, then one page of rows.

An OR across grounds makes the database walk the whole table for a person with few rows. So each ground is asked on its
own for its first rows in the order wanted, on its own index, and the small answers are merged (measured at a million
rows: 0.3 ms against 220 ms). Pages are keyset pages: the next one starts after the last row seen. A page is one query.
"""
from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import BooleanField, Expression, F, Model, QuerySet, Value
from django.utils.timezone import is_naive

from socialwork.access.policy import grounds_of, right, source_states

PAGE = 25
COUNT_CAP = 1000
Narrow = Callable[[QuerySet], QuerySet]


@dataclass(frozen=True)
class Sort:
    """An order rows can be listed in: one column, then the identifier; each scope column has an index ending in it."""

    column: str
    descending: bool = False

    @property
    def names(self) -> tuple[str, str]:
        sign = "-" if self.descending else ""
        return (f"{sign}{self.column}", f"{sign}id")


class RowAfter(Expression):
    """`(column, id) > (value, id)` as one row comparison: a keyset condition an index can use."""

    def __init__(self, sort: Sort, value: Any, row_id: UUID, *, backwards: bool = False) -> None:
        super().__init__(output_field=BooleanField())
        self.operator = "<" if sort.descending != backwards else ">"
        self.sides = [F(sort.column), F("id"), Value(value), Value(row_id)]

    def get_source_expressions(self) -> list[Any]:
        return self.sides

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.sides = list(exprs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = [], []
        for side in self.sides:
            text, values = compiler.compile(side)
            sql.append(text)
            params.extend(values)
        left, right_side = f"({sql[0]}, {sql[1]})", f"({sql[2]}, {sql[3]})"
        return f"{left} {self.operator} {right_side}", params

    conditional = True


class KeyAmong(Expression):
    """`id = ANY(ARRAY(…))`: the keys are found first, whatever else is joined.

    With `id IN (…)` the keys are one more table to join, and beyond eight tables (`join_collapse_limit`) the database
    joins all rows with everything they show before it looks at the keys.
    """

    conditional = True

    def __init__(self, keys: QuerySet) -> None:
        super().__init__(output_field=BooleanField())
        self.sides: list[Any] = [F("pk"), ArraySubquery(keys)]

    def get_source_expressions(self) -> list[Any]:
        return self.sides

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.sides = list(exprs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        (key, own), (keys, params) = (compiler.compile(side) for side in self.sides)
        return f"{key} = ANY({keys})", [*own, *params]


@dataclass
class Listed:
    """One page of rows with the way on and back."""

    rows: list[Any]
    next_cursor: str = ""
    previous_cursor: str = ""
    grounds: list[Any] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether the page is the whole list: then its rows are counted by looking at them."""
        return not (self.next_cursor or self.previous_cursor)


def list_rows(
    model: type[Model],
    user: Any,
    *,
    sort: Sort,
    shape: Callable[[QuerySet], QuerySet] = lambda rows: rows,
    narrow: Narrow = lambda rows: rows,
    action: str = "view",
    cursor: str = "",
    size: int = PAGE,
) -> Listed:
    """One page of the rows on which the user may do the action, in the given order: one query, and those of `shape`.

    `narrow` applies filters to every arm; `shape` says what a row of the page carries. A cursor that is not ours is
    treated as no cursor.
    """
    backwards, after = _read_cursor(cursor, model, sort)
    order = _reverse(sort) if backwards else sort
    arms = _first_rows(model, user, order, narrow, action, after, size + 1)
    rows = _united(model, arms, order, shape, size + 1)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    listed = Listed(rows=rows, grounds=[ground.sentence for ground in grounds_of(model, user)])
    if rows:
        if more or backwards:
            listed.next_cursor = _cursor("n", sort, rows[-1])
        if (after and not backwards) or (backwards and more):
            listed.previous_cursor = _cursor("p", sort, rows[0])
    return listed


def row_ids(
    model: type[Model], user: Any, *, narrow: Narrow = lambda rows: rows, action: str = "view", limit: int = COUNT_CAP + 1
) -> list[UUID]:
    """Identifiers of at most `limit` rows, unordered: counts, exports in batches, and the agreement test."""
    arms = [
        narrow(arm).order_by().values_list("pk", flat=True)[:limit] for arm in _arms(model, user, action)
    ]
    if not arms:
        return []
    return list(arms[0].union(*arms[1:]) if len(arms) > 1 else arms[0])


def capped_count(model: type[Model], user: Any, *, narrow: Narrow = lambda rows: rows, action: str = "view") -> int:
    """Number of rows, at most COUNT_CAP + 1, which the screen writes as "1,000+"; counted by the database."""
    return capped_counts(user, [Counted(model, narrow, action)])[0]


@dataclass(frozen=True)
class Counted:
    """A list whose rows are to be counted."""

    model: type[Model]
    narrow: Narrow = lambda rows: rows
    action: str = "view"


def capped_counts(user: Any, lists: Sequence[Counted]) -> list[int]:
    """The numbers of rows of several lists, each at most COUNT_CAP + 1, in one query."""
    wanted, params = [], []
    for each in lists:
        arms = [each.narrow(arm).order_by().values("pk")[: COUNT_CAP + 1] for arm in _arms(each.model, user, each.action)]
        sql, values = _compiled(arms)
        wanted.append(f"(SELECT count(*) FROM ({sql}) AS counted)")
        params.extend(values)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(wanted)}", params)
        return [min(number, COUNT_CAP + 1) for number in cursor.fetchone()]


def _compiled(arms: list[QuerySet]) -> tuple[str, Sequence[Any]]:
    """The union of arms as SQL; of none, or of arms no row can satisfy, an empty one."""
    try:
        united = arms[0].union(*arms[1:]) if len(arms) > 1 else arms[0]
        return united.query.get_compiler(connection=connection).as_sql()
    except (IndexError, EmptyResultSet):
        return "SELECT NULL WHERE false", ()


def count_of(listed: Listed, model: type[Model], user: Any, *, narrow: Narrow, action: str = "view") -> int:
    """The number of rows of a list of which one page is there already: a second question only for what has pages."""
    return len(listed.rows) if listed.whole else capped_count(model, user, narrow=narrow, action=action)


def count_words(count: int) -> str:
    """A count as the screen writes it."""
    return f"{COUNT_CAP:,}+" if count > COUNT_CAP else str(count)


def all_rows(
    model: type[Model], user: Any, *, sort: Sort, narrow: Narrow = lambda rows: rows,
    shape: Callable[[QuerySet], QuerySet] = lambda rows: rows, batch: int = 500,
) -> Any:
    """Every row in order, batch by batch, rights asked anew for each batch: for exports."""
    cursor = ""
    while True:
        page = list_rows(model, user, sort=sort, narrow=narrow, shape=shape, cursor=cursor, size=batch)
        yield from page.rows
        if not page.next_cursor:
            return
        cursor = page.next_cursor


def _arms(model: type[Model], user: Any, action: str) -> list[QuerySet]:
    limits = (right(model, user, action), source_states(model, action))
    return [model._default_manager.filter(ground.condition, *limits) for ground in grounds_of(model, user)]


def _first_rows(
    model: type[Model], user: Any, sort: Sort, narrow: Narrow, action: str, after: tuple[Any, UUID] | None, limit: int
) -> list[QuerySet]:
    """The first rows of each arm, each on its own index: identifiers only."""
    arms = []
    for arm in _arms(model, user, action):
        rows = narrow(arm)
        if after:
            rows = rows.filter(RowAfter(sort, *after))
        arms.append(rows.order_by(*sort.names).values("pk")[:limit])
    return arms


def _united(
    model: type[Model], arms: list[QuerySet], sort: Sort, shape: Callable[[QuerySet], QuerySet], limit: int
) -> list[Any]:
    """The rows of the arms with what the page shows of them: at most `limit` per arm are ever looked at."""
    if not arms:
        return []
    keys = arms[0].union(*arms[1:]) if len(arms) > 1 else arms[0]
    return list(shape(model._default_manager.filter(KeyAmong(keys))).order_by(*sort.names)[:limit])


def _reverse(sort: Sort) -> Sort:
    return Sort(sort.column, not sort.descending)


def _cursor(direction: str, sort: Sort, row: Model) -> str:
    value = getattr(row, sort.column)
    raw = json.dumps([direction, value.isoformat() if isinstance(value, datetime) else value, str(row.pk)])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def is_cursor(text: str, model: type[Model], sort: Sort) -> bool:
    """Whether the text is a place in a list of the model in this order."""
    return _read_cursor(text, model, sort)[1] is not None


def _read_cursor(text: str, model: type[Model], sort: Sort) -> tuple[bool, tuple[Any, UUID] | None]:
    if not text:
        return False, None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        direction, value, row_id = json.loads(raw)
        place = model._meta.get_field(sort.column).to_python(value)
        if place is None or "\0" in str(place) or (isinstance(place, datetime) and is_naive(place)):
            return False, None
        return direction == "p", (place, UUID(row_id))
    except (ValueError, TypeError, AttributeError, ValidationError):
        return False, None
