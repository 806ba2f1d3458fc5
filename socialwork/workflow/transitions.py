"""State machines as data: a table of transitions, and the one function that carries a transition out."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Model

from socialwork import audit
from socialwork.access import api as access
from socialwork.core.errors import Moved


@dataclass(frozen=True)
class Transition:
    """One arrow of a state machine.

    name: the verb, spelt as in URL, service and policy. sources: states it may start from. target: state it ends in.
    verb: audit verb in the past tense. label: what the button says. stamps: prefixes of paired `_at`/`_by` columns.
    actors and needs: prose for the generated page of states (source: domain rules of the commission).
    """

    name: str
    sources: frozenset[str]
    target: str
    verb: str
    label: Any
    stamps: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    needs: Any = ""


@dataclass(frozen=True)
class Machine:
    """All transitions of one model, by name; `only_in` names acts that change no state but need one."""

    transitions: Mapping[str, Transition] = field(default_factory=dict)
    only_in: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, transitions: Iterable[Transition], only_in: Mapping[str, frozenset[str]] | None = None) -> Machine:
        table = {transition.name: transition for transition in transitions}
        return cls(table, dict(only_in or {}))

    def __getitem__(self, name: str) -> Transition:
        return self.transitions[name]

    def sources(self, name: str) -> frozenset[str] | None:
        """States in which the action may start, or None when any state will do."""
        found = self.transitions.get(name)
        return found.sources if found else self.only_in.get(name)


def run_transition(
    row: Model,
    step: Transition,
    *,
    by: Any,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Model:
    """Carry out one transition: right, one conditional UPDATE, stamps, event. Nobody else assigns `state`.

    Raises NotVisible, NotYours or Moved. Of two people who act at once exactly one succeeds: the UPDATE names the
    states it may start from.
    """
    model = type(row)
    with transaction.atomic():
        access.require(by, step.name, row)
        values: dict[str, Any] = {"state": step.target, "version": F("version") + 1, **changes}
        for stamp in step.stamps:
            values[f"{stamp}_at"] = at
            values[f"{stamp}_by"] = by
        before = row.state
        changed = model._default_manager.filter(pk=row.pk, state__in=step.sources).update(**values)
        if not changed:
            raise Moved()
        row.refresh_from_db()
        audit.record(
            step.verb, row, by=by, at=at, facts={"from": before, "to": step.target, **(facts or {})}
        )
    return row
