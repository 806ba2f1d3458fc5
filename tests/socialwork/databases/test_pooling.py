"""One server connection serves the transactions of many: nothing of one person may be left in it for the next."""
from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.urls import reverse

from socialwork.core.middleware import act_as
from socialwork.databases import databases
from tests import cast
from tests.socialwork.databases.servers import pgbouncer

CHECKOUT = Path(__file__).resolve().parents[3]
LISTS = reverse("cases:list"), reverse("today")
ACTING = "SELECT current_setting('app.user_id', true), pg_backend_pid()"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@host/name")
    for name in ("PGOPTIONS", "PREPARE_THRESHOLD", "DATABASE_POOLED", "DATABASE_REPLICA_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PGTZ", "")
    return monkeypatch


def test_without_a_pooler_statements_are_prepared(environment: pytest.MonkeyPatch) -> None:
    entry = databases()["default"]

    assert entry["OPTIONS"] == {"server_side_binding": True, "prepare_threshold": 1}
    assert entry["DISABLE_SERVER_SIDE_CURSORS"] is False
    assert os.environ["PGTZ"] == ""


def test_behind_a_pooler_nothing_outlives_a_transaction(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_POOLED", "1")
    entry = databases()["default"]

    assert entry["OPTIONS"] == {"server_side_binding": True, "prepare_threshold": None}
    assert entry["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert os.environ["PGTZ"] == "UTC"
    environment.setenv("PREPARE_THRESHOLD", "5")
    assert databases()["default"]["OPTIONS"]["prepare_threshold"] == 5


def test_options_a_pooler_would_lose_stop_the_start(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_POOLED", "1")
    environment.setenv("PGOPTIONS", "-c statement_timeout=15s")

    with pytest.raises(ImproperlyConfigured, match="PGOPTIONS"):
        databases()


def test_no_code_leaves_anything_in_a_connection() -> None:
    """Settings, locks, cursors, notices and tables of a session: what transaction pooling cannot keep."""
    lasting = re.compile(
        r"pg_advisory_(?!xact)|pg_try_advisory_(?!xact)|set_config\([^)]*,\s*false\)|WITH HOLD|CREATE TEMP"
        r"|\bLISTEN [a-z]|\bPREPARE [a-z]|execute\(\s*f?[\"']SET (?!LOCAL|CONSTRAINTS)",
    )
    found = [
        f"{file.relative_to(CHECKOUT)}: {line.strip()}"
        for app in ("socialwork", "cases", "referrals")
        for file in (CHECKOUT / app).rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if lasting.search(line)
    ]
    assert found == []


@contextmanager
def served_by(wrapper: BaseDatabaseWrapper) -> Iterator[None]:
    """Let this thread's pages use the given connection."""
    own = connections["default"]
    connections["default"] = wrapper
    try:
        yield
    finally:
        connections["default"] = own


def another_client_of(entry: dict[str, Any]) -> BaseDatabaseWrapper:
    """A process's own view of a database, as another web worker would have it."""
    kept = connections.settings["default"]
    connections.settings["default"] = {**kept, **entry}
    try:
        return connections.create_connection("default")
    finally:
        connections.settings["default"] = kept


def pages_in_turns(wrappers: list[BaseDatabaseWrapper], clients: list[Client], names: list[str]) -> None:
    """Each person asks through a worker of their own; every page is the asker's, and afterwards nobody acts."""
    backends = set()
    for turn in range(6):
        which = turn % 2
        with served_by(wrappers[which]):
            for address in LISTS:
                page = clients[which].get(address)
                assert page.status_code == 200
                assert names[which] in page.text and names[1 - which] not in page.text
            with connections["default"].cursor() as cursor:
                cursor.execute(ACTING)
                acting, backend = cursor.fetchone()
            assert not acting
            backends.add(backend)
    assert len(backends) == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_on_one_server_connection_never_meet(world: cast.World, sign_in: Any) -> None:
    """Transaction pooling, imitated: two workers hand one connection to each other between their transactions."""
    pooled = {"DISABLE_SERVER_SIDE_CURSORS": True}
    wrappers = [another_client_of(pooled), another_client_of(pooled)]
    wrappers[0].ensure_connection()
    wrappers[1].connect()
    wrappers[1].connection.close()
    wrappers[1].connection = wrappers[0].connection
    people = [world.worker, world.manager_elsewhere]
    try:
        pages_in_turns(wrappers, [sign_in(person) for person in people], [person.name for person in people])
    finally:
        wrappers[0].close()


@pytest.fixture
def pooler(environment: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A real PgBouncer with a single server connection, and the settings of a product behind it."""
    own = django_settings.DATABASES["default"]
    with pgbouncer(server=str(own["HOST"]), role=str(own["USER"])) as folder:
        environment.setenv("DATABASE_URL", f"postgresql:///{own['NAME']}?host={folder}&port=6432&user={own['USER']}")
        environment.setenv("DATABASE_POOLED", "1")
        yield databases()["default"]


POOLER = shutil.which("pgbouncer", path=f"{os.defpath}:/usr/sbin")


@pytest.mark.skipif(not POOLER, reason="PgBouncer is not installed; the same is imitated above")
@pytest.mark.django_db(transaction=True)
class TestPgBouncer:
    def test_pages_of_two_people_share_one_connection(self, world: cast.World, sign_in: Any, pooler: Any) -> None:
        wrappers = [another_client_of(pooler), another_client_of(pooler)]
        people = [world.worker, world.manager_elsewhere]
        try:
            pages_in_turns(wrappers, [sign_in(person) for person in people], [person.name for person in people])
        finally:
            for wrapper in wrappers:
                wrapper.close()

    def test_connecting_says_nothing_that_stays(self, db: Any, pooler: Any) -> None:
        wrapper = another_client_of(pooler)
        wrapper.force_debug_cursor = True
        with wrapper.cursor() as cursor:
            cursor.execute("SELECT current_setting('TimeZone')")
            assert cursor.fetchone() == ("UTC",)
        said = [query["sql"] for query in wrapper.queries_log]
        wrapper.close()
        assert [sql for sql in said if re.match(r"SET |SELECT set_config", sql)] == []

    def test_somebody_else_waits_until_the_transaction_ends(self, db: Any, pooler: Any) -> None:
        """While one person's transaction holds the connection no other begins; the next finds nobody acting."""
        first, second = another_client_of(pooler), another_client_of(pooler)
        seen: list[Any] = []

        def ask() -> None:
            with second.cursor() as cursor:
                cursor.execute(ACTING)
                seen.extend(cursor.fetchone())
            second.close()

        first.set_autocommit(False)
        with served_by(first):
            act_as("somebody")
        other = threading.Thread(target=ask)
        second.inc_thread_sharing()
        other.start()
        other.join(0.5)
        assert other.is_alive() and not seen
        first.commit()
        other.join(10)
        first.close()
        assert seen and not seen[0]
