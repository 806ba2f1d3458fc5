"""The prosecutor answers by section; the whole follows; of two answers one counts."""
from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connections
from django.utils import timezone

from cases import queries_reports as queries
from cases.models import Case, Report, ReportResponse, ReportSection, SectionResponse
from cases.services.responding import finish_service, overall, respond_report
from referrals.models import IssuedDocument
from socialwork.core.errors import Blocked, DomainError, Moved, NotVisible, NotYours
from socialwork.deadlines.models import Deadline
from socialwork.people.dossiers import open_dossier
from tests import cast
from tests.factories import records

AGAIN = {"guardianship": ("supplement", "补充书面材料。"), "assessment": ("partly", "据此更新。")}


@pytest.mark.parametrize(
    ("results", "whole"),
    [
        ([], "accepted"), (["accepted"], "accepted"), (["accepted", "partly"], "partly"),
        (["partly", "supplement"], "supplement"), (["supplement", "returned", "partly"], "returned"),
    ],
)
def test_the_heaviest_section_decides(results, whole):
    assert overall(results) == whole


def test_accepting_ends_the_writing_and_starts_the_clock_of_the_evaluation(world):
    report = records.with_prosecutor(world)
    respond_report(
        report=report, by=world.prosecutor, at=timezone.now(), results={}, result="accepted", used_for=["arrest_decision", "plan"]
    )
    report, case = Report.objects.get(), Case.objects.get()
    assert (report.state, report.used_for, case.state, case.responded_by) == (
        "accepted", ["arrest_decision", "plan"], "report_accepted", world.prosecutor,
    )
    clock = Deadline.objects.get(code="D30", subject_id=case.pk)
    assert (clock.owner_role, clock.met_at) == ("prosecutor", None)
    assert case.next_act == "D30"
    assert SectionResponse.objects.filter(result="accepted").count() == 12
    assert case.return_count == 0


def test_a_case_whose_guidance_goes_on_is_not_evaluated_yet(world):
    report = records.begun(world, services=("social_investigation", "guidance"))
    report = records.with_prosecutor(world, records.reviewed(world, records.in_review(world, records.written(world, report))))
    respond_report(report=report, by=world.prosecutor, at=timezone.now(), results={}, result="accepted", used_for=["plan"])
    assert not Deadline.objects.filter(code="D30").exists()


def test_partly_accepted_needs_the_reason_and_ends_the_writing_too(world):
    report = records.with_prosecutor(world)
    with pytest.raises(Blocked) as refusal:
        respond_report(
            report=report, by=world.prosecutor, at=timezone.now(), results={"family": ("partly", " ")}, result="partly",
            used_for=["cnp"],
        )
    assert [field for field, _ in refusal.value.blockers] == ["family-remark"]
    respond_report(
        report=report, by=world.prosecutor, at=timezone.now(), results={"family": ("partly", "以村委会证明为准。")},
        result="partly", used_for=["cnp"],
    )
    assert Case.objects.get().state == "report_accepted"


def test_a_supplement_gives_the_report_back_with_a_short_clock(world):
    report = records.with_prosecutor(world)
    respond_report(
        report=report, by=world.prosecutor, at=timezone.now(), results=AGAIN, result="supplement", remark="还差一份依据。"
    )
    report, case = Report.objects.get(), Case.objects.get()
    assert (report.state, report.round, case.state, case.return_count) == ("sent_back", 2, "returned", 1)
    clock = Deadline.objects.get(code="D2d", subject_id=case.pk)
    assert (clock.amount, clock.unit, clock.met_at) == (3, "working_day", None)
    assert case.next_act == "D2d"
    assert set(ReportSection.objects.filter(review="returned").values_list("key", flat=True)) == set(AGAIN)
    response = ReportResponse.objects.get()
    open_dossier(case.juvenile_id).read(response)
    assert (response.result, response.round, response.text["remark"]) == ("supplement", 1, "还差一份依据。")


def test_the_second_round_meets_the_short_clock_and_has_a_document_of_its_own(world):
    report = records.with_prosecutor(world)
    respond_report(report=report, by=world.prosecutor, at=timezone.now(), results=AGAIN, result="supplement")
    report = Report.objects.select_related("case__referral").get()
    records.write(report, "guardianship", world.worker, body="公司书面同意调整班次。")
    records.with_prosecutor(world, records.reviewed(world, records.in_review(world, report)))
    case = Case.objects.get()
    assert Deadline.objects.get(code="D2d").met_at == case.submitted_at
    documents = IssuedDocument.objects.filter(referral=case.referral, kind="F09").order_by("round")
    assert [row.round for row in documents] == [1, 2]
    assert documents[0].number == documents[1].number
    respond_report(
        report=Report.objects.get(), by=world.prosecutor, at=timezone.now(), results={}, result="accepted", used_for=["cnp"]
    )
    assert [row.round for row in queries.responses_of(report, open_dossier(case.juvenile_id))] == [2, 1]


def test_the_agency_sees_how_long_the_answer_took(world):
    report = records.with_prosecutor(world)
    answered = report.case.submitted_at + dt.timedelta(days=4)
    respond_report(report=report, by=world.prosecutor, at=answered, results={}, result="accepted", used_for=["cnp"])
    response = queries.responses_of(report, open_dossier(report.case.juvenile_id))[0]
    assert response.took == dt.timedelta(days=4)


def test_the_result_must_follow_from_the_sections(world):
    report = records.with_prosecutor(world)
    with pytest.raises(Blocked) as refusal:
        respond_report(
            report=report, by=world.prosecutor, at=timezone.now(), results=AGAIN, result="accepted", used_for=["cnp"]
        )
    assert [field for field, _ in refusal.value.blockers] == ["result"]
    with pytest.raises(Blocked) as refusal:
        respond_report(report=report, by=world.prosecutor, at=timezone.now(), results={}, result="accepted")
    assert [field for field, _ in refusal.value.blockers] == ["used_for"]
    assert not ReportResponse.objects.exists()


@pytest.mark.parametrize(
    ("login", "refusal"),
    [
        ("unit_head", NotYours), ("worker", NotYours), ("supervisor", NotYours), ("manager", NotYours),
        ("colleague", NotVisible), ("prosecutor_elsewhere", NotVisible), ("clerk", NotVisible),
    ],
)
def test_only_the_prosecutor_in_charge_answers(world, login, refusal):
    report = records.with_prosecutor(world)
    with pytest.raises(refusal):
        respond_report(
            report=report, by=world.people[login], at=timezone.now(), results={}, result="accepted", used_for=["cnp"]
        )


def test_a_second_answer_comes_too_late(world):
    report = records.with_prosecutor(world)
    act = {"report": report, "by": world.prosecutor, "at": timezone.now(), "results": {}, "result": "accepted", "used_for": ["cnp"]}
    respond_report(**act)
    with pytest.raises(Moved):
        respond_report(**act)
    assert ReportResponse.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts():
    world = cast.build_world()
    report = records.with_prosecutor(world)
    start, outcome = threading.Barrier(2), []

    def answer(result: str, results: dict) -> None:
        try:
            start.wait(timeout=30)
            respond_report(
                report=Report.objects.get(pk=report.pk), by=world.prosecutor, at=timezone.now(), results=results, result=result,
                used_for=["cnp"],
            )
            outcome.append(result)
        except Moved:
            outcome.append("late")
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=answer, args=("accepted", {})),
        threading.Thread(target=answer, args=("returned", {"family": ("returned", "事实有误。")})),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcome)[-1] == "returned" or "late" in outcome
    assert outcome.count("late") == 1
    assert ReportResponse.objects.count() == 1
    assert ReportResponse.objects.get().result == next(name for name in outcome if name != "late")


def test_a_service_without_report_is_finished_by_the_prosecutor(world):
    case = records.started(world, services=("guidance",))
    finish_service(case=case, by=world.prosecutor, at=timezone.now(), remark="期满。")
    case.refresh_from_db()
    assert case.state == "report_accepted"
    open_clocks = Deadline.objects.filter(subject_id=case.pk, met_at=None, cancelled_at=None)
    assert list(open_clocks.values_list("code", flat=True)) == ["D30"]


def test_a_service_with_a_report_is_not_finished_without_it(world):
    case = records.started(world)
    with pytest.raises(DomainError) as refusal:
        finish_service(case=case, by=world.prosecutor, at=timezone.now())
    assert refusal.value.code == "report"


@pytest.mark.parametrize(("login", "refusal"), [("worker", NotYours), ("manager", NotYours), ("colleague", NotVisible)])
def test_nobody_else_finishes_a_service(world, login, refusal):
    case = records.started(world, services=("guidance",))
    with pytest.raises(refusal):
        finish_service(case=case, by=world.people[login], at=timezone.now())
