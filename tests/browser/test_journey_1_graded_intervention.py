"""Story 1: three youths after two snatchings, each met in another way, by teams that know nothing of each other."""
from __future__ import annotations

from typing import Any

from socialwork.access.roles import Role
from tests import cast
from tests.browser.actor import said
from tests.browser.journey import MOVED, Journey, widen

PEOPLE = {
    "lu.zhiyao": "prosecutor", "yan.suqing": "unit_head", "xie.ning": "intake", "han.yueming": "manager",
    "song.jingzhi": "supervisor", "dilnur.aini": "counsellor", "he.zhiyuan": "worker", "ji.ruolan": "second",
    "wu.yiming": "former_worker", "qin.xiaotang": "qin", "su.nianci": "su", "bai.zijin": "bai", "liang.jiashu": "liang",
}
MORE_WORKERS = {"qin": "覃社工", "su": "粟社工", "bai": "柏社工", "liang": "凉社工"}
GAO, TANG, PROBATION, WEI = "gao-guidance", "tang-investigation", "tang-cnp", "wei-correction"


def test_three_youths_and_three_ways(world: Any, as_person: Any) -> None:
    for login, name in MORE_WORKERS.items():
        world.people[login] = cast.person(login, name, world.east_agency, Role.SOCIAL_WORKER)
    widen(world.east_agreement, "job_help", "cnp_supervision", "serious_correction", "school_help")
    journey = Journey("1-snatching-graded-intervention", world, as_person, PEOPLE)
    commission(journey)
    keep_the_teams_apart(journey)
    investigate(journey)
    report(journey)
    begin_with_gao(journey)
    suspend_and_resume(journey)
    hand_gao_over(journey)
    end_of_gao(journey)
    begin_probation(journey)
    supervise_probation(journey)
    correct_wei(journey)
    end_of_wei(journey)


def commission(journey: Journey) -> None:
    agreement = journey.world.east_agreement
    referral = journey.find_or_start(GAO)
    journey.write(GAO, agreement=agreement, first=True)
    journey.play("submit_referral", GAO)
    journey.find_or_start(TANG)
    journey.write(TANG, agreement=agreement)
    journey.play("submit_referral", TANG)

    journey.who("yan.suqing").go("referrals:preview_referral", referral.pk).sees("第五中学九年级")
    late = journey.who("yan.suqing").tab().go("referrals:approve_referral", referral.pk)
    journey.play("return_referral", GAO)
    late.press(said("Approve and send")).sees(MOVED)
    journey.play("approve_referral", TANG)
    journey.told("lu.zhiyao", "referral.returned", GAO, must="submit_referral")
    journey.who("lu.zhiyao").go("referrals:detail", referral.pk).sees("不应互相知道")
    journey.write(GAO, agreement=agreement)
    journey.play("submit_referral", GAO)
    journey.play("approve_referral", GAO)

    journey.find_or_start(WEI)
    journey.write(WEI, agreement=agreement)
    journey.play("submit_referral", WEI)
    journey.play("approve_referral", WEI)


def keep_the_teams_apart(journey: Journey) -> None:
    intake = journey.told("xie.ning", "referral.approved", GAO, must="accept_referral")
    intake.go("referrals:detail", journey.referrals[GAO].pk).sees("同案另有未成年人")
    intake.does_not_see("第五中学", "赃物去向")
    journey.play("accept_referral", GAO)
    journey.told("lu.zhiyao", "referral.accepted", GAO, level="know")
    twice = str(journey.user("qin.xiaotang").pk)
    intake.go("cases:accept_referral", journey.referrals[TANG].pk)
    intake.sees(said("Already works for another suspect of the same matter."))
    intake.enter(lead=twice, second=twice).press(said("Accept and open the case"))
    assert said("Two different workers are needed. Choose another second worker.") in intake.errors()
    journey.play("accept_referral", TANG)
    journey.play("accept_referral", WEI)
    gao, tang, wei = (journey.cases[key].pk for key in (GAO, TANG, WEI))
    journey.who("he.zhiyuan").refused("cases:detail", tang).refused("cases:detail", wei)
    journey.who("qin.xiaotang").refused("cases:detail", gao).refused("cases:log_contact", gao)
    journey.who("bai.zijin").refused("cases:detail", gao).refused("cases:detail", tang)
    journey.who("dilnur.aini").refused("cases:detail", tang).refused("cases:detail", wei)
    for outsider in ("colleague", "unassigned", "worker_elsewhere", "manager_elsewhere", "civil_affairs"):
        journey.who(outsider).refused("cases:detail", gao)


def investigate(journey: Journey) -> None:
    case = journey.case(TANG)
    journey.told("qin.xiaotang", "case.opened", TANG)
    for key in ("i-tang-subject", "i-tang-parents", "i-tang-teacher", "i-tang-classmate", "i-tang-community"):
        journey.play("log_interview", key)
    journey.who("song.jingzhi").refused("cases:log_interview", case.pk, status=403)
    journey.play("assess_case", TANG)
    # Ratings that point to the middle are lowered with a reason.
    journey.play("confirm_assessment", TANG)


def report(journey: Journey) -> None:
    case, worker = journey.case(TANG), journey.who("qin.xiaotang")
    journey.play("write_report", TANG)
    worker.go("cases:send_report_for_review", case.pk).does_not_offer(said("Send for review"))
    assert "有1条结论没有来源" in worker.errors()
    journey.play("write_report", TANG)
    journey.play("send_report_for_review", TANG)
    journey.told("song.jingzhi", "report.sent_for_review", TANG)
    journey.play("return_section", TANG)
    journey.play("accept_section", TANG).press(said("Return to the authors"))
    second = journey.told("su.nianci", "report.returned_for_rewriting", TANG)
    second.go("cases:report", case.pk).sees("“需”字后面没有下文")
    journey.play("write_report", TANG)
    journey.play("send_report_for_review", TANG)
    journey.play("accept_section", TANG).press(said("Finish the review"))
    journey.who("lu.zhiyao").refused("cases:respond_report", case.pk)
    journey.play("submit_report", TANG)
    journey.told("lu.zhiyao", "case.report_submitted", TANG, must="accept_report")
    journey.play("respond_report", TANG).sees("劳动时数和学习课时由本院结合案情确定")
    journey.told("qin.xiaotang", "case.report_accepted", TANG, level="know")
    journey.play("evaluate_case", TANG)
    journey.play("close_case", TANG).sees("没有一个人在楼道里大声说过话")


def begin_with_gao(journey: Journey) -> None:
    case = journey.case(GAO)
    counsellor = journey.who("dilnur.aini")
    journey.consent("consent-gao")
    journey.play("log_contact", "c-gao-1")
    journey.play("assess_case", GAO)
    journey.told("song.jingzhi", "assessment.made", GAO)
    journey.who("he.zhiyuan").refused("cases:confirm_assessment", case.assessments.get().pk, status=403)
    journey.play("confirm_assessment", GAO)
    journey.play("propose_plan", GAO)
    journey.play("approve_plan", GAO)
    journey.told("he.zhiyuan", "plan.approved", GAO, level="know")

    # Without the father's agreement no counselling is recorded; the page says what is missing.
    missing = said("consent to “%(kind)s” by %(who)s", kind="心理疏导", who=said("a guardian"))
    counsellor.go("cases:log_counselling", case.pk).sees(missing)
    journey.consent("consent-gao-father")
    journey.play("log_counselling", "co-gao-1")
    record = journey.records["co-gao-1"].pk
    counsellor.go("cases:record", record).sees("门我自己焊上的")
    for reader in ("he.zhiyuan", "song.jingzhi", "lu.zhiyao", "han.yueming"):
        journey.who(reader).go("cases:record", record).does_not_see("门我自己焊上的", "双臂抱胸")
    journey.who("he.zhiyuan").refused("cases:amend_record", record, status=403)
    counsellor.refused("cases:record", journey.records["c-gao-1"].pk)


def suspend_and_resume(journey: Journey) -> None:
    case = journey.case(GAO)
    journey.who("he.zhiyuan").refused("cases:suspend_case", case.pk, status=403)
    journey.play("suspend_case", GAO)
    journey.told("ji.ruolan", "case.suspended", GAO, level="know")
    journey.who("lu.zhiyao").refused("cases:finish_service", case.pk, status=409)
    journey.play("log_contact", "c-gao-2")
    journey.play("resume_case", GAO)
    journey.told("he.zhiyuan", "case.resumed", GAO)
    journey.play("log_counselling", "co-gao-2")
    journey.play("log_contact", "c-gao-missed").sees(said("Did not come"))
    journey.play("log_contact", "c-gao-3")


def hand_gao_over(journey: Journey) -> None:
    case = journey.case(GAO)
    journey.who("wu.yiming").refused("cases:detail", case.pk)
    journey.play("reassign_case", GAO)
    receiver = journey.told("wu.yiming", "hand_over.offered", GAO)
    receiver.refused("cases:detail", case.pk)
    offer = case.hand_overs.get().pk
    journey.who("qin.xiaotang").refused("cases:accept_handover", offer)
    receiver.go("cases:accept_handover", offer).sees("电工班开班通知", "耳朵热不热").does_not_see("高屹川")
    journey.play("accept_handover", GAO)
    assert journey.case(GAO).lead == journey.user("wu.yiming")
    receiver.refused("cases:accept_handover", offer, status=409)
    journey.told("he.zhiyuan", "hand_over.accepted", GAO, level="know").refused("cases:detail", case.pk)
    receiver.go("cases:records", case.pk).sees(said("Log a contact"))
    journey.play("log_contact", "c-gao-4")
    journey.play("log_contact", "c-gao-5")


def end_of_gao(journey: Journey) -> None:
    case, prosecutor = journey.case(GAO), journey.who("lu.zhiyao")
    prosecutor.refused("cases:evaluate_case", case.pk, status=409)
    journey.play("finish_service", GAO)
    prosecutor.go("cases:evaluate_case", case.pk).enter(
        timeliness=21, procedure=20, professionalism=25, effect=25, confidentiality=10
    ).press(said("Evaluate"))
    assert journey.case(GAO).state == "report_accepted"
    journey.play("evaluate_case", GAO)
    journey.play("close_case", GAO).sees("周五七点这个事")
    journey.told("wu.yiming", "case.closed", GAO, level="know")
    journey.who("wu.yiming").refused("cases:log_contact", case.pk, status=409)


def begin_probation(journey: Journey) -> None:
    journey.start_again(PROBATION)
    journey.write(PROBATION, agreement=journey.world.east_agreement)
    journey.play("submit_referral", PROBATION)
    journey.play("approve_referral", PROBATION)
    journey.play("accept_referral", PROBATION)
    journey.consent("consent-tang")
    journey.play("propose_plan", PROBATION)
    journey.play("approve_plan", PROBATION)


def supervise_probation(journey: Journey) -> None:
    case = journey.case(PROBATION)
    journey.play("log_contact", "c-tang-1")
    journey.play("log_family_session", "fam-tang-1")
    journey.play("log_activity", "act-meals").sees(said("Came late"))
    journey.play("log_contact", "c-tang-2").sees(said("Did not take place"))
    journey.play("log_contact", "c-tang-3")
    journey.play("amend_record", "c-tang-3").sees("社区送餐累计十六小时")
    journey.play("log_contact", "c-tang-4")
    journey.who("lu.zhiyao").go("cases:record", journey.records["c-tang-4"].pk).sees("外出")
    journey.play("finish_service", PROBATION)
    journey.play("evaluate_case", PROBATION)
    journey.play("close_case", PROBATION)
    journey.play("record_follow_up", PROBATION)
    journey.who("su.nianci").go("cases:closing", case.pk)


def correct_wei(journey: Journey) -> None:
    case = journey.case(WEI)
    journey.consent("consent-wei")
    journey.play("log_contact", "c-wei-1")
    journey.play("assess_case", WEI)
    journey.play("confirm_assessment", WEI)
    journey.play("propose_plan", WEI)
    journey.told("lu.zhiyao", "plan.proposed", WEI)
    late = journey.who("lu.zhiyao").tab().go("cases:plan", case.pk)
    journey.play("return_plan", WEI)
    late.press(said("Approve")).sees(MOVED)
    journey.told("bai.zijin", "plan.returned", WEI).go("cases:plan", case.pk).sees("等于告诉全班")
    journey.play("propose_plan", WEI)
    journey.play("approve_plan", WEI)
    journey.play("log_contact", "c-wei-2")
    journey.play("log_family_session", "fam-wei-1")
    journey.play("log_activity", "act-bakery")
    journey.play("log_contact", "c-wei-4")


def end_of_wei(journey: Journey) -> None:
    journey.play("finish_service", WEI)
    journey.play("evaluate_case", WEI)
    journey.play("close_case", WEI).sees("站在路口")
    journey.play("record_follow_up", WEI)
    journey.play("record_follow_up", WEI)
