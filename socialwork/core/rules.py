"""Rules of a row (CHECK) in few words.

The database reads every rule of a table anew at each statement that changes one of its rows, whatever columns that changes,
and takes the longer the more words a rule has. So the rules of a row that most acts write to are said shortly.
"""
from __future__ import annotations

from collections.abc import Iterable

from django.db.models import BooleanField, F, Func, Value
from django.db.models.lookups import Exact, IsNull


def same(one: Func | IsNull, other: Func | IsNull) -> Exact:
    """Both hold or neither does."""
    return Exact(one, other)


def known(name: str) -> IsNull:
    """The column is filled."""
    return IsNull(F(name), False)


def one_of(name: str, words: Iterable[str]) -> Func:
    """The column has one of the words (letters and _ alone). Words and arguments stand in alphabetical order, as a migration
    writes them: it would see a change where there is none."""
    among = Value("{%s}" % ",".join(sorted(map(str, words))))
    return Func(F(name), among, arg_joiner=" = ANY (", output_field=BooleanField(), template="%(expressions)s::text[])")
