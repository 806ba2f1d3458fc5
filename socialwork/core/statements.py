"""Questions that are put into words once. For everybody in the same roles a statement differs in its values alone; to build
it anew each time costs the ORM more than the database needs to answer it.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, ValuesListIterable
from django.db.models.sql import Query
from django.utils import timezone
from django.utils.translation import get_language

from socialwork.core.making import Maker, maker_of

MOST = 1000


class Keys(str):
    """Identifiers as the database writes an array of them; it takes them back with `::uuid[]`. Nobody in between reads them."""

    __slots__ = ()


OPEN = UUID | dt.date | Keys  # a datetime is a date
# What a statement may depend on besides the identifiers of who asks: it is part of the question's name.
OF_A_USER, OF_AN_ORGANISATION = ("roles", "is_active"), ("family", "kind")


class Unsayable(Exception):
    """The question depends on something that was not given to it; it is built anew each time."""


def ask(build: Callable[..., QuerySet], *given: Any) -> QuerySet:
    """`build(*given)`, put into words once for each kind of what is given.

    Identifiers, lists of them, days, instants and the person who asks may differ from one time to the next; anything else given, the
    roles of the person, the language and the day make another question. So that nothing else can flow in, `build` must be
    a function of a module; while it builds for the first time the person is a stand-in that knows roles, organisation and
    family alone, and the database does not answer. Where it wants more, or where an instant stands in the statement that
    was not given, every time is the first.
    """
    place = _name(build, given)
    if place not in _known:
        _keep(place, _learn(build, given))
    words = _known[place]
    return words.rows_for(_values(given)) if words else build(*given)


@dataclass(frozen=True)
class Sentence:
    """A question in words: SQL, its values, and whether it has a condition to which another could be added."""

    sql: str
    params: Sequence[Any]
    has_condition: bool


def say(build: Callable[..., Sequence[QuerySet]], *given: Any) -> list[Sentence]:
    """The querysets that `build(*given)` returns, in words; put into words once as by `ask`.

    Those in which no row can be are left out.
    """
    place = _name(build, given)
    if place not in _known:
        _keep(place, _learn_sentences(build, given))
    known, values = _known[place], _values(given)
    if known is None:
        return sentences(build(*given))
    return [Sentence(each.sql, [_filled(param, values) for param in each.params], each.has_condition) for each in known]


def alike(build: Callable[..., Any], *given: Any) -> Any:
    """What `build(*given)` returns where it is the same for everybody of a kind, found out once with stand-ins as in `ask`."""
    place = _name(build, given)
    if place not in _known:
        _keep(place, _learn_value(build, given))
    known = _known[place]
    return build(*given) if known is None else known[0]


def is_of_module(build: Any) -> bool:
    """Whether this is a function of a module, or one with some codes given: it depends on nothing but what it is given."""
    if isinstance(build, partial):
        return is_of_module(build.func) and all(map(_is_code, (*build.args, *build.keywords.values())))
    return isinstance(build, FunctionType) and not build.__closure__ and "<" not in build.__qualname__


def _is_code(value: Any) -> bool:
    return all(map(_is_code, value)) if isinstance(value, tuple | frozenset) else isinstance(value, str)


def _name(build: Callable[..., Any], given: Sequence[Any]) -> tuple[Any, ...]:
    if not is_of_module(build):
        raise TypeError("only a function of a module depends on nothing but what it is given")
    return (build, get_language(), timezone.localdate(), *map(_kind, given))


def _keep(place: tuple[Any, ...], found: Any) -> None:
    if len(_known) >= MOST:
        _known.clear()
    _known[place] = found


def forget() -> None:
    """Every question is put into words again."""
    _known.clear()


def _kind(value: Any) -> Any:
    """What of a given thing makes it another question."""
    if isinstance(value, list):
        return ("open", list)
    if isinstance(value, partial):
        return (value.func, value.args, *sorted(value.keywords.items()))
    if isinstance(value, AbstractBaseUser):
        organisation = value.organisation if value.organisation_id else None
        family = [getattr(organisation, name) for name in OF_AN_ORGANISATION] if organisation else []
        return ("user", frozenset(value.roles), value.is_active, *family)
    return ("open", type(value)) if isinstance(value, OPEN) else value


def _values(given: Sequence[Any]) -> list[Any]:
    """The values that stand in the statement."""
    found = []
    for value in given:
        if isinstance(value, AbstractBaseUser):
            found += [value.pk, value.organisation_id]
        elif isinstance(value, OPEN | list):
            found.append(value)
    return found


class _Words:
    """A statement, the places of the values in it, and the compiler that found it, which knows how columns become objects."""

    def __init__(self, rows: QuerySet, sql: str, compiler: Any, params: Sequence[Any]) -> None:
        self.rows, self.sql, self.compiler, self.params = rows, sql, compiler, params
        plain = rows._iterable_class is ModelIterable and not rows._known_related_objects
        self.maker: Maker | None = maker_of(compiler) if plain else None
        self.as_they_come = rows._iterable_class is ValuesListIterable and come_as_asked(rows, compiler)

    def rows_for(self, values: Sequence[Any]) -> QuerySet:
        like = self.rows
        found = type(like)(model=like.model, query=_Said(like.query, self, values), using=like._db, hints=like._hints)
        for name in ("_sticky_filter", "_for_write", "_prefetch_related_lookups", "_known_related_objects", "_iterable_class", "_fields"):
            setattr(found, name, getattr(like, name))
        if self.maker:
            found._iterable_class = _Made
        elif self.as_they_come:
            found._iterable_class = _AsTheyCome
        return found


def come_as_asked(rows: QuerySet, compiler: Any) -> bool:
    """Whether the database gives the values of a `values_list` in the order asked for, and nobody converts them."""
    query = rows.query
    given = [*query.extra_select, *query.values_select, *query.annotation_select]
    asked = list(rows._fields or ())
    return asked == given and not compiler.get_converters([column[0] for column in compiler.select])


class _AsTheyCome(ValuesListIterable):
    """Tuples as the database gives them."""

    def __iter__(self) -> Iterator[Any]:
        rows, _compiler = _rows_of(self.queryset)
        return iter(rows)


class _Made(ModelIterable):
    """Objects made as it was found out when the statement was put into words."""

    def __iter__(self) -> Iterator[Any]:
        rows, compiler = _rows_of(self.queryset)
        return self.queryset.query._words.maker.made(rows, compiler, self.queryset.db)


def _rows_of(asked: QuerySet) -> tuple[list[tuple[Any, ...]], Any]:
    compiler = asked.query.get_compiler(using=asked.db)
    with connections[asked.db].cursor() as cursor:
        cursor.execute(*compiler.as_sql())
        return cursor.fetchall(), compiler


class _Said(Query):
    """A query whose words are known: it hands on the compiler that found them, with the values of this time."""

    def __init__(self, query: Query, words: _Words, values: Sequence[Any]) -> None:
        self.__dict__ = {**query.__dict__}
        self._words, self._values = words, values

    def chain(self, klass: Any = None) -> Query:
        raise TypeError("what is said once can only be asked, not changed")

    clone = chain

    def get_compiler(self, using: str | None = None, connection: Any = None, elide_empty: bool = True) -> Any:
        compiler = copy(self._words.compiler)
        if using:
            compiler.using, compiler.connection = using, connections[using]
        answer = self._words.sql, tuple(_filled(param, self._values) for param in self._words.params)
        compiler.as_sql = lambda *args, **kwargs: answer
        return compiler


class _Place:
    """Stands in the parameters where the nth value goes."""

    def __init__(self, number: int) -> None:
        self.number = number


_known: dict[tuple[Any, ...], Any] = {}


def _filled(param: Any, values: Sequence[Any]) -> Any:
    if isinstance(param, _Place):
        return values[param.number]
    return [_filled(each, values) for each in param] if isinstance(param, list) else param


def _learn(build: Callable[..., QuerySet], given: Sequence[Any]) -> _Words | None:
    """Say it twice with stand-ins and compare: what differs must be a value that was given."""
    def once(turn: int) -> tuple[Any, ...]:
        doubles = _doubles(given, turn)
        rows = build(*doubles)
        compiler = rows.query.get_compiler(rows.db)
        return rows, compiler, *compiler.as_sql(), _values(doubles)

    with _learning():
        (rows, compiler, sql, params, first), (_rows, _compiler, again, others, second) = once(1), once(2)
        return _Words(rows, sql, compiler, _places(sql, again, params, others, first, second))
    return None


def _learn_sentences(build: Callable[..., Sequence[QuerySet]], given: Sequence[Any]) -> list[Sentence] | None:
    """The same for several at once."""
    with _learning():
        doubles = [_doubles(given, turn) for turn in (1, 2)]
        said = [sentences(build(*each)) for each in doubles]
        values = [_values(each) for each in doubles]
        return [
            Sentence(one.sql, _places(one.sql, other.sql, one.params, other.params, *values), one.has_condition)
            for one, other in zip(*said, strict=True)
        ]
    return None


def _learn_value(build: Callable[..., Any], given: Sequence[Any]) -> tuple[Any] | None:
    with _learning():
        return (build(*_doubles(given, 1)),)
    return None


@contextmanager
def _learning() -> Iterator[None]:
    """The database does not answer; whatever goes wrong with stand-ins goes right, or is said, with the real things."""
    with suppress(Exception), connection.execute_wrapper(_unasked):
        yield


def sentences(questions: Sequence[QuerySet]) -> list[Sentence]:
    """Questions in words, without those in which no row can be."""
    found = []
    for rows in questions:
        try:
            sql, params = rows.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            continue
        found.append(Sentence(sql, params, bool(rows.query.where)))
    return found


def _doubles(given: Sequence[Any], turn: int) -> list[Any]:
    return [_double(value, turn, number) for number, value in enumerate(given)]


def _places(
    sql: str, again: str, params: Sequence[Any], others: Sequence[Any], first: Sequence[Any], second: Sequence[Any]
) -> list[Any]:
    """The values of a statement with a place for each that was given."""
    if sql != again or len(params) != len(others):
        raise Unsayable
    return [_place(*pair, first, second) for pair in zip(params, others, strict=True)]


def _place(param: Any, other: Any, first: Sequence[Any], second: Sequence[Any]) -> Any:
    for number, value in enumerate(first):
        if isinstance(value, list) and value == param and second[number] == other:
            return _Place(number)
    if isinstance(param, list) and isinstance(other, list) and len(param) == len(other):
        return [_place(*pair, first, second) for pair in zip(param, other, strict=True)]
    if isinstance(param, OPEN):
        for number, value in enumerate(first):
            if value == param and type(value) is type(param) and second[number] == other:
                return _Place(number)
    if isinstance(param, dt.datetime) or param != other:
        raise Unsayable
    return param


def _double(value: Any, turn: int, number: int) -> Any:
    """A stand-in of the same kind that equals nothing else."""
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, Keys):
        return Keys(f"{{{uuid4()}}}")
    if isinstance(value, list):
        return [uuid4()]
    if isinstance(value, dt.datetime):
        return dt.datetime(1900 + turn, 1, 1, number, tzinfo=dt.UTC)
    if isinstance(value, dt.date):
        return dt.date(1900 + turn, 2, 1 + number)
    return _double_of_a_user(value) if isinstance(value, AbstractBaseUser) else value


def _double_of_a_user(user: Model) -> Model:
    organisation_id = uuid4() if user.organisation_id else None
    double = _partly(get_user_model(), id=uuid4(), organisation_id=organisation_id, **{name: getattr(user, name) for name in OF_A_USER})
    if organisation_id:
        known = {name: getattr(user.organisation, name) for name in OF_AN_ORGANISATION}
        double._state.fields_cache["organisation"] = _partly(type(user.organisation), id=organisation_id, **known)
    return double


def _partly(model: type[Model], **known: Any) -> Model:
    """A row of which nothing but this is known, and nothing more to be had."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in known]
    row = model.from_db(None, names, [known[name] for name in names])
    row.refresh_from_db = _unasked
    return row


def _unasked(*args: Any, **kwargs: Any) -> Any:
    raise Unsayable
