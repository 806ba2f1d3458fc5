"""Lines of the tables as COPY reads them: columns from the models, so that a new one with a default is written, too."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from django.db import models

NULL = r"\N"
TRUE, FALSE = "t", "f"


class Table:
    """One table: a line is made from the values that differ from the model's defaults, in any order.

    Values are text as COPY reads it (NULL, TRUE and FALSE for what is no text); they hold no tab, line end or backslash
    of their own.
    """

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.name = model._meta.db_table
        fields = [field for field in model._meta.concrete_fields if _is_written(field)]
        self.columns = [str(field.column) for field in fields]
        defaults = ((str(field.column), _default(field)) for field in fields)
        self._standing = {column: text for column, text in defaults if text is not None}
        self._shapes: dict[tuple[str, ...], tuple[str, Callable[[dict[str, Any]], Any]]] = {}

    def line(self, **values: Any) -> str:
        """One row without its line end. Raises KeyError for a column that is unknown, or missing without a default."""
        shape = self._shapes.get(tuple(values))
        if shape is None:
            shape = self._shapes[tuple(values)] = self._shape(tuple(values))
        pattern, pick = shape
        return pattern % pick(values)

    def _shape(self, given: tuple[str, ...]) -> tuple[str, Callable[[dict[str, Any]], Any]]:
        unknown = set(given) - set(self.columns)
        if unknown or len(given) < 2:
            raise KeyError(f"{self.name}: {sorted(unknown) or 'give at least two columns'}")
        parts = ["%s" if column in given else self._standing[column].replace("%", "%%") for column in self.columns]
        return "\t".join(parts), itemgetter(*[column for column in self.columns if column in given])

    @property
    def copy(self) -> str:
        """The statement that takes the lines."""
        return f'COPY "{self.name}" ({", ".join(self.columns)}) FROM STDIN'


def _is_written(field: Any) -> bool:
    """Numbers given by the database and columns it computes are not ours to write."""
    return not isinstance(field, models.AutoField | models.BigAutoField | models.GeneratedField)


def _default(field: Any) -> str | None:
    """The text of the field's default; None where every row must say it."""
    if field.primary_key:
        return None
    if field.has_default():
        default = field.default
        if callable(default):
            return {list: "{}", dict: "{}"}.get(default)
        return as_text(default)
    if field.null:
        return NULL
    return "" if isinstance(field, models.CharField | models.TextField) else None


def as_text(value: Any) -> str:
    """A plain value as COPY reads it."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    if isinstance(value, list | tuple):
        return "{" + ",".join(str(item) for item in value) + "}"
    return str(value)
