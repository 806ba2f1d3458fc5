"""What measures writes as well, so it runs in a generated country only."""
from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from socialwork.accounts.models import User
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
