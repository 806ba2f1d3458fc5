"""How the database finds the rows of every list, for those who see much and those who see little."""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from socialwork.access.listing import COUNT_CAP, row_ids
from socialwork.access.policy import grounds_of
from socialwork.access.roles import Role
from socialwork.access.views import ListPage
from socialwork.accounts.models import User
from socialwork.bench.measuring import Row
from socialwork.bench.viewers import Viewer
from socialwork.bench.workloads import Country
from socialwork.bench.workloads.lists import sent_by
from socialwork.bench.workloads.writing import parts_of
from socialwork.today.queries import FIGURES

# A page may look at so many rows of its table: its own, those the filters pass over, and as much again.
MOST_LOOKED_AT = 400
# The number of a list is counted apart: by each of its grounds up to the cap, and past as many as a page may pass over.
MOST_COUNTED = COUNT_CAP + 1 + MOST_LOOKED_AT
# A table of more rows than this is judged, and never read from end to end; in a smaller one the database may do as it likes.
LARGE = 5_000
LOOKERS_TRIED = 12
# What is chosen in lists that are opened without the ended rows, which are nineteen in twenty: open and ended ones lie in
# different places of an index, so each ground may look at twice as much.
CHOSEN, PLACES = {"cases:list": ("all", "closed")}, 2
# Part of a plan, the table it reads, and which count it belongs to.
Scan = tuple[Mapping[str, Any], str, int | None]


@dataclass(frozen=True)
class Plan:
    """What one statement did: rows looked at and indexes used, by table, and the tables read from end to end.

    Rows looked at to count are those of the greatest count alone: a statement may count several lists.
    """

    looked_at: Mapping[str, float]
    counted: Mapping[str, float]
    indexes: Mapping[str, frozenset[str]]
    whole: frozenset[str]


def works(country: Country) -> Iterator[Row]:
    """A line for each list, order and role, with the ended rows as well, and for Today, about whoever sees most and least."""
    large, on_today = large_tables(), {figure.page for figure in FIGURES}
    for name, page in sorted(list_pages().items()):
        for role in page.roles or tuple(Role):
            for sort in page.sorts:
                yield from _judged(name, {"sort": sort}, page, Role(role), large)
            for state in CHOSEN.get(name, ()):
                yield from _judged(name, {"state": state}, page, Role(role), large, PLACES)
            if name in on_today:
                yield from _judged("today", {"": name}, page, Role(role), large)


def _judged(
    name: str, asked: Mapping[str, str], page: type[ListPage], role: Role, large: frozenset[str], places: int = 1
) -> Iterator[Row]:
    people = lookers(page, role)
    if not people:
        return
    table, most, counted, wrong, used = page.model._meta.db_table, 0.0, 0.0, [], set()
    for user in people:
        client, grounds = Viewer(user, "", 0).client(), len(grounds_of(page.model, user))
        for statement in sent_by(lambda client=client: answered(client, name, asked)):
            read = parts_of(statement)[-1] if statement[1] else statement
            if not read[0].startswith("SELECT"):
                continue
            plan = plan_of(*read)
            most = max(most, plan.looked_at.get(table, 0.0))
            counted = max(counted, plan.counted.get(table, 0.0) / grounds)
            used |= plan.indexes.get(table, frozenset())
            wrong += sorted(plan.whole & large)
    most_looked_at, most_counted = places * MOST_LOOKED_AT, places * MOST_COUNTED
    holds = not wrong and (table not in large or (most <= most_looked_at and counted <= most_counted))
    bounds = f"<= {most_looked_at} looked at, <= {most_counted} counted for a ground"
    words = f"{bounds}, by {', '.join(sorted(used)) or 'no index'}"
    words += f"; read from end to end: {', '.join(sorted(set(wrong)))}" if wrong else ""
    yield Row(f"plan of {name}, {', '.join(asked.values())}", role, {"rows": most, "counted": counted}, "", words, most, holds)


def list_pages() -> dict[str, type[ListPage]]:
    """Every list that stands on its own, by the name of its address."""
    return {name: view for name, view in _named_views(get_resolver("socialwork.urls")) if issubclass(view, ListPage)}


def _named_views(resolver: Any, path: str = "") -> Iterator[tuple[str, type]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _named_views(entry, f"{path}{entry.namespace}:" if entry.namespace else path)
        elif not path.startswith("api:") and isinstance(view := getattr(entry.callback, "view_class", None), type):
            if not entry.pattern.converters:
                yield f"{path}{entry.name}", view


def lookers(page: type[ListPage], role: Role) -> list[User]:
    """Of some people of the role, who sees most of the list and who sees least of it without seeing nothing."""
    people = User.objects.filter(is_active=True, roles=[str(role)]).select_related("organisation").order_by("login")[:LOOKERS_TRIED]
    counted = [(len(row_ids(page.model, user, action=page.action, limit=5_000)), user) for user in people]
    seen = sorted((pair for pair in counted if pair[0]), key=lambda pair: pair[0])
    return [seen[-1][1], seen[0][1]] if seen else []


def answered(client: Client, name: str, asked: Mapping[str, str]) -> None:
    address = reverse(name)
    answer = client.get(address, asked)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answers {answer.status_code}")


def large_tables() -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND reltuples > %s", [LARGE])
        return frozenset(row[0] for row in cursor.fetchall())


def plan_of(sql: str, params: Any) -> Plan:
    """What the database does for the statement, done."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        answer = cursor.fetchone()[0]
    root = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    looked_at, counted, whole = {}, {}, set()
    indexes: dict[str, set[str]] = {}
    for node, table, count in _scans(root):
        if count is None:
            looked_at[table] = looked_at.get(table, 0.0) + _looked_at(node)
        else:
            counted[table, count] = counted.get((table, count), 0.0) + _looked_at(node)
        if "Index Name" in node:
            indexes.setdefault(table, set()).add(node["Index Name"])
        if node["Node Type"] == "Seq Scan" and node["Actual Loops"]:
            whole.add(table)
    most = {table: max(rows for (other, _), rows in counted.items() if other == table) for table, _ in counted}
    return Plan(looked_at, most, {table: frozenset(names) for table, names in indexes.items()}, frozenset(whole))


def _looked_at(node: Mapping[str, Any]) -> float:
    """Rows, or entries of an index, that this part of a plan looked at.

    A bitmap is made of every entry found, those that another bitmap then takes away among them.
    """
    rows = node.get("Rows Removed by Index Recheck", 0)
    if node["Node Type"] != "Bitmap Heap Scan":
        rows += node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return rows * node["Actual Loops"]


def _scans(node: Mapping[str, Any], table: str = "", count: int | None = None) -> Iterator[Scan]:
    """The parts of a plan that read a table; the index of a bitmap belongs to the table above it.

    With the count they are part of: the number of a list's rows has a cap of its own (access.listing).
    """
    if node["Node Type"] == "Aggregate" and node.get("Parent Relationship") == "InitPlan":
        count = id(node)
    table = node.get("Relation Name", table)
    if "Relation Name" in node or "Index Name" in node:
        yield node, table, count
    for child in node.get("Plans", ()):
        yield from _scans(child, table, count)
