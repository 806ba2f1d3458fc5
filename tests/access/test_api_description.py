"""The description of the API: valid OpenAPI 3.1, made without a warning, and saying what the forms ask for."""
from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from socialwork.api_urls import urlpatterns


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["operationId"]: each for methods in document["paths"].values() for each in methods.values()}


def test_it_is_valid_and_made_without_a_warning():
    described = SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS
    assert described["openapi"].startswith("3.1")
    validate_schema(described)


def test_every_address_is_described_once(document):
    assert set(operations(document)) == {pattern.name for pattern in urlpatterns} - {"schema", "docs"}


def test_a_verb_says_body_key_refusals_and_ways_in(document):
    verb = operations(document)["write_plan"]
    assert verb["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/WritePlanBody")
    assert [each["name"] for each in verb["parameters"] if each["in"] == "header"] == ["Idempotency-Key"]
    assert {"200", "400", "401", "403", "404", "409", "422"} <= set(verb["responses"])
    assert verb["security"] == [{"token": []}, {"session": []}]


def test_formsets_are_lists_of_objects_and_fixed_choices_are_codes(document):
    body = document["components"]["schemas"]["WritePlanBody"]["properties"]
    activities = body["goals"]["items"]["properties"]["activities"]["items"]
    assert body["goals"]["type"] == "array"
    assert "month" in activities["properties"]["per"]["enum"]
    assert "activity" in activities["required"]
    assert body["_version"]["type"] == "integer"


def test_a_refusal_says_code_message_and_fields(document):
    assert {"code", "message", "fields"} <= set(document["components"]["schemas"]["Problem"]["properties"])


def test_it_is_served_to_people_who_signed_in(world, sign_in, client):
    address = reverse("api:schema")
    answer = sign_in(world.prosecutor).get(address, headers={"Accept": "application/vnd.oai.openapi+json"})
    assert "/api/v1/referrals/{id}/submit-referral/" in json.loads(answer.content)["paths"]
    assert client.get(address).status_code == 401
