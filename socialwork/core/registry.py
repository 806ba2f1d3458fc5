"""Hooks by which apps above answer questions asked below."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

# What stands around every page: columns read with the session's user in one statement, by the name of the attribute.
# Each makes an expression about the user of the outer query.
session_columns: dict[str, Callable[[], Any]] = {}
