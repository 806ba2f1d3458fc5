"""A changed rule: shown first, then adopted; open clocks follow, finished ones stay."""
from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialwork.audit.models import Event
from socialwork.core.errors import DomainError
from socialwork.deadlines import queries, services
from socialwork.deadlines.models import Deadline, DeadlineRule, Holiday
from socialwork.deadlines.wording import DayKind, Evidence, Kind, Level, Origin, Unit
from tests.socialwork.deadlines.moments import beijing

AT = beijing("2026-03-10 09:00")


def version(code="D2b", *, of=None, **facts):
    """A new, unsaved version that differs from the shipped rule by `facts`."""
    standing = of or DeadlineRule.objects.get(code=code, level=Level.DEPLOYMENT, effective_until=None)
    plain = {
        field.attname: getattr(standing, field.attname)
        for field in DeadlineRule._meta.fields
        if field.name not in ("id", "created_at")
    }
    return DeadlineRule(**{**plain, "effective_from": date(2026, 3, 1), **facts})


def moves(changes):
    return [(change.deadline.code, change.old_due_at, change.new_due_at) for change in changes]


def test_preview_shows_and_changes_nothing(start):
    deadline = start("D2b")
    before = DeadlineRule.objects.count()
    shown = services.preview_rule_change(rule=version(amount=20))
    assert moves(shown) == [("D2b", beijing("2026-03-17 23:59:59"), beijing("2026-03-23 23:59:59"))]
    deadline.refresh_from_db()
    assert deadline.due_at == beijing("2026-03-17 23:59:59")
    assert DeadlineRule.objects.count() == before
    assert DeadlineRule.objects.get(code="D2b").effective_until is None


def test_adopt_does_what_the_preview_showed(start, prosecutor):
    deadline = start("D2b")
    rule = version(amount=20, title_zh="提交报告")
    shown = services.preview_rule_change(rule=rule)
    assert moves(services.adopt_rule(rule=rule, by=prosecutor, at=AT)) == moves(shown)
    deadline.refresh_from_db()
    assert (deadline.rule, deadline.amount, deadline.title_zh) == (rule, 20, "提交报告")
    assert deadline.due_at == beijing("2026-03-23 23:59:59")
    old = DeadlineRule.objects.get(code="D2b", effective_from=date(2020, 1, 1))
    assert old.effective_until == date(2026, 3, 1)
    event = Event.objects.get()
    assert (event.verb, event.target_id, event.facts["amount"]) == ("deadline_rule.adopted", rule.pk, 20)


def test_clocks_started_before_the_version_keep_their_rule(start, prosecutor):
    start("D2b", "2026-02-26 10:00")
    assert services.adopt_rule(rule=version(amount=20), by=prosecutor, at=AT) == []
    assert Deadline.objects.get().amount == 15


def test_a_rule_of_one_organ_moves_only_its_clocks(start, organ, prosecutor):
    rule = version(level=Level.ORGAN, scope_id=organ.pk, amount=10)
    start("D2b")
    elsewhere = services.start(code="D2b", subject=prosecutor, organ_id=uuid4(), started_at=beijing("2026-03-02 10:00"))
    assert [change.deadline.subject_id for change in services.adopt_rule(rule=rule, by=prosecutor, at=AT)] == [organ.pk]
    elsewhere.refresh_from_db()
    assert (elsewhere.amount, elsewhere.level) == (15, Level.DEPLOYMENT)
    assert Deadline.objects.get(subject_id=organ.pk).level == Level.ORGAN


def test_a_rule_another_organ_set_for_a_service_moves_nobody_else(start, prosecutor):
    start("D2b", service="social_investigation")
    rule = version(level=Level.SERVICE, service="social_investigation", scope_id=uuid4(), amount=10)
    assert services.adopt_rule(rule=rule, by=prosecutor, at=AT) == []
    everyones = version(level=Level.SERVICE, service="social_investigation", amount=12)
    assert len(services.adopt_rule(rule=everyones, by=prosecutor, at=AT)) == 1


def test_a_chosen_amount_survives_a_changed_rule(start, prosecutor):
    start("D2b", amount=9)
    changed = services.adopt_rule(rule=version(amount=20, roll_over=False), by=prosecutor, at=AT)
    row = Deadline.objects.get()
    assert (row.amount, row.due_at, row.rule.amount) == (9, beijing("2026-03-11 23:59:59"), 20)
    assert len(changed) == 1  # the rule is another one, the end is the same


def test_finished_clocks_are_history(start, organ, prosecutor):
    start("D2b")
    services.meet(subject=organ, code="D2b", at=beijing("2026-03-09 10:00"))
    assert services.adopt_rule(rule=version(amount=20), by=prosecutor, at=AT) == []


def test_a_changed_rule_keeps_pauses_and_extensions(start, organ, prosecutor):
    start("D2b")
    services.pause(subject=organ, reason="x", by=prosecutor, at=beijing("2026-03-03 10:00"))
    services.resume(subject=organ, by=prosecutor, at=beijing("2026-03-05 10:00"))
    services.adopt_rule(rule=version(amount=20), by=prosecutor, at=AT)
    row = Deadline.objects.get()
    assert row.due_at == beijing("2026-03-24 23:59:59")
    services.extend(deadline=row, new_due_at=beijing("2026-04-02 10:00"), reason="x", by=prosecutor, at=AT)
    rule = version(of=row.rule, amount=25, effective_from=date(2026, 3, 2))
    services.adopt_rule(rule=rule, by=prosecutor, at=AT)
    row.refresh_from_db()
    assert (row.amount, row.due_at) == (25, beijing("2026-04-02 23:59:59"))


def test_a_stopped_clock_follows_a_changed_rule_and_stays_silent(start, organ, prosecutor):
    start("D2b")
    services.pause(subject=organ, reason="x", by=prosecutor, at=beijing("2026-03-03 10:00"))
    services.adopt_rule(rule=version(amount=20), by=prosecutor, at=AT)
    row = Deadline.objects.get()
    assert (row.amount, row.paused_at, row.next_reminder_at) == (20, beijing("2026-03-03 10:00"), None)


LAW = {
    "kind": Kind.STATUTORY,
    "evidence": Evidence.FOUND,
    "legal_basis_en": "an article",
    "legal_basis_zh": "某条",
}


def test_law_ends_a_local_default_and_forbids_new_ones(start, organ, prosecutor):
    start("D2b")
    services.adopt_rule(rule=version(amount=7, **LAW), by=prosecutor, at=AT)
    assert Deadline.objects.get().kind == Kind.STATUTORY
    with pytest.raises(DomainError) as refused:
        services.adopt_rule(
            rule=version(kind=Kind.LOCAL, legal_basis_en="", legal_basis_zh="", level=Level.ORGAN, scope_id=organ.pk),
            by=prosecutor,
            at=AT,
        )
    assert refused.value.code == "fixed_by_law"


@pytest.mark.parametrize(
    "facts",
    [
        {"title_zh": ""},
        {"amount": 0},
        {"level": Level.ORGAN},
        {**LAW, "evidence": Evidence.MEMORY_HIGH},
        {"effective_from": date(2020, 1, 1)},
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_nothing_changes(rules, prosecutor, facts):
    before = list(DeadlineRule.objects.order_by("id").values())
    with pytest.raises(DomainError):
        services.adopt_rule(rule=version(**facts), by=prosecutor, at=AT)
    assert list(DeadlineRule.objects.order_by("id").values()) == before
    assert not Event.objects.exists()


def test_a_holiday_that_becomes_known_moves_the_clock_it_concerns(start):
    late, soon = start("D1", "2026-12-30 10:00"), start("D30", "2026-03-02 10:00")
    assert late.due_at == beijing("2027-01-01 23:59:59")
    Holiday.objects.create(day=date(2027, 1, 1), kind=DayKind.OFF, origin=Origin.STATE_COUNCIL, source="test")
    assert moves(services.recompute_open(dry_run=True)) == [("D1", late.due_at, beijing("2027-01-04 23:59:59"))]
    services.recompute_open(at=AT)
    late.refresh_from_db()
    assert (late.due_at, late.assumed_years) == (beijing("2027-01-04 23:59:59"), [])
    soon.refresh_from_db()
    assert soon.due_at == beijing("2026-03-16 23:59:59")


def test_recompute_without_a_difference_writes_nothing(start, django_assert_num_queries):
    start("D2b")
    start("D1")
    assert services.recompute_open(at=AT) == []


def test_a_clock_without_a_rule_in_force_keeps_its_own(start):
    right = start("D2b").due_at
    DeadlineRule.objects.filter(code="D2b").update(effective_until=date(2026, 1, 1))
    assert list(queries.changes(Deadline.objects.all())) == []
    Deadline.objects.update(due_at=right + timedelta(days=1))
    assert moves(queries.changes(Deadline.objects.all())) == [("D2b", right + timedelta(days=1), right)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 30),
            st.sampled_from(Unit),
            st.booleans(),
            st.dates(date(2026, 2, 1), date(2026, 3, 31)),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda change: change[3],
    )
)
def test_any_order_of_changes_ends_where_one_count_ends(start, organ, prosecutor, changes):
    from django.db import transaction

    with transaction.atomic():
        start("D2b", "2026-03-12 10:00")
        for amount, unit, roll_over, effective_from in sorted(changes, key=lambda change: change[3]):
            rule = version(amount=amount, unit=unit, roll_over=roll_over, effective_from=effective_from)
            services.adopt_rule(rule=rule, by=prosecutor, at=AT)
        row = Deadline.objects.get()
        fresh = queries.propose("D2b", started_at=row.started_at, organ_id=organ.pk)
        assert (row.due_at, row.rule) == (fresh.due_at, fresh.rule)
        assert row.due_at > row.started_at
        assert list(queries.differences()) == []
        transaction.set_rollback(True)
