"""The counts read from the rows themselves, in SQL: what the deltas must add up to, whoever wrote the rows."""
from __future__ import annotations

from typing import Any

from cases.models import Evaluation
from cases.states import ENDED as ENDED_STATES
from socialwork.core import vocabulary
from socialwork.statistics import measures
from socialwork.statistics.models import EVERYBODY, KEY


def month(moment: str) -> str:
    """First day of the month of an instant, on the office's calendar."""
    return f"date_trunc('month', {moment} AT TIME ZONE %(zone)s::text)::date"


# The services a referral asks for.
SERVICES = "ARRAY(SELECT service_type FROM referrals_referralservice WHERE referral_id = r.id)"


def lines(services: str) -> str:
    """A referral as a whole, and once more for each service it asks for; `place` numbers them."""
    return f"""
        SELECT '' AS service, false AS alone, 0 AS place
        UNION ALL
        SELECT asked.service, cardinality({services}) = 1, asked.place FROM unnest({services}) WITH ORDINALITY AS asked(service, place)
    """


def spread(additions: str) -> str:
    """Additions as counts: a row for each step of an act and each line of its matter."""
    return f"""
        SELECT a.id * 10000 + step.place * 100 + line.place AS id, r.agency_id, step.said ->> 0 AS measure,
               (step.said ->> 3)::date AS month, r.organ_id, coalesce(r.district_id, '') AS district, line.service::varchar AS service,
               line.alone, step.said ->> 1 AS detail, (step.said ->> 2)::bigint AS amount
        FROM {additions} a JOIN referrals_referral r ON r.id = a.referral_id
        CROSS JOIN LATERAL (SELECT {SERVICES} AS services) has
        CROSS JOIN LATERAL jsonb_array_elements(a.steps) WITH ORDINALITY AS step(said, place)
        CROSS JOIN LATERAL ({lines("has.services")}) line
        WHERE r.issued_at IS NOT NULL
    """


_LATE = f"CASE WHEN d.met_at > d.due_at THEN '{measures.LATE}' ELSE '{measures.IN_TIME}' END"
_FACTS = f"""
    SELECT r.id AS referral_id, {month("r.issued_at")} AS month, '{measures.REFERRALS}' AS measure, CASE
            WHEN c.state = 'closed' THEN '{measures.CLOSED}' WHEN c.state = ANY(%(ended)s::text[]) THEN '{measures.ENDED}'
            WHEN c.id IS NOT NULL THEN '{measures.RUNNING}' WHEN r.declined_at IS NOT NULL THEN '{measures.DECLINED}'
            WHEN r.withdrawn_at IS NOT NULL THEN '{measures.WITHDRAWN}'
            WHEN r.transferred_at IS NOT NULL THEN '{measures.TRANSFERRED}' ELSE '{measures.WAITING}' END AS detail, 1 AS amount
    FROM referrals_referral r LEFT JOIN cases_case c ON c.referral_id = r.id WHERE r.issued_at IS NOT NULL
    UNION ALL
    SELECT c.referral_id, {month("s.started_at")}, '{measures.RECORDS}',
           CASE WHEN s.attended THEN s.kind ELSE '{measures.MISSED}' END, 1
    FROM cases_servicerecord s JOIN cases_case c ON c.id = s.case_id
    UNION ALL
    SELECT c.referral_id, {month("s.started_at")}, '{measures.MINUTES}', s.kind, s.lasted
    FROM cases_servicerecord s JOIN cases_case c ON c.id = s.case_id WHERE s.attended
    UNION ALL
    SELECT c.referral_id, {month("c.closed_at")}, '{measures.OUTCOMES}', c.closure_reason, 1
    FROM cases_case c WHERE c.state = 'closed' OR c.state = ANY(%(ended)s::text[])
    UNION ALL
    SELECT c.referral_id, {month("e.evaluated_at")}, '{measures.GRADES}', grade.code, 1
    FROM cases_evaluation e JOIN cases_case c ON c.id = e.case_id
    CROSS JOIN LATERAL (
        SELECT code FROM unnest(%(grades)s::text[], %(points)s::int[]) AS known(code, points)
        WHERE points <= CASE WHEN cardinality(e.vetoes) > 0 THEN 0 ELSE {" + ".join(f"e.{part}" for part in Evaluation.MOST)} END
        ORDER BY points DESC LIMIT 1
    ) grade
    UNION ALL
    SELECT d.subject_id, {month("d.met_at")}, '{measures.ANSWER}', {_LATE}, 1
    FROM deadlines_deadline d WHERE d.met_at IS NOT NULL AND d.subject_type = '{measures.ON_REFERRAL}'
    UNION ALL
    SELECT c.referral_id, {month("d.met_at")}, rule.measure, {_LATE}, 1
    FROM deadlines_deadline d JOIN cases_case c ON c.id = d.subject_id
    JOIN unnest(%(rules)s::text[], %(rule_measures)s::text[]) AS rule(code, measure) ON rule.code = d.code
    WHERE d.met_at IS NOT NULL AND d.subject_type = '{measures.ON_CASE}'
"""
COUNTED = f"""
    SELECT r.agency_id, fact.measure, fact.month, r.organ_id, coalesce(r.district_id, '') AS district, line.service, line.alone,
           fact.detail, fact.amount
    FROM (SELECT referral_id, month, measure, detail, sum(amount) AS amount FROM ({_FACTS}) facts GROUP BY 1, 2, 3, 4) fact
    JOIN referrals_referral r ON r.id = fact.referral_id
    CROSS JOIN LATERAL (SELECT {SERVICES} AS services) has CROSS JOIN LATERAL ({lines("has.services")}) line
"""


def sums(source: str) -> str:
    """The sums of rows by their whole key, and those of the installation, in which organ, agency and district are one."""
    everybody = f"'{EVERYBODY}'::uuid"
    own = "GROUPING(agency_id) = 0"
    key = {
        "agency_id": f"CASE WHEN {own} THEN agency_id ELSE {everybody} END",
        "organ_id": f"CASE WHEN {own} THEN organ_id ELSE {everybody} END",
        "district": f"CASE WHEN {own} THEN district ELSE '' END",
    }
    columns = ", ".join(f"{key[name]} AS {name}" if name in key else name for name in KEY)
    common = "measure, month, service, alone, detail"
    return (
        f"SELECT {columns}, sum(amount)::bigint AS amount FROM {source} "
        f"GROUP BY GROUPING SETS ((agency_id, organ_id, district, {common}), ({common}))"
    )


def codes() -> dict[str, Any]:
    """The codes the statements look for, from the lists that the services use."""
    ranked = vocabulary.terms("evaluation_grade")
    rules = [(code, measure) for measure, found in measures.CLOCKS.items() for code in found]
    return {
        "ended": sorted(str(state) for state in ENDED_STATES - {"closed"}),
        "grades": [term.code for term in ranked], "points": [term.extra["min_points"] for term in ranked],
        "rules": [code for code, _measure in rules], "rule_measures": [measure for _code, measure in rules],
    }
