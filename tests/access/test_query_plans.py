"""How the database answers the lists: each arm on its own index, in order, and no OR across tables.

A few thousand rows of other people make the table worth an index; the person who asks has few: the trap is set for
those who see little (an OR walks the whole table for them).
"""
from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections.abc import Callable, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.filters import all_cases, ended_cases, open_cases
from cases.models import Case, Report, ServiceRecord
from cases.models.assigning import ORGANISATIONS
from cases.queries_reports import of_running_cases
from referrals.models import Referral
from socialwork.access.listing import Sort, list_rows
from socialwork.access.policy import grounds_of
from socialwork.access.roles import Role, holding
from socialwork.accounts.models import User
from socialwork.notifications.models import Notice
from socialwork.today.queries import DUE, for_act, waiting_for
from tests import cast
from tests.access.growing import copy_of, notices
from tests.access.matrix import PERSONAS
from tests.access.test_agreement import list_pages
from tests.factories import records

OTHERS, MANY = 60, 3000
NEW, OLDEST = Sort("touched_at", descending=True), Sort("submitted_at")
TRIED = {"prosecutor": "prosecutor", "unit_head": "organ", "intake": "agency", "manager": "agency"}


@pytest.fixture(scope="module")
def crowd(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[cast.World]:
    """The cast with a handful of rows each among thousands of other people's."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")), transaction.atomic():
        world = cast.build_world()
        fill(world)
        yield world
        transaction.set_rollback(True)


def fill(world: cast.World) -> None:
    case, referral = records.in_review(world).case, cast.issued(world)
    record = ServiceRecord.objects.filter(case=case).order_by("pk").first()
    chance, now = random.Random(7), timezone.now()
    organs = [cast.organisation(f"检察院{n}", "procuratorate_county", "organ", cast.EAST) for n in range(OTHERS)]
    agencies = [cast.organisation(f"社工站{n}", "agency_service_org", "agency", cast.EAST) for n in range(OTHERS)]
    people = [cast.person(f"p{n}", f"人{n}", agencies[n], Role.SOCIAL_WORKER) for n in range(OTHERS)]
    for start in range(0, MANY, 500):
        rows = [_other(referral, n, chance, now, organs, agencies, people) for n in range(start, start + 500)]
        Referral.objects.bulk_create(rows)
        # What holds at the end of a transaction (who has a case) is never asked: this one is rolled back.
        cases = [
            _other(case, n, chance, now, organs, agencies, people, referral_id=row.pk, **holders(chance, people))
            for n, row in enumerate(rows, start)
        ]
        Case.objects.bulk_create(cases)
        ServiceRecord.objects.bulk_create(
            copy_of(
                record, n, case_id=each.pk, agency_id=each.agency_id, supervisor_id=each.supervisor_id, author_id=each.lead_id,
                submitted_at=each.touched_at, started_at=each.touched_at,
            ) for n, each in enumerate(cases)
        )
    notices(world.people.values(), case)
    notices(people, case, 40)
    with connection.cursor() as cursor:
        for model in (Referral, Case, ServiceRecord, Report, Notice):
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')


def holders(chance: random.Random, people: list[Any]) -> dict[str, Any]:
    """Four people, all different."""
    four = chance.sample(people, 4)
    return {f"{name}_id": person.pk for name, person in zip(("lead", "second", "supervisor", "counsellor"), four, strict=True)}


def _other(row: Any, nth: int, chance: random.Random, now: Any, organs: Any, agencies: Any, people: Any, **more: Any) -> Any:
    moved = {"touched_at": now - dt.timedelta(minutes=nth), "next_due_at": now + dt.timedelta(minutes=nth)}
    return copy_of(
        row, nth, number=f"他{nth}", organ_id=chance.choice(organs).pk, agency_id=chance.choice(agencies).pk,
        prosecutor_id=chance.choice(people).pk, **moved, **more,
    )


def sql_of(model: type[Model], user: Any, sort: Sort, **more: Any) -> str:
    """The statement of a page that finds its rows: the only one where its shape is a plain function."""
    return next(iter(statements_of(model, user, sort, **more)), "")


def statements_of(model: type[Model], user: Any, sort: Sort, **more: Any) -> list[str]:
    """What a page of the list sends."""
    return sent(lambda: list_rows(model, user, sort=sort, **more))


def sql_sent(act: Callable[[], Any]) -> str:
    [sql] = sent(act)
    return sql


def sent(act: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        act()
    return [query["sql"] for query in queries.captured_queries]


def plan_of(sql: str) -> dict[str, Any]:
    """The plan where sorting is dear: for the few rows of a test the database would rather sort than follow an index."""
    with connection.cursor() as cursor:
        for dear in ("enable_sort", "enable_bitmapscan", "enable_seqscan"):
            cursor.execute(f"SET LOCAL {dear} = off")
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql.replace("%", "%%"))
        answer = cursor.fetchone()[0]
    return (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]


def rows_touched(model: type[Model], sql: str) -> float:
    """How many rows of the list's table are read when the page is made, as the database chooses to by itself."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql.replace("%", "%%"))
        answer = cursor.fetchone()[0]
    plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    scans = [node for node in nodes(plan) if node.get("Relation Name") == model._meta.db_table]
    return sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0))
        * node["Actual Loops"] for node in scans
    )


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def arms(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The limited parts inside the page that hold no other: one per ground. Around several their few rows are merged."""
    limits = [node for node in nodes(plan) if node["Node Type"] == "Limit"]
    return [node for node in limits if not any(inner["Node Type"] == "Limit" for inner in nodes(node) if inner is not node)]


def judge(model: type[Model], sql: str, wanted: set[str]) -> list[str]:
    """What is wrong with the plan of a list: rows read without an index, or sorted before they are limited."""
    plan, table, wrong = plan_of(sql), model._meta.db_table, []
    used = {node["Index Name"] for node in nodes(plan) if "Index Name" in node}
    if any(node["Node Type"] == "Seq Scan" and node.get("Relation Name") == table for node in nodes(plan)):
        wrong.append("the whole table is read")
    for arm in arms(plan):
        wrong += [f"an arm sorts by {node['Sort Key']}" for node in nodes(arm) if node["Node Type"] == "Sort"]
    if not arms(plan):
        wrong.append("no arm is limited")
    return [*wrong, *(f"{name} is not used" for name in wanted - used)]


CASES_OF = {**TRIED, "worker": "lead", "second": "second", "supervisor": "supervisor", "counsellor": "counsellor"}


@pytest.mark.parametrize("sort", [DUE, NEW], ids=["due", "new"])
@pytest.mark.parametrize("persona", sorted(TRIED))
def test_referral_lists_ride_on_the_scope_in_the_order_wanted(crowd, persona, sort):
    ending = "due" if sort is DUE else "new"
    sql = sql_of(Referral, crowd.people[persona], sort)
    assert judge(Referral, sql, {f"referral_{TRIED[persona]}_{ending}"}) == []


@pytest.mark.parametrize("persona", sorted(CASES_OF))
def test_case_lists_ride_on_the_scope_by_what_is_due(crowd, persona):
    """Open and ended ones lie in one index, each in order; all of them are two arms."""
    person, scope = crowd.people[persona], CASES_OF[persona]
    for narrow, parts in ((open_cases, 1), (ended_cases, 1), (all_cases, 2)):
        sql = sql_of(Case, person, DUE, narrow=narrow)
        assert judge(Case, sql, {f"case_{scope}_due"}) == []
        assert len(arms(plan_of(sql))) == parts * len(grounds_of(Case, person))


@pytest.mark.parametrize("narrow", [open_cases, lambda rows: ended_cases(rows).filter(state="closed")], ids=["open", "closed"])
@pytest.mark.parametrize("scope", ORGANISATIONS)
def test_cases_of_an_organisation_are_counted_without_looking_at_one(crowd, scope, narrow):
    """All that is asked of them stands in the index of the list."""
    rows = narrow(Case.objects.filter(**{scope: Case.objects.values_list(scope).first()[0]})).order_by(*DUE.names)
    plan = plan_of(sql_sent(lambda: list(rows.values_list("pk", *(["agreement"] if scope == "agency" else [])))))
    assert [(node["Node Type"], node["Index Name"]) for node in nodes(plan) if "Index Name" in node] == [("Index Only Scan", f"case_{scope}_due")]


def test_pages_of_all_cases_lead_through_the_open_and_the_ended_ones_and_back(crowd):
    """In the order of what is due, wherever an ended case has a day as well; nothing is left out or shown twice."""
    with transaction.atomic():
        organ = Case.objects.exclude(organ=crowd.east_court).first().organ
        head = cast.person("head", "首", organ, Role.UNIT_HEAD)
        expected = list(Case.objects.filter(organ=organ).order_by("next_due_at", "pk"))
        ended = Case.objects.filter(pk__in=[row.pk for row in expected[::2]])
        ended.update(state="cancelled", closure_reason="cancelled", closed_at=timezone.now(), closed_by=head)
        asked = partial(list_rows, Case, head, sort=DUE, narrow=all_cases, size=7)
        there, back = [asked()], []
        while there[-1].next_cursor:
            there.append(asked(cursor=there[-1].next_cursor))
        back = [there[-1]]
        while back[-1].previous_cursor:
            back.append(asked(cursor=back[-1].previous_cursor))
        transaction.set_rollback(True)
    assert len(expected) > 14 and [row for page in there for row in page.rows] == expected
    assert [row for page in reversed(back) for row in page.rows] == expected


@pytest.mark.parametrize("persona", ["unit_head", "intake", "manager"])
def test_case_lists_of_an_organisation_ride_on_the_last_change(crowd, persona):
    assert judge(Case, sql_of(Case, crowd.people[persona], NEW), {f"case_{CASES_OF[persona]}_new"}) == []


@pytest.mark.parametrize("name", ["cases:list", "referrals:list", "referrals:inbox"])
def test_a_page_reads_the_rows_it_shows_whatever_it_joins(crowd, name):
    """A page joins more tables than the database cares to put in order: the keys must be found before anything is joined.

    Nobody here has more than a handful of rows, so nobody's page may touch more than a few dozen of thousands.
    """
    page = list_pages()[name]
    for persona in PERSONAS:
        user = crowd.people[persona]
        if page.roles and not user.has_role(*page.roles):
            continue
        opened = page()
        opened.request = SimpleNamespace(user=user)
        sent = statements_of(page.model, user, DUE, shape=opened.shape)
        assert sum(rows_touched(page.model, sql) for sql in sent) <= 100, (name, persona)


def test_several_roles_are_several_arms(crowd):
    """A manager who also works on cases: each ground on its own index, united afterwards."""
    person = crowd.manager
    person.roles = ["agency_manager", "social_worker", "supervisor"]
    sql = sql_of(Case, person, DUE, narrow=open_cases)
    assert judge(Case, sql, {"case_agency_due", "case_lead_due", "case_second_due", "case_supervisor_due"}) == []
    assert len(arms(plan_of(sql))) == 4


def test_todays_worklists_ride_on_where_the_next_act_stands(crowd):
    for model, persona, acts, index in (
        (Referral, "unit_head", ("approve_referral",), "referral_organ_state"),
        (Referral, "intake", ("accept_referral",), "referral_agency_state"),
        (Case, "worker", ("log_contact", "record_follow_up"), "case_lead_due"),
        (Case, "prosecutor", ("accept_report",), "case_prosecutor_due"),
    ):
        sql = sql_of(model, crowd.people[persona], DUE, shape=for_act, narrow=partial(waiting_for, acts=acts), size=10)
        assert judge(model, sql, {index}) == []


def test_the_records_of_a_case_ride_on_the_case(crowd):
    case = Case.objects.get(lead=crowd.worker)
    for persona in ("worker", "prosecutor", "supervisor", "manager"):
        sql = sql_of(
            ServiceRecord, crowd.people[persona], Sort("started_at", descending=True), narrow=lambda rows: rows.filter(case=case)
        )
        assert judge(ServiceRecord, sql, {"record_case"}) == []


def test_the_review_queue_rides_on_what_waits_for_the_supervisor(crowd):
    for ended in (False, True):
        sql = sql_of(
            ServiceRecord, crowd.supervisor, OLDEST, action="review_record", narrow=partial(of_running_cases, ended=ended)
        )
        assert judge(ServiceRecord, sql, {"record_review_queue"}) == []


def test_notices_ride_on_their_reader(crowd):
    sql = sql_of(Notice, crowd.worker, Sort("created_at", descending=True))
    assert judge(Notice, sql, {"notice_recipient"}) == []


def test_the_next_page_is_one_range_of_the_index(crowd):
    """The keyset condition is a bound of the index, not a filter over what was read."""
    first = list_rows(Referral, crowd.unit_head, sort=NEW, size=1)
    assert first.next_cursor
    plan = plan_of(sql_of(Referral, crowd.unit_head, NEW, cursor=first.next_cursor))
    scans = [node for node in nodes(plan) if node.get("Index Name") == "referral_organ_new"]
    assert scans and all("ROW(" in node["Index Cond"] for node in scans)


@pytest.mark.parametrize("name", sorted(list_pages()))
def test_no_list_joins_an_or_across_tables(crowd, name):
    page, wrong = list_pages()[name], []
    for persona in PERSONAS:
        for sort in page.sorts.values():
            sql = sql_of(page.model, crowd.people[persona], sort, action=page.action)
            wrong += [(persona, said) for said in ors_across_tables(sql)]
    assert wrong == []


def test_the_search_for_ors_finds_one():
    assert ors_across_tables('SELECT 1 FROM "a" WHERE ("a"."x" = 1 OR "b"."y" = 2)') != []
    assert ors_across_tables('SELECT 1 FROM "a" WHERE ("a"."x" = 1 OR EXISTS(SELECT 1 FROM "b"))') != []
    assert ors_across_tables('SELECT 1 FROM "a" WHERE ("a"."x" = 1 OR ("a"."y" = 2 AND "a"."z" IN (3)))') == []


def ors_across_tables(sql: str) -> list[str]:
    """Every OR whose sides speak of more than one table, or of a subquery."""
    found, opened = [], []
    for place, sign in enumerate(sql):
        if sign == "(":
            opened.append(place)
        elif sign == ")":
            inside = sql[opened.pop() + 1 : place]
            if " OR " in flat(inside) and (len(set(re.findall(r'"(\w+)"\."\w+"', inside))) > 1 or "SELECT " in inside):
                found.append(inside)
    return found


def flat(text: str) -> str:
    """The text without what stands in parentheses of its own."""
    while (shorter := re.sub(r"\([^()]*\)", "", text)) != text:
        text = shorter
    return text


def test_who_holds_a_role_in_one_organisation_is_not_looked_for_in_the_country(world):
    """A prepared statement takes every role for a rare one and would read the index over all social workers."""
    condition = {"anywhere": User.objects.filter(roles__overlap=["social_worker"]), "here": User.objects.filter(holding(Role.SOCIAL_WORKER))}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans = {name: rows.order_by().explain() for name, rows in condition.items()}
        transaction.set_rollback(True)
    assert "user_roles" in plans["anywhere"] and "user_roles" not in plans["here"]
    assert set(condition["here"]) == set(condition["anywhere"]) != set()


def test_cases_are_cleared_before_a_fifth_of_ten_years_has_changed(crowd):
    """Until then a list looks at the open cases themselves to see which version holds (migration cases 0012)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = %s", [Case._meta.db_table])
        [[options]] = cursor.fetchall()
    assert "autovacuum_vacuum_scale_factor=0.01" in options
