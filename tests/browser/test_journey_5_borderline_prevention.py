"""Story 5: three children below the age of responsibility; one agency declines, another comes, to each its own help."""
from __future__ import annotations

from typing import Any

from cases.models import Plan, ServiceRecord
from tests import cast
from tests.browser.actor import said
from tests.browser.journey import Journey, widen

PEOPLE = {
    "shao.qinghe": "prosecutor", "gu.huaimin": "unit_head", "xia.zhuqing": "manager_elsewhere", "xie.ning": "intake",
    "han.yueming": "manager", "song.jingzhi": "supervisor", "dilnur.aini": "counsellor", "wu.yiming": "worker",
    "ge.xiulan": "second", "su.nianci": "second", "bai.zijin": "unassigned", "qin.xiaotang": "unassigned",
    "liang.jiashu": "former_worker",
}
FIRST, ZHUO, TONG, XIN = "zhuo-prevention-0", "zhuo-prevention", "tong-prevention", "xin-prevention"


def test_three_children_and_what_each_lacked(world: Any, as_person: Any) -> None:
    nearby = cast.agreement(
        "东检社协〔2026〕2号", world.west_agency, world.east_court, signer=world.unit_head, area=cast.EAST
    )
    widen(nearby, "borderline_prevention")
    widen(world.east_agreement, "borderline_prevention", "school_help")
    journey = Journey("5-borderline-prevention", world, as_person, PEOPLE)
    first_agency_declines(journey, nearby)
    another_agency_accepts(journey)
    somebody_to_come_home(journey)
    enough_to_eat(journey)
    a_good_brother(journey)
    another_lead(journey)
    open_day(journey)
    the_end(journey)


def first_agency_declines(journey: Journey, nearby: Any) -> None:
    referral = journey.find_or_start(FIRST)
    journey.write(FIRST, agreement=nearby)
    journey.play("submit_referral", FIRST)
    journey.play("approve_referral", FIRST)
    agency = journey.told("xia.zhuqing", "referral.approved", FIRST, must="accept_referral")
    journey.who("xie.ning").refused("referrals:detail", referral.pk)
    agency.go("referrals:decline_referral", referral.pk).enter(reason_code="capacity").press(said("Decline"))
    assert agency.errors() and journey.referral(FIRST).state == "issued"
    journey.play("decline_referral", FIRST)
    prosecutor = journey.told("shao.qinghe", "referral.declined", FIRST)
    prosecutor.go("referrals:detail", referral.pk).sees("勉强接了对孩子不好")


def another_agency_accepts(journey: Journey) -> None:
    journey.play("refer_again", ZHUO).sees("本人部分价值约三百六十元")
    journey.write(ZHUO, agreement=journey.world.east_agreement)
    journey.play("submit_referral", ZHUO)
    journey.play("approve_referral", ZHUO)
    journey.who("xia.zhuqing").refused("referrals:detail", journey.referral(ZHUO).pk)
    journey.told("xie.ning", "referral.approved", ZHUO, must="accept_referral")
    journey.play("accept_referral", ZHUO)
    for outsider in ("xia.zhuqing", "bai.zijin", "colleague", "worker_elsewhere", "civil_affairs"):
        journey.who(outsider).refused("cases:detail", journey.case(ZHUO).pk)


def somebody_to_come_home(journey: Journey) -> None:
    case = journey.case(ZHUO)
    journey.told("wu.yiming", "case.opened", ZHUO)
    nothing_before_the_father_agrees(journey)
    journey.consent("consent-zhuo")
    journey.play("log_contact", "c-zhuo-1")
    journey.play("assess_case", ZHUO)
    journey.play("confirm_assessment", ZHUO)
    journey.play("adopt_plan", ZHUO)
    journey.who("shao.qinghe").go("cases:plan", case.pk).sees("想学修电动车")
    journey.play("log_contact", "c-zhuo-2")
    journey.play("log_family_session", "fam-zhuo-1")
    journey.play("log_contact", "c-zhuo-3")
    journey.play("amend_record", "c-zhuo-3").sees("捡到一个钱包送回店里")


def nothing_before_the_father_agrees(journey: Journey) -> None:
    """Under fourteen: without a guardian's consent no record stands, and the words stay in the form."""
    act = next(act for act in journey.acts if act.get("key") == "c-zhuo-1")
    worker = journey.open_record(journey.who("wu.yiming"), act, journey.case(ZHUO)).press(said("Submit record"))
    refusal = "The child is under 14: record a guardian's consent first, or choose the law that allows it without."
    assert said(refusal) in worker.errors() and worker.value("summary") == act["summary"]
    assert not journey.case(ZHUO).records.exists()


def enough_to_eat(journey: Journey) -> None:
    referral = journey.find_or_start(TONG)
    journey.write(TONG, agreement=journey.world.east_agreement, first=True)
    journey.play("submit_referral", TONG)
    journey.play("return_referral", TONG)
    journey.told("shao.qinghe", "referral.returned", TONG, must="submit_referral")
    journey.who("xie.ning").refused("referrals:detail", referral.pk)
    journey.write(TONG, agreement=journey.world.east_agreement)
    journey.play("submit_referral", TONG)
    journey.play("approve_referral", TONG)
    journey.who("xie.ning").go("referrals:detail", referral.pk).sees("当天吃掉").does_not_see("偷窃团伙", "性质恶劣")
    journey.play("accept_referral", TONG)
    journey.consent("consent-tong")
    journey.play("log_contact", "c-tong-1")
    journey.play("log_contact", "c-tong-missed").sees(said("Did not take place"))


def a_good_brother(journey: Journey) -> None:
    journey.find_or_start(XIN)
    journey.write(XIN, agreement=journey.world.east_agreement)
    journey.play("submit_referral", XIN)
    journey.play("approve_referral", XIN)
    journey.play("ask_information", XIN)
    journey.play("answer_information", XIN)
    journey.play("accept_referral", XIN)
    case = journey.case(XIN)
    journey.who("liang.jiashu").go("cases:detail", case.pk).sees("母亲留有求助卡").does_not_see("当年欺凌者")
    journey.consent("consent-xin")
    journey.play("log_contact", "c-xin-1")
    journey.play("assess_case", XIN)
    journey.play("confirm_assessment", XIN)
    journey.play("adopt_plan", XIN)
    journey.who("shao.qinghe").go("cases:plan", case.pk).sees("孩子写保证书")
    journey.play("adopt_plan", XIN).go("cases:plan", case.pk).sees("父亲学三件事：蹲下说话")
    states = Plan.objects.filter(case=case).order_by("number").values_list("state", flat=True)
    assert list(states) == ["superseded", "approved"]
    journey.play("log_counselling", "co-xin-1")
    journey.who("liang.jiashu").go("cases:record", journey.records["co-xin-1"].pk).does_not_see("回声", "说过对不起")


def another_lead(journey: Journey) -> None:
    """The receiver knows the package and nothing else until it is accepted; the giver afterwards nothing any more."""
    case = journey.case(XIN)
    journey.play("reassign_case", XIN)
    journey.who("wu.yiming").refused("cases:detail", case.pk)
    journey.play("accept_handover", XIN)
    journey.who("wu.yiming").go("cases:detail", case.pk)
    journey.who("liang.jiashu").refused("cases:detail", case.pk)
    journey.play("log_family_session", "fam-xin-1")
    journey.play("log_contact", "c-xin-2")
    journey.play("log_contact", "c-xin-missed").sees(said("Did not come"))


def open_day(journey: Journey) -> None:
    """One open day for three children: each lead writes for the own, and no record names the others."""
    worker = journey.who("wu.yiming").go("cases:log_activity", journey.case(ZHUO).pk)
    offered = worker.page.locator("[name='participants-0-case'] option")
    cases = offered.evaluate_all("(options) => options.map((option) => option.value)")
    assert set(cases) == {str(journey.case(ZHUO).pk), str(journey.case(XIN).pk)}
    journey.play_each_part("act-books")
    found = ServiceRecord.objects.filter(kind="welfare_activity").select_related("case")
    assert {row.case_id for row in found} == {journey.case(key).pk for key in (ZHUO, TONG, XIN)}
    hers = next(row for row in found if row.case_id == journey.case(TONG).pk)
    reader = journey.who("bai.zijin").go("cases:record", hers.pk).sees("登记字迹工整")
    reader.does_not_see("三只书架", "笑他缺牙", "卓晓枫")


def the_end(journey: Journey) -> None:
    case = journey.case(ZHUO)
    journey.who("wu.yiming").refused("cases:finish_service", case.pk, status=403)
    journey.play("finish_service", ZHUO)
    journey.play("evaluate_case", ZHUO)
    journey.play("close_case", ZHUO).sees("我爸现在会问我今天最好吃的")
    journey.told("wu.yiming", "case.closed", ZHUO, level="know")
    journey.play("record_follow_up", ZHUO).sees("父亲升了组长")
    journey.who("shao.qinghe").go("cases:closing", case.pk).sees("父亲升了组长")
    journey.who("wu.yiming").refused("cases:log_contact", case.pk, status=409)
