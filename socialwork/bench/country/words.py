"""Reads the invented words of the country (fixtures/bench/words.toml): names of people and places, sentences."""

from __future__ import annotations

import tomllib
from functools import cache
from random import Random
from typing import Any

from django.conf import settings

from socialwork.bench.country.chance import between, one_of


@cache
def words() -> dict[str, Any]:
    """The file."""
    with (settings.BASE_DIR / "fixtures" / "bench" / "words.toml").open("rb") as file:
        return tomllib.load(file)


def person_name(chance: Random) -> str:
    """Surname and one or two characters, most have two."""
    book = words()
    given = book["given"]
    second = one_of(chance, given) if chance.random() < 0.8 else ""
    return one_of(chance, book["surnames"]) + one_of(chance, given) + second


def place_name(number: int) -> str:
    """The name of an invented place; it repeats after 1,800 numbers with a further character."""
    first, second = words()["place_first"], words()["place_second"]
    size = len(first) * len(second)
    more = first[number // size] if number >= size else ""
    step = number * 787 % size
    return more + first[step % len(first)] + second[step // len(first)]


def agency_name(number: int) -> str:
    """What an invented agency calls itself; together with its place it is the only one."""
    first, second = words()["agency_first"], words()["agency_second"]
    return first[number % len(first)] + second[number // len(first) % len(second)]


def mobile(number: int) -> str:
    """A phone number with an unassigned prefix."""
    return f"100{number % 100_000_000:08d}"


def some(chance: Random, pool: list[str], most: int = 2) -> str:
    """One to `most` sentences, one after the other."""
    return "".join(chance.sample(pool, min(between(chance, 1, most), len(pool))))
