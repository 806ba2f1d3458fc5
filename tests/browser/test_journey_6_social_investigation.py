"""Story 6: an investigation within five days while arrest is reviewed, then guidance on bail, by three organisations."""
from __future__ import annotations

from typing import Any

from cases.models import ReportSection
from tests.browser.actor import said
from tests.browser.journey import Journey, widen

PEOPLE = {
    "lu.zhiyao": "prosecutor", "yan.suqing": "unit_head", "xie.ning": "intake", "liang.jiashu": "worker", "su.nianci": "second",
    "song.jingzhi": "supervisor", "ge.xiulan": "unassigned",
}
ASKED, BAIL = "xu-investigation", "xu-bail"
MOVED = "Somebody has already taken this further. Look at the present state and decide again."


def test_an_investigation_in_five_days_and_guidance_on_bail(world: Any, as_person: Any) -> None:
    widen(world.east_agreement, "bail_guidance")
    journey = Journey("6-snatching-social-investigation", world, as_person, PEOPLE)
    commission(journey)
    investigate(journey)
    write_and_review(journey)
    prosecutor_answers(journey)
    end_of_investigation(journey)


def commission(journey: Journey) -> None:
    referral = journey.find_or_start(ASKED)
    draft = journey.write(ASKED, agreement=journey.world.east_agreement, first=True)
    draft.sees(said("What the agency will see"))
    journey.play("submit_referral", ASKED)
    journey.told("yan.suqing", "referral.submitted", ASKED)
    journey.must("yan.suqing", "approve_referral", ASKED)
    journey.who("colleague").refused("referrals:detail", referral.pk)
    journey.who("xie.ning").refused("referrals:detail", referral.pk)

    late = journey.who("yan.suqing").tab().go("referrals:approve_referral", referral.pk)
    journey.play("return_referral", ASKED)
    late.press(said("Approve and send")).sees(said(MOVED))
    journey.told("lu.zhiyao", "referral.returned", ASKED)
    journey.must("lu.zhiyao", "submit_referral", ASKED)

    journey.write(ASKED, agreement=journey.world.east_agreement).sees("定五日")
    journey.play("submit_referral", ASKED)
    journey.play("approve_referral", ASKED)
    journey.told("xie.ning", "referral.approved", ASKED)
    page = journey.who("xie.ning").go("referrals:detail", referral.pk)
    page.sees("手机经鉴定价值").does_not_see("杜女士", "不还就到学校找你", "事主联系方式在卷")

    journey.play("ask_information", ASKED)
    journey.told("lu.zhiyao", "referral.information_asked", ASKED)
    journey.must("lu.zhiyao", "answer_information", ASKED)
    journey.play("answer_information", ASKED)
    journey.told("xie.ning", "referral.information_answered", ASKED).go("referrals:detail", referral.pk).sees("会见室已约明早九时半")
    journey.play("accept_referral", ASKED)
    journey.told("lu.zhiyao", "referral.accepted", ASKED, level="know")


def investigate(journey: Journey) -> None:
    case = journey.case(ASKED)
    journey.told("liang.jiashu", "case.opened", ASKED)
    for outsider in ("unassigned", "colleague", "worker_elsewhere", "civil_affairs"):
        journey.who(outsider).refused("cases:detail", case.pk)
    for key in ("i-subject-1", "i-grandmother", "i-teacher", "i-mother-missed", "i-mother", "i-village", "i-police"):
        journey.play("log_interview", key)
    for key in ("i-victim-opinion", "i-father", "i-subject-2"):
        journey.play("log_interview", key)
    journey.play("log_attendance", "att-questioning")
    journey.play("amend_record", "i-grandmother")
    journey.who("song.jingzhi").refused("cases:log_interview", case.pk, status=403)
    journey.play("assess_case", ASKED)
    journey.play("confirm_assessment", ASKED).sees("我不想让奶奶夜里等门")


def write_and_review(journey: Journey) -> None:
    case = journey.case(ASKED)
    journey.who("lu.zhiyao").go("cases:report", case.pk).sees(said("No report has been submitted yet."))
    journey.play("write_report", ASKED)
    journey.who("liang.jiashu").go("cases:report", case.pk).sees(said("No source"))
    journey.play("send_report_for_review", ASKED)
    journey.told("song.jingzhi", "report.sent_for_review", ASKED)
    supervisor = journey.who("song.jingzhi")
    journey.play("accept_section", ASKED)
    journey.play("return_section", ASKED)
    journey.play("return_section", ASKED)
    journey.who("liang.jiashu").refused("cases:review_report", case.pk, status=403)
    supervisor.press(said("Return to the authors"))
    worker = journey.told("liang.jiashu", "report.returned_for_rewriting", ASKED)
    worker.go("cases:report", case.pk).sees("没有来源，也带成见", "社会危险性由检察官认定")

    journey.play("write_report", ASKED)
    journey.play("send_report_for_review", ASKED)
    supervisor.go("cases:review_report", case.pk).sees(said("Compare with the last round"), "三四名二十岁左右的人")
    journey.play("accept_section", ASKED)
    supervisor.press(said("Finish the review"))
    journey.told("liang.jiashu", "report.reviewed", ASKED, level="know")
    journey.play("submit_report", ASKED)
    journey.told("lu.zhiyao", "case.report_submitted", ASKED)
    journey.must("lu.zhiyao", "accept_report", ASKED)


def prosecutor_answers(journey: Journey) -> None:
    case = journey.case(ASKED)
    journey.play("respond_report", ASKED)
    journey.told("liang.jiashu", "case.report_returned", ASKED).go("cases:report", case.pk).sees("请向运输公司核实")
    journey.play("log_interview", "i-employer")
    journey.play("write_report", ASKED)
    journey.play("send_report_for_review", ASKED)
    journey.play("accept_section", ASKED).press(said("Finish the review"))
    journey.play("submit_report", ASKED)
    late = journey.who("lu.zhiyao").tab().go("cases:respond_report", case.pk)
    journey.play("respond_report", ASKED).sees("理由说明书引用了第八、九节")
    late.enter(result="accepted", used_for=["plan"]).press(said("Send the answer")).sees(said(MOVED))
    journey.told("liang.jiashu", "case.report_accepted", ASKED, level="know")


def end_of_investigation(journey: Journey) -> None:
    case = journey.case(ASKED)
    journey.must("lu.zhiyao", "evaluate_case", ASKED)
    journey.play("evaluate_case", ASKED)
    journey.must("lu.zhiyao", "close_case", ASKED)
    journey.play("close_case", ASKED).sees("没有把我写成坏人")
    journey.told("liang.jiashu", "case.closed", ASKED, level="know")
    journey.who("liang.jiashu").refused("cases:log_contact", case.pk, status=409)
    assert ReportSection.objects.filter(report__case=case, review="accepted").count() == 12
