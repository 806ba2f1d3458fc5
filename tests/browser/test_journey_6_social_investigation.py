"""Story 6: an investigation within five days while arrest is reviewed, then guidance on bail."""
from __future__ import annotations

from typing import Any

from cases.models import ReportSection
from tests.browser.actor import said
from tests.browser.journey import MOVED, Journey, widen

PEOPLE = {
    "lu.zhiyao": "prosecutor", "yan.suqing": "unit_head", "xie.ning": "intake", "liang.jiashu": "worker",
    "su.nianci": "second", "song.jingzhi": "supervisor", "ge.xiulan": "former_worker",
}
ASKED, BAIL = "xu-investigation", "xu-bail"


def test_an_investigation_in_five_days_and_guidance_on_bail(world: Any, as_person: Any) -> None:
    widen(world.east_agreement, "bail_guidance")
    journey = Journey("6-snatching-social-investigation", world, as_person, PEOPLE)
    commission(journey)
    investigate(journey)
    write_and_review(journey)
    prosecutor_answers(journey)
    end_of_investigation(journey)
    refer_for_guidance(journey)
    guide(journey)
    end_of_guidance(journey)


def commission(journey: Journey) -> None:
    referral = journey.find_or_start(ASKED)
    journey.write(ASKED, agreement=journey.world.east_agreement, first=True, without=("appropriate_adult",))
    journey.play("submit_referral", ASKED)
    journey.told("yan.suqing", "referral.submitted", ASKED, must="approve_referral")
    journey.who("colleague").refused("referrals:detail", referral.pk)
    journey.who("xie.ning").refused("referrals:detail", referral.pk)

    late = journey.who("yan.suqing").tab().go("referrals:approve_referral", referral.pk)
    journey.play("return_referral", ASKED)
    late.press(said("Approve and send")).sees(MOVED)
    journey.told("lu.zhiyao", "referral.returned", ASKED, must="submit_referral")

    journey.write(ASKED, agreement=journey.world.east_agreement, without=("appropriate_adult",)).sees("按紧急件定五日")
    journey.play("submit_referral", ASKED)
    journey.play("approve_referral", ASKED)
    journey.told("xie.ning", "referral.approved", ASKED, must="accept_referral")
    page = journey.who("xie.ning").go("referrals:detail", referral.pk)
    page.sees("手机经鉴定价值").does_not_see("杜女士", "不还就到学校找你", "事主联系方式在卷")

    journey.play("ask_information", ASKED)
    journey.told("lu.zhiyao", "referral.information_asked", ASKED, must="answer_information")
    journey.play("answer_information", ASKED)
    journey.told("xie.ning", "referral.information_answered", ASKED, must="accept_referral")
    journey.play("accept_referral", ASKED)
    journey.told("lu.zhiyao", "referral.accepted", ASKED, level="know")


def investigate(journey: Journey) -> None:
    case = journey.case(ASKED)
    journey.told("liang.jiashu", "case.opened", ASKED)
    journey.asked("liang.jiashu", ASKED, "提交社会调查报告（审查逮捕阶段）").sees("会见室已约明早九时半")
    for outsider in ("unassigned", "colleague", "worker_elsewhere", "civil_affairs"):
        journey.who(outsider).refused("cases:detail", case.pk)
    wrong_times(journey)
    for key in ("i-subject-1", "i-grandmother", "i-teacher", "i-mother-missed", "i-village", "i-father"):
        journey.play("log_interview", key)
    journey.play("log_attendance", "att-questioning")
    journey.play("amend_record", "i-grandmother")
    journey.who("song.jingzhi").refused("cases:log_interview", case.pk, status=403)
    journey.play("assess_case", ASKED)
    journey.play("confirm_assessment", ASKED)


def wrong_times(journey: Journey) -> None:
    """An interview that ends before it begins is not kept; what was typed still stands in the form."""
    worker = journey.who("liang.jiashu").go("cases:log_interview", journey.cases[ASKED].pk)
    typed = {"method": "detention_visit", "interviewee": "subject", "outcome": "on_time", "summary": "开始时低头不语。"}
    worker.enter_all({**typed, "started": "10:50", "ended": "09:30"}).press(said("Submit record"))
    assert worker.errors() and worker.value("summary") == typed["summary"]
    assert not journey.cases[ASKED].records.exists()


def write_and_review(journey: Journey) -> None:
    case = journey.case(ASKED)
    journey.who("lu.zhiyao").go("cases:report", case.pk).sees(said("No report has been submitted yet."))
    journey.play("write_report", ASKED)
    journey.who("liang.jiashu").go("cases:report", case.pk).sees(said("No source"))
    journey.play("send_report_for_review", ASKED)
    supervisor = journey.told("song.jingzhi", "report.sent_for_review", ASKED)
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
    journey.told("lu.zhiyao", "case.report_submitted", ASKED, must="accept_report")


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
    late.enter(result="accepted", used_for=["plan"]).press(said("Send the answer")).sees(MOVED)
    journey.told("liang.jiashu", "case.report_accepted", ASKED, level="know")
    assert ReportSection.objects.filter(report__case=case, review="accepted").count() == 12


def end_of_investigation(journey: Journey) -> None:
    journey.asked("lu.zhiyao", ASKED, "完成一案一评估")
    journey.play("evaluate_case", ASKED)
    journey.told("song.jingzhi", "case.evaluated", ASKED, level="know")
    journey.play("close_case", ASKED).sees("没有把我写成坏人")
    journey.told("liang.jiashu", "case.closed", ASKED, level="know")
    journey.who("liang.jiashu").go("cases:detail", journey.cases[ASKED].pk).does_not_offer(said("Log an interview"))


def refer_for_guidance(journey: Journey) -> None:
    journey.start_again(BAIL)
    journey.write(BAIL, agreement=journey.world.east_agreement)
    journey.play("submit_referral", BAIL)
    journey.play("approve_referral", BAIL)
    journey.told("xie.ning", "referral.approved", BAIL, must="accept_referral")
    journey.play("accept_referral", BAIL)
    journey.who("su.nianci").refused("cases:detail", journey.cases[BAIL].pk)


def guide(journey: Journey) -> None:
    journey.consent("consent-xu-bail")
    journey.play("log_contact", "c-bail-1")
    journey.play("propose_plan", BAIL)
    journey.told("lu.zhiyao", "plan.proposed", BAIL)
    journey.play("approve_plan", BAIL)
    journey.told("liang.jiashu", "plan.approved", BAIL, level="know")
    journey.play("log_family_session", "fam-1")
    journey.play("log_contact", "c-bail-3")
    journey.play("review_record", "c-bail-3")
    journey.play("log_contact", "c-bail-missed")
    journey.play("log_activity", "act-library")
    journey.play("assess_case", BAIL)
    journey.play("confirm_assessment", BAIL)


def end_of_guidance(journey: Journey) -> None:
    journey.who("lu.zhiyao").refused("cases:close_case", journey.cases[BAIL].pk, status=409)
    journey.play("finish_service", BAIL)
    journey.told("liang.jiashu", "case.service_finished", BAIL, level="know")
    journey.play("evaluate_case", BAIL)
    journey.play("close_case", BAIL)
    journey.play("record_follow_up", BAIL).sees("校级比赛第三名")
    journey.who("lu.zhiyao").go("cases:closing", journey.cases[BAIL].pk).sees("校级比赛第三名", "你打算")
