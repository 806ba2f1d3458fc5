"""A client that costs next to nothing: everything that can be done before a write is sent is done before.

Writers and servers share the processors of one machine. What a client needs for itself is taken from the servers, and most
from the writes with most in them; a client of the usual kind took three quarters as much of the processors as the database.
"""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, cycle
from typing import Any

import psycopg
from django.utils import timezone
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq.abc import PGresult

from socialwork.core.ids import uuid7

BEGIN, COMMIT = b"BEGIN", b"COMMIT"
Statement = tuple[str, Sequence[Any]]
Write = list[Statement]


class New:
    """Stands for an identifier or instant that every repetition chooses anew; the same one wherever the old one stood."""

    def __init__(self, old: Any) -> None:
        self.old, self.choose = str(old), timezone.now if isinstance(old, dt.datetime) else uuid7


@dataclass(frozen=True)
class Prepared:
    """A statement the server knows by name, its values as bytes, and which of them are new each time."""

    name: bytes
    values: Sequence[Any]
    formats: Sequence[Any]
    adapted: Transformer
    new: list[tuple[int, New]]

    def with_new(self, chosen: dict[str, Any]) -> list[Any]:
        """The values of one repetition; what stands for the same old value is the same in all its statements."""
        values = list(self.values)
        for place, value in self.new:
            values[place] = self.adapted.dump_sequence([_filled(value, chosen)], [PyFormat.AUTO])[0]
        return values


class Writer:
    """Sends its writes in turns, each in a transaction of its own and in one go, prepared and put into bytes beforehand."""

    def __init__(self, connected: psycopg.Connection, writes: list[Write]) -> None:
        self.wire = connected.pgconn
        self._names: dict[tuple[str, tuple[int, ...]], bytes] = {}
        for word in (BEGIN, COMMIT):
            _refused_is_raised(self.wire.prepare(word, word))
        self._following = cycle([[self._prepared(connected, statement) for statement in write] for write in writes])
        self.wire.enter_pipeline_mode()

    def _prepared(self, connected: psycopg.Connection, statement: Statement) -> Prepared:
        sql, params = statement
        adapted = Transformer(connected)
        values = adapted.dump_sequence([_filled(value, {}) for value in params], [PyFormat.AUTO] * len(params))
        kind = (sql, adapted.types or ())
        if kind not in self._names:
            self._names[kind] = f"write{len(self._names)}".encode()
            _refused_is_raised(self.wire.prepare(self._names[kind], _numbered(sql).encode(), kind[1]))
        new = [(place, value) for place, value in enumerate(params) if isinstance(value, New)]
        return Prepared(self._names[kind], values, adapted.formats or (), adapted, new)

    def write(self) -> None:
        """The next of the writes, with identifiers and an instant of its own."""
        chosen: dict[str, Any] = {}
        self.wire.send_query_prepared(BEGIN, None)
        for each in next(self._following):
            self.wire.send_query_prepared(each.name, each.with_new(chosen), each.formats)
        self.wire.send_query_prepared(COMMIT, None)
        self.wire.pipeline_sync()
        while (answer := self.wire.get_result()) is None or answer.status != pq.ExecStatus.PIPELINE_SYNC:
            if answer is not None:
                _refused_is_raised(answer)


def _numbered(sql: str) -> str:
    """The statement with the places of its values numbered, as the server wants them."""
    places = count(1)
    return re.sub("%[s%]", lambda found: f"${next(places)}" if found[0] == "%s" else "%", sql)


def _refused_is_raised(answer: PGresult) -> None:
    if answer.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
        raise RuntimeError(answer.error_message.decode(errors="replace"))


def _filled(value: Any, chosen: dict[str, Any]) -> Any:
    if not isinstance(value, New):
        return value
    if value.old not in chosen:
        chosen[value.old] = value.choose()
    return chosen[value.old]
