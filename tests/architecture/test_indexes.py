"""No index stands twice: the second costs something at every write, and nothing is found faster by it."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models

OURS = ("socialwork.", "cases", "referrals")


def test_no_foreign_key_has_an_index_that_a_longer_one_begins_with():
    assert [f"{model._meta.label}.{name}" for model in ours() for name in sorted(alone(model) & set(beginnings(model)))] == []


@pytest.mark.django_db
def test_every_index_and_constraint_that_is_declared_stands_in_the_database():
    """A migration that removes one index may take another with it without a word."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind IN ('i', 'I') UNION SELECT conname FROM pg_constraint")
        standing = {name for (name,) in cursor.fetchall()}
    declared = {each.name: model._meta.label for model in ours() for each in [*model._meta.indexes, *model._meta.constraints]}
    assert {name: label for name, label in declared.items() if name not in standing} == {}


def ours() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if model.__module__.startswith(OURS))


def alone(model: type[models.Model]) -> set[str]:
    """Columns with an index of their own that their field brings along."""
    return {field.name for field in model._meta.local_fields if field.db_index and not field.unique}


def beginnings(model: type[models.Model]) -> Iterator[str]:
    """First columns of the indexes and keys that hold all rows."""
    keys = [each for each in model._meta.constraints if isinstance(each, models.UniqueConstraint)]
    for index in [*model._meta.indexes, *keys]:
        if index.condition is None and index.fields:
            yield index.fields[0].lstrip("-")
