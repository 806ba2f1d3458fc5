"""The whole demonstration, loaded once for all tests of a module and gone afterwards."""
from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What the command says while it loads. Every test works inside this transaction, in one of its own."""
    letters = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("letters"))
    with django_db_blocker.unblock(), letters, transaction.atomic():
        yield load()
        transaction.set_rollback(True)


def load() -> str:
    """Run the command; what it prints."""
    told = StringIO()
    call_command("load_demo", "--signins", stdout=told)
    return told.getvalue()
