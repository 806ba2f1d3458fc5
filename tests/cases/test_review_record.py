"""The supervisor reads records: seen, or returned with a comment; never the own ones."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, ReviewComment
from cases.services.ending import cancel_case
from cases.services.reviewing import return_record, review_record
from socialwork.access.roles import Role
from socialwork.core.errors import DomainError, Moved, NotVisible, NotYours
from socialwork.people.dossiers import open_dossier
from tests import cast
from tests.factories import records


def test_a_record_is_read(world):
    row = records.record(cast.opened(world), "contact")
    review_record(record=row, by=world.supervisor, at=timezone.now())
    assert (row.state, row.reviewed_by) == ("reviewed", world.supervisor)
    with pytest.raises(Moved):
        review_record(record=row, by=world.supervisor, at=timezone.now())


def test_records_of_ended_cases_are_read_apart(world, sign_in):
    running, over = (records.record(case, "contact") for case in (cast.opened(world), cast.opened(world)))
    cancel_case(
        case=over.case, by=world.prosecutor, at=timezone.now(), reason_code="other", explanation="撤回委托", records="封存"
    )

    def listed(query):
        page = sign_in(world.supervisor).get(reverse("cases:review_queue") + query).context["records"]
        return [row["cells"][0]["url"] for row in page["rows"]], page["actions"][0]["url"]

    assert listed("") == ([running.get_absolute_url()], "?ended=1#records")
    assert listed("?ended=1") == ([over.get_absolute_url()], "?#records")


def test_a_record_is_returned_with_a_comment(world):
    row = records.record(cast.opened(world), "contact")
    with pytest.raises(DomainError):
        return_record(record=row, by=world.supervisor, at=timezone.now(), comment=" ")
    return_record(record=row, by=world.supervisor, at=timezone.now(), comment="写明谁在场。")
    assert row.state == "returned"
    said = ReviewComment.objects.get(record=row)
    open_dossier(row.case.juvenile_id).read(said)
    assert said.text["body"] == "写明谁在场。"


@pytest.mark.parametrize(
    ("login", "refusal"), [("worker", NotYours), ("manager", NotYours), ("supervisor_elsewhere", NotVisible)]
)
def test_nobody_else_reads_it_off(world, login, refusal):
    row = records.record(cast.opened(world), "contact")
    with pytest.raises(refusal):
        review_record(record=row, by=world.people[login], at=timezone.now())


def test_nobody_reviews_the_own_record(world):
    case = cast.opened(world)
    world.unassigned.roles = [Role.SOCIAL_WORKER, Role.SUPERVISOR]
    world.unassigned.save(update_fields=["roles"])
    Case.objects.filter(pk=case.pk).update(supervisor=world.unassigned)
    case.refresh_from_db()
    row = records.record(case, "contact", author=world.unassigned)
    with pytest.raises(NotYours):
        review_record(record=row, by=world.unassigned, at=timezone.now())
