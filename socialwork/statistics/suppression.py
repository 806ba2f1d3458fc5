"""Counts that tell nothing about a child: numbers below five are withheld, with every number that would betray them.

The table has rows of services inside agencies, and columns of groups; beside it stands a second one with the same columns
by month. Published are the cells of both, the total of each row, the column totals inside each agency, the total of each
agency and of each month, the column totals, and the grand total. Each is the flow through one arc of a network in which
what flows into a node flows out again; the column totals join the two tables:

    source → agency → service → (agency, group) → group → (group of months) → month → sink → source

So the question whether a reader could work a withheld number out is one about flows: it could still be anything from 0
to 4 if so much more, and so much less, can be sent around a circle of withheld numbers through it. Where no such circle
exists, the cheapest published numbers that make one are withheld as well (complementary suppression). Source of the
limit: V25, design.
"""
from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LIMIT = 5
ENDLESS = 10**9
Node = Hashable
Key = tuple[Any, ...]


class Shown(StrEnum):
    """How a number appears. SMALL says that it lies below five; WITHHELD says nothing at all."""

    OPEN = "open"
    SMALL = "small"
    WITHHELD = "withheld"


@dataclass
class Figure:
    """One number of the tables: an arc of the network. Keys: ("cell", a, s, g), ("row", a, s), ("block", a, g),
    ("agency", a), ("column", g), ("moment", m, g), ("month", m), ("all",)."""

    key: Key
    tail: Node
    head: Node
    value: int
    shown: Shown = Shown.OPEN

    @property
    def margin(self) -> bool:
        return self.key[0] not in ("cell", "moment")

    def up(self) -> int:
        """How much more a reader must think possible."""
        if self.shown == Shown.OPEN:
            return 0
        return LIMIT - 1 - self.value if self.shown == Shown.SMALL else ENDLESS

    def down(self) -> int:
        """How much less. A withheld cell is at least five, or it would be marked as small; a withheld total is free."""
        if self.shown == Shown.OPEN:
            return 0
        return self.value - LIMIT if self.shown == Shown.WITHHELD and not self.margin else self.value


Step = tuple[Figure, bool, int]  # a number on a way, whether it grows, and by how much it may

# What withholding a number costs the reader: cells are given up before totals, small totals before large ones.
COSTS = {"cell": 2, "moment": 2, "row": 5, "block": 5, "month": 6, "agency": 9, "column": 12, "all": 20}


class Table:
    """The numbers of one district, and the network that ties them together."""

    def __init__(
        self, counts: Mapping[Key, int], rows: Mapping[Any, Sequence[Any]], groups: Sequence[Any],
        months: Mapping[Any, Mapping[Any, int]] | None = None,
    ) -> None:
        """`counts` by (agency, service, group); `rows` the services of each agency, shown whether or not they count.

        `months` holds the same things once more, by month and group.
        """
        self.figures: dict[Key, Figure] = {}
        self._by_month = months is not None
        for agency, services in rows.items():
            for service in services:
                for group in groups:
                    self._add(("cell", agency, service, group), counts.get((agency, service, group), 0))
                self._add(("row", agency, service), self._sum(counts, agency, [service], groups))
            for group in groups:
                self._add(("block", agency, group), self._sum(counts, agency, services, [group]))
            self._add(("agency", agency), self._sum(counts, agency, services, groups))
        for group in groups:
            self._add(("column", group), sum(self._sum(counts, a, services, [group]) for a, services in rows.items()))
        for month, counted in (months or {}).items():
            for group in groups:
                self._add(("moment", month, group), counted.get(group, 0))
            self._add(("month", month), sum(counted.get(group, 0) for group in groups))
        self._add(("all",), sum(self._sum(counts, a, services, groups) for a, services in rows.items()))
        self._around: dict[Node, list[Figure]] = {}
        for figure in self.figures.values():
            self._around.setdefault(figure.tail, []).append(figure)
            self._around.setdefault(figure.head, []).append(figure)

    def __getitem__(self, key: Key) -> Figure:
        return self.figures[key]

    def protect(self) -> Table:
        """Mark what must not be shown. Afterwards every number below five could be anything from 0 to 4."""
        small = [figure for figure in self.figures.values() if figure.value < LIMIT]
        for figure in small:
            figure.shown = Shown.WITHHELD if figure.margin else Shown.SMALL
        for figure in small:
            for more in (True, False):
                amount = LIMIT - 1 - figure.value if more else figure.value
                if not self.can_move(figure, amount, more=more):
                    self._make_room(figure, amount, more=more)
        return self

    def exposed(self) -> list[Figure]:
        """Numbers below five of which a reader could exclude a value from 0 to 4. Empty after `protect`."""
        return [
            figure for figure in self.figures.values()
            if figure.value < LIMIT and not (
                self.can_move(figure, LIMIT - 1 - figure.value, more=True) and self.can_move(figure, figure.value, more=False)
            )
        ]

    def can_move(self, figure: Figure, amount: int, *, more: bool) -> bool:
        """Whether the number could be `amount` more (or less) without any published number or sum changing."""
        moved: dict[Key, int] = {}
        while amount > 0:
            way = self._way(figure, moved, more=more)
            if not way:
                return False
            amount -= _push(way, moved, amount)
        return True

    def _make_room(self, figure: Figure, amount: int, *, more: bool) -> None:
        """Withhold the published numbers on the circles through the figure that cost the reader least.

        There always are some: the totals of its own row, agency, column and the district hold at least what it holds.
        """
        moved: dict[Key, int] = {}
        while amount > 0:
            way = self._way(figure, moved, more=more, opening=True)
            for arc, _forward, _room in way:
                if arc.shown == Shown.OPEN:
                    arc.shown = Shown.WITHHELD
            amount -= _push(way, moved, amount)

    def _way(self, figure: Figure, moved: Mapping[Key, int], *, more: bool, opening: bool = False) -> list[Step]:
        """The cheapest way around the figure along numbers that have room; [] when there is none (Dijkstra).

        Withheld numbers cost nothing; published ones may be used at their price when `opening`.
        """
        start, end = (figure.head, figure.tail) if more else (figure.tail, figure.head)
        best: dict[Node, int] = {start: 0}
        came: dict[Node, tuple[Node, Step]] = {}
        waiting: list[tuple[int, int, Node]] = [(0, 0, start)]
        turn = 0
        while waiting:
            cost, _turn, node = heapq.heappop(waiting)
            if node == end:
                return _walked(came, start, end)
            if cost > best[node]:
                continue
            for arc in self._around[node]:
                forward = arc.tail == node
                other = arc.head if forward else arc.tail
                room, price = _room(arc, moved.get(arc.key, 0), forward=forward, opening=opening)
                if arc is figure or room <= 0 or cost + price >= best.get(other, ENDLESS):
                    continue
                best[other] = cost + price
                came[other] = (node, (arc, forward, room))
                turn += 1
                heapq.heappush(waiting, (cost + price, turn, other))
        return []

    def _add(self, key: Key, value: int) -> None:
        tail, head = _ends(key, by_month=self._by_month)
        self.figures[key] = Figure(key, tail, head, value)

    @staticmethod
    def _sum(counts: Mapping[Key, int], agency: Any, services: Iterable[Any], groups: Iterable[Any]) -> int:
        chosen = list(groups)
        return sum(counts.get((agency, service, group), 0) for service in services for group in chosen)


def _ends(key: Key, *, by_month: bool) -> tuple[Node, Node]:
    match key:
        case ("cell", agency, service, group):
            return ("service", agency, service), ("block", agency, group)
        case ("row", agency, service):
            return ("agency", agency), ("service", agency, service)
        case ("block", agency, group):
            return ("block", agency, group), ("group", group)
        case ("agency", agency):
            return "source", ("agency", agency)
        case ("column", group):
            return ("group", group), ("months", group) if by_month else "sink"
        case ("moment", month, group):
            return ("months", group), ("month", month)
        case ("month", month):
            return ("month", month), "sink"
    return "sink", "source"


def _room(arc: Figure, shift: int, *, forward: bool, opening: bool) -> tuple[int, int]:
    """How much more can be sent along the arc, and what that costs the reader."""
    if arc.shown != Shown.OPEN:
        return (arc.up() - shift if forward else arc.down() + shift), 0
    if not opening:
        return 0, 0
    return (ENDLESS if forward else arc.value - (0 if arc.margin else LIMIT)), COSTS[arc.key[0]]


def _push(way: Sequence[Step], moved: dict[Key, int], amount: int) -> int:
    """Send as much along the way as it has room for, and say how much that was."""
    step = min(amount, *(room for _arc, _forward, room in way))
    for arc, forward, _room_left in way:
        moved[arc.key] = moved.get(arc.key, 0) + (step if forward else -step)
    return step


def _walked(came: Mapping[Node, tuple[Node, Step]], start: Node, end: Node) -> list[Step]:
    path, node = [], end
    while node != start:
        node, step = came[node]
        path.append(step)
    return path[::-1]
