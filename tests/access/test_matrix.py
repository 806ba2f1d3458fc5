"""URL × persona × method, exhaustive: every address of the product is asked by everybody of the cast."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.matrix import PERSONAS, Row, all_objects, all_rows

ROWS = all_rows()
OBJECTS = all_objects()
# Requests that change the browser's own cookies are sent by a browser of their own.
CHANGES_THE_SEAT = {"accounts:sign_in", "accounts:sign_out", "accounts:change_password", "accounts:choose_password", "set_language"}
# Tables a refusal may write to: its own record, and the session.
QUIET_TABLES = {"audit_access", "django_session", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog"}


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every named page of the product (the API has a matrix of its own)."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            namespace = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from routes(entry, namespace)
        else:
            yield f"{prefix}{entry.name}", entry


def methods_of(entry: URLPattern) -> set[str]:
    view = getattr(entry.callback, "view_class", None)
    if view is None:
        return set()
    return {name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)} & {
        name.upper() for name in view.http_method_names
    }


def test_every_address_has_a_row():
    covered = {(row.name, row.method) for row in ROWS}
    names = {name for name, _method in covered}
    missing = []
    for name, entry in routes():
        if name.startswith("api"):
            continue
        missing += [(name, method) for method in sorted(methods_of(entry)) if (name, method) not in covered]
        if name not in names:
            missing.append((name, "any"))
    assert missing == []


def test_every_row_has_an_address():
    known = {name for name, _entry in routes()}
    assert sorted({row.name for row in ROWS} - known) == []


def test_no_row_names_a_stranger():
    for row in ROWS:
        assert set(row.ok) | set(row.forbidden) | set(row.late) <= set(PERSONAS), row.label


def counts() -> dict[str, int]:
    """Rows of every table that a refusal must not touch."""
    tables = [name for name in connection.introspection.table_names() if name not in QUIET_TABLES]
    with connection.cursor() as cursor:
        sql = " UNION ALL ".join(f"SELECT '{name}', count(*), coalesce(max(xmin::text::bigint), 0) FROM \"{name}\"" for name in tables)
        cursor.execute(sql)
        return {name: (count, newest) for name, count, newest in cursor.fetchall()}


def send(client: Client, row: Row, made: Any, world: Any) -> Any:
    body = row.body(world, made) if callable(row.body) else row.body
    address = reverse(row.name, args=row.args(made))
    return getattr(client, row.method.lower())(address, body) if row.method != "GET" else client.get(address)


@pytest.mark.parametrize("of", sorted({row.of for row in ROWS}))
def test_everybody_gets_the_answer_due(world, of):
    """All rows about one kind of object: the object is made once, every request is rolled back."""
    made = OBJECTS[of](world) if of else None
    clients = {persona: signed_in(world, persona) for persona in PERSONAS}
    before, wrong = counts(), []
    for row in [row for row in ROWS if row.of == of]:
        for persona in PERSONAS:
            wrong += ask(clients[persona], row, persona, made, world, before)
        wrong += ask_as_nobody(row, made, world)
    assert wrong == []


def signed_in(world: Any, persona: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(world.people[persona], backend="socialwork.access.backends.DenyByDefaultBackend")
    return client


def ask(client: Client, row: Row, persona: str, made: Any, world: Any, before: dict[str, Any]) -> list[Any]:
    """One cell: status, headers, and that a refusal wrote nothing but its record."""
    wrong: list[Any] = []
    if row.name in CHANGES_THE_SEAT:
        client = signed_in(world, persona)
    with transaction.atomic():
        response = send(client, row, made, world)
        if response.status_code not in row.expected(persona):
            wrong.append((row.label, persona, response.status_code, row.expected(persona)))
        if response.status_code in (403, 404, 409) and (after := counts()) != before:
            wrong.append((row.label, persona, "a refusal wrote", [name for name in before if before[name] != after[name]]))
        if response.headers.get("Cache-Control") is None or "Content-Security-Policy" not in response.headers:
            wrong.append((row.label, persona, "headers", dict(response.headers)))
        transaction.set_rollback(True)
    return wrong


def ask_as_nobody(row: Row, made: Any, world: Any) -> list[Any]:
    """The anonymous are sent to the sign-in page, whatever they ask for."""
    with transaction.atomic():
        response = send(Client(), row, made, world)
        transaction.set_rollback(True)
    if row.public:
        return [] if response.status_code in (200, 302) else [(row.label, "anonymous", response.status_code)]
    sent = response.status_code == 302 and response.headers["Location"].startswith(reverse("accounts:sign_in"))
    return [] if sent else [(row.label, "anonymous", response.status_code)]


def test_a_suspended_person_is_anonymous(world):
    client = Client()
    client.force_login(world.suspended, backend="socialwork.access.backends.DenyByDefaultBackend")
    assert client.get("/").headers["Location"].startswith(reverse("accounts:sign_in"))
