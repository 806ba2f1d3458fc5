"""Each page has a query budget, and no page costs more for having more rows."""
from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case
from referrals.models import Referral
from tests import cast
from tests.access import growing
from tests.access.budgets import BUDGETS
from tests.access.matrix import PERSONAS, Row, all_objects, all_rows
from tests.access.test_matrix import methods_of, routes, signed_in

OBJECTS = all_objects()
ROWS = [row for row in all_rows() if row.method == "GET" and row.ok]
# Statements of the transaction itself are not counted; the session's user and the entry in the record of readings are.
OF_THE_TRANSACTION = re.compile(r"(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) ")
LISTS = {
    "referrals:list": ("prosecutor", "unit_head", "clerk"), "referrals:inbox": ("intake", "manager"),
    "cases:list": ("prosecutor", "unit_head", "manager", "worker", "second", "supervisor", "counsellor"),
    "notifications:list": ("worker",), "today": ("prosecutor", "unit_head", "manager", "worker", "counsellor"),
}
# The same statement more often than this is one per row. (A page may ask the same question of two things.)
OFTEN = 4


def asked(world: Any, persona: str, address: str) -> list[str]:
    """The statements a GET sends; what it wrote is rolled back."""
    client = signed_in(world, persona)
    with transaction.atomic():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        transaction.set_rollback(True)
    assert response.status_code in (200, 302), (address, persona, response.status_code)
    return [query["sql"] for query in queries.captured_queries if not OF_THE_TRANSACTION.match(query["sql"])]


def test_every_page_has_a_budget():
    pages = {name for name, entry in routes() if not name.startswith("api") and "GET" in methods_of(entry)}
    assert pages - set(BUDGETS) == set()
    assert set(BUDGETS) - {name for name, _entry in routes()} == set()


@pytest.mark.parametrize("of", sorted({row.of for row in ROWS}))
def test_pages_keep_their_budget_however_much_there_is(world, of):
    """The first person who may, with one row of everything the page shows, and with six."""
    made = OBJECTS[of](world) if of else None
    if not of:
        case = cast.opened(world)
        for begin in (cast.issued, cast.draft):
            begin(world)
        growing.notices(world.people.values(), case, 1)
    rows = [row for row in ROWS if row.of == of and row.done != (400,)]
    few = {row.label: asked(world, first(row), address_of(row, made)) for row in rows}
    grow(world, made)
    wrong = []
    for row in rows:
        once, many = few[row.label], asked(world, first(row), address_of(row, made))
        if max(len(once), len(many)) > BUDGETS[row.name]:
            wrong.append((row.label, len(once), len(many), "budget", BUDGETS[row.name]))
        if len(many) >= len(once) + growing.MORE or repeated(many):
            wrong.append((row.label, len(once), len(many), "grows", *repeated(many)))
    assert wrong == []


def first(row: Row) -> str:
    return next(persona for persona in PERSONAS if persona in row.ok)


def address_of(row: Row, made: Any) -> str:
    return reverse(row.name, args=row.args(made))


def grow(world: Any, made: Any) -> None:
    """Five more of whatever hangs on the object, on its case, its referral and its child."""
    if made is None:
        growing.of_the_world(world)
        return
    around = [made, *(getattr(made, name) for name in ("case", "referral", "juvenile", "report") if hasattr(made, name))]
    case = getattr(made, "case", None)
    if isinstance(case, Case):
        around += [case.juvenile, case.referral]
    for row in around:
        growing.multiply(row)


def repeated(statements: list[str]) -> list[str]:
    """Statements sent for row after row, apart from their values."""
    shapes: dict[str, int] = {}
    for sql in statements:
        shape = re.sub(r"'[^']*'(::\w+)?", "?", sql)[:160]
        shapes[shape] = shapes.get(shape, 0) + 1
    return [shape for shape, count in shapes.items() if count > OFTEN]


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_of_several_pages_costs_no_more(world, name):
    """With thirty rows a list has a second page and must count; every role that has the list, on both pages."""
    case, row = cast.opened(world), cast.issued(world)
    growing.cases(case, 30)
    growing.referrals(row, 30)
    growing.referrals(cast.draft(world), 30)
    growing.notices(world.people.values(), case, 30)
    assert Case.objects.count() == 31 and Referral.objects.count() == 93
    for persona in LISTS[name]:
        client = signed_in(world, persona)
        listed = (client.get(reverse(name)).context or {}).get("listed")
        further = [f"?after={listed.next_cursor}"] if listed else []
        assert not listed or listed.next_cursor, (name, persona)
        for query in ("", *further):
            assert len(asked(world, persona, reverse(name) + query)) <= BUDGETS[name], (name, persona, query)
