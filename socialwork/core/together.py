"""What one act writes beside its row, sent as one statement: its event, what it counts, the next act, what is done with.

Eight writers who wait for a disk are held up by the number of statements more than by the rows in them.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, router, transaction
from django.db.models import BooleanField, CharField, Field, Model, TextField, UUIDField
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

Part = tuple[str, Sequence[Any]]
# Where the values of a statement are found in a row: attribute, field, and the type that goes as it stands.
Columns = tuple[tuple[str, Field, type | None], ...]
_held: ContextVar[list[Part] | None] = ContextVar("writes_held_back", default=None)
_left: ContextVar[list[Part] | None] = ContextVar("writes_left_to_the_end", default=None)


@contextmanager
def together(*, to_the_end: bool = False) -> Iterator[None]:
    """Hold back what `write`, `insert`, `update` and `delete` are given inside, and send it as one statement at the end.

    The parts must be about different rows: none sees what another does. Nothing is sent when the block fails. A block
    inside a block joins it. Must run inside a transaction. With `to_the_end` it waits for the end of the submission, where
    there is one (`leaving`): for what nobody reads or writes again before.
    """
    if _held.get() is not None:
        yield
        return
    parts: list[Part] = []
    token, left = _held.set(parts), _left.get()
    try:
        yield
    finally:
        _held.reset(token)
    if to_the_end and left is not None:
        left.extend(parts)
    elif parts:
        _send(parts)


@contextmanager
def leaving() -> Iterator[list[Part]]:
    """What blocks inside leave to the end, for the caller to write."""
    left: list[Part] = []
    token = _left.set(left)
    try:
        yield left
    finally:
        _left.reset(token)


def act() -> transaction.Atomic:
    """The transaction of one act. Within a submission (`leaving`) that is the submission's, which is undone as a whole.

    So no savepoint stands directly within a savepoint; whoever catches a refusal inside a submission cannot go on.
    """
    return transaction.atomic(savepoint=_left.get() is None)


def write(sql: str, params: Sequence[Any]) -> None:
    """Send an INSERT, UPDATE or DELETE now, or with the others of the block that is open."""
    parts = _held.get()
    if parts is None:
        _send([(sql, params)])
    else:
        parts.append((sql, params))


def insert(row: Model) -> None:
    """Add one new row, whose identifier is known or of no interest; its values are plain ones."""
    write(*addition(row))


def put(row: Model, *, by: Sequence[str], keep: Sequence[str]) -> None:
    """Add the row, or change `keep` of the one that stands: `by` names the fields of its key."""
    write(*addition(row, tuple(by), tuple(keep)))


def addition(row: Model, by: tuple[str, ...] = (), keep: tuple[str, ...] = ()) -> Part:
    """The statement that adds the row, or changes `keep` of the one that stands, for whoever sends it with another."""
    router.db_for_write(type(row), instance=row)  # what a page has written is known to the choice of replicas
    sql, columns = _plan(type(row), row.pk is not None, by, keep)
    values = _values(row, columns, add=True)
    row._state.adding, row._state.db = False, connection.alias
    return sql, values


def _values(row: Model, columns: Columns, *, add: bool = False) -> list[Any]:
    known = row.__dict__
    return [
        value if kind is not None and ((value := known[name]) is None or type(value) is kind)
        else field.get_db_prep_save(field.pre_save(row, add=add), connection)
        for name, field, kind in columns
    ]


# What the driver takes as it stands; another value goes through its field.
AS_IT_STANDS: dict[type[Field], type] = {CharField: str, TextField: str, UUIDField: UUID, BooleanField: bool}


@cache
def _plan(model: type[Model], numbered: bool, by: tuple[str, ...], keep: tuple[str, ...]) -> tuple[str, Columns]:
    """The statement that adds a row of the model, and where its values are found: the same for every row but for the values."""
    meta = model._meta
    fields = [field for field in meta.concrete_fields if field is not meta.auto_field or numbered]
    conflict = {
        "on_conflict": OnConflict.UPDATE, "update_fields": list(map(meta.get_field, keep)),
        "unique_fields": list(map(meta.get_field, by)),
    }
    query = InsertQuery(model, **(conflict if by else {}))
    query.insert_values(fields, [model()])
    ((sql, _values),) = query.get_compiler(connection=connection).as_sql()
    return sql, _columns(fields)


def _columns(fields: Sequence[Field]) -> Columns:
    return tuple((field.attname, field, AS_IT_STANDS.get(type(_stored(field)))) for field in fields)


def _stored(field: Field) -> Field:
    """The field whose values are stored: of a relation the other side's."""
    return field.target_field if field.is_relation else field


def update(row: Model, *names: str) -> None:
    """Write these columns of a stored row as they stand in it."""
    router.db_for_write(type(row), instance=row)
    sql, columns = _change(type(row), names)
    write(sql, [*_values(row, columns), row.pk])


@cache
def _change(model: type[Model], names: tuple[str, ...]) -> tuple[str, Columns]:
    fields = [model._meta.get_field(name) for name in names]
    quote, key = connection.ops.quote_name, model._meta.pk.column
    changes = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    return f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE {quote(key)} = %s", _columns(fields)


def delete(model: type[Model], **values: Any) -> None:
    """Remove the rows with these values in their columns, which are plain ones; nothing else may hang on them."""
    router.db_for_write(model)
    write(_removal(model, tuple(values)), list(values.values()))


@cache
def _removal(model: type[Model], names: tuple[str, ...]) -> str:
    quote, columns = connection.ops.quote_name, {field.attname: field.column for field in model._meta.concrete_fields}
    return f"DELETE FROM {quote(model._meta.db_table)} WHERE {' AND '.join(f'{quote(columns[name])} = %s' for name in names)}"


def _send(parts: Sequence[Part]) -> None:
    *others, (sql, params) = parts
    before, values = in_front(others)
    with connection.cursor() as cursor:
        cursor.execute(before + sql.strip(), [*values, *params])


def in_front(parts: Sequence[Part]) -> Part:
    """The beginning of a statement that sends these before what it does itself; empty where there are none."""
    held = ", ".join(f"part{place} AS ({sql.strip()})" for place, (sql, _params) in enumerate(parts))
    return f"WITH {held} " if held else "", [value for _sql, params in parts for value in params]
