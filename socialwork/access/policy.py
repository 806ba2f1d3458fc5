"""A permission is a row filter. One policy per model; a policy answers with conditions, never with yes or no.

`view` answers with grounds: separate conditions, each riding on one index, each with a sentence that explains it.
Every other action answers with one condition; it holds only together with `view` and, where the action is a
transition, only in the states that transition may start from. An action a policy does not name is nobody's.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db.models import BooleanField, ForeignKey, Lookup, Model, Q
from django.db.models.sql import Query


@dataclass(frozen=True)
class Ground:
    """One reason to see a row: its name, the condition, and the sentence that says why."""

    name: str
    condition: Q
    sentence: Any = ""


NOBODY = Q(pk__in=[])
EVERY_VIEWER = Q()


def any_of(conditions: Iterable[Q]) -> Q:
    """The union of conditions; of none, nobody."""
    found = list(conditions)
    return reduce(or_, found) if found else NOBODY


class Policy:
    """Base of all policies: methods named after actions, taking the user."""

    model: ClassVar[type[Model]]
    machine: ClassVar[Any] = None
    actions: ClassVar[tuple[str, ...]] = ()

    def view(self, user: Any) -> Sequence[Ground]:
        return ()

    def audience(self, row: Model) -> Any:
        """Users who could have a right on the row at all: a wide net, each caught one is asked again."""
        from django.contrib.auth import get_user_model

        return get_user_model().objects.none()


_policies: dict[type[Model], Policy] = {}
_extra_grounds: dict[type[Model], list[Callable[[Any], Sequence[Ground]]]] = {}


def register(policy: type[Policy]) -> type[Policy]:
    """Class decorator. Actions are the public methods of the class."""
    policy.actions = tuple(
        sorted(
            name
            for name in dir(policy)
            if not name.startswith("_") and name not in {"model", "machine", "actions", "audience"}
        )
    )
    _policies[policy.model] = policy()
    return policy


def add_grounds(model: type[Model], grounds: Callable[[Any], Sequence[Ground]]) -> None:
    """Let an app above contribute reasons to see a model of an app below, e.g. a juvenile seen through a case."""
    _extra_grounds.setdefault(model, []).append(grounds)


def policy_of(model: type[Model]) -> Policy:
    return _policies[model]


def registered() -> dict[type[Model], Policy]:
    return dict(_policies)


def grounds_of(model: type[Model], user: Any) -> list[Ground]:
    """All reasons for which the user may see rows of the model; none for people who are not active."""
    if not getattr(user, "is_active", False) or not user.is_authenticated:
        return []
    found = list(_policies[model].view(user))
    for contribute in _extra_grounds.get(model, ()):
        found.extend(contribute(user))
    return found


def right(model: type[Model], user: Any, action: str) -> Q:
    """The right to an action apart from visibility and state."""
    if action == "view":
        return EVERY_VIEWER
    policy = _policies[model]
    if action not in policy.actions:
        return NOBODY
    return getattr(policy, action)(user)


def source_states(model: type[Model], action: str) -> Q:
    """The states in which the action may start; no restriction when it is not a transition."""
    machine = _policies[model].machine
    sources = machine.sources(action) if machine else None
    return Q() if sources is None else Q(state__in=sources)


@ForeignKey.register_lookup
class Among(Lookup):
    """`agreement__among=agreements`: true where the row's key is one of theirs, as `__in` would have it.

    For an agency nearly every row lies under one of its agreements. The planner cannot know that the two go together: it takes
    `agreement IN (…)` for a rare thing, leaves the index of the list and reads and sorts all rows of the agency. Of the value
    of a CASE it knows nothing and expects every other row, which keeps it on the index. The agreements are found once.
    """

    lookup_name = "among"
    output_field = BooleanField()

    def get_prep_lookup(self) -> Any:
        if not isinstance(self.rhs, Query):
            raise TypeError("among takes a queryset of keys")
        return self.rhs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        key, own = self.process_lhs(compiler, connection)
        keys, params = self.process_rhs(compiler, connection)
        return f"CASE WHEN {key} = ANY(ARRAY{keys}) THEN true ELSE false END", [*own, *params]
