"""Reads the files of the demonstration; the sentences the loader composes stand in one of them, not in the code."""
from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings


def read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


@cache
def _words() -> dict[str, str]:
    return read(settings.DEMO_DIR / "words.toml")


def say(key: str, **values: Any) -> str:
    """A sentence of words.toml with its blanks filled in."""
    return _words()[key].format(**values)


def listed(items: Iterable[str], by: str = "comma") -> str:
    """Items side by side, as a sentence lists them."""
    return _words()[by].join(items)


def paragraphs(*parts: str) -> str:
    """What there is to say, one line each."""
    return "\n".join(part for part in parts if part)
