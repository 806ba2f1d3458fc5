"""For whom an act counts is read from its referral; what was appended so far is folded first, forwards and backwards."""
from django.db import migrations, models

FOLD = """
LOCK TABLE statistics_addition IN ACCESS EXCLUSIVE MODE;
WITH counts AS (SELECT * FROM statistics_delta),
gone AS (DELETE FROM statistics_addition),
sums AS (
    SELECT CASE WHEN GROUPING(agency_id) = 0 THEN agency_id ELSE '00000000-0000-0000-0000-000000000000'::uuid END AS agency_id,
           measure, month,
           CASE WHEN GROUPING(agency_id) = 0 THEN organ_id ELSE '00000000-0000-0000-0000-000000000000'::uuid END AS organ_id,
           CASE WHEN GROUPING(agency_id) = 0 THEN district ELSE '' END AS district, service, alone, detail, sum(amount)::bigint AS amount
    FROM counts
    GROUP BY GROUPING SETS ((agency_id, organ_id, district, measure, month, service, alone, detail), (measure, month, service, alone, detail))
)
INSERT INTO statistics_rollup AS kept (agency_id, measure, month, organ_id, district, service, alone, detail, amount)
SELECT agency_id, measure, month, organ_id, district, service, alone, detail, amount FROM sums WHERE amount <> 0
ON CONFLICT (agency_id, measure, month, organ_id, district, service, alone, detail) DO UPDATE SET amount = kept.amount + excluded.amount;
DROP VIEW statistics_delta;
"""
BEFORE = """
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
AFTER = """
CREATE VIEW statistics_delta AS
SELECT a.id * 10000 + step.place * 100 + line.place AS id, r.agency_id, step.said ->> 0 AS measure,
       (step.said ->> 3)::date AS month, r.organ_id, coalesce(r.district_id, '') AS district, line.service::varchar AS service,
       line.alone, step.said ->> 1 AS detail, (step.said ->> 2)::bigint AS amount
FROM statistics_addition a JOIN referrals_referral r ON r.id = a.referral_id
CROSS JOIN LATERAL (SELECT ARRAY(SELECT service_type FROM referrals_referralservice WHERE referral_id = r.id) AS services) has
CROSS JOIN LATERAL jsonb_array_elements(a.steps) WITH ORDINALITY AS step(said, place)
CROSS JOIN LATERAL (
    SELECT '' AS service, false AS alone, 0 AS place
    UNION ALL
    SELECT asked.service, cardinality(has.services) = 1, asked.place FROM unnest(has.services) WITH ORDINALITY AS asked(service, place)
) line
WHERE r.issued_at IS NOT NULL
"""
OF_THE_REFERRAL = ("agency_id", "organ_id", "district", "services", "sent")


class Migration(migrations.Migration):
    dependencies = [("statistics", "0003_steps"), ("referrals", "0003_by_state")]

    operations = [
        migrations.RunSQL(FOLD, BEFORE),
        *(migrations.RemoveField(model_name="addition", name=name) for name in OF_THE_REFERRAL),
        migrations.AddField(model_name="addition", name="referral_id", field=models.UUIDField()),
        migrations.RunSQL(AFTER, FOLD),
    ]
