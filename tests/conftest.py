"""The test world: real PostgreSQL and Redis, stricter than production."""
from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from tests import cast

_open_database: list[Any] = []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    """Reference data (districts, rules, holidays) is part of every test database.

    At the very end a thread of the live server may still be connected; nobody can drop a database that is in use.
    """
    _open_database.append(django_db_blocker)
    load_reference_data()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def load_reference_data() -> None:
    with _open_database[0].unblock():
        call_command("load_reference", verbosity=0, stdout=StringIO())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Any:
    """A test that commits empties every table afterwards: the next one finds the reference data again.

    After the last one there is no database left to fill.
    """
    result = yield
    marker = item.get_closest_marker("django_db")
    commits = "transactional_db" in getattr(item, "fixturenames", ()) or bool(marker and marker.kwargs.get("transaction"))
    if commits and nextitem is not None and _open_database:
        load_reference_data()
    return result


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Letters and uploads of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture
def world(db: Any) -> cast.World:
    """Two of everything (tests/cast.py)."""
    return cast.build_world()


@pytest.fixture
def sign_in(client: Client) -> Any:
    """`sign_in(user)` gives a client with that person's session."""

    def signed_in(user: Any) -> Client:
        fresh = Client()
        fresh.force_login(user, backend="socialwork.access.backends.DenyByDefaultBackend")
        return fresh

    return signed_in
