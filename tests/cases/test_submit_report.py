"""The reviewed report goes to the prosecutor: clock, document, hash, and who may see what."""
from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from django.db import transaction
from django.utils import timezone
from docx import Document

from cases.models import Case, Report, ReportSection
from cases.services.responding import respond_report, submit_report
from referrals.models import IssuedDocument
from socialwork.access.api import permitted
from socialwork.core.errors import Moved, NotVisible, NotYours
from socialwork.deadlines.models import Deadline
from socialwork.files.services import open_file
from socialwork.people.dossiers import open_dossier
from tests.factories import records


def f09():
    return IssuedDocument.objects.filter(kind="F09")


def text_of(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_submitting_meets_the_clock_and_hands_the_case_over(world):
    report = records.with_prosecutor(world)
    case = report.case
    assert (case.state, case.submitted_by, report.state) == ("submitted", world.supervisor, "submitted")
    clock = Deadline.objects.get(subject_id=case.pk, code="D2b")
    assert clock.met_at == case.submitted_at
    assert case.next_act == "accept_report"


def test_the_document_is_kept_with_its_hash(world):
    report = records.with_prosecutor(world)
    document = f09().select_related("file").get(referral=report.case.referral)
    assert (document.kind, document.round, document.issued_by) == ("F09", 1, world.supervisor)
    content = open_file(document.file, dossier=open_dossier(report.case.juvenile_id))
    assert hashlib.sha256(content).hexdigest() == document.file.sha256
    assert "林" not in document.file.name
    text = text_of(content)
    assert "社会调查报告" in text
    assert document.number in text
    assert records.BODY["guardianship"] in text
    assert all(name in text for name in (world.worker.name, world.second.name, world.supervisor.name))
    # Every interview has its number, cited or not: the teacher's, the oldest, is the first and stands nowhere here.
    assert "〔访2、访3〕" in text
    assert "访1" not in text
    assert "草稿" not in text


def test_the_file_on_the_disk_is_not_readable(world, settings):
    report = records.with_prosecutor(world)
    stored = f09().get(referral=report.case.referral).file
    raw = (settings.MEDIA_ROOT / stored.path).read_bytes()
    assert not raw.startswith(b"PK")


@pytest.mark.parametrize("state", ["draft", "in_review", "returned"])
def test_only_a_reviewed_report_is_submitted(world, state):
    made = {"draft": records.written, "in_review": records.in_review, "returned": records.sent_back_once}[state](world)
    with pytest.raises(Moved):
        submit_report(case=Case.objects.get(pk=made.case_id), by=world.supervisor, at=timezone.now())
    assert not f09().exists()


@pytest.mark.parametrize(
    ("login", "refusal"),
    [("worker", NotYours), ("manager", NotYours), ("prosecutor", NotYours), ("supervisor_elsewhere", NotVisible)],
)
def test_only_the_supervisor_submits(world, login, refusal):
    report = records.reviewed(world)
    with pytest.raises(refusal):
        submit_report(case=Case.objects.get(pk=report.case_id), by=world.people[login], at=timezone.now())


def test_a_document_that_cannot_be_kept_leaves_nothing_behind(world, settings, tmp_path):
    report = records.reviewed(world)
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    settings.MEDIA_ROOT = in_the_way
    with pytest.raises(OSError), transaction.atomic():
        submit_report(case=Case.objects.get(pk=report.case_id), by=world.supervisor, at=timezone.now())
    assert (Case.objects.get().state, Report.objects.get().state) == ("in_progress", "reviewed")
    assert not f09().exists()
    assert Deadline.objects.get(code="D2b").met_at is None


def test_a_draft_is_hidden_from_the_organ_and_shown_once_submitted(world):
    report = records.reviewed(world)
    insiders = (world.worker, world.second, world.supervisor, world.manager)
    for person in (world.prosecutor, world.unit_head):
        assert not permitted(Report, person).exists()
        assert not permitted(ReportSection, person).exists()
    for person in insiders:
        assert list(permitted(Report, person)) == [report]
    records.with_prosecutor(world, report)
    for person in (world.prosecutor, world.unit_head, *insiders):
        assert list(permitted(Report, person)) == [report]
    strangers = (
        "colleague", "clerk", "intake", "counsellor", "unassigned", "worker_elsewhere", "manager_elsewhere",
        "supervisor_elsewhere", "civil_affairs", "auditor", "operator_person", "prosecutor_elsewhere", "suspended",
    )
    assert [name for name in strangers if permitted(Report, world.people[name]).exists()] == []


def test_while_it_is_rewritten_the_organ_sees_no_section_being_worked_on(world):
    report = records.with_prosecutor(world)
    respond_report(
        report=report, by=world.prosecutor, at=timezone.now(), result="supplement",
        results={"guardianship": ("supplement", "补充书面材料。")},
    )
    assert permitted(Report, world.prosecutor).exists()
    assert not permitted(ReportSection, world.prosecutor).exists()
