"""Writing the report: two authors, sources, what is missing, and nobody's text lost."""
from __future__ import annotations

import pytest
from django.utils import timezone

from cases.models import Finding, FindingSource, Report, ReportSection, SectionText
from cases.models.reporting import SECTIONS
from cases.services.reporting import report_facts, send_report_for_review, write_report, write_section
from socialwork.audit.models import Event
from socialwork.core.errors import Blocked, DomainError, Moved, NotVisible, NotYours, Stale
from socialwork.people.dossiers import open_dossier
from tests import cast
from tests.factories import records


def test_beginning_makes_twelve_empty_sections_and_two_authors(world):
    report = records.begun(world)
    assert [row.key for row in sorted(report.sections.all(), key=lambda row: SECTIONS.index(row.key))] == list(SECTIONS)
    assert (report.first_author, report.second_author) == (world.worker, world.second)
    assert report.state == "draft"
    assert Event.objects.filter(verb="report.begun", target_id=report.pk, thread_id=report.thread_id).count() == 1


def test_a_report_is_begun_once(world):
    report = records.begun(world)
    with pytest.raises(Moved):
        write_report(case=report.case, by=world.second, at=timezone.now())
    assert Report.objects.count() == 1


def test_services_without_a_report_have_none(world):
    case = records.started(world, services=("guidance",))
    with pytest.raises(DomainError) as refusal:
        write_report(case=case, by=world.worker, at=timezone.now())
    assert refusal.value.code == "no_report"


@pytest.mark.parametrize(
    ("login", "refusal"),
    [
        ("supervisor", NotYours), ("manager", NotYours), ("prosecutor", NotYours), ("counsellor", NotYours),
        ("unassigned", NotVisible), ("worker_elsewhere", NotVisible), ("colleague", NotVisible),
    ],
)
def test_only_the_two_workers_begin_a_report(world, login, refusal):
    case = records.started(world)
    with pytest.raises(refusal):
        write_report(case=case, by=world.people[login], at=timezone.now())
    assert not Report.objects.exists()


def test_the_text_of_a_section_is_sealed(world):
    report = records.begun(world)
    heard = records.record(report.case)
    row = records.write(report, "family", world.worker, body="父亲跑长途。", findings=[("祖母照料。", [heard.pk])])
    stored = ReportSection.objects.get(pk=row.pk)
    assert "父亲".encode() not in bytes(stored.sealed)
    finding = Finding.objects.get(section=row)
    open_dossier(report.case.juvenile_id).read(stored, finding)
    assert (stored.text["body"], finding.text["statement"]) == ("父亲跑长途。", "祖母照料。")
    assert [source.record_id for source in finding.sources.all()] == [heard.pk]
    assert (stored.version, stored.edited_by) == (2, world.worker)


def test_two_authors_write_different_sections(world):
    report = records.begun(world)
    first, second = records.section(report, "family"), records.section(report, "person")
    write_section(section=first, by=world.worker, at=timezone.now(), version=1, body="甲")
    write_section(section=second, by=world.second, at=timezone.now(), version=1, body="乙")
    assert {row.edited_by_id for row in ReportSection.objects.filter(report=report, version=2)} == {
        world.worker.pk, world.second.pk,
    }


def test_a_stale_save_is_refused_with_the_other_text(world):
    report = records.begun(world)
    row = records.section(report, "family")
    write_section(section=row, by=world.worker, at=timezone.now(), version=1, body="先写的", findings=[("结论甲", [])])
    with pytest.raises(Stale) as refusal:
        write_section(section=row, by=world.second, at=timezone.now(), version=1, body="后写的")
    assert refusal.value.theirs["body"] == "先写的"
    assert refusal.value.theirs["findings"] == "结论甲"


def test_a_source_of_another_case_is_refused_and_nothing_is_written(world):
    report = records.begun(world)
    stranger = records.record(cast.opened(world))
    with pytest.raises(DomainError) as refusal:
        records.write(report, "family", world.worker, findings=[("结论", [stranger.pk])])
    assert refusal.value.code == "source"
    assert not FindingSource.objects.exists()
    assert records.section(report, "family").version == 1


@pytest.mark.parametrize(("login", "refusal"), [("supervisor", NotYours), ("manager", NotYours), ("prosecutor", NotVisible)])
def test_nobody_else_writes_a_section(world, login, refusal):
    report = records.begun(world)
    with pytest.raises(refusal):
        records.write(report, "family", world.people[login], body="x")


def test_a_report_with_nothing_in_it_names_everything_that_is_missing(world):
    report = records.begun(world)
    with pytest.raises(Blocked) as refusal:
        send_report_for_review(report=report, by=world.worker, at=timezone.now())
    sentences = [str(sentence) for _field, sentence in refusal.value.blockers]
    assert len(sentences) == 10 + 1 + 1
    assert not SectionText.objects.exists()


def test_a_finding_without_source_needs_a_reason(world):
    report = records.written(world)
    records.write(report, "family", world.worker, findings=[("没有来源的结论", [])])
    with pytest.raises(Blocked) as refusal:
        send_report_for_review(report=report, by=world.worker, at=timezone.now())
    assert len(refusal.value.blockers) == 1
    records.write(
        report, "family", world.worker, findings=[("没有来源的结论", [])], unsourced_reason="监护人拒绝提供材料。"
    )
    assert records.in_review(world, report).state == "in_review"


@pytest.mark.parametrize("heard", [(), ("subject",), ("subject", "guardian"), ("subject", "guardian", "relative")])
def test_three_classes_of_people_must_be_heard(world, heard):
    report = records.written(world)
    FindingSource.objects.all().delete()
    report.case.records.all().delete()
    records.interviews(report.case, heard)
    Finding.objects.all().delete()
    with pytest.raises(Blocked) as refusal:
        send_report_for_review(report=report, by=world.worker, at=timezone.now())
    assert len(refusal.value.blockers) == 1


def test_an_interview_that_did_not_take_place_does_not_count(world):
    report = records.written(world)
    Finding.objects.all().delete()
    report.case.records.filter(interviewee="teacher").delete()
    records.record(
        report.case, interviewee="teacher", happened=False, absence_class="logistics", absence_reason="worker_unavailable"
    )
    with pytest.raises(Blocked):
        send_report_for_review(report=report, by=world.worker, at=timezone.now())


def test_the_answers_are_versioned(world):
    report = records.begun(world)
    records.answer(report, world.worker)
    with pytest.raises(Stale) as refusal:
        report_facts(
            report=report, by=world.second, at=timezone.now(), version=1, guardianship="none", help_available=False,
            reoffending="high",
        )
    assert refusal.value.theirs == {"guardianship": "partial", "help_available": True, "reoffending": "low"}


def test_sending_fixes_every_text_under_the_next_number(world):
    report = records.in_review(world)
    assert report.state == "in_review"
    assert list(SectionText.objects.order_by().values_list("number", flat=True).distinct()) == [1]
    assert SectionText.objects.count() == len(SECTIONS)
    with pytest.raises(Moved):
        records.write(report, "family", world.worker, body="太晚了")


def test_a_case_without_supervisor_cannot_send(world):
    report = records.written(world)
    report.case.supervisor = None
    report.case.save(update_fields=["supervisor"])
    with pytest.raises(Blocked):
        send_report_for_review(report=report, by=world.worker, at=timezone.now())
