"""Times of several ways to do one thing, taken in turns, so that a noisy machine is noisy for all of them."""
from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from django.db import connection

LEAST_ROUNDS, MOST_ROUNDS, WARM_ROUNDS = 7, 300, 3


@dataclass(frozen=True)
class Timing:
    """Half of the runs took at most `p50` milliseconds, nineteen of twenty at most `p95`."""

    p50: float
    p95: float
    runs: int


@dataclass(frozen=True)
class Ratio:
    """What one side may cost in terms of another: at most `limit` times as much, or, with `least`, at least that."""

    of: str
    to: str
    limit: float
    least: bool = False

    @property
    def words(self) -> str:
        return f"{'>=' if self.least else '<='} {self.limit:g}"

    def holds(self, value: float) -> bool:
        return value >= self.limit if self.least else value <= self.limit


@dataclass(frozen=True)
class Work:
    """One thing that is done, for one kind of person, on several sides: this product and what it is held against."""

    name: str
    sides: Mapping[str, Callable[[], Any]]
    ratios: tuple[Ratio, ...] = ()
    viewer: str = ""


@dataclass(frozen=True)
class Figure:
    """A number that is no time: queries of a page, bytes, a share. `limit` is the most it may be."""

    name: str
    value: float
    limit: float | None = None
    viewer: str = ""
    unit: str = ""


@dataclass
class Row:
    """One line of the result: figures in milliseconds or in `unit`, and what they are held against."""

    name: str
    viewer: str
    figures: dict[str, float]
    unit: str = "ms"
    target: str = ""
    value: float | None = None
    holds: bool | None = None
    p95: dict[str, float] = field(default_factory=dict)


def in_turns(sides: Mapping[str, Callable[[], Any]], *, seconds: float) -> dict[str, Timing]:
    """Run every side once, then again, until the time is used up. The first rounds are not counted."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for run in sides.values():
        for _round in range(WARM_ROUNDS):
            run()
    end = time.perf_counter() + seconds
    for done in range(MOST_ROUNDS):
        if done >= LEAST_ROUNDS and time.perf_counter() > end:
            break
        for name, run in sides.items():
            started = time.perf_counter()
            run()
            taken[name].append((time.perf_counter() - started) * 1000)
    return {name: Timing(median(times), quantiles(times, n=20)[-1], len(times)) for name, times in taken.items()}


def rows_of(work: Work, timings: Mapping[str, Timing]) -> list[Row]:
    """The line of a work, one more for every further ratio it is held to."""
    figures = {name: round(timing.p50, 3) for name, timing in timings.items()}
    late = {name: round(timing.p95, 3) for name, timing in timings.items()}
    if not work.ratios:
        return [Row(work.name, work.viewer, figures, p95=late)]
    found = []
    for ratio in work.ratios:
        value = timings[ratio.of].p50 / timings[ratio.to].p50
        target = f"{ratio.of} / {ratio.to} {ratio.words}"
        found.append(Row(work.name, work.viewer, figures, "ms", target, round(value, 3), ratio.holds(value), late))
    return found


def row_of(figure: Figure) -> Row:
    target = "" if figure.limit is None else f"<= {figure.limit:g}"
    holds = None if figure.limit is None else figure.value <= figure.limit
    return Row(figure.name, figure.viewer, {"ours": figure.value}, figure.unit, target, figure.value, holds)


class Counted:
    """How many statements were sent inside; those of the transaction itself are not counted."""

    def __enter__(self) -> Counted:
        self.statements = 0
        self._wrapper = connection.execute_wrapper(self._count)
        self._wrapper.__enter__()
        return self

    def _count(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += not sql.startswith(("SAVEPOINT", "RELEASE"))
        return execute(sql, params, many, context)

    def __exit__(self, *error: Any) -> None:
        self._wrapper.__exit__(*error)
