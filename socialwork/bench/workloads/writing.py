"""Eight people write at once, each commit taking two milliseconds as on a real disk: the whole write against its one row.

The statements of a submitted contact are caught from the page itself, for several cases of each worker, and sent again with
new identifiers and at a new instant, which moves the case in its indexes as a visit does. So what is compared is what the
database has to do for them, on connections that have done it before as those of the web workers have; the time the program
takes is in "log a visit", and the writers themselves take next to none (`bench.sending`). One case alone would be written a
thousand times a second, which no case ever is: the database then spends its time passing over what it wrote a moment before.
"""
from __future__ import annotations

import datetime as dt
import multiprocessing
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, ServiceRecord
from cases.states import WORKING
from socialwork.bench.measuring import Row
from socialwork.bench.sending import New, Statement, Write, Writer
from socialwork.bench.viewers import Viewer
from socialwork.bench.workloads import Country
from socialwork.bench.workloads.casework import between, opened, summary
from socialwork.core.ids import uuid7
from socialwork.statistics.models import Addition

WRITERS, CASES, TURNS, SECONDS, FIRST = 8, 12, 7, 2.0, 24
DELAY = 2000  # microseconds of a commit
AT_ONCE = 10_000  # rows taken back by one statement, which may name 65,535
LEAST, LEAST_COUNTED = 0.7, 0.9
RECORD, COUNT = 'INSERT INTO "cases_servicerecord"', 'INSERT INTO "statistics_addition"'
PART = re.compile(r"(?:WITH|,) part\d+ AS \(")


def rows(_country: Country) -> Iterator[Row]:
    """The rate of whole writes against that of bare inserts, and against itself without the counts of statistics, in turns."""
    groups = cases_of_different_workers()
    with taken_back([case for cases in groups for case in cases]):
        rates, slowed = rates_of_sides([list(map(statements_of, cases)) for cases in groups])
    found = {name: round(median(values), 1) for name, values in rates.items()}
    name = f"{WRITERS} writers, commits of {DELAY // 1000} ms" if slowed else f"{WRITERS} writers"
    for other, least in (("bare insert", LEAST), ("uncounted", LEAST_COUNTED)):
        value = found["whole write"] / found[other]
        yield Row(name, "", found, "writes/s", f"whole write / {other} >= {least}", round(value, 3), value >= least)


@contextmanager
def taken_back(cases: Sequence[Case]) -> Iterator[None]:
    """What is written inside goes again: sealed words open only in their own row, so nobody could read it, and it was counted.

    The dead rows are cleared at once, tens of thousands of them, for what is measured next; where people work the database
    clears a few every minute.
    """
    begun, last = timezone.now(), Addition.objects.aggregate(last=Max("pk"))["last"] or 0
    try:
        yield
    finally:
        written = ServiceRecord.objects.filter(case__in=cases, created_at__gte=begun).order_by()
        while pieces := list(written.values_list("pk", flat=True)[:AT_ONCE]):
            ServiceRecord.objects.filter(pk__in=pieces).delete()
        Addition.objects.filter(pk__gt=last).delete()
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM {', '.join(model._meta.db_table for model in (Case, ServiceRecord, Addition))}")


def rates_of_sides(caught: list[list[Write]]) -> tuple[dict[str, list[float]], bool]:
    """Writes per second of each side, turn by turn; and whether commits could be slowed."""
    sides = {"bare insert": _each(caught, _record), "whole write": caught, "uncounted": _each(caught, _uncounted)}
    rates: dict[str, list[float]] = {name: [] for name in sides}
    with slow_commits() as slowed:
        for _turn in range(TURNS):
            for name, statements in sides.items():
                rates[name].append(rate_of(statements))
    return rates, slowed


def _each(caught: list[list[Write]], change: Callable[[Write], Write]) -> list[list[Write]]:
    return [list(map(change, writes)) for writes in caught]


def cases_of_different_workers() -> list[list[Case]]:
    """Some of the running cases of each of eight workers, of those who have the most."""
    running = Case.objects.filter(state__in=WORKING)
    busiest = running.order_by().values_list("lead_id").annotate(cases=Count("pk")).order_by("-cases", "lead_id")[:WRITERS]
    found = running.select_related("lead__organisation").order_by("-touched_at", "-id")
    return [list(found.filter(lead_id=lead_id)[:CASES]) for lead_id, _cases in busiest]


def statements_of(case: Case) -> Write:
    """Everything one submitted contact writes, its own new identifiers and the instant of the act left open."""
    client, address = Viewer(case.lead, "lead", 0).client(), reverse("cases:log_contact", args=[case.pk])
    body = opened(client.get(address).content)
    start = timezone.localtime() - dt.timedelta(hours=1)
    body |= {"method": "phone", "summary": summary()} | between(start, start + dt.timedelta(minutes=5))
    caught: list[Statement] = []

    def catch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE", "WITH part")):
            caught.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    since, begun = uuid7(), timezone.now()
    with connection.execute_wrapper(catch):
        answer = client.post(address, body)
    if answer.status_code != 302:
        raise RuntimeError(f"{address} answers {answer.status_code}")
    key = UUID(body["_key"])
    until = timezone.now()

    def is_new(value: Any) -> bool:
        return begun <= value <= until if isinstance(value, dt.datetime) else _is_new(value, since, key)

    return [(sql, tuple(New(value) if is_new(value) else value for value in params)) for sql, params in caught]


def parts_of(statement: Statement) -> list[Statement]:
    """The statements that were sent together as one (core.together), each with its own values."""
    sql, params = statement
    found, rest, values = [], sql.lstrip(), list(params)
    while match := PART.match(rest):
        end = _closing(rest, match.end())
        found.append(rest[match.end() : end])
        rest = rest[end + 1 :]
    return [(each, [values.pop(0) for _place in range(each.count("%s"))]) for each in [*found, rest.strip()]]


def _closing(sql: str, start: int) -> int:
    """Where the bracket that was opened before `start` is closed."""
    depth = 1
    for place in range(start, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[place], 0)
        if not depth:
            return place
    raise ValueError(sql)


def _record(write: Write) -> Write:
    """The insert of the record alone."""
    return [part for statement in write for part in parts_of(statement) if RECORD in part[0]]


def _uncounted(write: Write) -> Write:
    """The write without the parts that count."""
    kept = [[part for part in parts_of(statement) if COUNT not in part[0]] for statement in write]
    return [_together(parts) for parts in kept if parts]


def _together(parts: Sequence[Statement]) -> Statement:
    *others, (last, values) = parts
    held = ", ".join(f"part{place} AS ({sql})" for place, (sql, _values) in enumerate(others))
    return f"WITH {held} {last}" if held else last, [value for _sql, some in others for value in some] + list(values)


def _is_new(value: Any, since: UUID, key: UUID) -> bool:
    if not isinstance(value, str | UUID):
        return False
    try:
        found = UUID(str(value))
    except ValueError:
        return False
    return found == key or (found.version == 7 and found > since)


def rate_of(writers: list[list[Write]]) -> float:
    """Writes per second of all writers together."""
    params = connection.get_connection_params()
    address = {name: params[name] for name in ("dbname", "user", "password", "host", "port") if params.get(name)}
    pool = multiprocessing.get_context("fork").Pool(len(writers))
    done = pool.starmap(_write, [(address, writes) for writes in writers])
    # They leave by themselves. Ended by a signal, one could be left waiting for a lock that another had taken with it.
    pool.close()
    pool.join()
    return sum(done) / SECONDS


def _write(address: dict[str, Any], writes: list[Write]) -> int:
    done = 0
    with psycopg.connect(**address, autocommit=True) as connected:
        send = Writer(connected, writes).write
        for _turn in range(FIRST):
            send()
        end = time.perf_counter() + SECONDS
        while time.perf_counter() < end:
            send()
            done += 1
    return done


class slow_commits:
    """Let every commit take as long as on a disk that really writes; False where we may not say so."""

    def __enter__(self) -> bool:
        return self._say(f"SET commit_delay = {DELAY}", "SET commit_siblings = 0")

    def __exit__(self, *error: Any) -> None:
        self._say("RESET commit_delay", "RESET commit_siblings")

    def _say(self, *changes: str) -> bool:
        address = connection.get_connection_params()
        try:
            with psycopg.connect(dbname=address["dbname"], host=address.get("host"), user="postgres", autocommit=True) as owner:
                for change in changes:
                    owner.execute(f"ALTER SYSTEM {change}")
                owner.execute("SELECT pg_reload_conf()")
        except psycopg.Error:
            return False
        return True
