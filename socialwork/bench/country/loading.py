"""Fills an empty database with the country, in one transaction: all of it is there afterwards, or nothing."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from referrals.models import Referral
from socialwork.accounts.models import User
from socialwork.audit.years import PARTED, make_years, parts_of
from socialwork.bench.country.chance import Days
from socialwork.bench.country.clocks import book_of, earlier_rules, years_of
from socialwork.bench.country.lifting import lifted
from socialwork.bench.country.places import Places
from socialwork.bench.country.plan import Group, Sizes
from socialwork.bench.country.sheet import MATTERS, Sheet
from socialwork.bench.country.tables import BEGIN, END
from socialwork.bench.country.workers import Task, told_by
from socialwork.deadlines.models import DeadlineRule
from socialwork.organisations.models import District, Organisation
from socialwork.statistics import services as statistics
from socialwork.statistics.models import Rollup

PASSWORD = "huhang-country-2026"
# What the insert triggers of the two tables hold, asked of all rows at once when they were aside for the loading.
_UNASSIGNED = """
SELECT count(*) FROM cases_case c CROSS JOIN (VALUES ('lead'), ('second')) AS f(function)
LEFT JOIN cases_assignment a ON a.case_id = c.id AND a.function = f.function AND upper_inf(a.held)
  AND a.worker_id = CASE f.function WHEN 'lead' THEN c.lead_id ELSE c.second_id END
WHERE a.id IS NULL
"""
_GAPS = """
SELECT count(*) FROM (
  SELECT lower(held) AS starts, lag(upper(held)) OVER (PARTITION BY case_id, function ORDER BY lower(held)) AS before
  FROM cases_assignment WHERE function IN ('lead', 'second')) AS spans
WHERE before IS NOT NULL AND before <> starts
"""
# Bytes of one table that are written in one statement: each statement leaves some empty pages behind it.
AT_ONCE = 16 << 20
# Where rows stand: a table, or the parts of one that has parts.
_FILLED = """
SELECT relname FROM pg_class LEFT JOIN pg_inherits ON inhrelid = oid
WHERE relkind = 'r' AND (oid = ANY(%(tables)s::regclass[]) OR inhparent = ANY(%(tables)s::regclass[]))
"""
# For questions about all rows at once: memory to sort and join in, and no time spent on compiling.
_FOR_MANY = "SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL jit = off"


class NotEmpty(Exception):
    """The database holds referrals or organisations: the country goes into an empty one only."""


class NoCountry(Exception):
    """The database holds something else: what writes invented visits and passwords must not run here."""


class NoReference(Exception):
    """Districts or rules are missing: load the reference data first."""


class Broken(Exception):
    """What was loaded does not keep a rule of the database; nothing of it stays."""


@dataclass
class Told:
    """How far the loading is: rows by table, seconds by step."""

    rows: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    matters: int = 0
    expected: int = 1
    step: str = ""

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def seed_country(
    *, scale: float, seed: int, processes: int = 2, keep_keys: bool = False, progress: Callable[[Told], None] = lambda told: None
) -> Told:
    """Load the country of a scale and seed as of today. Raises NotEmpty, NoReference, Broken.

    The database is locked against everybody else until it is done: keys and indexes stand aside meanwhile. `processes` 0
    tells everything in this one; `keep_keys` leaves every key, index and trigger in place, which is slower.
    """
    require_empty()
    told = Told()
    days = Days(timezone.localdate())
    make_years(range(days.first.year, days.today.year + 2))
    with transaction.atomic(), connection.cursor() as cursor:
        with _timed(told, "places", progress):
            groups = _load_places(cursor, Sizes(scale), days, seed, told)
        told.expected = sum(group.cases for group in groups)
        cursor.execute(_FOR_MANY)
        tables = [] if keep_keys else [table.name for table in Sheet(MATTERS).tables.values()]
        # Nothing deferred may be pending when keys are taken away.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        with lifted(cursor, tables, say=lambda about: _say(told, about, progress)):
            with _timed(told, "matters", progress):
                tasks = _tasks(groups, days, seed, max(processes, 1))
                _load_matters(cursor, tasks, told, progress, frozen=_emptied(cursor, tables), apart=processes > 0)
            begun = time.monotonic()
        told.seconds["keys and indexes"] = time.monotonic() - begun
        with _timed(told, "checks", progress):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            _check(cursor)
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        # Before anything is counted: without it the planner takes the full tables for empty ones.
        with _timed(told, "analyze", progress):
            cursor.execute("ANALYZE")
        with _timed(told, "statistics", progress):
            rollup = Rollup._meta.db_table
            with lifted(cursor, [] if keep_keys else [rollup], say=lambda about: None):
                told.rows[rollup] = statistics.rebuild()
            cursor.execute(f"ANALYZE {rollup}")
    return told


def require_country() -> None:
    """Raise NoCountry unless the database holds a country of this generator: its operator has the known password."""
    operator = User.objects.filter(login="operator").first()
    if operator is None or not operator.check_password(PASSWORD):
        raise NoCountry()


def require_empty() -> None:
    """Raise NotEmpty or NoReference unless the country may be loaded here."""
    if Referral.objects.exists() or Organisation.objects.exists():
        raise NotEmpty()
    if not District.objects.exists() or not DeadlineRule.objects.exists():
        raise NoReference()


@contextmanager
def _timed(told: Told, step: str, progress: Callable[[Told], None]) -> Iterator[None]:
    begun = time.monotonic()
    _say(told, step, progress)
    yield
    told.seconds[step] = time.monotonic() - begun


def _say(told: Told, step: str, progress: Callable[[Told], None]) -> None:
    told.step = step
    progress(told)


def _load_places(cursor: Any, sizes: Sizes, days: Days, seed: int, told: Told) -> list[Group]:
    DeadlineRule.objects.bulk_create(earlier_rules(days))
    places = Places(sizes, days, seed, make_password(PASSWORD))
    groups = places.make()
    for model, _year, count, rows in places.sheet.take():
        table = places.sheet.tables[model]
        _copy(cursor, table.copy(table.name), [rows])
        told.rows[table.name] += count
    return groups


def _tasks(groups: list[Group], days: Days, seed: int, processes: int) -> list[Task]:
    """The groups dealt to the processes, the largest first, so that all end at about the same time."""
    hands: list[list[Group]] = [[] for _ in range(processes)]
    for group in sorted(groups, key=lambda one: (-one.cases, one.number)):
        min(hands, key=lambda hand: sum(one.cases for one in hand)).append(group)
    book, years = book_of(DeadlineRule.objects.order_by("code", "id")), years_of(days)
    return [Task(seed, days.today, hand, book, years) for hand in hands if hand]


def _emptied(cursor: Any, tables: list[str]) -> set[str]:
    """Those of the tables and their parts that were empty, emptied once more in this transaction.

    Their rows may then be written as if everybody had seen them long ago (FREEZE): nothing is left to be done by the first
    reader or by VACUUM, and an index alone can answer from the first moment on.
    """
    cursor.execute(_FILLED, {"tables": tables})
    found = set()
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
        if not cursor.fetchone()[0]:
            found.add(table)
    if found:
        cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in sorted(found)))
    return found


def _load_matters(
    cursor: Any, tasks: list[Task], told: Told, progress: Callable[[Told], None], *, frozen: set[str], apart: bool
) -> None:
    tables = {table.name: table for table in Sheet(MATTERS).tables.values()}
    parts = {part for table in PARTED for part in parts_of(table)}
    held: defaultdict[tuple[str, str], list[bytes]] = defaultdict(list)
    sizes: Counter[tuple[str, str]] = Counter()

    def write(table: str, into: str) -> None:
        _copy(cursor, tables[table].copy(into, frozen=into in frozen), held.pop((table, into)))
        sizes[table, into] = 0

    for piece in told_by(tasks, apart=apart):
        if piece.table:
            part = f"{piece.table}_{piece.year}"
            place = piece.table, part if part in parts else piece.table
            held[place].append(piece.rows)
            sizes[place] += len(piece.rows)
            told.rows[piece.table] += piece.count
            if sizes[place] > AT_ONCE:
                write(*place)
        told.matters += piece.matters
        progress(told)
    for place in list(held):
        write(*place)


def _copy(cursor: Any, statement: str, pieces: list[bytes]) -> None:
    with cursor.copy(statement) as copy:
        for part in (BEGIN, *pieces, END):
            copy.write(part)


def _check(cursor: Any) -> None:
    """What the triggers would have said row by row. Raises Broken."""
    for question in (_UNASSIGNED, _GAPS):
        cursor.execute(question)
        wrong = cursor.fetchone()[0]
        if wrong:
            raise Broken(f"{wrong} rows of the assignment history disagree with their case")
