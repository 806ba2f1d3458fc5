"""Story 4: a girl whose home burnt down through her father; help item by item, a mother who comes and goes."""
from __future__ import annotations

from typing import Any

from cases.models import Plan
from socialwork.people.models import Consent
from tests.browser.actor import said
from tests.browser.journey import MOVED, Journey, widen

PEOPLE = {
    "shen.huaijin": "prosecutor", "yan.suqing": "unit_head", "xie.ning": "intake", "ji.ruolan": "worker",
    "bai.zijin": "second", "song.jingzhi": "supervisor", "dilnur.aini": "counsellor",
}
QI = "qi-hardship"


def test_a_girl_finds_a_home_again(world: Any, as_person: Any) -> None:
    widen(world.east_agreement, "resource_link", "school_help")
    journey = Journey("4-arson-hardship-help", world, as_person, PEOPLE)
    commission(journey)
    first_week(journey)
    assess_and_plan(journey)
    help_item_by_item(journey)
    with_the_mother(journey)
    back_again(journey)
    the_end(journey)


def commission(journey: Journey) -> None:
    referral = journey.find_or_start(QI)
    journey.write(QI, agreement=journey.world.east_agreement, first=True)
    journey.play("submit_referral", QI)
    head = journey.told("yan.suqing", "referral.submitted", QI, must="approve_referral")
    head.go("referrals:detail", referral.pk).sees("点燃稀释剂")
    late = head.tab().go("referrals:approve_referral", referral.pk)
    journey.play("return_referral", QI)
    late.press(said("Approve and send")).sees(MOVED)
    journey.told("shen.huaijin", "referral.returned", QI, must="submit_referral")
    journey.who("shen.huaijin").go("referrals:edit_referral", referral.pk).sees("只写结果")
    journey.write(QI, agreement=journey.world.east_agreement)
    journey.play("submit_referral", QI)
    journey.play("approve_referral", QI)
    intake = journey.told("xie.ning", "referral.approved", QI, must="accept_referral")
    intake.go("referrals:detail", referral.pk).sees("住处烧毁").does_not_see("稀释剂", "父亲的供述和债务情况")
    journey.play("ask_information", QI)
    journey.told("shen.huaijin", "referral.information_asked", QI, must="answer_information")
    journey.play("answer_information", QI)
    journey.play("accept_referral", QI)
    journey.told("shen.huaijin", "referral.accepted", QI, level="know")


def first_week(journey: Journey) -> None:
    case = journey.case(QI)
    journey.told("ji.ruolan", "case.opened", QI).go("cases:detail", case.pk).sees("请不要替我们解释案情")
    for outsider in ("unassigned", "colleague", "prosecutor_elsewhere", "worker_elsewhere", "civil_affairs"):
        journey.who(outsider).refused("cases:detail", case.pk)
    journey.consent("consent-qi-first")
    aunt = Consent.objects.get(capacity="substitute")
    assert aunt.substitute_reason == "in_custody"
    journey.play("log_contact", "c-qi-1")
    no_counselling_without_consent(journey)
    journey.play("log_contact", "c-qi-2")
    journey.consent("consent-qi-main")


def no_counselling_without_consent(journey: Journey) -> None:
    """The page says what is missing before a word is written, and submitting is refused with a sentence."""
    act = next(act for act in journey.acts if act.get("key") == "co-qi-1")
    counsellor = journey.open_record(journey.who("dilnur.aini"), act, journey.case(QI))
    counsellor.sees(said("Record the consent")).press(said("Submit record"))
    assert counsellor.errors() and not journey.case(QI).records.filter(kind="counselling").exists()
    assert counsellor.value("progress") == act["progress"]


def assess_and_plan(journey: Journey) -> None:
    case = journey.case(QI)
    journey.play("assess_case", QI)
    journey.told("song.jingzhi", "assessment.made", QI)
    journey.play("confirm_assessment", QI)
    journey.play("adopt_plan", QI)
    journey.who("shen.huaijin").go("cases:plan", case.pk).sees("公开募捐平台").does_not_offer(said("Approve"))
    journey.play("adopt_plan", QI).go("cases:plan", case.pk).sees("材料不公示姓名").sees("这个好，谢谢")
    states = Plan.objects.filter(case=case).order_by("number").values_list("state", flat=True)
    assert list(states) == ["superseded", "approved"]


def help_item_by_item(journey: Journey) -> None:
    journey.play("log_counselling", "co-qi-1")
    note = journey.records["co-qi-1"].pk
    for reader in ("ji.ruolan", "song.jingzhi", "shen.huaijin"):
        journey.who(reader).go("cases:record", note).does_not_see("警笛", "添了一扇窗")
    journey.who("dilnur.aini").go("cases:record", note).sees("添了一扇窗")
    journey.play("log_contact", "c-qi-3")
    journey.play("log_contact", "c-qi-4")
    a_session_needs_its_topic(journey)
    journey.play("log_family_session", "fam-qi-1")
    journey.play("log_contact", "c-qi-5")
    journey.who("bai.zijin").refused("cases:return_record", journey.records["c-qi-5"].pk, status=403)
    journey.play("review_record", "c-qi-5")
    journey.play("amend_record", "c-qi-5").sees("一百八十元")
    journey.play("log_contact", "c-qi-mother")
    journey.play("log_counselling", "co-qi-3")


def a_session_needs_its_topic(journey: Journey) -> None:
    worker = journey.who("ji.ruolan").go("cases:log_family_session", journey.case(QI).pk)
    worker.enter(method="face", summary="先算家里四个人的开支。").press(said("Submit record"))
    assert "主题" in worker.errors() and worker.value("summary") == "先算家里四个人的开支。"


def with_the_mother(journey: Journey) -> None:
    """A suspension needs its reason; while it lasts the case cannot be brought to its end."""
    case = journey.case(QI)
    journey.who("ji.ruolan").refused("cases:suspend_case", case.pk, status=403)
    prosecutor = journey.who("shen.huaijin").go("cases:suspend_case", case.pk)
    prosecutor.enter(reason_code="other").press(said("Suspend"))
    assert said("Say what the reason is.") in prosecutor.errors() and journey.case(QI).state == "in_progress"
    journey.play("suspend_case", QI)
    worker = journey.told("ji.ruolan", "case.suspended", QI, level="know")
    worker.go("cases:closing", case.pk).sees("随母亲到岚州市短住")
    prosecutor.refused("cases:finish_service", case.pk, status=409)
    journey.play("resume_case", QI)
    journey.told("ji.ruolan", "case.resumed", QI)


def back_again(journey: Journey) -> None:
    journey.play("log_contact", "c-qi-6")
    journey.play("log_counselling", "co-qi-4")
    journey.play("log_family_session", "fam-qi-missed").sees(said("Did not come"))
    journey.play("log_contact", "c-qi-exam").sees(said("Did not take place"))
    journey.play("log_contact", "c-qi-7")
    journey.play("log_family_session", "fam-qi-2")
    journey.play("log_counselling", "co-qi-5")
    journey.play("log_contact", "c-qi-nursing")
    journey.play("assess_case", QI)
    journey.play("confirm_assessment", QI)


def the_end(journey: Journey) -> None:
    case = journey.case(QI)
    journey.who("ji.ruolan").refused("cases:finish_service", case.pk, status=403)
    journey.who("shen.huaijin").refused("cases:close_case", case.pk, status=409)
    journey.play("finish_service", QI)
    journey.told("ji.ruolan", "case.service_finished", QI, level="know")
    journey.play("evaluate_case", QI)
    journey.play("close_case", QI).sees("你们没有让我站在台上")
    journey.told("ji.ruolan", "case.closed", QI, level="know")
    journey.play("record_follow_up", QI).sees("每周五回家给祖母涂药")
    journey.who("ji.ruolan").refused("cases:log_contact", case.pk, status=409)
