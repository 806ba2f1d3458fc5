"""The questions everybody asks about rights, each answered by the same conditions in the database."""
from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet, Value

from socialwork.access.policy import NOBODY, any_of, grounds_of, policy_of, right, source_states
from socialwork.core.errors import Moved, NotVisible, NotYours
from socialwork.core.statements import ask

Row = TypeVar("Row", bound=Model)


def permitted(model: type[Row], user: Any, action: str = "view") -> QuerySet[Row]:
    """Rows of the model on which the user may do the action. For lists use access.listing, which never ORs."""
    visible = any_of(ground.condition for ground in grounds_of(model, user))
    return model._default_manager.filter(visible, right(model, user, action), source_states(model, action))


def can(user: Any, action: str, row: Model) -> bool:
    """May the user do the action to this row now?"""
    return permitted(type(row), user, action).filter(pk=row.pk).exists()


def allowed(user: Any, row: Model) -> frozenset[str]:
    """Every action the user may do to the row now, in one query; kept on the row as `allowed_actions`."""
    model = type(row)
    answer = next(iter(ask(_every_right, model, user, row.pk)), {})
    row.allowed_actions = frozenset(name for name in policy_of(model).actions if answer.get(f"may_{name}"))
    return row.allowed_actions


def with_rights(rows: QuerySet[Row], user: Any, action: str) -> QuerySet[Row]:
    """The rows with the answers to `require` and `allowed` as columns: for a page that only shows, one query for all.

    Whoever writes asks again after locking; these answers are as old as the row.
    """
    model = rows.model
    columns = {f"may_{name}": _ready(model, user, name) for name in policy_of(model).actions}
    return with_right(rows.annotate(**columns), user, action)


def with_right(rows: QuerySet[Row], user: Any, action: str) -> QuerySet[Row]:
    """The rows with the answer to `require` as columns.

    Where the rows are locked as they are read, the answer is about the row as it is once it is locked: the database asks
    every condition on its own columns again for a row it had to wait for.
    """
    mine, ready = right(rows.model, user, action), source_states(rows.model, action)
    return rows.annotate(right_is_theirs=_as_column(mine), right_is_ready=_as_column(ready))


def take_rights(row: Model) -> bool:
    """Set `allowed_actions` from a row loaded by `with_rights`; False when it was loaded without."""
    if "right_is_theirs" not in row.__dict__:
        return False
    names = policy_of(type(row)).actions
    row.allowed_actions = frozenset(name for name in names if getattr(row, f"may_{name}"))
    return True


def require_taken(row: Model) -> None:
    """Raise NotYours (403) or Moved (409) by the answers the row was loaded with; that it was found answers 404."""
    if not row.right_is_theirs:
        raise NotYours()
    if not row.right_is_ready:
        raise Moved()


def require(user: Any, action: str, row: Model) -> None:
    """Raise NotVisible (404), NotYours (403) or Moved (409), in that order; return when the act is right."""
    model = type(row)
    answer = next(iter(ask(_one_right, model, action, user, row.pk)), None)
    if answer is None:
        raise NotVisible()
    if not answer["mine"]:
        raise NotYours()
    if not answer["ready"]:
        raise Moved()


def why(user: Any, row: Model) -> list[Any]:
    """The sentences that explain why the user sees the row; empty when not."""
    model = type(row)
    grounds = grounds_of(model, user)
    if not grounds:
        return []
    columns = {f"ground_{ground.name}": _as_column(ground.condition) for ground in grounds}
    answer = model._default_manager.filter(pk=row.pk).values(**columns).first() or {}
    return [ground.sentence for ground in grounds if answer.get(f"ground_{ground.name}")]


def who_may(action: str, row: Model) -> list[Any]:
    """The active users who may do the action to the row: whom to tell, whom to name in a refusal."""
    audience = policy_of(type(row)).audience(row).filter(is_active=True).select_related("organisation")
    return [user for user in audience if can(user, action, row)]


def _every_right(model: type[Model], user: Any, pk: UUID) -> QuerySet:
    """Every action on one row the user may see, each with whether it is right and ready."""
    columns = {f"may_{name}": _ready(model, user, name) for name in policy_of(model).actions}
    return permitted(model, user).filter(pk=pk).order_by().values(**columns)


def _one_right(model: type[Model], action: str, user: Any, pk: UUID) -> QuerySet:
    """Whether the action on one row the user may see is theirs, and ready."""
    mine, ready = right(model, user, action), source_states(model, action)
    return permitted(model, user).filter(pk=pk).order_by().values(mine=_as_column(mine), ready=_as_column(ready))


def _ready(model: type[Model], user: Any, action: str) -> Any:
    mine = right(model, user, action)
    return Value(False) if mine == NOBODY else _as_column(mine & source_states(model, action))


def _as_column(condition: Q) -> Any:
    if condition == NOBODY:
        return Value(False)
    if not condition:
        return Value(True)
    return ExpressionWrapper(condition, output_field=BooleanField())
