"""Hooks by which apps above answer questions asked below."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Each counts what a user has not read yet, for the top bar.
unread_counters: list[Callable[[Any], int]] = []
