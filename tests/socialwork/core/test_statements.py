"""A question put into words once is the same question every time after, for everybody it is asked for."""
from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cases.models import Case
from socialwork.access import api, listing
from socialwork.accounts.models import User
from socialwork.core import statements
from socialwork.core.statements import ask
from tests import cast


@pytest.fixture(autouse=True)
def unsaid():
    statements.forget()
    yield
    statements.forget()


def said(*builds: Any) -> list[bool]:
    """For each of these questions, as often as it was another one, whether its words are kept."""
    return [words is not None for place, words in statements._known.items() if place[0] in builds]


def seen(user: Any, pk: UUID) -> QuerySet:
    return api.with_rights(api.permitted(Case, user), user, "view").select_related("lead__organisation").prefetch_related("records").filter(pk=pk)


def touched(pk: UUID, since: dt.datetime, day: dt.date) -> QuerySet:
    return Case.objects.filter(pk=pk, touched_at__gte=since, touched_at__date__lte=day).values_list("number", flat=True)


def overdue(pk: UUID) -> QuerySet:
    return Case.objects.filter(pk=pk, next_due_at__gt=timezone.now())


def near(user: Any) -> QuerySet:
    return User.objects.filter(organisation__district_id=user.organisation.district_id)


def guessed(user: Any) -> QuerySet:
    first = Case.objects.filter(lead=user).first()
    return Case.objects.filter(pk=first.pk) if first else Case.objects.none()


def in_english(pk: UUID) -> QuerySet:
    return Case.objects.filter(pk=pk, number=translation.get_language())


def test_everybody_of_a_role_gets_the_own_answer_in_the_same_words(world):
    mine, other = cast.opened(world).pk, uuid4()
    for user in (world.worker, world.second, world.supervisor, world.manager, world.prosecutor, world.worker):
        for pk in (mine, other):
            found = [row.pk for row in ask(seen, user, pk)]
            assert found == list(api.permitted(Case, user).filter(pk=pk).values_list("pk", flat=True)), user.roles
    assert set(said(seen)) == {True}


def test_a_role_more_or_less_is_another_question(world):
    case = cast.opened(world)
    user = User.objects.get(pk=world.worker.pk)
    assert list(ask(seen, user, case.pk))
    user.roles = ["agency_manager"]
    assert list(ask(seen, user, case.pk))
    user.roles = ["auditor"]
    assert not list(ask(seen, user, case.pk))
    user.roles, user.is_active = ["social_worker"], False
    assert not list(ask(seen, user, case.pk))


def test_the_rows_are_those_of_the_orm(world):
    case = cast.opened(world)
    plain = seen(world.worker, case.pk).get()
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            row, = ask(seen, world.worker, case.pk)
            assert (row, row.lead.organisation, list(row.records.all())) == (plain, plain.lead.organisation, [])
        assert len(queries) == 2
        assert {name: value for name, value in vars(row).items() if name != "_state"} | {"_prefetched_objects_cache": None} == {
            name: value for name, value in vars(plain).items() if name != "_state"
        } | {"_prefetched_objects_cache": None}


def test_days_and_instants_that_are_given_are_values(world):
    case, now, day = cast.opened(world), timezone.now(), timezone.localdate()
    hour, week = dt.timedelta(hours=1), dt.timedelta(days=7)
    wanted = [(now - hour, day, 1), (now + hour, day, 0), (now - hour, day - week, 0), (now - hour, day + week, 1)]
    assert [len(ask(touched, case.pk, since, until)) for since, until, _count in wanted] == [count for _since, _until, count in wanted]
    assert said(touched) == [True]


def test_what_depends_on_more_than_it_was_given_is_built_anew(world):
    case = cast.opened(world)
    for _time in range(2):
        assert list(ask(overdue, case.pk)) == [case]
        assert set(ask(near, world.worker)) >= {world.worker}
        assert list(ask(guessed, world.worker)) == [case]
    assert said(overdue, near, guessed) == [False, False, False]


def test_the_language_makes_another_question(world):
    case = cast.opened(world)
    Case.objects.filter(pk=case.pk).update(number="en")
    for language, found in (("zh-hans", 0), ("en", 1), ("zh-hans", 0)):
        with translation.override(language):
            assert len(ask(in_english, case.pk)) == found


def test_only_functions_of_a_module_can_ask(world):
    case = cast.opened(world)

    def inside(pk: UUID) -> QuerySet:
        return Case.objects.filter(pk=case.pk)

    for build in (inside, lambda pk: Case.objects.filter(pk=pk), world.worker.has_role):
        with pytest.raises(TypeError):
            ask(build, case.pk)


def test_a_question_cannot_be_changed_after_it_was_said(world):
    rows = ask(seen, world.worker, uuid4())
    for change in (rows.filter, rows.first, rows.exists, rows.count):
        with pytest.raises(TypeError):
            change()


def test_there_is_an_end_to_what_is_kept(world, monkeypatch):
    monkeypatch.setattr(statements, "MOST", 3)
    for role in ("prosecutor", "unit_head", "social_worker", "supervisor", "counsellor"):
        user = User.objects.get(pk=world.worker.pk)
        user.roles = [role]
        list(ask(seen, user, uuid4()))
    assert len(said(seen)) <= 3


def mine_and_seen(user: Any, day: dt.date) -> list[QuerySet]:
    mine = Case.objects.filter(lead=user, created_at__date__gte=day)
    return [mine.values_list("pk", flat=True), Case.objects.none(), api.permitted(Case, user).values_list("pk", flat=True)]


def numbered(rows: QuerySet, numbers: tuple[str, ...]) -> QuerySet:
    return rows.filter(number__in=numbers)


def late(user: Any) -> list[QuerySet]:
    return [Case.objects.filter(lead=user, next_due_at__lt=timezone.now())]


def found(sentence: statements.Sentence) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(sentence.sql, sentence.params)
        return {row[0] for row in cursor.fetchall()}


def test_several_questions_are_said_at_once_and_the_impossible_left_out(world):
    case, today = cast.opened(world), timezone.localdate()
    for user, own in ((world.worker, {case.pk}), (world.second, set()), (world.unassigned, set()), (world.worker, {case.pk})):
        said_of_user = statements.say(mine_and_seen, user, today)
        assert len(said_of_user) == 2 and all(each.has_condition for each in said_of_user)
        assert found(said_of_user[0]) == own
        assert found(said_of_user[1]) == set(api.permitted(Case, user).values_list("pk", flat=True))
    assert said(mine_and_seen) == [True]


def test_several_questions_that_depend_on_the_hour_are_built_anew(world):
    case = cast.opened(world)
    assert found(statements.say(late, world.worker)[0]) == set()
    Case.objects.filter(pk=case.pk).update(next_due_at=timezone.now())
    assert found(statements.say(late, world.worker)[0]) == {case.pk}
    assert said(late) == [False]


def home_of(user: Any) -> Any:
    return user.organisation.name


def is_agency(user: Any) -> Any:
    return user.organisation.family


def test_what_is_alike_for_all_of_a_kind_is_found_out_without_them(world):
    for user in (world.worker, world.prosecutor, world.second):
        assert statements.alike(home_of, user) == user.organisation.name
        assert statements.alike(is_agency, user) == user.organisation.family
    assert said(home_of) == [False, False] and said(is_agency) == [True, True]


def test_a_list_narrowed_by_the_function_of_a_module_is_the_list_narrowed_by_any_other(world):
    case, other = cast.opened(world), cast.opened(world)
    sort = listing.Sort("next_due_at")
    for numbers, those in (((other.number,), {other}), ((case.number, other.number), {case, other}), (("none",), set())):
        for user in (world.worker, world.manager, world.prosecutor, world.unassigned):
            kept = listing.list_rows(Case, user, sort=sort, narrow=partial(numbered, numbers=numbers))
            assert kept.rows == listing.list_rows(Case, user, sort=sort, narrow=lambda rows, those=numbers: rows.filter(number__in=those)).rows
            assert set(kept.rows) == (set() if user == world.unassigned else those)
    assert not statements.is_of_module(partial(numbered, numbers=world.worker))
