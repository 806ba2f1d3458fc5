"""Statistics: of the own organ, of the own agency, and of the agencies of the own district with small numbers withheld."""
from __future__ import annotations

from typing import Any

from tests.access.matrix import Row

READS = {"unit_head", "unit_head_elsewhere", "manager", "manager_elsewhere", "civil_affairs", "civil_affairs_elsewhere"}
BOARD: dict[str, Any] = {"name": "statistics:board", "args": lambda row: []}

ROWS = [Row(ok=READS, **BOARD)]
