"""Lists: merged arms equal the OR, pages meet without gap or repeat, and the way back is the way there."""
from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import Case
from referrals.models import Referral
from socialwork.access.api import permitted
from socialwork.access.listing import Sort, all_rows, capped_count, list_rows, row_ids
from tests import cast

DUE, NEW = Sort("next_due_at"), Sort("touched_at", descending=True)


@pytest.fixture
def many(world):
    """Seven drafts of the prosecutor with close and equal times, one of a colleague, one elsewhere."""
    child = cast.child(world)
    mine = [cast.draft(world, juvenile=child) for _ in range(7)]
    start = timezone.now()
    for number, row in enumerate(mine):
        Referral.objects.filter(pk=row.pk).update(touched_at=start - dt.timedelta(minutes=number // 2))
    cast.draft(world, "colleague", juvenile=cast.child(world, "colleague", name="别人家"))
    cast.draft(world, "prosecutor_elsewhere", juvenile=cast.child(world, "prosecutor_elsewhere", name="远方人"))
    return mine


@pytest.mark.parametrize("sort", [DUE, NEW])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_pages_meet_without_gap_or_repeat(world, many, sort, size):
    user, seen, cursor = world.prosecutor, [], ""
    while True:
        page = list_rows(Referral, user, sort=sort, size=size, cursor=cursor)
        seen += [row.pk for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    expected = list(permitted(Referral, user).order_by(*sort.names).values_list("pk", flat=True))
    assert seen == expected
    assert len(expected) == 7


def test_the_way_back_is_the_way_there(world, many):
    first = list_rows(Referral, world.prosecutor, sort=NEW, size=3)
    second = list_rows(Referral, world.prosecutor, sort=NEW, size=3, cursor=first.next_cursor)
    back = list_rows(Referral, world.prosecutor, sort=NEW, size=3, cursor=second.previous_cursor)
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
    assert back.previous_cursor == ""
    assert list_rows(Referral, world.prosecutor, sort=NEW, size=3, cursor=back.next_cursor).rows == second.rows


def test_a_forged_cursor_is_no_cursor(world, many):
    for forged in ("x", "e30", "WyJuIiwgMSwgIngiXQ", "'; DROP TABLE"):
        assert len(list_rows(Referral, world.prosecutor, sort=NEW, cursor=forged).rows) == 7


def test_arms_merge_to_what_the_or_would_give(world):
    case = cast.opened(world)
    both = world.worker
    both.roles = ["social_worker", "agency_manager"]
    both.save()
    assert [row.pk for row in list_rows(Case, both, sort=DUE).rows] == [case.pk]
    assert set(row_ids(Case, both)) == {case.pk}
    assert capped_count(Case, both) == 1


def test_a_list_never_asks_an_or_and_costs_one_query(world):
    cast.opened(world)
    with CaptureQueriesContext(connection, ) as queries:
        rows = list_rows(Case, world.manager, sort=DUE).rows
    assert len(rows) == 1
    assert len(queries) == 1
    where = queries.captured_queries[0]["sql"].split("WHERE", 1)[1]
    assert " OR " not in where


def test_export_walks_every_row_in_batches(world, many):
    rows = list(all_rows(Referral, world.prosecutor, sort=NEW, batch=2))
    assert len(rows) == len({row.pk for row in rows}) == 7


def test_nobody_lists_nothing(world, many):
    for login in ("auditor", "civil_affairs", "operator_person", "suspended"):
        assert list_rows(Referral, world.people[login], sort=NEW).rows == []
