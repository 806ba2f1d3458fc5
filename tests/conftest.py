"""The test world: real PostgreSQL and Redis, stricter than production."""
from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests import cast


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: Any, django_db_blocker: Any) -> None:
    """Reference data (districts, rules, holidays) is part of every test database."""
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Letters and uploads of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture
def world(db: Any) -> cast.World:
    """Two of everything (tests/cast.py)."""
    return cast.build_world()


@pytest.fixture
def sign_in(client: Client) -> Any:
    """`sign_in(user)` gives a client with that person's session."""

    def signed_in(user: Any) -> Client:
        fresh = Client()
        fresh.force_login(user, backend="socialwork.access.backends.DenyByDefaultBackend")
        return fresh

    return signed_in
