"""No number below five can be worked out: checked by trying every table a reader could think of, not by our own method."""
from __future__ import annotations

import random
from itertools import product

import pytest

from socialwork.statistics.suppression import LIMIT, Shown, Table

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


def test_of_a_handful_of_things_nothing_is_published():
    """Five things in one month of one group: no total holds enough to hide them behind."""
    table = Table({(AGENCY, "s", "x"): 3, (AGENCY, "t", "x"): 2}, {AGENCY: ("s", "t")}, ("x",), {"may": {"x": 5}}).protect()
    assert all(figure.shown != Shown.OPEN for figure in table.figures.values())


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


MONTHS = ("may", "june")


def pairs_a_reader_could_think_of(table, services):
    """The same for the two tables together: cells by service and cells by month, which share the totals of their columns."""
    places = [("cell", AGENCY, service, group) for service in services for group in GROUPS]
    places += [("moment", month, group) for month in MONTHS for group in GROUPS]
    ranges = []
    for key in places:
        figure = table[key]
        if figure.shown == Shown.OPEN:
            ranges.append([figure.value])
        else:
            ranges.append(range(LIMIT) if figure.shown == Shown.SMALL else range(LIMIT, 16))
    for values in product(*ranges):
        filled = dict(zip(places, values, strict=True))
        if all(of_months(group, filled) == of_services(group, filled) for group in GROUPS) and agrees(table, filled):
            yield filled


def of_services(group, filled):
    return sum(value for key, value in filled.items() if key[0] == "cell" and key[3] == group)


def of_months(group, filled):
    return sum(value for key, value in filled.items() if key[0] == "moment" and key[2] == group)


def agrees(table, filled):
    """Every published total is what the cells add up to."""
    for figure in table.figures.values():
        if figure.shown != Shown.OPEN or not figure.margin:
            continue
        kind, *names = figure.key
        parts = {
            "row": lambda key, names=names: key[0] == "cell" and key[2] == names[1],
            "month": lambda key, names=names: key[0] == "moment" and key[1] == names[0],
            "block": lambda key, names=names: key[0] == "cell" and key[3] == names[1],
            "column": lambda key, names=names: key[0] == "cell" and key[3] == names[0],
        }.get(kind, lambda key: key[0] == "cell")
        if sum(value for key, value in filled.items() if parts(key)) != figure.value:
            return False
    return True


@pytest.mark.parametrize(
    ("by_service", "by_month"),
    [((3, 7, 8, 9), (6, 8, 5, 8)), ((6, 9, 7, 8), (2, 9, 11, 8)), ((5, 5, 6, 0), (9, 0, 2, 5)), ((9, 9, 9, 9), (9, 9, 9, 9))],
)
def test_two_tables_of_the_same_things_give_nothing_away_together(by_service, by_month):
    services = ("s", "t")
    cells = [(AGENCY, service, group) for service in services for group in GROUPS]
    months = {month: dict(zip(GROUPS, by_month[2 * place : 2 * place + 2], strict=True)) for place, month in enumerate(MONTHS)}
    table = Table(dict(zip(cells, by_service, strict=True)), {AGENCY: services}, GROUPS, months).protect()
    assert table.exposed() == []
    possible = list(pairs_a_reader_could_think_of(table, services))
    assert possible
    for figure in table.figures.values():
        if not figure.margin and figure.value < LIMIT:
            assert {filled[figure.key] for filled in possible} >= set(range(LIMIT)), figure.key
    if min(by_service + by_month) >= LIMIT:
        assert all(figure.shown == Shown.OPEN for figure in table.figures.values())


def test_a_small_month_is_not_given_away_by_the_table_of_services():
    """Without the join, the open column totals of the one table and the open months of the other would betray it."""
    counts = {(AGENCY, service, group): 40 for service in "stuv" for group in GROUPS}
    months = {month: {"x": 30, "y": 30} for month in range(4)}
    months[4], months[5] = {"x": 3, "y": 20}, {"x": 37, "y": 20}
    table = Table(counts, {AGENCY: tuple("stuv")}, GROUPS, months)
    table["moment", 4, "x"].shown = Shown.SMALL
    assert [figure.key for figure in table.exposed()] == [("moment", 4, "x")]
    assert table.protect().exposed() == []
    assert table["moment", 4, "x"].shown == Shown.SMALL
