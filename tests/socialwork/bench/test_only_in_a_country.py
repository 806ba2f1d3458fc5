"""What measures writes as well, so it runs in a generated country only."""
from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from socialwork.accounts.models import User
from socialwork.bench.management.commands import bench
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("command", ["bench", "morning"])
def test_nothing_is_measured_where_people_work(world: Any, command: str) -> None:
    """Both write invented visits, sessions or passwords: a database that seed_country did not make is refused untouched."""
    case = cast.opened(world)
    before = (case.records.count(), world.worker.password, User.objects.count())
    with pytest.raises(CommandError, match="not made by seed_country"):
        call_command(command, stdout=StringIO(), stderr=StringIO())
    world.worker.refresh_from_db()
    assert (case.records.count(), world.worker.password, User.objects.count()) == before


def test_what_is_said_of_the_country_on_the_way_is_not_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program reads the answer; where the country has to be made first, the rest is told apart from it."""

    def speak(name: str, *, stdout: Any = None, **more: Any) -> None:
        if name != "migrate":
            stdout.write(f"{name} speaks")

    monkeypatch.setattr(bench, "call_command", speak)
    answer, told = StringIO(), StringIO()
    with pytest.raises(CommandError, match="not made by seed_country"):
        call_command("bench", json=True, stdout=answer, stderr=told)
    assert answer.getvalue() == ""
    assert "load_reference speaks" in told.getvalue() and "seed_country speaks" in told.getvalue()
