"""Who may do what, as data: one row per URL name and method, one answer per persona. A URL without a row fails the build.

A part of the product adds a module here with ROWS. A row names the object the address is about (made by a function of
tests/cast.py through OBJECTS), the body to send, and the personas by answer:

    Row("referrals:detail", "GET", of="issued", ok={"prosecutor", "unit_head", "intake", "manager"})
    Row("referrals:approve_referral", "POST", of="submitted", body={"remark": ""}, ok={"unit_head": 302}, forbidden={"prosecutor"})

Personas not named must get `otherwise` (404 unless said): the row does not exist for them. The anonymous are always sent
to the sign-in page, unless `public`. Status 302 counts as done. Every cell also checks the headers, and that a refusal wrote nothing
but its own record.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

PERSONAS = (
    "prosecutor", "colleague", "clerk", "unit_head", "prosecutor_elsewhere", "unit_head_elsewhere", "intake", "manager", "worker",
    "second", "unassigned", "former_worker", "counsellor", "supervisor", "supervisor_elsewhere", "worker_elsewhere",
    "manager_elsewhere", "intake_of_former", "worker_of_former", "civil_affairs", "civil_affairs_elsewhere", "organ_admin",
    "auditor", "operator_person",
)
EVERYBODY = frozenset(PERSONAS)


@dataclass(frozen=True)
class Row:
    """One URL name and method. `of` names what OBJECTS makes; `args` picks the address's arguments from it."""

    name: str
    method: str = "GET"
    of: str = ""
    ok: Iterable[str] = frozenset()
    forbidden: Iterable[str] = frozenset()
    late: Iterable[str] = frozenset()
    otherwise: int = 404
    body: Mapping[str, Any] | Callable[[Any, Any], Mapping[str, Any]] = field(default_factory=dict)
    args: Callable[[Any], list[Any]] = lambda row: [row.pk]
    # A form whose body is deliberately empty answers 400 to those who may: right proved, nothing written.
    done: tuple[int, ...] = (200, 302)
    public: bool = False
    variant: str = ""

    def expected(self, persona: str) -> tuple[int, ...]:
        """The statuses this persona must get."""
        if persona in self.ok:
            return self.done
        if persona in self.forbidden:
            return (403,)
        if persona in self.late:
            return (409,)
        return (self.otherwise,)

    @property
    def label(self) -> str:
        return " ".join(filter(None, [self.method, self.name, self.of, self.variant]))


def all_rows() -> list[Row]:
    """Rows of every part."""
    found: list[Row] = []
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if not path.stem.startswith("_"):
            found.extend(import_module(f"tests.access.matrix.{path.stem}").ROWS)
    return found


def all_objects() -> dict[str, Callable[[Any], Any]]:
    """Makers of the objects rows are about, by name: OBJECTS of every part."""
    found: dict[str, Callable[[Any], Any]] = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if not path.stem.startswith("_"):
            found.update(getattr(import_module(f"tests.access.matrix.{path.stem}"), "OBJECTS", {}))
    return found
