"""Hooks by which apps above answer questions asked below."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Each makes an expression that counts what the user of the outer query has not read yet, for the top bar. It is asked
# with the session's user, in the same statement.
unread_counters: list[Callable[[], Any]] = []
