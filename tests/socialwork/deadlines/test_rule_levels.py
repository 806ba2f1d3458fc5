"""Which rule wins, and what may be chosen for one clock."""
from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from socialwork.core.errors import DomainError
from socialwork.deadlines import rules as engine
from socialwork.deadlines.models import DeadlineRule
from socialwork.deadlines.rules import NoRule, rule_for, terms_of
from socialwork.deadlines.wording import Evidence, Kind, Level, Unit
from tests.socialwork.deadlines.moments import beijing

DAY = date(2026, 3, 2)
ORGAN, AGREEMENT, REFERRAL = uuid4(), uuid4(), uuid4()
SERVICE = "social_investigation"


def local(code="X1", **facts):
    plain = {
        "kind": Kind.LOCAL, "evidence": Evidence.DESIGN, "title_en": "Report", "title_zh": "报告", "start_fact": "x",
        "amount": 10, "unit": Unit.CALENDAR_DAY, "owner_role": "social_worker", "effective_from": date(2020, 1, 1),
    }  # fmt: skip
    return DeadlineRule.objects.create(code=code, **{**plain, **facts})


LAW = {
    "kind": Kind.STATUTORY,
    "evidence": Evidence.FOUND,
    "legal_basis_en": "Procuratorate Rules, article 471",
    "legal_basis_zh": "人民检察院刑事诉讼规则第四百七十一条",
}
LADDER = [
    ({"level": Level.DEPLOYMENT}, Level.DEPLOYMENT),
    ({"level": Level.ORGAN, "scope_id": ORGAN}, Level.ORGAN),
    ({"level": Level.AGREEMENT, "scope_id": AGREEMENT}, Level.AGREEMENT),
    ({"level": Level.SERVICE, "service": SERVICE}, Level.SERVICE),
    ({"level": Level.SERVICE, "service": SERVICE, "scope_id": ORGAN}, Level.SERVICE),
    ({"level": Level.REFERRAL, "scope_id": REFERRAL}, Level.REFERRAL),
]


def resolve(code="X1", on=DAY):
    return rule_for(code, on=on, organ_id=ORGAN, agreement_id=AGREEMENT, service=SERVICE, referral_id=REFERRAL)


@pytest.mark.parametrize("steps", range(1, len(LADDER) + 1))
def test_the_narrowest_level_wins(db, steps):
    made = [local(**facts) for facts, _ in LADDER[:steps]]
    found = resolve()
    assert (found.rule, found.level) == (made[-1], LADDER[steps - 1][1])


def test_rules_of_others_do_not_apply(db):
    plain = local()
    local(level=Level.ORGAN, scope_id=uuid4())
    local(level=Level.AGREEMENT, scope_id=uuid4())
    local(level=Level.SERVICE, service="victim_support")
    local(level=Level.SERVICE, service=SERVICE, scope_id=uuid4())
    local(level=Level.REFERRAL, scope_id=uuid4())
    assert resolve().rule == plain


def test_without_a_scope_only_the_installation_speaks(db):
    plain = local()
    local(level=Level.ORGAN, scope_id=ORGAN)
    local(level=Level.SERVICE, service=SERVICE)
    assert rule_for("X1", on=DAY).rule == plain


def test_law_wins_over_every_level(db):
    law = local(**LAW)
    for facts, level in LADDER[1:]:
        local(**{**facts, "level": level})
    assert resolve().rule == law


def test_the_version_of_the_day_applies(db):
    old = local(effective_until=date(2026, 3, 2))
    new = local(effective_from=date(2026, 3, 2))
    assert resolve(on=date(2026, 3, 1)).rule == old
    assert resolve(on=date(2026, 3, 2)).rule == new


def test_no_rule_in_force_is_said(db):
    local(effective_from=date(2026, 3, 3))
    with pytest.raises(NoRule):
        resolve()


def test_shipped_rules_are_the_defaults_of_the_domain(rules):
    shipped = {
        rule.code: (rule.amount, rule.unit, rule.owner_role)
        for rule in DeadlineRule.objects.order_by("code")
    }
    assert shipped == {
        "D1": (2, Unit.WORKING_DAY, "agency_intake"),
        "D10": (48, Unit.HOUR, "social_worker"),
        "D12": (5, Unit.CALENDAR_DAY, "social_worker"),
        "D17": (4, Unit.HOUR, "agency_intake"),
        "D17b": (24, Unit.HOUR, "social_worker"),
        "D18": (7, Unit.WORKING_DAY, "counsellor"),
        "D19": (7, Unit.WORKING_DAY, "social_worker"),
        "D2": (5, Unit.CALENDAR_DAY, "social_worker"),
        "D20": (1, Unit.WORKING_DAY, "social_worker"),
        "D26": (1, Unit.MONTH, "social_worker"),
        "D26_12": (12, Unit.MONTH, "social_worker"),
        "D26_3": (3, Unit.MONTH, "social_worker"),
        "D26_6": (6, Unit.MONTH, "social_worker"),
        "D2b": (15, Unit.CALENDAR_DAY, "social_worker"),
        "D2c": (7, Unit.WORKING_DAY, "social_worker"),
        "D2c_fast_track": (5, Unit.CALENDAR_DAY, "social_worker"),
        "D2d": (3, Unit.WORKING_DAY, "social_worker"),
        "D30": (10, Unit.WORKING_DAY, "prosecutor"),
        "D7": (6, Unit.MONTH, "social_worker"),
        "D8": (3, Unit.WORKING_DAY, "social_worker"),
        "D8b": (7, Unit.WORKING_DAY, "social_worker"),
        "LIMIT": (3, Unit.MONTH, "social_worker"),
    }


def test_no_shipped_default_of_our_own_reads_as_law(rules):
    design = DeadlineRule.objects.filter(evidence=Evidence.DESIGN)
    assert set(design.values_list("kind", "legal_basis_en", "legal_basis_zh")) == {(Kind.LOCAL, "", "")}


def test_every_role_named_by_a_shipped_rule_exists(rules):
    from socialwork.access.roles import Role

    named = {role for rule in DeadlineRule.objects.all() for role in [rule.owner_role, *rule.escalation]}
    assert named - set(Role.values) == set()


def test_urgent_terms_only_where_the_rule_has_them(rules):
    answer, report = DeadlineRule.objects.get(code="D1"), DeadlineRule.objects.get(code="D2b")
    assert terms_of(answer, urgent=True) == engine.Terms(4, Unit.HOUR)
    assert terms_of(report, urgent=True) == engine.Terms(15, Unit.CALENDAR_DAY, roll_over=True)


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ({"amount": 20}, "above_ceiling"),
        ({"amount": 7, "in_custody": True}, "above_ceiling"),
        ({"amount": 0}, "invalid"),
        ({"unit": "hour"}, "invalid"),
        ({"amount": 3, "unit": "fortnight"}, "invalid"),
    ],
)
def test_a_choice_the_rule_forbids_is_refused(rules, choice, code):
    with pytest.raises(DomainError) as refused:
        terms_of(DeadlineRule.objects.get(code="D2"), **choice)
    assert (refused.value.code, refused.value.field) == (code, "amount")


def test_a_choice_inside_the_ceiling_is_taken(rules):
    arrest = DeadlineRule.objects.get(code="D2")
    assert terms_of(arrest, amount=6, in_custody=True).amount == 6
    assert terms_of(arrest, amount=19).amount == 19
    assert terms_of(arrest, amount=10, unit="working_day") == engine.Terms(10, Unit.WORKING_DAY, roll_over=True)


def test_every_time_limit_of_the_vocabulary_has_a_rule(rules):
    from socialwork.core import vocabulary

    named = {code for term in vocabulary.terms("service_type") for code in term.extra["deadline"].values()}
    assert named - set(DeadlineRule.objects.values_list("code", flat=True)) == set()


def test_a_period_of_law_cannot_be_chosen(db):
    law = local(**LAW)
    with pytest.raises(DomainError) as refused:
        terms_of(law, amount=3)
    assert refused.value.code == "fixed_by_law"


def test_monthly_report_ends_with_the_fifth(rules, holidays):
    from socialwork.deadlines import queries

    proposal = queries.propose("D12", started_at=beijing("2026-10-31 18:00"), organ_id=ORGAN)
    assert proposal.due_at == beijing("2026-11-05 23:59:59")
