"""Instants are read as Django reads them, whatever the server writes."""
from __future__ import annotations

import datetime as dt

import psycopg
import pytest
from django.db import DataError, connection
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg.postgres import types

from socialwork.core.instants import InstantLoader

pytestmark = pytest.mark.django_db
WRITTEN = (
    "2026-11-23 03:12:00+00", "2026-11-23 03:12:00.1+00", "2026-11-23 03:12:00.123456+00", "2024-02-29 23:59:59.999999+00",
    "1905-01-01 00:00:00+00", "0001-01-01 00:00:00+00", "9999-12-31 23:59:59+00",
)


def instant(text: str) -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [text])
        return cursor.fetchone()[0]


class Django(BaseTzLoader):
    timezone = dt.UTC


@pytest.mark.parametrize("text", WRITTEN)
def test_as_django_reads_it(text):
    theirs = Django(types["timestamptz"].oid, connection.connection).load(text.encode())
    assert instant(text) == theirs and instant(text).tzinfo is dt.UTC


def test_it_is_this_reader_that_reads():
    with connection.cursor() as cursor:
        assert cursor.adapters.get_loader(types["timestamptz"].oid, psycopg.pq.Format.TEXT) is InstantLoader


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/St_Johns", "Asia/Kolkata"])
def test_a_server_that_writes_another_zone(zone):
    """The same instant, in UTC: what a session is set to must not move a date."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL TIME ZONE '{zone}'")
    found = instant("2026-11-23 03:12:00.5+00")
    assert found == dt.datetime(2026, 11, 23, 3, 12, 0, 500_000, dt.UTC) and found.tzinfo is dt.UTC


@pytest.mark.parametrize("text", ["infinity", "-infinity", "0044-03-15 12:00:00 BC", "20000-01-01"])
def test_what_no_datetime_can_be(text):
    with pytest.raises(DataError):
        instant(text)
