"""The record in parts: each entry in its year, every rule as before, a new year's part in time, old years out whole."""
from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from socialwork.audit import tasks, years
from socialwork.audit.models import Access, Event
from socialwork.audit.queries import events_of, readings_of
from socialwork.audit.years import OFFICE, PARTED, first_of, make_years, not_before, parts_of
from socialwork.core.ids import uuid7
from tests import cast

YEAR = timezone.now().astimezone(OFFICE).year


def standing_in(table: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table}")
        return [row[0] for row in cursor.fetchall()]


def plan_of(rows: Any, *, analyze: bool = False) -> list[dict[str, Any]]:
    """All nodes of the plan of a query, where reading whole tables is dear."""
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON{', ANALYZE' if analyze else ''}) {sql}", params)
        answer = cursor.fetchone()[0]
    found, waiting = [], [(json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting += node.get("Plans", [])
    return found


def entry(model: type[Event] | type[Access], moment: dt.datetime, thread: Any = None) -> Any:
    """An entry made at the moment, as a machine's clock would have made it."""
    row = model(id=first_of(moment), at=moment, target_type="", thread_id=thread)
    row.save(force_insert=True)
    return row


def test_an_entry_stands_in_its_year(world: Any) -> None:
    cast.draft(world)
    assert Event.objects.count() == len(standing_in(f"audit_event_{YEAR}")) > 0
    assert standing_in("audit_event_other") == []


def test_a_year_begins_at_midnight_in_china(db: None) -> None:
    midnight = dt.datetime(YEAR + 1, 1, 1, tzinfo=OFFICE)
    last, first = entry(Access, midnight - dt.timedelta(milliseconds=1)), entry(Access, midnight)
    assert last.pk in standing_in(f"audit_access_{YEAR}") and first.pk in standing_in(f"audit_access_{YEAR + 1}")


def test_this_year_and_the_next_have_their_parts(db: None) -> None:
    for table in PARTED:
        assert {f"{table}_{YEAR}", f"{table}_{YEAR + 1}", f"{table}_other"} <= set(parts_of(table))


def test_nothing_is_refused_for_want_of_a_part_and_it_moves_when_there_is_one(db: None) -> None:
    early = [entry(model, dt.datetime(2031, 5, 1, tzinfo=OFFICE)).pk for model in (Event, Access)]
    assert [standing_in(f"{table}_other") for table in PARTED] == [[pk] for pk in early]

    assert make_years([2031]) == ["audit_event_2031", "audit_access_2031"]
    assert [standing_in(f"{table}_2031") for table in PARTED] == [[pk] for pk in early]
    assert [standing_in(f"{table}_other") for table in PARTED] == [[], []]
    assert make_years([2031]) == []
    # what stood aside for a moment refuses changes again, as the whole and as parts
    late = entry(Event, dt.datetime(2033, 5, 1, tzinfo=OFFICE))
    for table, pk in (("audit_event", early[0]), ("audit_access_2031", early[1]), ("audit_event_other", late.pk)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [pk])


def test_the_night_makes_what_is_missing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.CELERY_BEAT_SCHEDULE["make-years"]["task"] == tasks.make_next_year.name == "audit.make_years"
    assert tasks.make_next_year() == []
    monkeypatch.setattr(tasks.timezone, "now", lambda: dt.datetime(YEAR + 1, 12, 31, 17, tzinfo=dt.UTC))
    assert tasks.make_next_year() == [f"{table}_{year}" for table in PARTED for year in (YEAR + 2, YEAR + 3)]


def test_an_entry_is_looked_for_in_one_part(world: Any) -> None:
    cast.draft(world)
    nodes = plan_of(Event.objects.filter(pk=Event.objects.first().pk))
    assert {node["Relation Name"] for node in nodes if "Relation Name" in node} == {f"audit_event_{YEAR}"}


def test_the_story_of_a_matter_leaves_earlier_years_alone(db: None) -> None:
    make_years(range(YEAR - 3, YEAR))
    thread = first_of(dt.datetime(YEAR - 1, 6, 1, tzinfo=OFFICE))
    thread = type(thread)(int=thread.int | 7 << 76 | 2 << 62)
    for year in (YEAR - 1, YEAR):
        for model in (Event, Access):
            entry(model, dt.datetime(year, 7, 1, tzinfo=OFFICE), thread)
    for rows, table in ((events_of(thread), "audit_event"), (readings_of(thread), "audit_access")):
        assert len(rows) == 2
        nodes = plan_of(rows, analyze=True)
        read = {node["Relation Name"] for node in nodes if "Relation Name" in node and node["Actual Loops"]}
        assert read == {f"{table}_{YEAR - 1}", f"{table}_{YEAR}", f"{table}_{YEAR + 1}", f"{table}_other"}
        assert not any("Seq Scan" in node["Node Type"] for node in nodes)


def test_a_matter_s_first_entry_is_never_left_out() -> None:
    thread = uuid7()
    assert not_before(thread) < thread
    assert thread.int - not_before(thread).int > int(years.CLOCKS_DIFFER.total_seconds() * 999) << 80
    assert not_before(type(thread)(int=0)).int == 0


def test_old_years_are_taken_out_whole(db: None) -> None:
    make_years([YEAR - 1])
    old, new = entry(Event, dt.datetime(YEAR - 1, 3, 1, tzinfo=OFFICE)), entry(Event, timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE audit_event DETACH PARTITION audit_event_{YEAR - 1}")
    assert list(Event.objects.values_list("pk", flat=True)) == [new.pk]
    assert standing_in(f"audit_event_{YEAR - 1}") == [old.pk]


@pytest.fixture
def migrated_back(transactional_db: None) -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def schema_of() -> set[tuple[str, str]]:
    """Keys, indexes and triggers of both tables by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.relname, replace(pg_get_indexdef(x.indexrelid), ' ON ONLY ', ' ON ') FROM pg_index x"
            " JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = ANY(%s::regclass[]) UNION ALL"
            " SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = ANY(%s::regclass[]) UNION ALL"
            " SELECT attname, format_type(atttypid, atttypmod) || attnotnull FROM pg_attribute"
            " WHERE attrelid = ANY(%s::regclass[]) AND attnum > 0",
            [list(PARTED)] * 3,
        )
        return set(cursor.fetchall())


def test_rows_and_schema_survive_the_way_there_and_back(migrated_back: None) -> None:
    days = [dt.datetime(year, 3, 1, tzinfo=OFFICE) for year in (YEAR - 2, YEAR)]
    kept = {model: [entry(model, day).pk for day in days] for model in (Event, Access)}
    MigrationExecutor(connection).migrate([("audit", "0003_by_year")])
    parted = schema_of()
    later = {"other", *(str(year) for year in range(YEAR - 2, YEAR + 2))}
    for target, parts in (("0002_append_only", set()), ("0003_by_year", later)):
        executor = MigrationExecutor(connection)
        executor.migrate([("audit", target)])
        assert schema_of() == parted
        for model, keys in kept.items():
            table = model._meta.db_table
            assert list(model.objects.order_by("pk").values_list("pk", flat=True)) == keys
            assert {part.removeprefix(f"{table}_") for part in parts_of(table)} == parts
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                model.objects.filter(pk=keys[0]).delete()
