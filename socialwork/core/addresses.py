"""Addresses of rows. A list has one for every row, and to look the pattern up anew each time costs more than the row."""
from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, get_urlconf, reverse

from socialwork.core.ids import written

_ANY = UUID(int=0)
_MARK = str(_ANY)


def address_of(name: str, pk: UUID) -> str:
    """What `reverse(name, args=[pk])` gives, for a pattern with one identifier."""
    return addresses_of(name)(pk)


def addresses_of(name: str) -> Callable[[UUID], str]:
    """The same for many identifiers one after the other."""
    before, after = _pattern(name, get_urlconf(), get_script_prefix()).split(_MARK)
    return lambda pk: f"{before}{written(pk)}{after}"


@lru_cache(maxsize=100)
def _pattern(name: str, _urlconf: object, _prefix: str) -> str:
    return reverse(name, args=[_ANY])
