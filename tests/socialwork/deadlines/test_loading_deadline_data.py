"""Reference files: complete, repeatable, and open deadlines follow."""
from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command

from socialwork.deadlines import calendar, services
from socialwork.deadlines.models import Deadline, DeadlineRule, Holiday
from socialwork.deadlines.wording import DayKind, Level, Origin
from tests.socialwork.deadlines.moments import beijing

AT = beijing("2026-03-10 09:00")


@pytest.fixture
def edited(tmp_path):
    """A copy of the shipped rules with one text replaced by another."""

    def edit(old, new):
        source = (settings.REFERENCE_DIR / "deadline_rules.toml").read_text(encoding="utf-8")
        assert old in source
        target = tmp_path / "rules.toml"
        target.write_text(source.replace(old, new), encoding="utf-8")
        return target

    return edit


def test_loading_again_changes_nothing(rules, holidays):
    again = services.load_rules(at=AT)
    assert (again.added, again.changed, again.moved) == (0, 0, [])
    again = services.load_holidays(at=AT)
    assert (again.added, again.changed, again.moved) == (0, 0, [])


def test_a_new_rule_is_data_only(start, edited):
    addition = '''
[[rule]]
code = "D16"
effective_from = 2020-01-01
kind = "local"
evidence = "design"
title_en = "Decide on the request for leave"
title_zh = "审批外出申请"
start_fact = "leave.requested"
amount = 2
unit = "working_day"
owner_role = "prosecutor"
'''
    services.load_rules(path=edited('[[rule]]\ncode = "D30"', addition + '[[rule]]\ncode = "D30"'), at=AT)
    assert start("D16").due_at == beijing("2026-03-04 23:59:59")


def test_corrected_words_and_terms_reach_open_deadlines(start, edited):
    start("D30")
    loaded = services.load_rules(path=edited("完成一案一评估", "对本案进行评估"), at=AT)
    assert (loaded.changed, loaded.moved) == (1, [])
    assert Deadline.objects.get().title_zh == "对本案进行评估"
    shorter = edited('amount = 10\nunit = "working_day"', 'amount = 5\nunit = "working_day"')
    loaded = services.load_rules(path=shorter, at=AT)
    assert [change.new_due_at for change in loaded.moved] == [beijing("2026-03-09 23:59:59")]


def test_a_sites_own_version_stays(start, prosecutor):
    shipped = DeadlineRule.objects.get(code="D30")
    own = DeadlineRule.objects.get(code="D30")
    own.pk, own._state.adding = type(own)().pk, True
    own.effective_from, own.amount = date(2026, 1, 1), 15
    services.adopt_rule(rule=own, by=prosecutor, at=AT)
    services.load_rules(at=AT)
    shipped.refresh_from_db()
    assert shipped.effective_until == date(2026, 1, 1)
    assert start("D30").amount == 15


def test_a_rule_that_cannot_be_loads_nothing(db, edited):
    before = list(DeadlineRule.objects.order_by("id").values())
    with pytest.raises(ValidationError):
        services.load_rules(path=edited('evidence = "design"', 'evidence = "rumour"'), at=AT)
    assert list(DeadlineRule.objects.order_by("id").values()) == before


def test_a_corrected_holiday_replaces_and_local_days_stay(start, tmp_path):
    deadline = start("D1", "2026-03-05 10:00")
    Holiday.objects.create(day=date(2026, 3, 20), kind=DayKind.OFF, origin=Origin.LOCAL, source="typhoon")
    data = json.loads((settings.REFERENCE_DIR / "holidays.json").read_text(encoding="utf-8"))
    data["years"]["2026"]["off"]["2026-03-06"] = "测试日"
    del data["years"]["2026"]["off"]["2026-10-01"]
    data["years"]["2026"]["work"]["2026-10-02"] = data["years"]["2026"]["off"].pop("2026-10-02")
    (tmp_path / "days.json").write_text(json.dumps(data), encoding="utf-8")
    loaded = services.load_holidays(path=tmp_path / "days.json", at=AT)
    assert (loaded.added, loaded.changed) == (2, 2)
    assert [change.deadline for change in loaded.moved] == [deadline]
    assert calendar.is_working_day(date(2026, 10, 1))
    assert calendar.is_working_day(date(2026, 10, 2))
    assert not calendar.is_working_day(date(2026, 3, 20))


def test_the_shipped_table_is_what_the_package_writes(tmp_path):
    call_command("write_holidays", file=tmp_path / "holidays.json", stdout=StringIO())
    shipped = (settings.REFERENCE_DIR / "holidays.json").read_text(encoding="utf-8")
    assert (tmp_path / "holidays.json").read_text(encoding="utf-8") == shipped


def test_commands_say_what_they_did(db):
    out = StringIO()
    call_command("load_deadline_rules", stdout=out)
    call_command("load_holidays", stdout=out)
    assert "deadline rules: 22 in the file" in out.getvalue()
    assert "2004 to 2026 are known" in out.getvalue()


def test_every_shipped_rule_has_an_end_of_its_ladder(rules):
    silent = [rule.code for rule in DeadlineRule.objects.filter(level=Level.DEPLOYMENT) if not rule.escalation]
    assert silent == []
