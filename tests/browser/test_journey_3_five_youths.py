"""Story 3: five youths after a theft; to each what fits: probation, a test that is not made, a move to another city."""
from __future__ import annotations

from typing import Any

from cases.models import ServiceRecord
from socialwork.access.roles import Role
from tests import cast
from tests.browser.actor import said
from tests.browser.journey import Journey, widen

PEOPLE = {
    "qiao.ruochuan": "prosecutor", "gu.huaimin": "unit_head", "xia.zhuqing": "intake", "kang.dasheng": "supervisor",
    "yin.shuqing": "counsellor", "long.xiangxuan": "worker", "an.zhixia": "second", "shi.yuhui": "shi",
    "yue.mingwei": "yue", "mo.yunfan": "unassigned", "fan.xiaoyi": "former_worker", "mu.qingye": "mu",
    "xie.ning": "manager_elsewhere", "liang.jiashu": "worker_elsewhere", "ji.ruolan": "ji",
    "song.jingzhi": "supervisor_elsewhere",
}
MORE_WORKERS = {"shi": "时社工", "yue": "岳社工", "mu": "慕社工", "ji": "阮社工"}
TEST, JIN, PAN = "jin-assessment", "jin-guidance", "pan-cnp"
REPORT, HAO = "hao-investigation", "hao-cnp"
DENG, MOVED = "deng-guidance", "deng-guidance-2"


def test_to_each_youth_what_fits(world: Any, as_person: Any) -> None:
    widen(world.east_agreement, "cnp_supervision", "psych_assessment")
    journey = begin(world, as_person)
    no_test_without_both(journey)
    one_hour_less_a_day(journey)
    safe_first(journey)
    what_helps_him(journey)
    the_report_is_weighed(journey)
    repair_day(journey)
    end_of_probation(journey)


def test_a_youth_moves_to_another_city(world: Any, as_person: Any) -> None:
    away = cast.agreement(
        "东检社协〔2026〕3号", world.west_agency, world.east_court, signer=world.unit_head, area=cast.EAST
    )
    widen(away, "job_help")
    widen(world.east_agreement, "job_help")
    journey = begin(world, as_person)
    to_another_city(journey, away)
    the_new_agency(journey)


def begin(world: Any, as_person: Any) -> Journey:
    for login, name in MORE_WORKERS.items():
        home = world.west_agency if login == "ji" else world.east_agency
        world.people[login] = cast.person(login, name, home, Role.SOCIAL_WORKER)
    return Journey("3-theft-five-youths-guidance", world, as_person, PEOPLE)


def commission(journey: Journey, key: str, agreement: Any, *, known: bool = False) -> None:
    """From the search box to the two workers."""
    journey.start_again(key) if known else journey.find_or_start(key)
    journey.write(key, agreement=agreement)
    journey.play("submit_referral", key)
    journey.play("approve_referral", key)
    journey.play("accept_referral", key)


def no_test_without_both(journey: Journey) -> None:
    """The mother does not agree: the referral is withdrawn, and what is withdrawn cannot be accepted any more."""
    referral = journey.find_or_start(TEST)
    journey.write(TEST, agreement=journey.world.east_agreement)
    journey.play("submit_referral", TEST)
    journey.play("approve_referral", TEST)
    intake = journey.told("xia.zhuqing", "referral.approved", TEST, must="accept_referral")
    prosecutor = journey.who("qiao.ruochuan").go("referrals:withdraw_referral", referral.pk)
    prosecutor.enter(reason_code="other").press(said("Withdraw"))
    assert prosecutor.errors() and journey.referral(TEST).state == "issued"
    journey.play("withdraw_referral", TEST)
    journey.told("xia.zhuqing", "referral.withdrawn", TEST, level="know")
    intake.refused("cases:accept_referral", referral.pk, status=409)


def one_hour_less_a_day(journey: Journey) -> None:
    """Conditional non-prosecution: duties are checked at each contact, the plan is approved by the prosecutor."""
    commission(journey, PAN, journey.world.east_agreement)
    case = journey.case(PAN)
    for outsider in ("mo.yunfan", "fan.xiaoyi", "mu.qingye", "colleague", "liang.jiashu", "civil_affairs"):
        journey.who(outsider).refused("cases:detail", case.pk)
    journey.consent("consent-pan")
    journey.play("assess_case", PAN)
    journey.play("confirm_assessment", PAN)
    journey.play("propose_plan", PAN)
    journey.told("qiao.ruochuan", "plan.proposed", PAN)
    journey.who("long.xiangxuan").go("cases:plan", case.pk).does_not_offer(said("Approve"))
    journey.play("approve_plan", PAN)
    journey.told("long.xiangxuan", "plan.approved", PAN, level="know")
    journey.play("log_contact", "c-pan-1")
    journey.play("log_counselling", "co-pan-1")
    reader = journey.who("qiao.ruochuan").go("cases:record", journey.records["co-pan-1"].pk)
    reader.does_not_see("站没站相", "妈妈看我的眼神")
    journey.play("log_contact", "c-pan-missed").sees(said("Did not come"))
    journey.play("log_family_session", "fam-pan-1")
    journey.play("log_contact", "c-pan-2")


def safe_first(journey: Journey) -> None:
    commission(journey, JIN, journey.world.east_agreement, known=True)
    journey.consent("consent-jin")
    journey.play("log_contact", "c-jin-1")
    journey.who("long.xiangxuan").refused("cases:detail", journey.case(JIN).pk)


def what_helps_him(journey: Journey) -> None:
    """A social investigation answers no question of punishment: the unit head returns the draft."""
    referral = journey.find_or_start(REPORT)
    journey.write(REPORT, agreement=journey.world.east_agreement, first=True)
    journey.play("submit_referral", REPORT)
    head = journey.told("gu.huaimin", "referral.submitted", REPORT, must="approve_referral")
    head.go("referrals:detail", referral.pk).sees("从重处理")
    journey.play("return_referral", REPORT)
    journey.told("qiao.ruochuan", "referral.returned", REPORT, must="submit_referral")
    journey.write(REPORT, agreement=journey.world.east_agreement)
    journey.play("submit_referral", REPORT)
    journey.play("approve_referral", REPORT)
    journey.who("xia.zhuqing").go("referrals:detail", referral.pk).does_not_see("从重处理", "回收站经营者")
    journey.play("accept_referral", REPORT)
    journey.who("long.xiangxuan").refused("cases:detail", journey.case(REPORT).pk)
    journey.who("mo.yunfan").refused("cases:detail", journey.case(PAN).pk)
    for key in ("i-hao-subject", "i-hao-father", "i-hao-stepmother", "i-hao-teacher", "i-hao-community"):
        journey.play("log_interview", key)
    journey.play("assess_case", REPORT)
    journey.play("confirm_assessment", REPORT)


def the_report_is_weighed(journey: Journey) -> None:
    """A sentence about what somebody is worth comes back; with what he does instead, the report is used."""
    case = journey.case(REPORT)
    journey.play("write_report", REPORT)
    journey.play("send_report_for_review", REPORT)
    journey.told("kang.dasheng", "report.sent_for_review", REPORT)
    journey.who("mo.yunfan").refused("cases:review_report", case.pk, status=403)
    journey.play("return_section", REPORT)
    journey.play("accept_section", REPORT).press(said("Return to the authors"))
    author = journey.told("mo.yunfan", "report.returned_for_rewriting", REPORT)
    author.go("cases:report", case.pk).sees("写行为，写原话")
    journey.play("write_report", REPORT)
    journey.play("send_report_for_review", REPORT)
    journey.play("accept_section", REPORT).press(said("Finish the review"))
    journey.play("submit_report", REPORT)
    reader = journey.told("qiao.ruochuan", "case.report_submitted", REPORT, must="accept_report")
    reader.go("cases:report", case.pk).sees("认可儿子的手艺").does_not_see("毫无感情")
    journey.play("respond_report", REPORT)
    journey.play("evaluate_case", REPORT)
    journey.play("close_case", REPORT).sees("没有一句骂我的")


def repair_day(journey: Journey) -> None:
    """One day for three of them, three workers, three records: nobody reads about the other two."""
    commission(journey, HAO, journey.world.east_agreement, known=True)
    journey.who("shi.yuhui").refused("cases:detail", journey.case(REPORT).pk)
    journey.who("yue.mingwei").refused("cases:detail", journey.case(HAO).pk)
    journey.consent("consent-hao")
    journey.play("propose_plan", HAO)
    journey.play("approve_plan", HAO)
    journey.play("log_family_session", "fam-hao-1")
    journey.play("log_contact", "c-hao-1")
    journey.play_each_part("act-fans")
    found = {row.case_id: row for row in ServiceRecord.objects.filter(kind="welfare_activity")}
    assert set(found) == {journey.case(key).pk for key in (HAO, PAN, JIN)}
    worker = journey.who("long.xiangxuan").go("cases:record", found[journey.case(PAN).pk].pk).sees("拆装细致")
    worker.does_not_see("负责总调配", "郝天予", "金诺妍").refused("cases:record", found[journey.case(JIN).pk].pk)


def end_of_probation(journey: Journey) -> None:
    case = journey.case(PAN)
    journey.who("qiao.ruochuan").refused("cases:evaluate_case", case.pk, status=409)
    journey.play("finish_service", PAN)
    journey.play("evaluate_case", PAN)
    journey.play("close_case", PAN).sees("我以为你们会让我一天少一天")
    journey.told("long.xiangxuan", "case.closed", PAN, level="know")
    journey.who("long.xiangxuan").refused("cases:log_contact", case.pk, status=409)


def to_another_city(journey: Journey, away: Any) -> None:
    """Nothing is handed on without a ground; the case ends here and a draft for the other agency begins."""
    commission(journey, DENG, journey.world.east_agreement)
    journey.consent("consent-deng")
    journey.play("log_contact", "c-deng-1").sees("收人家修不好的")
    journey.play("propose_plan", DENG)
    journey.play("approve_plan", DENG)
    journey.consent("consent-deng-transfer")
    act, case = journey.act("transfer_referral", DENG), journey.case(DENG)
    journey.who("mu.qingye").refused("cases:transfer_case", case.pk, status=403)
    prosecutor = journey.who("qiao.ruochuan").go("cases:transfer_case", case.pk)
    package = {name: act[name] for name in ("reason_code", "done", "open_matters", "advice")}
    prosecutor.enter(**package, explanation=act["reason"]).press(said("End here and begin a new referral"))
    assert "依据" in prosecutor.errors() and prosecutor.value("advice") == act["advice"]
    assert journey.case(DENG).state != "transferred"
    prosecutor.enter(legal_ground=act["legal_ground"]).press(said("End here and begin a new referral"))
    journey._drafted(MOVED, prosecutor)
    assert journey.case(DENG).state == "transferred"
    journey.told("mu.qingye", "case.transferred", DENG, level="know")
    journey.who("mu.qingye").refused("cases:log_contact", case.pk, status=409)
    journey.write(MOVED, agreement=away)
    journey.play("submit_referral", MOVED)
    journey.play("approve_referral", MOVED)


def the_new_agency(journey: Journey) -> None:
    """It reads the package, not the former agency's records; the former agency sees nothing of the new case."""
    agency = journey.told("xie.ning", "referral.approved", MOVED, must="accept_referral")
    agency.go("referrals:detail", journey.referral(MOVED).pk).sees("一律称青年就业辅导")
    journey.who("xia.zhuqing").refused("referrals:detail", journey.referral(MOVED).pk)
    journey.play("accept_referral", MOVED)
    worker = journey.told("liang.jiashu", "case.opened", MOVED)
    worker.refused("cases:detail", journey.case(DENG).pk).refused("cases:record", journey.records["c-deng-1"].pk)
    journey.who("mu.qingye").refused("cases:detail", journey.case(MOVED).pk)
    journey.consent("consent-deng-2")
    journey.play("propose_plan", MOVED)
    journey.play("approve_plan", MOVED)
    journey.play("log_contact", "c-deng-3")
    journey.play("log_contact", "c-deng-4").sees("是我老师")
    journey.play("finish_service", MOVED)
    journey.play("evaluate_case", MOVED)
    journey.play("close_case", MOVED).sees("别人修不好的，我来")
    journey.play("record_follow_up", MOVED)
