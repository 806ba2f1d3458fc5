"""API route × persona: the lists and verbs of the API answer everybody as their pages do, in other clothes."""
from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from socialwork.access.views import ActPage, FormPage, verb_of
from socialwork.api_urls import PAGES, urlpatterns
from tests import cast
from tests.access.matrix import PERSONAS, Row, all_objects, all_rows
from tests.access.test_matrix import counts, routes, signed_in

OBJECTS = all_objects()
VERBS = {pattern.name: pattern for pattern in urlpatterns if hasattr(pattern.callback.cls, "verb")}
# Lists and rows with the page whose answer they must give.
READING = {
    "referrals:list": "list_referrals", "referrals:inbox": "list_received_referrals",
    "referrals:detail": "show_referral", "cases:list": "list_cases", "cases:detail": "show_case",
    "cases:records": "list_records", "notifications:list": "list_notices",
    "organisations:agreements": "list_agreements", "organisations:agreement": "show_agreement",
    "exports:list": "list_exports", "exports:detail": "show_export",
}
INSIDE_A_ROW = re.compile(r"^(?P<prefix>\w+)-(?P<number>\d+)-(?P<rest>.+)$")


def twin(row: Row) -> str:
    """The API's name of the page of a row of the matrix; empty where it has none."""
    if row.method == "GET":
        return READING.get(row.name, "")
    name = row.name.split(":")[-1]
    return name if name in VERBS else ""


ROWS = [row for row in all_rows() if twin(row)]


def as_json(body: Mapping[str, Any]) -> dict[str, Any]:
    """A form body as the API takes it: rows of a formset as a list of objects, a file as a list of one."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        inside = INSIDE_A_ROW.match(name)
        if inside:
            found.setdefault(inside["prefix"], {}).setdefault(int(inside["number"]), {})[inside["rest"]] = value
        elif name.endswith("-TOTAL_FORMS"):
            found.setdefault(name.removesuffix("-TOTAL_FORMS"), {})
        elif isinstance(value, UploadedFile):
            value.seek(0)
            found[name] = [{"name": value.name, "content": b64encode(value.read()).decode()}]
        elif not name.endswith("-INITIAL_FORMS"):
            found[name] = value
    return {
        name: [as_json(rows) for _number, rows in sorted(value.items())] if isinstance(value, dict) else value
        for name, value in found.items()
    }


def send(client: Client, row: Row, made: Any, world: Any, **headers: str) -> Any:
    address = reverse(f"api:{twin(row)}", args=row.args(made))
    if row.method == "GET":
        return client.get(address)
    body = row.body(world, made) if callable(row.body) else row.body
    text = json.dumps(as_json(body), default=str)
    return client.post(address, text, content_type="application/json", headers=headers)


def statuses(row: Row, persona: str) -> set[int]:
    """A page that redirects has carried out its verb: the API says 200."""
    return {200 if status == 302 else status for status in row.expected(persona)}


def test_every_page_with_a_verb_has_its_address_in_the_api():
    pages = {
        name.split(":")[-1]: entry for name, entry in routes()
        if issubclass(getattr(entry.callback, "view_class", type), FormPage | ActPage)
    }
    assert {name: VERBS[name].callback.cls.page_class for name in VERBS} == {
        name: entry.callback.view_class for name, entry in pages.items()
    }
    assert [name for name, entry in pages.items() if verb_of(entry.callback.view_class) != name] == []


def test_the_api_stands_under_the_prefixes_of_the_pages():
    known = {
        str(entry.pattern): entry.urlconf_name.__name__
        for entry in get_resolver().url_patterns if isinstance(entry, URLResolver)
    }
    assert {name: prefix for prefix, name in PAGES if prefix} == {
        name: prefix for prefix, name in known.items() if prefix and name in {name for _prefix, name in PAGES}
    }


def test_every_address_of_the_api_has_a_row():
    names = {pattern.name for pattern in urlpatterns} - {"schema", "docs"}
    assert sorted(names - {twin(row) for row in ROWS}) == []


@pytest.mark.parametrize("of", sorted({row.of for row in ROWS}))
def test_everybody_gets_the_answer_due(world, of):
    """All rows about one kind of object: the object is made once, every request is rolled back."""
    made = OBJECTS[of](world) if of else None
    clients = {persona: signed_in(world, persona) for persona in PERSONAS}
    before, wrong = counts(), []
    for row in [row for row in ROWS if row.of == of]:
        for persona in PERSONAS:
            with transaction.atomic():
                response = send(clients[persona], row, made, world)
                if response.status_code not in statuses(row, persona):
                    due = statuses(row, persona)
                    wrong.append((row.label, persona, response.status_code, due, response.content[:300]))
                if response.status_code in (403, 409) and counts() != before:
                    wrong.append((row.label, persona, "a refusal wrote"))
                transaction.set_rollback(True)
        if send(Client(), row, made, world).status_code != 401:
            wrong.append((row.label, "anonymous"))
    assert wrong == []


def test_forged_tokens_and_suspended_people_are_refused(world):
    address = reverse("api:list_referrals")
    assert Client(headers={"Authorization": "Token " + "0" * 40}).get(address).status_code == 401
    suspended = Client()
    suspended.force_login(world.suspended, backend="socialwork.access.backends.DenyByDefaultBackend")
    assert suspended.get(address).status_code == 401


def test_a_session_needs_the_csrf_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.prosecutor, backend="socialwork.access.backends.DenyByDefaultBackend")
    address = reverse("api:submit_referral", args=[cast.filled(world).pk])
    assert client.post(address, "{}", content_type="application/json").status_code == 403


def test_a_row_of_somebody_else_does_not_exist(world, sign_in):
    case = cast.opened(world)
    for address in (reverse("api:show_case", args=[case.pk]), reverse("api:list_records", args=[case.pk])):
        assert sign_in(world.unassigned).get(address).status_code == 404
        assert sign_in(world.worker).get(address).status_code == 200
        assert sign_in(world.worker).get(address.replace(str(case.pk), str(uuid4()))).status_code == 404
