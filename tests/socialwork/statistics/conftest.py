"""The committed cast for tests in which two people act at once."""
from __future__ import annotations

from typing import Any

import pytest

from tests import cast
from tests.socialwork.organisations.races import committed_world


@pytest.fixture
def committed(transactional_db: Any) -> cast.World:
    return committed_world()
