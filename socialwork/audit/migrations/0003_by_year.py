"""Acts and readings stand in one part for each year, which can be taken out whole (decision 15).

Identifiers begin with the time they were made at, so a year is a range of them, and the key stays the identifier alone.
Rows are copied, in one transaction; indexes return under their names. Works on empty and on filled tables, and back.
"""
import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import migrations

TRIGGERS = {"audit_event": "event_append_only", "audit_access": "access_append_only"}
OFFICE = ZoneInfo("Asia/Shanghai")
INDEXES = """
SELECT replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') FROM pg_index
WHERE indrelid = %s::regclass AND NOT indisprimary ORDER BY 1
"""
KEY = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'p'"


def first_of(year):
    return UUID(int=int(dt.datetime(year, 1, 1, tzinfo=OFFICE).timestamp() * 1000) << 80)


def years_in(cursor, table):
    """Years of the rows that are there (none before 1971: their time is no time), this year and the next."""
    cursor.execute(f"SELECT id FROM {table} WHERE id >= %s ORDER BY id LIMIT 1", [first_of(1971)])
    oldest, now = cursor.fetchone(), dt.datetime.now(OFFICE).year
    first = dt.datetime.fromtimestamp((oldest[0].int >> 80) / 1000, OFFICE).year if oldest else now
    return range(min(first, now), now + 2)


def rebuild(cursor, table, partitioned):
    cursor.execute(INDEXES, [table])
    indexes = [row[0] for row in cursor.fetchall()]
    cursor.execute(KEY, [table])
    key = cursor.fetchone()[0]
    years = years_in(cursor, table)
    cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    by_range = "PARTITION BY RANGE (id)" if partitioned else ""
    cursor.execute(f"CREATE TABLE {table} (LIKE {table}_before INCLUDING DEFAULTS) {by_range}")
    if partitioned:
        for year in years:
            bounds = f"FROM ('{first_of(year)}') TO ('{first_of(year + 1)}')"
            cursor.execute(f"CREATE TABLE {table}_{year} PARTITION OF {table} FOR VALUES {bounds}")
        cursor.execute(f"CREATE TABLE {table}_other PARTITION OF {table} DEFAULT")
    cursor.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")
    cursor.execute(f"DROP TABLE {table}_before")
    cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{key}" PRIMARY KEY (id)')
    for statement in indexes:
        cursor.execute(statement)
    cursor.execute(
        f"CREATE TRIGGER {TRIGGERS[table]} BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()"
    )


def part_by_year(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table in TRIGGERS:
            rebuild(cursor, table, partitioned=True)


def make_whole(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table in TRIGGERS:
            rebuild(cursor, table, partitioned=False)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunPython(part_by_year, make_whole)]
