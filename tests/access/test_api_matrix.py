"""API route × persona: the verbs of the API answer everybody as their pages do, in other clothes."""
from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from socialwork.access.views import ActPage, FormPage
from socialwork.api_urls import urlpatterns
from tests.access.matrix import PERSONAS, Row, all_objects, all_rows

OBJECTS = all_objects()
VERBS = {**FormPage.by_verb, **ActPage.by_verb}
ROWS = [row for row in all_rows() if row.method == "POST" and row.name.split(":")[-1] in VERBS]


def test_every_verb_of_the_api_has_a_row():
    names = {pattern.name for pattern in urlpatterns} - {"schema", "docs"}
    covered = {row.name.split(":")[-1] for row in ROWS}
    reading = {name for name in names if name.startswith("list_") or name.startswith("show_")}
    assert sorted(names - covered - reading) == []


def statuses(row: Row, persona: str) -> set[int]:
    """A page that redirects has carried out its verb: the API says 200."""
    return {200 if status == 302 else status for status in row.expected(persona)}


def send(client: Client, row: Row, made: Any, world: Any) -> Any:
    body = row.body(world, made) if callable(row.body) else dict(row.body)
    address = reverse(f"api:{row.name.split(':')[-1]}", args=row.args(made))
    return client.post(address, json.dumps(body, default=str), content_type="application/json")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.label)
def test_everybody_gets_the_answer_due(world, row):
    made = OBJECTS[row.of](world)
    wrong = []
    for persona in PERSONAS:
        client = Client(raise_request_exception=True)
        client.force_login(world.people[persona], backend="socialwork.access.backends.DenyByDefaultBackend")
        with transaction.atomic():
            response = send(client, row, made, world)
            if response.status_code not in statuses(row, persona):
                wrong.append((persona, response.status_code, statuses(row, persona), response.content[:200]))
            transaction.set_rollback(True)
    assert wrong == []


@pytest.mark.parametrize("row", ROWS[:1], ids=lambda row: row.label)
def test_the_anonymous_and_forged_tokens_are_refused(world, row):
    made = OBJECTS[row.of](world)
    assert send(Client(), row, made, world).status_code == 401
    assert send(Client(headers={"Authorization": "Token " + "0" * 40}), row, made, world).status_code == 401


def test_a_session_needs_the_csrf_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.prosecutor, backend="socialwork.access.backends.DenyByDefaultBackend")
    made = OBJECTS["filled"](world)
    address = reverse("api:submit_referral", args=[made.pk])
    assert client.post(address, "{}", content_type="application/json").status_code == 403


def test_the_description_is_valid(world, sign_in):
    answer = sign_in(world.prosecutor).get(reverse("api:schema"), headers={"Accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    document = json.loads(answer.content)
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/referrals/{id}/submit-referral/" in document["paths"]
