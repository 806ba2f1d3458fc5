"""The record stands in one part for each year: made in time, and taken out whole when its years of keeping are over.

An identifier begins with the milliseconds it was made at (decision 3), so a year of the office's clock is a range of
identifiers. What fits no year there is stands in the part `…_other`: nothing is ever refused for want of a part.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from socialwork.audit.models import Access, Event

PARTED = tuple(model._meta.db_table for model in (Event, Access))
OFFICE = ZoneInfo("Asia/Shanghai")
# Two machines' clocks never differ by more: what is told of a matter is not older than the matter by more than this.
CLOCKS_DIFFER = dt.timedelta(days=1)
_PARTS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = %s::regclass
"""


def first_of(moment: dt.datetime) -> UUID:
    """The smallest identifier that can be made at the moment or later."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def first_of_year(year: int) -> UUID:
    """The smallest identifier of a year, which begins at midnight in China."""
    return first_of(dt.datetime(year, 1, 1, tzinfo=OFFICE))


def not_before(thread_id: UUID) -> UUID:
    """No entry about the matter is older: with this bound the database leaves the parts of earlier years alone."""
    if thread_id.version != 7:
        return UUID(int=0)
    begun = dt.datetime.fromtimestamp((thread_id.int >> 80) / 1000, dt.UTC)
    return first_of(begun - CLOCKS_DIFFER)


def make_years(years: Iterable[int]) -> list[str]:
    """Make the parts of these years that are not there yet; what stands in `…_other` and belongs to them moves along.

    Returns the names of the parts made. Takes each table for itself alone for a moment.
    """
    made = []
    for table in PARTED:
        there = set(parts_of(table))
        for year in sorted(set(years)):
            if f"{table}_{year}" not in there:
                _make_year(table, year)
                made.append(f"{table}_{year}")
    return made


def parts_of(table: str) -> list[str]:
    """Names of the parts of a table."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [table])
        return sorted(row[0] for row in cursor.fetchall())


def _make_year(table: str, year: int) -> None:
    low, high = first_of_year(year), first_of_year(year + 1)
    create = f"CREATE TABLE {table}_{year} PARTITION OF {table} FOR VALUES FROM ('{low}') TO ('{high}')"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table}_other WHERE id >= %s AND id < %s)", [low, high])
        if cursor.fetchone()[0]:
            _make_and_fill(cursor, table, year, create)
        else:
            cursor.execute(create)


def _make_and_fill(cursor: Any, table: str, year: int, create: str) -> None:
    """Rows that came before their part: the part for the rest stands aside while they move."""
    cursor.execute(f"ALTER TABLE {table} DETACH PARTITION {table}_other")
    cursor.execute(create)
    within = [first_of_year(year), first_of_year(year + 1)]
    cursor.execute(f"INSERT INTO {table} SELECT * FROM {table}_other WHERE id >= %s AND id < %s", within)
    cursor.execute(f"DELETE FROM {table}_other WHERE id >= %s AND id < %s", within)
    cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {table}_other DEFAULT")
