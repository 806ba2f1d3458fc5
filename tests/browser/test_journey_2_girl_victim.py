"""Story 2: a girl who was harmed; answered the same evening, kept safe, and nobody learns more than they must."""
from __future__ import annotations

from typing import Any

from cases.models import Plan
from tests.browser.actor import said
from tests.browser.journey import MOVED, Journey, widen

PEOPLE = {
    "tian.jingshu": "prosecutor", "luo.bingzheng": "unit_head", "zhang.yiwei": "intake", "lei.yutong": "worker",
    "zou.caiwei": "second", "hou.wenlan": "supervisor", "zhong.yiru": "counsellor",
}
ZHOU = "zhou-support"


def test_a_girl_is_protected(world: Any, as_person: Any) -> None:
    widen(world.east_agreement, "victim_support", "school_help")
    journey = Journey("2-girl-victim-protection", world, as_person, PEOPLE)
    commission(journey)
    first_days(journey)
    assess_and_plan(journey)
    keep_words_out(journey)
    crisis(journey)
    long_middle(journey)
    the_end(journey)


def commission(journey: Journey) -> None:
    referral = journey.find_or_start(ZHOU)
    journey.write(ZHOU, agreement=journey.world.east_agreement)
    journey.play("submit_referral", ZHOU)
    journey.told("luo.bingzheng", "referral.submitted", ZHOU, must="approve_referral")
    journey.who("clerk").refused("referrals:detail", referral.pk)
    journey.who("zhang.yiwei").refused("referrals:detail", referral.pk)
    journey.play("approve_referral", ZHOU)
    intake = journey.told("zhang.yiwei", "referral.approved", ZHOU, must="accept_referral")
    intake.go("referrals:detail", referral.pk).sees("两日未进食正餐").does_not_see("案件具体经过", "接触人员限三人以内")
    late = intake.tab().go("cases:accept_referral", referral.pk)
    journey.play("ask_information", ZHOU)
    late.enter(lead=journey.user("lei.yutong").pk, second=journey.user("zou.caiwei").pk)
    late.press(said("Accept and open the case")).sees(MOVED)
    journey.told("tian.jingshu", "referral.information_asked", ZHOU, must="answer_information")
    intake.refused("cases:accept_referral", referral.pk, status=409)
    journey.play("answer_information", ZHOU)
    journey.play("accept_referral", ZHOU)


def first_days(journey: Journey) -> None:
    case = journey.case(ZHOU)
    journey.told("lei.yutong", "case.opened", ZHOU).go("cases:detail", case.pk).sees("紧张时说本地话")
    for outsider in ("unassigned", "colleague", "worker_elsewhere", "manager_elsewhere", "civil_affairs"):
        journey.who(outsider).refused("cases:detail", case.pk)
    journey.consent("consent-zhou-first")
    journey.play("log_attendance", "att-zhou")
    journey.play("log_contact", "c-zhou-hospital")
    journey.play("log_contact", "c-zhou-mother")
    child_cannot_agree_alone(journey)
    journey.consent("consent-zhou-main")


def child_cannot_agree_alone(journey: Journey) -> None:
    """What only a guardian may agree to is refused in the child's name, with a sentence that says so."""
    worker = journey.who("zou.caiwei").go("people:record_consent", journey.juveniles["zhou"].pk)
    worker.enter(kind="personal_data_under_14", capacity="minor", given_on=journey.today, method="paper")
    worker.press(said("Save"))
    assert said("This needs the agreement of a guardian.") in worker.errors()


def assess_and_plan(journey: Journey) -> None:
    case = journey.case(ZHOU)
    journey.play("log_counselling", "co-zhou-1")
    journey.play("assess_case", ZHOU)
    supervisor = journey.told("hou.wenlan", "assessment.made", ZHOU)
    supervisor.go("cases:confirm_assessment", case.assessments.get().pk).sees("不适用：不作缺陷评价")
    journey.play("confirm_assessment", ZHOU)
    journey.play("adopt_plan", ZHOU)
    journey.who("tian.jingshu").go("cases:plan", case.pk).sees("以司法机关建议转学名义").does_not_offer(said("Approve"))
    journey.play("adopt_plan", ZHOU).go("cases:plan", case.pk).sees("随迁转学")
    states = Plan.objects.filter(case=case).order_by("number").values_list("state", flat=True)
    assert list(states) == ["superseded", "approved"]
    journey.consent("consent-zhou-father")


def keep_words_out(journey: Journey) -> None:
    """The supervisor returns a record that says what it must not; the correction stands beside it."""
    journey.play("log_contact", "c-zhou-relief")
    journey.play("log_family_session", "fam-zhou-1")
    journey.play("log_contact", "c-zhou-home-1")
    record = journey.records["c-zhou-home-1"].pk
    own = journey.who("zou.caiwei").go("cases:record", record)
    own.does_not_offer(said("Mark as read"), said("Return with this comment"))
    journey.play("return_record", "c-zhou-home-1")
    worker = journey.told("zou.caiwei", "service_record.returned", ZHOU)
    worker.go("cases:record", record).sees("可能被误读为再次询问")
    journey.play("amend_record", "c-zhou-home-1")
    journey.who("hou.wenlan").go("cases:record", record).sees("社工未追问").press(said("Mark as read"))


def crisis(journey: Journey) -> None:
    case = journey.case(ZHOU)
    journey.play("log_counselling", "co-zhou-3")
    for person in ("hou.wenlan", "tian.jingshu", "manager"):
        journey.told(person, "case.crisis_flagged", ZHOU)
    note = journey.records["co-zhou-3"].pk
    for reader in ("lei.yutong", "hou.wenlan", "tian.jingshu"):
        journey.who(reader).go("cases:record", note).does_not_see("一个巴掌拍不响", "圆规")
    journey.who("zhong.yiru").go("cases:record", note).sees("一个巴掌拍不响")
    journey.who("zhong.yiru").refused("cases:log_contact", case.pk, status=403)
    journey.play("log_contact", "c-zhou-crisis")
    journey.play("log_counselling", "co-zhou-4")


def long_middle(journey: Journey) -> None:
    journey.play("log_contact", "c-zhou-clinic")
    journey.play("log_contact", "c-zhou-school-1")
    journey.play("log_family_session", "fam-zhou-2")
    journey.play("log_contact", "c-zhou-bus").sees(said("Did not take place"))
    journey.play("log_contact", "c-zhou-pottery")
    journey.play("log_counselling", "co-zhou-6")
    journey.play("assess_case", ZHOU)
    journey.play("confirm_assessment", ZHOU)


def the_end(journey: Journey) -> None:
    case = journey.case(ZHOU)
    journey.who("lei.yutong").refused("cases:finish_service", case.pk, status=403)
    journey.play("finish_service", ZHOU)
    journey.play("evaluate_case", ZHOU)
    prosecutor = journey.who("tian.jingshu").go("cases:close_case", case.pk)
    prosecutor.press(said("Close the case"))
    assert prosecutor.errors() and journey.case(ZHOU).state == "evaluated"
    journey.play("close_case", ZHOU).sees("谢谢你们没有问我好点没有")
    journey.play("record_follow_up", ZHOU)
    journey.play("record_follow_up", ZHOU)
    journey.who("zhong.yiru").refused("cases:log_counselling", case.pk, status=409)
