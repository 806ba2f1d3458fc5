"""Statements put into words once: the same rows as the ORM would give, for everybody their own."""
from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cases import queries
from cases.models import Case
from socialwork.access.listing import Sort, list_rows
from socialwork.access.prepared import rows_of
from socialwork.access.roles import Family
from socialwork.accounts.models import LastSeen
from socialwork.core.statements import Keys
from tests import cast

ORDER = ("next_due_at", "id")
LIST = queries.LISTS[Family.AGENCY]


def page(user: Any, *rows: Case) -> list[Case]:
    return rows_of(Case, queries.LISTS[user.organisation.family], Keys(f"{{{','.join(str(row.pk) for row in rows)}}}"), user.pk, ORDER)


def test_the_rows_are_those_of_the_queryset(world):
    cases = [cast.opened(world), cast.opened(world)]
    with translation.override("en"):
        found = page(world.worker, *cases)
        built = queries.for_list(Case.objects.filter(pk__in=[case.pk for case in cases]), world.worker.pk).order_by(*ORDER)
        assert [row.pk for row in found] == [row.pk for row in built]
        for ours, theirs in zip(found, built, strict=True):
            assert {field.attname: getattr(ours, field.attname) for field in Case._meta.concrete_fields} == {
                field.attname: getattr(theirs, field.attname) for field in Case._meta.concrete_fields
            }
            assert (ours.seen_at, ours.wanted, ours.clock_title) == (theirs.seen_at, theirs.wanted, theirs.clock_title)
            assert ours.lead == theirs.lead and ours.lead.name == theirs.lead.name
            assert ours.organ.short_name == theirs.organ.short_name
            assert ours.juvenile.identity == theirs.juvenile.identity


def test_each_reader_and_each_language_has_its_own(world):
    case, looked = cast.opened(world), timezone.now()
    LastSeen.objects.create(user=world.worker, thread_id=case.referral_id, seen_at=looked)
    assert page(world.worker, case)[0].seen_at == looked
    assert page(world.prosecutor, case)[0].seen_at is None
    titles = []
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            titles.append(page(world.worker, case)[0].clock_title)
    assert titles[0] == titles[2] != titles[1]


def test_people_and_organisations_are_made_once_a_page(world):
    """The organ's people read the agency with their rows, the agency's the other worker."""
    cases = [cast.opened(world), cast.opened(world)]
    for reader in (world.prosecutor, world.worker):
        first, second = page(reader, *cases)
        with CaptureQueriesContext(connection) as sent:
            assert first.lead is second.lead
            assert first.lead.name == world.worker.name
            if reader == world.worker:
                assert first.second.name == world.second.name
            else:
                assert first.agency.short_name == world.manager.organisation.short_name
        assert len(sent) == 0
    # What no list shows can still be asked for.
    assert first.lead.login == world.worker.login


@pytest.mark.parametrize("size", [1, 2, 25])
def test_a_page_with_kept_words_is_the_page_without(world, size):
    """Two roles, so two arms; the count of the whole list comes with the keys."""
    for _number in range(3):
        cast.opened(world)
    both = world.worker
    both.roles = ["social_worker", "agency_manager"]
    both.save()
    for sort in (Sort("next_due_at"), Sort("touched_at", descending=True)):
        kept = list_rows(Case, both, sort=sort, shape=LIST, size=size, counted=sort)
        plain = list_rows(Case, both, sort=sort, size=size)
        assert [row.pk for row in kept.rows] == [row.pk for row in plain.rows]
        assert (kept.next_cursor, kept.count, plain.count) == (plain.next_cursor, 3, None)
        later = [list_rows(Case, both, sort=sort, shape=shape, size=size, cursor=plain.next_cursor) for shape in (LIST, lambda rows: rows)]
        assert [row.pk for row in later[0].rows] == [row.pk for row in later[1].rows]


def test_a_list_with_kept_words_costs_two_queries_and_nobody_none(world):
    cast.opened(world)
    for user, queries_sent in ((world.manager, 2), (world.people["auditor"], 0)):
        with CaptureQueriesContext(connection) as sent:
            listed = list_rows(Case, user, sort=Sort("next_due_at"), shape=LIST, counted=Sort("next_due_at"))
        assert (len(sent), listed.count) == (queries_sent, queries_sent // 2)
