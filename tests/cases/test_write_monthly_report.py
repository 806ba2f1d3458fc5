"""The monthly report is written and sent in one go: figures, document, clock, V21, who may, and never twice."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from cases.models import MonthlyReport
from cases.queries_monthly import Figures, figures_of
from cases.services.ending import cancel_case
from cases.services.monthly import Judgement, return_monthly_report
from referrals.models import IssuedDocument
from socialwork.access.api import permitted
from socialwork.audit.models import Event
from socialwork.core.errors import Blocked, Moved, NotVisible, NotYours, Stale
from socialwork.deadlines.models import Deadline
from socialwork.files.services import open_file
from socialwork.notifications.registry import tellings
from socialwork.people.dossiers import open_dossier
from tests import cast
from tests.factories import monthly, occasions, records


def clock(case):
    return Deadline.objects.filter(subject_id=case.pk, code="D12").order_by("pk")


def words_of(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_it_is_sent_with_its_figures_and_meets_the_clock(world):
    case = monthly.guided(world)
    report = monthly.due(world, case)
    assert clock(case).get().due_at.day == 5 and case.__class__.objects.get(pk=case.pk).next_act == "D12"
    report = monthly.send(world, report)
    assert (report.state, report.round, report.submitted_by, report.cooperation) == ("submitted", 1, world.worker, 4)
    assert clock(case).get().met_at == report.submitted_at
    assert case.__class__.objects.get(pk=case.pk).next_act != "D12"
    assert Figures.load(report.figures).contacts_planned > 0
    event = Event.objects.get(verb="monthly_report.submitted")
    assert (event.facts["month"], event.facts["round"]) == (report.month, 1)
    assert "电工班" not in str(bytes(report.sealed))


def test_the_document_is_kept_with_its_hash(world):
    case = monthly.guided(world)
    occasions.plan_in_force(world, case, "晚上九点前回家")
    report = monthly.sent(world, case)
    document = report.document
    content = open_file(document.file, dossier=open_dossier(case.juvenile_id))
    assert (document.kind, document.round, hashlib.sha256(content).hexdigest()) == ("F25", 1, document.file.sha256)
    text = words_of(content)
    for part in (
        "考察帮教月报",
        "能按时起床",
        "晚上九点前回家",
        "本月未发现。",
        world.worker.name,
        case.referral.number,
    ):
        assert part in text
    assert "林" not in document.file.name


def test_what_was_counted_is_kept_as_it_was(world):
    case = monthly.guided(world)
    monthly.met(case, monthly.last_month(), 12, 20)
    report = monthly.sent(world, case)
    monthly.met(case, monthly.last_month(), 25)
    assert MonthlyReport.objects.get(pk=report.pk).figures["contacts_done"] == 2
    assert figures_of(case, monthly.last_month()).contacts_done == 3


def test_figures_follow_from_the_records_of_the_month(world):
    case, month = monthly.guided(world, since=monthly.day_of(monthly.last_month().before, 1)), monthly.last_month()
    monthly.met(case, month, 3, 9, details={"duties": {"obey": "concern"}})
    monthly.met(case, month, 16, absence_reason="forgot", absence_class="unacceptable")
    monthly.met(case, month.before, 20)
    for kind, activity, hours in (("welfare_labour", 2.5, 3), ("legal_education", 1, 6)):
        for when, lasted in ((month, activity), (month.before, hours)):
            row = records.record(case, "welfare_activity", details={"activity": kind, "hours": lasted})
            type(row).objects.filter(pk=row.pk).update(started_at=monthly.day_of(when, 11))
    for kind in ("counselling", "family_session"):
        row = records.record(case, kind)
        type(row).objects.filter(pk=row.pk).update(started_at=monthly.day_of(month, 12))
    found = figures_of(case, month)
    assert (found.contacts_done, found.absences, found.unexcused, found.concerns) == (5, 1, 1, 2)
    assert (found.welfare_hours, found.welfare_total, found.education_hours, found.education_total) == (2.5, 5.5, 1, 7)
    assert (found.counselling, found.family_sessions, found.contacts_planned) == (1, 1, 2)


def test_missing_contacts_need_an_explanation(world):
    report = monthly.due(world)
    with pytest.raises(Blocked) as refusal:
        monthly.send(world, report, text={**monthly.TEXT, "missed_reason": " "})
    assert [field for field, _sentence in refusal.value.blockers] == ["missed_reason"]
    assert MonthlyReport.objects.get().state == "due" and not IssuedDocument.objects.filter(kind="F25").exists()


def test_enough_contacts_need_none(world):
    case = monthly.guided(world)
    monthly.met(case, monthly.last_month(), 11, 17, 24, 27)
    report = monthly.send(world, monthly.due(world, case), text={**monthly.TEXT, "missed_reason": ""})
    assert report.state == "submitted"


@pytest.mark.parametrize(
    ("judgement", "text", "field"),
    [
        (Judgement(cooperation=6, risk_now="low"), {}, "cooperation"),
        (Judgement(cooperation=3, risk_now="low", score=101), {}, "score"),
        (Judgement(cooperation=3, risk_now="low", leave_days=32), {}, "leave_days"),
        (Judgement(cooperation=3, risk_now="low", changed=("shoes",)), {"changes": "x"}, "changed"),
        (Judgement(cooperation=3, risk_now="low", changed=("school",)), {}, "changes"),
        (Judgement(cooperation=3, risk_now="low"), {"progress": ""}, "progress"),
        (Judgement(cooperation=3, risk_now="low"), {"next_month": " "}, "next_month"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world, judgement, text, field):
    report = monthly.due(world)
    with pytest.raises(Blocked) as refusal:
        monthly.send(world, report, judgement=judgement, text={**monthly.TEXT, **text})
    assert [name for name, _sentence in refusal.value.blockers] == [field]


def test_it_is_sent_once(world):
    report = monthly.due(world)
    monthly.send(world, report)
    with pytest.raises(Moved):
        monthly.send(world, report, by=world.second)
    assert IssuedDocument.objects.filter(kind="F25").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_sends(transactional_db):
    world = cast.build_world()
    report = monthly.due(world)
    acts = [
        lambda by=by: monthly.send(world, MonthlyReport.objects.get(pk=report.pk), by=by)
        for by in (world.worker, world.second)
    ]
    assert occasions.at_once(*acts) == ["done", "moved"]
    assert (IssuedDocument.objects.filter(kind="F25").count(), MonthlyReport.objects.get().round) == (1, 1)


def test_a_page_opened_before_the_return_is_told(world):
    old = monthly.due(world)
    report = monthly.send(world, monthly.loaded(old))
    return_monthly_report(report=report, by=world.prosecutor, at=timezone.now(), return_reason="补充。")
    with pytest.raises(Stale) as refusal:
        monthly.send(world, old, by=world.second, version=1)
    assert refusal.value.theirs["progress"] == monthly.TEXT["progress"]


def test_sent_again_it_has_a_second_document_and_the_first_stays(world):
    report = monthly.returned(world)
    again = monthly.send(world, monthly.loaded(report), text={**monthly.TEXT, "progress": "班主任反馈到课正常。"})
    assert (again.state, again.round, again.read_at, again.answered_at) == ("submitted", 2, None, None)
    rounds = IssuedDocument.objects.filter(kind="F25").order_by("round")
    assert [row.round for row in rounds] == [1, 2] and again.document == rounds[1]
    assert all(row.met_at for row in clock(again.case))


def test_only_the_two_workers_write(world):
    report = monthly.due(world)
    for login, refusal in (
        ("supervisor", NotYours),
        ("manager", NotYours),
        ("prosecutor", NotVisible),
        ("counsellor", NotVisible),
        ("intake", NotVisible),
        ("unassigned", NotVisible),
        ("worker_elsewhere", NotVisible),
        ("colleague", NotVisible),
    ):
        with pytest.raises(refusal):
            monthly.send(world, report, by=world.people[login])
    assert monthly.send(world, report, by=world.second).submitted_by == world.second


def test_the_organ_sees_it_from_its_sending_on(world):
    report = monthly.due(world)
    inside = [name for name in world.people if permitted(MonthlyReport, world.people[name]).exists()]
    assert sorted(inside) == ["manager", "second", "supervisor", "worker"]
    monthly.send(world, report)
    readers = [name for name in world.people if permitted(MonthlyReport, world.people[name]).exists()]
    assert sorted(readers) == ["manager", "prosecutor", "second", "supervisor", "unit_head", "worker"]
    document = IssuedDocument.objects.get(kind="F25")
    may = [
        name for name in world.people if permitted(IssuedDocument, world.people[name]).filter(pk=document.pk).exists()
    ]
    assert sorted(may) == sorted(readers)


def test_after_the_end_nobody_writes(world):
    report = monthly.due(world)
    reason = {"reason_code": "not_needed", "explanation": "不再需要。", "records": "由机构保存。"}
    cancel_case(case=report.case, by=world.prosecutor, at=timezone.now(), **reason)
    assert clock(report.case).get().cancelled_at
    with pytest.raises(NotYours):
        monthly.send(world, report)


def test_the_page_asks_explains_and_sends(world, sign_in):
    report = monthly.due(world)
    client, address = sign_in(world.worker), reverse("cases:write_monthly_report", args=[report.pk])
    page = client.get(address).content.decode()
    assert 'name="missed_reason"' in page and "autosave" in page
    refused = client.post(address, {**monthly.BODY, "missed_reason": "", "_key": ""})
    assert refused.status_code == 400 and "能按时起床" in refused.content.decode()
    done = client.post(address, monthly.BODY)
    assert (done.status_code, done["Location"]) == (302, report.get_absolute_url())
    assert client.post(address, monthly.BODY).status_code == 409


def test_the_prosecutor_is_told(world):
    report = monthly.sent(world)
    (told,) = tellings("monthly_report.submitted")
    assert list(told.to(None, report)) == [world.prosecutor]
    assert told.path(report) == report.get_absolute_url() and told.label(report) == report.case.number
