"""The steps of an act as one value instead of four lists; what was appended so far is written anew."""
from django.db import migrations, models

STEPS = """
UPDATE statistics_addition SET sent = months[1], steps = (
    SELECT jsonb_agg(jsonb_build_array(measure, detail, amount, month)) FROM unnest(measures, details, amounts, months) AS step(measure, detail, amount, month)
)
"""
VIEW = """
CREATE VIEW statistics_delta AS
SELECT a.id * 10000 + step.place * 100 + line.place AS id, a.agency_id, step.said ->> 0 AS measure,
       coalesce((step.said ->> 3)::date, a.sent) AS month, a.organ_id, a.district, line.service::varchar AS service, line.alone,
       step.said ->> 1 AS detail, (step.said ->> 2)::bigint AS amount
FROM statistics_addition a
CROSS JOIN LATERAL jsonb_array_elements(a.steps) WITH ORDINALITY AS step(said, place)
CROSS JOIN LATERAL (
    SELECT '' AS service, false AS alone, 0 AS place
    UNION ALL
    SELECT asked.service, cardinality(a.services) = 1, asked.place FROM unnest(a.services) WITH ORDINALITY AS asked(service, place)
) line
"""


class Migration(migrations.Migration):
    dependencies = [("statistics", "0002_additions")]

    operations = [
        migrations.RunSQL("DROP VIEW statistics_delta", migrations.RunSQL.noop),
        migrations.AddField(model_name="addition", name="sent", field=models.DateField(null=True)),
        migrations.AddField(model_name="addition", name="steps", field=models.JSONField(null=True)),
        migrations.RunSQL(STEPS, migrations.RunSQL.noop),
        migrations.AlterField(model_name="addition", name="sent", field=models.DateField()),
        migrations.AlterField(model_name="addition", name="steps", field=models.JSONField()),
        *(migrations.RemoveField(model_name="addition", name=name) for name in ("measures", "details", "amounts", "months")),
        migrations.RunSQL(VIEW, "DROP VIEW statistics_delta"),
    ]
