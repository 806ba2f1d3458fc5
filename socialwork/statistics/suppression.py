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
    ("agency", a), ("column", g), ("moment", m, g), ("month", m), ("all",). `up` and `down` are how much more and how much
    less a reader must think possible."""

    key: Key
    tail: int
    head: int
    value: int
    shown: Shown = Shown.OPEN
    up: int = 0
    down: int = 0

    @property
    def margin(self) -> bool:
        return self.key[0] not in ("cell", "moment")

    def hide(self, shown: Shown) -> None:
        """Withhold it. A withheld cell is at least five, or it would be marked as small; a withheld total is free."""
        self.shown = shown
        self.up = LIMIT - 1 - self.value if shown == Shown.SMALL else ENDLESS
        self.down = self.value - LIMIT if shown == Shown.WITHHELD and not self.margin else self.value


Step = tuple[Figure, bool, int]  # a number on a way, whether it grows, and by how much it may
Arcs = list[list[tuple[Figure, bool, int]]]  # by node: a number, whether it leaves the node, and the node at its other end

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
        self._nodes: dict[Node, int] = {}
        self._around: Arcs = []
        self._hidden: Arcs = []
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

    def __getitem__(self, key: Key) -> Figure:
        return self.figures[key]

    def protect(self) -> Table:
        """Mark what must not be shown. Afterwards every number below five could be anything from 0 to 4."""
        small = [figure for figure in self.figures.values() if figure.value < LIMIT]
        for figure in small:
            self._hide(figure, Shown.WITHHELD if figure.margin else Shown.SMALL)
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
        moved: dict[int, int] = {}
        while amount > 0:
            way = self._circle(figure, moved, more=more)
            if not way:
                return False
            amount -= _push(way, moved, amount)
        return True

    def _make_room(self, figure: Figure, amount: int, *, more: bool) -> None:
        """Withhold the published numbers on the circles through the figure that cost the reader least.

        Where no published number holds enough, in a table of a handful of things, none stays published.
        """
        moved: dict[int, int] = {}
        while amount > 0:
            way = self._cheapest(figure, moved, more=more)
            if not way:
                for other in self.figures.values():
                    if other.shown == Shown.OPEN:
                        self._hide(other, Shown.WITHHELD)
                return
            for arc, _forward, _room in way:
                if arc.shown == Shown.OPEN:
                    self._hide(arc, Shown.WITHHELD)
            amount -= _push(way, moved, amount)

    def _circle(self, figure: Figure, moved: Mapping[int, int], *, more: bool) -> list[Step]:
        """The shortest way around the figure along withheld numbers that have room; [] when there is none."""
        start, end = _ends_for(figure, more=more)
        came: dict[int, tuple[int, Step]] = {}
        waiting = [start]
        for node in waiting:
            for arc, forward, other in self._hidden[node]:
                if other in came or arc is figure:
                    continue
                shift = moved.get(id(arc), 0)
                room = arc.up - shift if forward else arc.down + shift
                if room > 0:
                    came[other] = (node, (arc, forward, room))
                    if other == end:
                        return _walked(came, start, end)
                    waiting.append(other)
        return []

    def _cheapest(self, figure: Figure, moved: Mapping[int, int], *, more: bool) -> list[Step]:
        """The way that costs the reader least, published numbers being withheld at their price (Dijkstra)."""
        start, end = _ends_for(figure, more=more)
        best: dict[int, int] = {start: 0}
        came: dict[int, tuple[int, Step]] = {}
        waiting: list[tuple[int, int, int]] = [(0, 0, start)]
        turn = 0
        while waiting:
            cost, _turn, node = heapq.heappop(waiting)
            if node == end:
                return _walked(came, start, end)
            if cost > best[node]:
                continue
            for arc, forward, other in self._around[node]:
                room, price = _room(arc, moved.get(id(arc), 0), forward=forward)
                if arc is figure or room <= 0 or cost + price >= best.get(other, ENDLESS):
                    continue
                best[other] = cost + price
                came[other] = (node, (arc, forward, room))
                turn += 1
                heapq.heappush(waiting, (cost + price, turn, other))
        return []

    def _hide(self, figure: Figure, shown: Shown) -> None:
        figure.hide(shown)
        self._hidden[figure.tail].append((figure, True, figure.head))
        self._hidden[figure.head].append((figure, False, figure.tail))

    def _add(self, key: Key, value: int) -> None:
        tail, head = map(self._node, _ends(key, by_month=self._by_month))
        figure = self.figures[key] = Figure(key, tail, head, value)
        self._around[tail].append((figure, True, head))
        self._around[head].append((figure, False, tail))

    def _node(self, node: Node) -> int:
        """Nodes go by number: names of several parts took longer to look up than the search itself."""
        number = self._nodes.setdefault(node, len(self._nodes))
        if number == len(self._around):
            self._around.append([])
            self._hidden.append([])
        return number

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


def _ends_for(figure: Figure, *, more: bool) -> tuple[int, int]:
    """Where a circle through the figure leaves it and comes back to it."""
    return (figure.head, figure.tail) if more else (figure.tail, figure.head)


def _room(arc: Figure, shift: int, *, forward: bool) -> tuple[int, int]:
    """How much more can be sent along the arc, and what that costs the reader."""
    if arc.shown != Shown.OPEN:
        return (arc.up - shift if forward else arc.down + shift), 0
    return (ENDLESS if forward else arc.value - (0 if arc.margin else LIMIT)), COSTS[arc.key[0]]


def _push(way: Sequence[Step], moved: dict[int, int], amount: int) -> int:
    """Send as much along the way as it has room for, and say how much that was."""
    step = min(amount, *(room for _arc, _forward, room in way))
    for arc, forward, _room_left in way:
        moved[id(arc)] = moved.get(id(arc), 0) + (step if forward else -step)
    return step


def _walked(came: Mapping[int, tuple[int, Step]], start: int, end: int) -> list[Step]:
    path, node = [], end
    while node != start:
        node, step = came[node]
        path.append(step)
    return path[::-1]
