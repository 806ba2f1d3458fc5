"""The database refuses what must not be, whoever writes."""
from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from socialwork.deadlines.models import (
    Deadline,
    DeadlineExtension,
    DeadlinePause,
    DeadlineReminder,
    DeadlineRule,
    Holiday,
)
from socialwork.deadlines.wording import DayKind, Evidence, Kind, Level, Origin, Unit
from tests.socialwork.deadlines.moments import beijing

NOON = beijing("2026-03-05 12:00")
HOUR = timedelta(hours=1)


def refuses(constraint, write):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        write()
    assert constraint in str(refused.value)


def make_rule(**facts):
    plain = {
        "code": "X1", "kind": Kind.LOCAL, "evidence": Evidence.DESIGN, "title_en": "Report", "title_zh": "报告",
        "start_fact": "x", "amount": 10, "unit": Unit.CALENDAR_DAY, "owner_role": "social_worker",
        "effective_from": date(2020, 1, 1),
    }  # fmt: skip
    return DeadlineRule.objects.create(**{**plain, **facts})


STATUTORY = {"kind": Kind.STATUTORY, "evidence": Evidence.FOUND, "legal_basis_en": "a", "legal_basis_zh": "条"}

WRONG_RULES = [
    ("rule_dates_in_order", {"effective_until": date(2020, 1, 1)}),
    ("rule_scope_fits_level", {"level": Level.ORGAN}),
    ("rule_scope_fits_level", {"level": Level.REFERRAL}),
    ("rule_scope_fits_level", {"scope_id": uuid4()}),
    ("rule_scope_fits_level", {"service": "social_investigation"}),
    ("rule_scope_fits_level", {"level": Level.SERVICE}),
    ("rule_scope_fits_level", {"level": "galaxy"}),
    ("rule_law_only_with_article", {"legal_basis_en": "an article", "legal_basis_zh": "某条"}),
    ("rule_law_only_with_article", {**STATUTORY, "legal_basis_zh": ""}),
    ("rule_law_only_with_article", {**STATUTORY, "evidence": Evidence.MEMORY_HIGH}),
    ("rule_law_only_with_article", {**STATUTORY, "evidence": Evidence.DESIGN}),
    ("rule_law_only_with_article", {**STATUTORY, "level": Level.ORGAN, "scope_id": uuid4()}),
    ("rule_law_only_with_article", {"kind": "custom"}),
    ("rule_amount_and_unit", {"amount": 0}),
    ("rule_amount_and_unit", {"unit": "fortnight"}),
    ("rule_urgent_pair", {"urgent_amount": 4}),
    ("rule_urgent_pair", {"urgent_unit": "hour"}),
    ("rule_urgent_pair", {"urgent_amount": 0, "urgent_unit": "hour"}),
    ("rule_amount_below_ceiling", {"ceiling_amount": 9}),
    ("rule_amount_below_ceiling", {"ceiling_in_custody": 9}),
    ("rule_evidence_known", {"evidence": "rumour"}),
]


@pytest.mark.parametrize(("constraint", "facts"), WRONG_RULES)
def test_rule(db, constraint, facts):
    refuses(constraint, lambda: make_rule(**facts))


def test_one_version_of_a_rule_at_a_time(db):
    make_rule(effective_until=date(2026, 1, 1))
    make_rule(effective_from=date(2026, 1, 1))
    make_rule(level=Level.ORGAN, scope_id=uuid4())
    refuses("one_rule_version_at_a_time", lambda: make_rule(effective_from=date(2025, 12, 31)))


WRONG_DEADLINES = [
    ("deadline_not_before_start", {"due_at": beijing("2026-03-02 09:59")}),
    ("deadline_met_or_cancelled_not_both", {"met_at": NOON, "cancelled_at": NOON}),
    ("deadline_paused_only_while_open", {"met_at": NOON, "paused_at": NOON}),
    ("deadline_paused_only_while_open", {"cancelled_at": NOON, "paused_at": NOON}),
    ("deadline_amount_and_unit", {"amount": 0}),
    ("deadline_amount_and_unit", {"unit": "fortnight"}),
    ("deadline_law_only_with_article", {"kind": Kind.STATUTORY, "basis_zh": ""}),
    ("deadline_law_only_with_article", {"kind": "custom"}),
]


@pytest.mark.parametrize(("constraint", "facts"), WRONG_DEADLINES)
def test_deadline(start, constraint, facts):
    deadline = start("D2b")
    refuses(constraint, lambda: Deadline.objects.filter(pk=deadline.pk).update(**facts))


def test_one_open_deadline_per_act(start):
    deadline = start("D2b")
    deadline.pk = uuid4()
    refuses("one_open_deadline_per_act", lambda: deadline.save(force_insert=True))


def test_a_rule_in_use_is_not_deleted(start):
    with pytest.raises(ProtectedError):
        start("D2b").rule.delete()


WRONG_PAUSES = [
    ("pause_in_order", {"resumed_at": NOON - HOUR}),
    ("pause_resumer_has_time", {"resumed_by": uuid4()}),
    ("pause_has_reason", {"reason": ""}),
]


@pytest.mark.parametrize(("constraint", "facts"), WRONG_PAUSES)
def test_pause(start, constraint, facts):
    plain = {"deadline": start("D2b"), "paused_at": NOON, "reason": "x", "approved_by": uuid4()}
    refuses(constraint, lambda: DeadlinePause.objects.create(**{**plain, **facts}))


def test_pauses_do_not_overlap(start):
    plain = {"deadline": start("D2b"), "reason": "x", "approved_by": uuid4()}
    DeadlinePause.objects.create(paused_at=NOON, resumed_at=NOON + HOUR, **plain)
    DeadlinePause.objects.create(paused_at=NOON + HOUR, **plain)
    refuses("pauses_do_not_overlap", lambda: DeadlinePause.objects.create(paused_at=NOON + 2 * HOUR, **plain))
    refuses(
        "pauses_do_not_overlap",
        lambda: DeadlinePause.objects.create(paused_at=NOON - HOUR, resumed_at=NOON + HOUR / 2, **plain),
    )


@pytest.mark.parametrize(
    ("constraint", "facts"), [("extension_is_later", {"new_due_at": NOON}), ("extension_has_reason", {"reason": ""})]
)
def test_extension(start, constraint, facts):
    plain = {
        "deadline": start("D2b"), "old_due_at": NOON, "new_due_at": NOON + HOUR, "reason": "x",
        "approved_at": NOON, "approved_by": uuid4(),
    }  # fmt: skip
    refuses(constraint, lambda: DeadlineExtension.objects.create(**{**plain, **facts}))


def test_each_reminder_once(start):
    facts = {"deadline": start("D2b"), "point": "50", "for_due_at": NOON, "fell_due_at": NOON, "roles": []}
    DeadlineReminder.objects.create(**facts)
    refuses("each_reminder_once", lambda: DeadlineReminder.objects.create(**facts))


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("one_holiday_per_day_and_origin", {}),
        ("holiday_kind_known", {"day": date(2030, 1, 2), "kind": "party"}),
        ("holiday_origin_known", {"day": date(2030, 1, 2), "origin": "rumour"}),
    ],
)
def test_holiday(db, constraint, facts):
    plain = {"day": date(2030, 1, 1), "kind": DayKind.OFF, "origin": Origin.LOCAL, "source": "test"}
    Holiday.objects.create(**plain)
    refuses(constraint, lambda: Holiday.objects.create(**{**plain, **facts}))
