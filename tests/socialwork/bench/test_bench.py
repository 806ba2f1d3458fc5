"""The benchmark runs on a seeded country and says of everything what it took and whether it holds."""
from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from socialwork.bench import report
from socialwork.bench.management.commands.bench import SUBJECTS
from socialwork.bench.measuring import Ratio, Timing, Work, rows_of
from socialwork.bench.sending import New, Writer
from socialwork.bench.workloads import together
from socialwork.bench.workloads.plans import plan_of
from socialwork.bench.workloads.writing import parts_of
from socialwork.core.ids import uuid7

pytestmark = pytest.mark.django_db
TINY = 0.0003
NAMES = {
    "lists": {"list, statement", "list, page", "list, statements of the page", "list, row 40,000 and row 1", "today"},
    "finding": {"find by two characters, statement", "find, page"},
    "casework": {"page of a case with 200 records", "log a visit"},
    "offices": {
        "queue of the supervisor", "sheet of cases", "sign in", "national table of twelve months", "board of statistics, page",
        "national table, cells that differ from counting",
    },
    "plans": {"plan of cases:list, due", "plan of referrals:inbox, new", "plan of cases:review_queue, sent"},
    "weight": {"page weight, first visit", "page weight, later visits"},
}


@pytest.fixture(scope="module")
def country(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_country", scale=TINY, seed=7, processes=0, stdout=StringIO(), stderr=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("subject", sorted(SUBJECTS))
def test_every_subject_is_measured(country: None, subject: str) -> None:
    said = StringIO()
    call_command("bench", only=subject, seconds=0.0, json=True, stdout=said, stderr=StringIO())
    rows = json.loads(said.getvalue())
    assert NAMES[subject] <= {row["name"] for row in rows}
    for row in rows:
        assert row["figures"] and all(value >= 0 for value in row["figures"].values())
        assert (row["holds"] is None) == (row["target"] == "")


def test_the_table_says_what_falls_short() -> None:
    work = Work("list", {"ours": int, "bare": int}, (Ratio("ours", "bare", 2.5), Ratio("bare", "ours", 2, least=True)), "30")
    rows = rows_of(work, {"ours": Timing(3.0, 4.0, 9), "bare": Timing(1.0, 1.5, 9)})
    assert [(row.value, row.holds) for row in rows] == [(3.0, False), (0.333, False)]
    table = report.as_table(rows)
    assert table.count("NO") == 2
    assert "ours / bare <= 2.5" in table and "bare / ours >= 2" in table


def test_a_larger_country_is_held_to_a_smaller_one() -> None:
    """Both in terms of the empty page of their own run, the slowest viewer of each."""
    times = [("list, page", 40.0), ("list, page", 60.0), ("page of a case with 200 records", 30.0)]
    here = [rows_of(Work(name, {}, (), ""), {"ours": Timing(ours, ours, 9), "nothing": Timing(10.0, 10.0, 9)})[0] for name, ours in times]
    there = [{"name": "list, page", "figures": {"ours": 40.0, "nothing": 8.0}}]
    (row,) = report.against(here, there)
    assert (row.figures, row.value, row.holds) == ({"here": 6.0, "there": 5.0}, 1.2, True)


def test_a_plan_says_what_was_looked_at_and_what_was_read_from_end_to_end(country: None) -> None:
    plan = plan_of('SELECT "id" FROM "cases_case" WHERE "state" <> %s', ["closed"])
    assert plan.whole == {"cases_case"} and plan.looked_at["cases_case"] > 0
    key = 'SELECT "id" FROM "cases_case" WHERE "id" = ANY(ARRAY(SELECT "id" FROM "cases_case" ORDER BY "id" LIMIT 1))'
    assert plan_of(key, []).indexes["cases_case"] == {"cases_case_pkey"}


def test_a_plan_counts_apart_what_is_only_counted(country: None) -> None:
    """Two counts in one statement: the greater is told, and nothing was looked at for a page."""
    number = '(SELECT count(*) FROM (SELECT "id" FROM "cases_case" LIMIT {}) AS counted)'
    plan = plan_of(f"SELECT {number.format(5)}, {number.format(3)}", [])
    assert (plan.looked_at, plan.counted) == ({}, {"cases_case": 5})


def test_what_was_sent_together_is_taken_apart_with_its_values():
    together = ("WITH part0 AS (INSERT INTO a VALUES (%s, (%s))), part1 AS (DELETE FROM b WHERE c = %s) UPDATE d SET e = %s", [1, 2, 3, 4])
    assert parts_of(together) == [
        ("INSERT INTO a VALUES (%s, (%s))", [1, 2]), ("DELETE FROM b WHERE c = %s", [3]), ("UPDATE d SET e = %s", [4]),
    ]
    assert parts_of(("UPDATE d SET e = %s", [4])) == [("UPDATE d SET e = %s", [4])]


@pytest.fixture
def outside() -> Iterator[psycopg.Connection]:
    """A connection of its own, with a table that goes with it."""
    params = connection.get_connection_params()
    address = {name: params[name] for name in ("dbname", "user", "password", "host", "port") if params.get(name)}
    connected = psycopg.connect(**address, autocommit=True)
    connected.execute("CREATE TEMP TABLE written (id uuid PRIMARY KEY, again text, at timestamptz, many int CHECK (many > 0))")
    yield connected
    connected.close()


INSERT = "INSERT INTO written VALUES (%s, %s, %s, %s %% 10)"


def test_a_writer_sends_every_write_whole_with_identifiers_and_an_instant_of_its_own(outside: psycopg.Connection) -> None:
    old, at = uuid7(), timezone.now()
    writer = Writer(outside, [[(INSERT, (New(old), New(str(old)), New(at), many))] for many in (11, 12)])
    for _turn in range(4):
        writer.write()
    outside.pgconn.exit_pipeline_mode()
    rows = outside.execute("SELECT id, again, at, many FROM written ORDER BY at").fetchall()
    assert [row[3] for row in rows] == [1, 2, 1, 2]
    assert len({row[0] for row in rows} | {old}) == 5 and len({row[2] for row in rows} | {at}) == 5
    assert all(str(row[0]) == row[1] for row in rows)


def test_a_write_the_database_refuses_is_not_counted_as_one(outside: psycopg.Connection) -> None:
    writer = Writer(outside, [[(INSERT, (New(uuid7()), "", timezone.now(), 10))]])
    with pytest.raises(RuntimeError, match="written_many_check"):
        writer.write()


@pytest.fixture
def page_server(request: pytest.FixtureRequest) -> Iterator[int]:
    """The port of a web server whose every page has this status."""

    class Pages(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(request.param)
            self.send_header("Content-Length", "300000")
            self.end_headers()
            self.wfile.write(b"x" * 300_000)

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = together.CLIENTS

    with Server(("127.0.0.1", 0), Pages) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize("page_server", [200], indirect=True)
def test_eight_clients_ask_until_the_time_is_over(page_server: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "SECONDS", 0.2)
    monkeypatch.setattr(together, "WARM", 0.0)
    times = together.asking(page_server, "session=none")
    assert len(times) >= together.CLIENTS and all(0 < milliseconds < 30_000 for milliseconds in times)


@pytest.mark.parametrize("page_server", [404], indirect=True)
def test_anything_but_the_page_is_not_timed(page_server: int) -> None:
    with pytest.raises(RuntimeError, match="404"):
        together.asking(page_server, "session=none")
