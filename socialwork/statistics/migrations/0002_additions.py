"""One row for an act instead of one for each count it changes: what was appended so far is folded first."""
import django.contrib.postgres.fields
from django.db import migrations, models

FOLD = """
WITH taken AS (DELETE FROM statistics_delta RETURNING *),
sums AS (
    SELECT CASE WHEN GROUPING(agency_id) = 0 THEN agency_id ELSE '00000000-0000-0000-0000-000000000000'::uuid END AS agency_id,
           measure, month,
           CASE WHEN GROUPING(agency_id) = 0 THEN organ_id ELSE '00000000-0000-0000-0000-000000000000'::uuid END AS organ_id,
           CASE WHEN GROUPING(agency_id) = 0 THEN district ELSE '' END AS district, service, alone, detail, sum(amount)::bigint AS amount
    FROM taken
    GROUP BY GROUPING SETS ((agency_id, organ_id, district, measure, month, service, alone, detail), (measure, month, service, alone, detail))
)
INSERT INTO statistics_rollup AS kept (agency_id, measure, month, organ_id, district, service, alone, detail, amount)
SELECT agency_id, measure, month, organ_id, district, service, alone, detail, amount FROM sums WHERE amount <> 0
ON CONFLICT (agency_id, measure, month, organ_id, district, service, alone, detail) DO UPDATE SET amount = kept.amount + excluded.amount
"""
VIEW = """
CREATE VIEW statistics_delta AS
SELECT a.id * 10000 + step.place * 100 + line.place AS id, a.agency_id, step.measure, step.month, a.organ_id, a.district, line.service::varchar AS service, line.alone,
       step.detail, step.amount
FROM statistics_addition a
CROSS JOIN LATERAL unnest(a.measures, a.details, a.amounts, a.months) WITH ORDINALITY AS step(measure, detail, amount, month, place)
CROSS JOIN LATERAL (
    SELECT '' AS service, false AS alone, 0 AS place
    UNION ALL
    SELECT asked.service, cardinality(a.services) = 1, asked.place FROM unnest(a.services) WITH ORDINALITY AS asked(service, place)
) line
"""


class Migration(migrations.Migration):
    dependencies = [("statistics", "0001_initial")]

    operations = [
        migrations.RunSQL(FOLD, migrations.RunSQL.noop),
        migrations.DeleteModel(name="Delta"),
        migrations.CreateModel(
            name="Addition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organ_id", models.UUIDField()),
                ("agency_id", models.UUIDField()),
                ("district", models.CharField(max_length=6)),
                ("services", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ("measures", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), size=None)),
                ("details", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ("amounts", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("months", django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None)),
            ],
        ),
        migrations.RunSQL(VIEW, "DROP VIEW statistics_delta"),
        migrations.CreateModel(
            name="Delta",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("organ_id", models.UUIDField()),
                ("agency_id", models.UUIDField()),
                ("district", models.CharField(max_length=6)),
                ("service", models.CharField(max_length=40)),
                ("alone", models.BooleanField()),
                ("measure", models.CharField(max_length=16)),
                ("detail", models.CharField(max_length=40)),
                ("amount", models.BigIntegerField()),
            ],
            options={"abstract": False, "managed": False},
        ),
    ]
