"""No number below five can be worked out: checked by trying every table a reader could think of, not by our own method."""
from __future__ import annotations

import random
from itertools import product

import pytest

from socialwork.oversight.suppression import LIMIT, Shown, Table

AGENCY, GROUPS = "a", ("x", "y")
MOST = 14


def tables_a_reader_could_think_of(table, services):
    """Every filling of the cells that agrees with what is published and with what the marks say."""
    cells = [("cell", AGENCY, service, group) for service in services for group in GROUPS]
    ranges = []
    for key in cells:
        figure = table[key]
        if figure.shown == Shown.OPEN:
            ranges.append([figure.value])
        else:
            ranges.append(range(LIMIT) if figure.shown == Shown.SMALL else range(LIMIT, MOST))
    for values in product(*ranges):
        filled = dict(zip(cells, values, strict=True))
        if all(figure.shown != Shown.OPEN or total(figure.key, filled) == figure.value for figure in table.figures.values()):
            yield filled


def total(key, filled):
    """What a published total must be when the cells are filled in this way."""
    place, name = {"row": (2, -1), "block": (3, -1), "column": (3, -1)}.get(key[0], (None, None))
    if key[0] == "cell":
        return filled[key]
    return sum(value for cell, value in filled.items() if place is None or cell[place] == key[name])


@pytest.mark.parametrize(
    "numbers",
    [
        (3, 7, 8, 9), (4, 4, 9, 9), (0, 12, 12, 0), (1, 1, 1, 1), (3, 2, 6, 7), (4, 9, 5, 5), (0, 5, 5, 5), (2, 10, 0, 10),
        (9, 9, 9, 9),
    ],
)
def test_every_small_cell_could_be_anything_below_five(numbers):
    services = ("s", "t")
    cells = [(AGENCY, service, group) for service in services for group in GROUPS]
    table = Table(dict(zip(cells, numbers, strict=True)), {AGENCY: services}, GROUPS).protect()
    possible = list(tables_a_reader_could_think_of(table, services))
    for key in cells:
        if table["cell", *key].value < LIMIT:
            assert {filled["cell", *key] for filled in possible} >= set(range(LIMIT))
    if min(numbers) >= LIMIT:
        assert all(figure.shown == Shown.OPEN for figure in table.figures.values())


def test_no_small_number_is_ever_open():
    numbers = random.Random(7)
    for _trial in range(40):
        rows = {agency: range(numbers.randint(1, 5)) for agency in range(numbers.randint(1, 3))}
        counts = {
            (agency, service, group): numbers.choice((0, 1, 2, 4, 5, 8, 20, 60))
            for agency in rows for service in rows[agency] for group in range(5)
        }
        table = Table(counts, rows, range(5)).protect()
        assert [figure.key for figure in table.figures.values() if figure.value < LIMIT and figure.shown == Shown.OPEN] == []
        assert table.exposed() == []


def test_without_the_second_step_a_number_would_be_exposed():
    counts = {(AGENCY, "s", "x"): 3, (AGENCY, "s", "y"): 7, (AGENCY, "t", "x"): 8, (AGENCY, "t", "y"): 9}
    table = Table(counts, {AGENCY: ("s", "t")}, GROUPS)
    table["cell", AGENCY, "s", "x"].shown = Shown.SMALL
    assert [figure.key for figure in table.exposed()] == [("cell", AGENCY, "s", "x")]


def test_large_numbers_stay():
    counts = {(AGENCY, service, group): 40 for service in "stuv" for group in GROUPS}
    counts[AGENCY, "s", "x"] = 2
    table = Table(counts, {AGENCY: tuple("stuv")}, GROUPS).protect()
    withheld = [figure.key for figure in table.figures.values() if figure.shown == Shown.WITHHELD]
    # One other cell of its row, one of its column, and the fourth corner: no total is given up.
    assert len(withheld) == 3 and {key[0] for key in withheld} == {"cell"}
