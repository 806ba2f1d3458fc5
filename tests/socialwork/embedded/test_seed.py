"""Test runs begin with a copy of a migrated cluster, as long as nothing has changed that it was made from."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from socialwork.embedded import seed
from socialwork.embedded.stack import MARK, Stack
from tests.socialwork.embedded.conftest import CHECKOUT
from tests.socialwork.embedded.test_stack import ask


@pytest.fixture
def checkout(place: Path) -> Path:
    for name in ("settings.py", "requirements/dev.txt", "people/migrations/0001_initial.py"):
        file = place / "socialwork" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / "socialwork" / name, file)
    return place


def test_every_change_of_a_migration_asks_for_another_seed(checkout: Path) -> None:
    before = seed.folder_for(checkout)
    (checkout / "socialwork" / "people" / "models.py").touch()
    assert seed.folder_for(checkout) == before

    (checkout / "socialwork" / "people" / "migrations" / "0002_next.py").touch()
    assert seed.folder_for(checkout) != before


def test_a_stack_begins_as_a_copy(checkout: Path) -> None:
    place = seed.folder_for(checkout)
    first = Stack(checkout / "var" / "stack").start()
    ask(first, "CREATE TABLE migrated AS SELECT 1 AS n")
    place.mkdir(parents=True)
    first.copy_cluster(place / "pg")
    (place / MARK).touch()
    ask(first, "DROP TABLE migrated")
    first.stop()

    second = Stack(checkout / "var" / "other", throw_away=True)
    assert seed.use(second, place)
    second.start()
    assert ask(second, "SELECT n FROM migrated") == 1
    second.stop()

    assert not second.data.exists()
    assert (place / "pg" / "PG_VERSION").exists()


def test_without_a_seed_a_stack_begins_empty(checkout: Path) -> None:
    assert not seed.use(Stack(checkout / "var" / "stack"), seed.folder_for(checkout))


def test_seeds_that_nobody_used_for_long_are_forgotten(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / str(number)).mkdir()
        used = time.time() - number * 20 * 3600
        os.utime(tmp_path / str(number), (used, used))

    seed._forget_old(tmp_path)

    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["0", "1", "2"]
