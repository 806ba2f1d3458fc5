"""The supervisor reviews section by section, in rounds; nobody reviews the own work."""
from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from cases import queries_reports as queries
from cases.models import Assignment, Case, Report, ReportSection, ReviewComment, SectionReview, SectionText
from cases.services.reviewing import (
    accept_section,
    comment_section,
    finish_review,
    return_for_rewriting,
    return_section,
    settle_comment,
)
from socialwork.access.roles import Role
from socialwork.audit.models import Event
from socialwork.core.errors import Blocked, DomainError, Moved, NotVisible, NotYours
from socialwork.people.dossiers import open_dossier
from tests.factories import records


def test_a_section_is_accepted_and_the_authors_see_that_it_was_read(world):
    report = records.in_review(world)
    row = accept_section(section=records.section(report, "family"), by=world.supervisor, at=timezone.now())
    report.refresh_from_db()
    assert (row.review, report.read_by) == ("accepted", world.supervisor)
    assert SectionReview.objects.get().accepted is True
    assert Event.objects.get(verb="report.section_accepted").facts == {"section": "family", "number": 1}


def test_returning_needs_a_comment(world):
    report = records.in_review(world)
    row = records.section(report, "family")
    with pytest.raises(DomainError) as refusal:
        return_section(section=row, by=world.supervisor, at=timezone.now())
    assert (refusal.value.code, refusal.value.field) == ("required", "comment")
    comment_section(section=row, by=world.supervisor, at=timezone.now(), comment="来源不明。")
    return_section(section=row, by=world.supervisor, at=timezone.now())
    assert records.section(report, "family").review == "returned"


def test_a_comment_stands_on_the_quoted_passage_and_is_sealed(world):
    report = records.in_review(world)
    row = records.section(report, "family")
    said = comment_section(
        section=row, by=world.supervisor, at=timezone.now(), quote=" 日常由祖母照料 ", comment="祖母身体如何？"
    )
    stored = ReviewComment.objects.get(pk=said.pk)
    assert "祖母".encode() not in bytes(stored.sealed)
    open_dossier(report.case.juvenile_id).read(stored)
    assert stored.text == {"quote": "日常由祖母照料", "body": "祖母身体如何？"}


def test_a_passage_that_is_not_in_the_text_is_refused(world):
    report = records.in_review(world)
    with pytest.raises(DomainError) as refusal:
        comment_section(
            section=records.section(report, "family"), by=world.supervisor, at=timezone.now(), quote="没有写过的话", comment="？"
        )
    assert refusal.value.field == "quote"
    assert not ReviewComment.objects.exists()
    assert Report.objects.get().read_at is None


def test_finishing_needs_every_section_accepted(world):
    report = records.in_review(world)
    with pytest.raises(Blocked):
        finish_review(report=report, by=world.supervisor, at=timezone.now())
    records.accept_all(report, world.supervisor)
    finish_review(report=report, by=world.supervisor, at=timezone.now())
    assert (report.state, report.reviewed_by) == ("reviewed", world.supervisor)


def test_going_back_needs_a_returned_section(world):
    report = records.in_review(world)
    with pytest.raises(Blocked):
        return_for_rewriting(report=report, by=world.supervisor, at=timezone.now())


def test_the_second_round_asks_only_for_what_changed(world):
    report = records.sent_back_once(world)
    assert report.state == "returned"
    changed = records.BODY["community"].replace("来往增多", "有三名二十岁左右的人来往")
    records.write(report, "community", world.second, body=changed)
    records.in_review(world, report)
    assert [row.key for row in ReportSection.objects.filter(report=report, review="open")] == ["community"]
    dossier = open_dossier(report.case.juvenile_id)
    before, now = queries.fixed_texts(report, dossier, before=2), queries.fixed_texts(report, dossier)
    assert "来往增多" in before["community"].body
    assert "来往增多" not in now["community"].body
    assert before["family"] == now["family"]
    assert sorted(SectionText.objects.order_by().values_list("number", flat=True).distinct()) == [1, 2]


def test_an_accepted_section_that_is_changed_is_open_again(world):
    report = records.sent_back_once(world)
    records.write(report, "family", world.worker, body="改过的家庭情况。")
    assert records.section(report, "family").review == "open"


def test_a_comment_is_settled_once_by_an_author(world):
    report = records.sent_back_once(world)
    said = ReviewComment.objects.get()
    with pytest.raises(NotYours):
        settle_comment(comment=said, by=world.supervisor, at=timezone.now())
    settle_comment(comment=said, by=world.second, at=timezone.now())
    assert said.settled_by == world.second
    with pytest.raises(Moved):
        settle_comment(comment=said, by=world.worker, at=timezone.now())
    assert report.state == "returned"


@pytest.mark.parametrize(
    ("login", "refusal"),
    [
        ("worker", NotYours), ("second", NotYours), ("manager", NotYours), ("supervisor_elsewhere", NotVisible),
        ("prosecutor", NotVisible), ("unassigned", NotVisible), ("counsellor", NotVisible),
    ],
)
def test_nobody_but_the_supervisor_of_the_case_reviews(world, login, refusal):
    report = records.in_review(world)
    person = world.people[login]
    row = records.section(report, "family")
    for act in (accept_section, return_section, comment_section):
        with pytest.raises(refusal):
            act(section=row, by=person, at=timezone.now(), comment="x")
    with pytest.raises(refusal):
        finish_review(report=report, by=person, at=timezone.now())
    assert not SectionReview.objects.exists()


def both_roles(world):
    """The lead worker is a supervisor as well."""
    world.worker.roles = [Role.SOCIAL_WORKER, Role.SUPERVISOR]
    world.worker.save(update_fields=["roles"])
    return world.worker


def test_a_supervisor_who_is_the_author_does_not_review_the_own_work(world):
    report = records.in_review(world)
    author = both_roles(world)
    Case.objects.filter(pk=report.case_id).update(supervisor=author)
    row = records.section(report, "family")
    with pytest.raises(NotYours):
        accept_section(section=row, by=author, at=timezone.now())
    with pytest.raises(NotYours):
        return_for_rewriting(report=report, by=author, at=timezone.now())


def test_who_worked_on_the_case_before_does_not_review_it_either(world):
    report = records.in_review(world)
    now = timezone.now()
    person = world.unassigned
    person.roles = [Role.SOCIAL_WORKER, Role.SUPERVISOR]
    person.save(update_fields=["roles"])
    Case.objects.filter(pk=report.case_id).update(supervisor=person)
    row = records.section(report, "family")
    accept_section(section=row, by=person, at=now)
    with transaction.atomic():
        lead = Assignment.objects.get(case=report.case, function="lead")
        start = lead.held.lower
        middle = start + (now - start) / 2
        Assignment.objects.filter(pk=lead.pk).update(held=DateTimeTZRange(middle, None))
        Assignment.objects.create(
            case=report.case, function="lead", worker=person, held=DateTimeTZRange(start, middle), assigned_by=world.manager
        )
    with pytest.raises(NotYours):
        accept_section(section=row, by=person, at=now)


def test_the_database_refuses_an_author_as_reviewer(world):
    report = records.in_review(world)
    with pytest.raises(IntegrityError, match="nobody_reviews_the_own_report"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(reviewed_at=timezone.now(), reviewed_by=world.worker)
    with pytest.raises(IntegrityError, match="two_different_authors"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(second_author=world.worker)


def test_nothing_is_reviewed_before_it_was_sent_or_after_it_went_back(world):
    report = records.written(world)
    row = records.section(report, "family")
    with pytest.raises(Moved):
        accept_section(section=row, by=world.supervisor, at=timezone.now())
    records.in_review(world, report)
    return_section(section=row, by=world.supervisor, at=timezone.now(), comment="改")
    return_for_rewriting(report=report, by=world.supervisor, at=timezone.now())
    with pytest.raises(Moved):
        accept_section(section=row, by=world.supervisor, at=timezone.now())
