"""What people read."""
from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from socialwork.deadlines import presenters, services
from socialwork.deadlines.calendar import LEGAL_ZONE, end_of_day, local_day
from socialwork.deadlines.models import DeadlineRule
from socialwork.deadlines.wording import Evidence, Kind, Level
from tests.socialwork.deadlines.moments import beijing

NOW = beijing("2026-03-10 15:00")

CASES = [
    ("2026-03-13 23:59:59", "还有 3 天", "3 days left", "calm"),
    ("2026-03-12 23:59:59", "还有 2 天", "2 days left", "soon"),
    ("2026-03-11 23:59:59", "还有 1 天", "1 day left", "soon"),
    ("2026-03-10 23:59:59", "今天到期", "Due today", "soon"),
    ("2026-03-09 23:59:59", "逾期 1 天", "1 day overdue", "overdue"),
    ("2026-03-08 23:59:59", "逾期 2 天", "2 days overdue", "overdue"),
    ("2026-03-10 16:00", "今天 16:00 到期", "Due today at 16:00", "soon"),
    ("2026-03-11 02:00", "明天 02:00 到期", "Due tomorrow at 02:00", "soon"),
    ("2026-03-10 14:30", "逾期不足 1 小时", "Less than an hour overdue", "overdue"),
    ("2026-03-09 20:00", "逾期 19 小时", "19 hours overdue", "overdue"),
    ("2026-03-09 10:00", "逾期 1 天", "1 day overdue", "overdue"),
]


@pytest.mark.parametrize(("due", "chinese", "english", "tone"), CASES)
def test_words_and_tone(due, chinese, english, tone):
    with translation.override("zh-hans"):
        words = presenters.due_words(beijing(due), NOW)
        assert (words.text, words.tone) == (chinese, tone)
    with translation.override("en"):
        assert presenters.due_words(beijing(due), NOW).text == english


def test_date_in_words_and_for_machines():
    with translation.override("zh-hans"):
        due = presenters.due_words(beijing("2026-03-13 23:59:59"), NOW)
        hourly = presenters.due_words(beijing("2026-03-10 16:00"), NOW)
    assert (due.iso_date, due.local_date_text) == ("2026-03-13", "2026年3月13日")
    assert hourly.local_date_text == "2026年3月10日 16:00"


def test_no_end_is_said():
    with translation.override("zh-hans"):
        assert presenters.due_words(None, NOW) == presenters.Due("无期限", "none")


def test_each_tone_has_a_shape_of_its_own():
    shapes = [presenters.Due("", tone).symbol for tone in ("calm", "soon", "overdue", "none")]
    assert len(set(shapes)) == 4


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(LEGAL_ZONE)),
    st.integers(-60, 60),
    st.booleans(),
)
def test_overdue_exactly_when_the_end_has_passed(now, distance, whole_day):
    due_at = now + timedelta(hours=7 * distance)
    if whole_day:
        due_at = end_of_day(local_day(due_at))
    due = presenters.due_words(due_at, now)
    assert (due.tone == "overdue") == (now > due_at)
    with translation.override("zh-hans"):
        assert ("逾期" in presenters.due_words(due_at, now).text) == (now > due_at)


def shown(deadline, now=NOW, language="zh-hans"):
    with translation.override(language):
        return presenters.present(deadline, now)


def test_local_practice_never_reads_as_law(start):
    view = shown(start("D2b"))
    assert view.title == "提交社会调查报告（审查起诉阶段）"
    assert view.basis == (
        "本地约定（系统默认）；法定期限：审查起诉：一个月，重大、复杂的可以延长十五日（刑事诉讼法第一百七十二条）"
    )
    assert shown(start("D1")).basis == "本地约定（系统默认）"
    english = shown(start("D30"), language="en")
    assert (english.title, english.basis) == ("Evaluate the case", "Local practice (default of the installation)")


def test_how_it_was_counted_is_said(start):
    assert shown(start("D1")).period == "自2026年3月2日起2个工作日"
    assert shown(start("D2b", due_on=date(2026, 3, 14))).period == "计时开始时指定的截止日期"


def test_law_names_its_article():
    rule = DeadlineRule(
        kind=Kind.STATUTORY, evidence=Evidence.FOUND, level=Level.DEPLOYMENT,
        legal_basis_zh="人民检察院刑事诉讼规则第四百七十一条", legal_basis_en="Procuratorate Rules, article 471",
    )  # fmt: skip
    with translation.override("zh-hans"):
        assert presenters.rule_basis(rule) == "法律规定：人民检察院刑事诉讼规则第四百七十一条"
    with translation.override("en"):
        assert presenters.rule_basis(rule) == "By law: Procuratorate Rules, article 471"


def test_the_level_that_won_is_named(start, organ):
    DeadlineRule.objects.filter(code="D1").update(level=Level.ORGAN, scope_id=organ.pk)
    view = shown(start("D1"))
    assert (view.level, view.basis) == ("委托机关设定", "本地约定（委托机关设定）")


def test_an_unpublished_year_is_a_warning(start):
    assert shown(start("D1", "2026-12-31 10:00")).warning == "2027年的放假安排尚未录入，暂按周一至周五为工作日计算。"
    assert shown(start("D1", "2026-03-02 10:00", occurrence="2")).warning == ""
    with translation.override("zh-hans"):
        assert presenters.assumed([2027, 2028]).startswith("2027、2028年的")


def test_every_state_has_its_words(start, organ, prosecutor):
    start("D2b")
    (paused,) = services.pause(subject=organ, reason="x", by=prosecutor, at=beijing("2026-03-05 10:00"))
    assert shown(paused).due.text == "自2026年3月5日起暂停计时"
    assert (shown(paused).due.tone, shown(paused).state) == ("none", "已暂停")
    met = services.meet(subject=organ, code="D2b", at=beijing("2026-03-06 10:00"))
    assert (shown(met).due.text, shown(met).due.tone, shown(met).state) == ("按期完成", "none", "已完成")
    start("D1")
    late = services.meet(subject=organ, code="D1", at=beijing("2026-03-06 10:00"))
    assert shown(late).due.text == "逾期完成"
    start("D30")
    (gone,) = services.cancel(subject=organ, at=beijing("2026-03-06 10:00"))
    assert (shown(gone).due.text, shown(gone).state) == ("无需再办", "已取消")
    assert shown(start("D30")).state == "计时中"


@pytest.mark.parametrize(
    ("amount", "unit", "chinese", "english"),
    [
        (2, "working_day", "2个工作日", "2 working days"),
        (1, "hour", "1小时", "1 hour"),
        (15, "calendar_day", "15日", "15 calendar days"),
        (6, "month", "6个月", "6 months"),
    ],
)
def test_periods_in_words(amount, unit, chinese, english):
    with translation.override("zh-hans"):
        assert presenters.period_words(amount, unit) == chinese
    with translation.override("en"):
        assert presenters.period_words(amount, unit) == english


def test_showing_a_deadline_asks_the_database_nothing(start, django_assert_num_queries):
    deadline = start("D2b")
    with django_assert_num_queries(0):
        presenters.present(deadline, NOW)
