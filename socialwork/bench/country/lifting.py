"""Keys, indexes and triggers stand aside while a table is filled, and return exactly as they were.

Everything happens inside the transaction of the loading: whatever fails, the database is what it was before. A key that
returns is checked against every row, in one pass instead of row by row; so is what the triggers hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

# Kinds of constraint (pg_constraint.contype) that stand aside: checks of a single row stay, they cost next to nothing.
# Of a table in parts only the whole is named: what is done to it is done to its parts.
_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype::text FROM pg_constraint
WHERE contype IN ('p', 'u', 'x', 'f') AND conparentid = 0 AND connamespace = current_schema()::regnamespace
  AND (conrelid = ANY(%(tables)s::regclass[]) OR contype = 'f' AND confrelid = ANY(%(tables)s::regclass[]))
ORDER BY contype = 'f', conrelid::regclass::text, conname
"""
_INDEXES = """
SELECT indexrelid::regclass::text, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') FROM pg_index i
WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid
  AND c.contype IN ('p', 'u', 'x'))
ORDER BY indrelid::regclass::text, 1
"""
# Bit 4 of tgtype: the trigger fires on INSERT.
_TRIGGERS = """
SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger
WHERE NOT tgisinternal AND tgtype & 4 > 0 AND tgenabled <> 'D' AND tgrelid = ANY(%(tables)s::regclass[]) ORDER BY 1, 2
"""
_WHOLE = """
SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated::text
FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND conrelid <> 0 AND conparentid = 0
  AND NOT EXISTS (SELECT FROM pg_class part WHERE part.oid = conrelid AND part.relispartition)
UNION ALL SELECT pg_get_indexdef(indexrelid) || indisvalid::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = current_schema()::regnamespace AND NOT c.relispartition
UNION ALL SELECT tgrelid::regclass::text || tgname || tgenabled::text || pg_get_triggerdef(t.oid) FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT tgisinternal AND tgparentid = 0 AND c.relnamespace = current_schema()::regnamespace
"""
_ENABLED = {"O": "ENABLE", "R": "ENABLE REPLICA", "A": "ENABLE ALWAYS"}


class Changed(Exception):
    """A key, index or trigger did not return as it was; the transaction must not be committed."""


@dataclass(frozen=True)
class Step:
    """One statement, and what it is about, for the progress line."""

    about: str
    statement: str


@contextmanager
def lifted(cursor: Any, tables: list[str], *, say: Callable[[str], None]) -> Iterator[None]:
    """Take keys, indexes and insert triggers of the tables away, and put them back. Inside a transaction only.

    Keys of other tables that point here are among them. Raises Changed when the schema is not the same afterwards, and
    the database's own error when a row breaks a key.
    """
    before = whole_schema(cursor)
    away, back = _statements(cursor, tables)
    for step in away:
        cursor.execute(step.statement)
    yield
    for step in back:
        say(step.about)
        cursor.execute(step.statement)
    lost = before ^ whole_schema(cursor)
    if lost:
        raise Changed("; ".join(sorted(lost)))


def whole_schema(cursor: Any) -> set[str]:
    """Every constraint, index and trigger of the schema in words."""
    cursor.execute(_WHOLE)
    return {row[0] for row in cursor.fetchall()}


def _statements(cursor: Any, tables: list[str]) -> tuple[list[Step], list[Step]]:
    given = {"tables": tables}
    cursor.execute(_KEYS, given)
    keys = cursor.fetchall()
    cursor.execute(_INDEXES, given)
    indexes = cursor.fetchall()
    cursor.execute(_TRIGGERS, given)
    triggers = cursor.fetchall()
    away = [Step(name, f'ALTER TABLE {table} DROP CONSTRAINT "{name}"') for table, name, _text, _kind in reversed(keys)]
    away += [Step(name, f"DROP INDEX {name}") for name, _text in indexes]
    away += [Step(name, f'ALTER TABLE {table} DISABLE TRIGGER "{name}"') for table, name, _state in triggers]
    own = [
        Step(name, f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}')
        for table, name, text, kind in keys
        if kind != "f"
    ]
    back = [*own, *(Step(name, text) for name, text in indexes)]
    back += [
        Step(name, f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}')
        for table, name, text, kind in keys
        if kind == "f"
    ]
    back += [Step(name, f'ALTER TABLE {table} {_ENABLED[state]} TRIGGER "{name}"') for table, name, state in triggers]
    return away, back
