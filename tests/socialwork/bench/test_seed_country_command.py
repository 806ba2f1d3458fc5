"""The command that loads the country: the same from the same seed, and all or nothing."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from django.db import connection, models, transaction
from psycopg.errors import DataError

from socialwork.bench.country import casework
from socialwork.bench.country.lifting import Changed, lifted, whole_schema
from socialwork.bench.country.loading import Told, seed_country
from socialwork.bench.country.sheet import MATTERS, PLACES
from socialwork.deadlines.models import Deadline
from socialwork.organisations.models import Organisation

pytestmark = pytest.mark.django_db
SMALLEST = 0.0001
# Sealed under fresh keys, or made with a fresh salt: different in every run, and saying the same.
FRESH = {"sealed", "wrapped", "password"}


def settled(told: Told) -> tuple[Counter[str], str]:
    """Rows by table, and one digest of all they say in the clear."""
    digest = hashlib.sha256()
    for model in sorted({*PLACES, *MATTERS}, key=lambda one: one._meta.db_table):
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if field.column not in FRESH and not isinstance(field, models.BigAutoField)
        ]
        if model is Deadline:
            names.remove("rule_id")
        rows = (
            repr(tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row))
            for row in model.objects.order_by().values_list(*names)
        )
        for row in sorted(rows):
            digest.update(row.encode())
    return told.rows, digest.hexdigest()


def test_the_same_seed_tells_the_same_country() -> None:
    found = []
    for seed, processes in ((3, 0), (3, 0), (4, 0)):
        with transaction.atomic():
            found.append(settled(seed_country(scale=SMALLEST, seed=seed, processes=processes)))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0][1] != found[2][1]


def test_what_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        before = whole_schema(cursor)
    monkeypatch.setattr(casework, "TYPE", "cases.case" * 7)
    with pytest.raises(DataError), transaction.atomic():
        seed_country(scale=SMALLEST, seed=1, processes=0)
    with connection.cursor() as cursor:
        assert whole_schema(cursor) == before
    assert not Organisation.objects.exists()


def test_a_key_that_is_lost_is_noticed() -> None:
    with (
        pytest.raises(Changed, match="case_state_known"),
        connection.cursor() as cursor,
        lifted(cursor, ["cases_case"], say=str),
    ):
        cursor.execute("ALTER TABLE cases_case DROP CONSTRAINT case_state_known")
