"""Rows of the tables as binary COPY reads them: columns from the models, so that a new one with a default is written, too.

A *field* is a value as it stands in a row: four bytes that say how long it is, and the value in the server's own form.
Binary costs the server less than half of what text does, since nothing has to be parsed.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection, models

NULL = b"\xff\xff\xff\xff"
TRUE, FALSE = b"\0\0\0\1\1", b"\0\0\0\1\0"
# What stands before the rows and after them: signature, no flags, no extension; then a row of -1 columns.
BEGIN, END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
# Object identifiers (pg_type) of what arrays are made of; they are the same in every PostgreSQL.
_ELEMENTS = {"varchar": 1043, "smallint": 21}
_REMEMBERED = 1 << 16

_LENGTH = struct.Struct(">i").pack
_INSTANT = struct.Struct(">iq").pack
_DAY = struct.Struct(">ii").pack
_NUMBERS = {
    "smallint": (2, struct.Struct(">ih").pack), "integer": (4, struct.Struct(">ii").pack), "bigint": (8, struct.Struct(">iq").pack),
}
_ARRAY = struct.Struct(">iiiii").pack
_DIGITS = struct.Struct(">hhhh").pack


def field(value: bytes) -> bytes:
    """A value whose form is its bytes: BinaryField, and what the other functions have put together."""
    return _LENGTH(len(value)) + value


@lru_cache(_REMEMBERED)
def text(value: str) -> bytes:
    """Characters."""
    return field(value.encode())


@lru_cache(_REMEMBERED)
def json(value: str) -> bytes:
    """JSON, given as its text."""
    return field(b"\1" + value.encode())


def identifier(value: UUID | str) -> bytes:
    """A UUID."""
    return field(bytes.fromhex(str(value).replace("-", "")))


def spelled(row: bytes) -> str:
    """The usual spelling of the UUID in a field."""
    digits = row.hex()
    return f"{digits[8:16]}-{digits[16:20]}-{digits[20:24]}-{digits[24:28]}-{digits[28:]}"


def instant(value: dt.datetime | str) -> bytes:
    """A moment, or its ISO text."""
    moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
    return _INSTANT(8, (moment - _EPOCH) // dt.timedelta(microseconds=1))


def day(value: dt.date | str) -> bytes:
    """A day, or its ISO text."""
    return _DAY(4, ((value if isinstance(value, dt.date) else dt.date.fromisoformat(value)) - _EPOCH.date()).days)


def number(kind: str, value: int) -> bytes:
    """A whole number, by the type of its column."""
    size, pack = _NUMBERS[kind]
    return pack(size, value)


def since(moment: bytes) -> bytes:
    """A range of time from the instant in a field (included) on, without an end."""
    return field(b"\x12" + moment)


@lru_cache(_REMEMBERED)
def array(kind: str, items: tuple[Any, ...]) -> bytes:
    """A list of texts ("varchar") or numbers ("smallint")."""
    encode = _encoder(kind)
    cells = b"".join(encode(item) for item in items)
    if not items:
        return field(struct.pack(">iii", 0, 0, _ELEMENTS[kind]))
    return field(_ARRAY(1, 0, _ELEMENTS[kind], len(items), 1) + cells)


def _numeric(value: Decimal | str | int) -> bytes:
    """Two places after the point and below 100 million, as sums of money are here."""
    cents = int(Decimal(value) * 100)
    high, low, rest = cents // 1_000_000, cents // 100 % 10_000, cents % 100 * 100
    return field(_DIGITS(3, 1, 0, 2) + struct.pack(">hhh", high, low, rest))


def _encoder(kind: str) -> Callable[[Any], bytes]:
    """What turns a value into a field, by the type of the column as the database spells it."""
    if kind.endswith("[]"):
        element = kind[:-2].partition("(")[0]
        return lambda value: array(element, tuple(value))
    name = kind.partition("(")[0]
    if name in _NUMBERS:
        return partial(number, name)
    return {
        "uuid": identifier, "varchar": text, "text": text, "jsonb": json, "date": day, "numeric": _numeric, "bytea": field,
        "timestamp with time zone": instant, "boolean": lambda value: TRUE if value else FALSE,
        "tstzrange": since,
    }[name]


class Table:
    """One table: a row is made from the values that differ from the model's defaults."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.name = model._meta.db_table
        written = [one for one in model._meta.concrete_fields if _is_written(one)]
        self.columns = [str(one.column) for one in written]
        self._encoders = {str(one.column): _encoder(str(one.db_type(connection))) for one in written}
        defaults = ((str(one.column), _default(one)) for one in written)
        self._standing = {
            column: NULL if value is None else self._encoders[column](value) for column, value in defaults if value is not ...
        }
        self._shapes: dict[tuple[str, ...], Callable[[dict[str, Any]], bytes]] = {}

    def row(self, **values: Any) -> bytes:
        """One row; values are fields (bytes), or what the encoder of their column takes.

        Raises KeyError for a column that is unknown, or missing without a default.
        """
        shape = self._shapes.get(tuple(values))
        if shape is None:
            shape = self._shapes[tuple(values)] = self._shape(tuple(values))
        return shape(values)

    def _shape(self, given: tuple[str, ...]) -> Callable[[dict[str, Any]], bytes]:
        unknown = set(given) - set(self.columns)
        if unknown:
            raise KeyError(f"{self.name}: {sorted(unknown)}")
        columns = [column for column in self.columns if column in given]
        parts, pick, join = self._parts(columns), itemgetter(*columns), b"".join
        encoders = [self._encoders[column] for column in columns]

        def row(values: dict[str, Any]) -> bytes:
            whole = parts.copy()
            whole[1::2] = [
                value if value.__class__ is bytes else encode(value)
                for value, encode in zip(pick(values), encoders, strict=True)
            ]
            return join(whole)

        return row

    def _parts(self, given: list[str]) -> list[bytes]:
        """A row with a place for each given field: every second part, and between them what is the same in each row."""
        if given != [column for column in self.columns if column in given] or len(given) < 2:
            raise KeyError(f"{self.name}: {given} are not at least two columns in their order")
        parts = [struct.pack(">h", len(self.columns))]
        for column in self.columns:
            if column in given:
                parts += [b"", b""]
            else:
                parts[-1] += self._standing[column]
        return parts

    def pattern(self, given: list[str]) -> Callable[[Sequence[bytes]], bytes]:
        """What makes a row of fields only, for tables with millions of rows: they come in the order of the columns."""
        parts, join = self._parts(given), b"".join

        def row(fields: Sequence[bytes]) -> bytes:
            whole = parts.copy()
            whole[1::2] = fields
            return join(whole)

        return row

    def copy(self, into: str, *, frozen: bool = False) -> str:
        """The statement that takes rows for the table or one of its parts; `frozen` where it was emptied in this transaction."""
        how = "FORMAT binary, FREEZE" if frozen else "FORMAT binary"
        return f'COPY "{into}" ({", ".join(self.columns)}) FROM STDIN ({how})'


def _is_written(one: Any) -> bool:
    """Numbers given by the database and columns it computes are not ours to write."""
    return not isinstance(one, models.AutoField | models.BigAutoField | models.GeneratedField)


def _default(one: Any) -> Any:
    """The default of a model's field, None for NULL; an ellipsis where every row must say it."""
    if one.primary_key:
        return ...
    if one.has_default():
        default = one.default
        if callable(default):
            return {list: (), dict: "{}"}.get(default, ...)
        return default
    if one.null:
        return None
    return "" if isinstance(one, models.CharField | models.TextField) else ...
