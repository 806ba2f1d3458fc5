"""The result as a table for people and as rows for machines."""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from socialwork.bench.measuring import Row


def as_json(rows: Sequence[Row]) -> str:
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1)


# Named works whose time must not grow with the country, each held to the empty page of its own run.
GROWING = ("list, page", "page of a case with 200 records")
MOST_GROWTH = 1.2


def against(rows: Sequence[Row], smaller: Sequence[Mapping[str, Any]]) -> list[Row]:
    """How much longer the same takes in this country than in a smaller one, both in terms of their run's empty page."""
    found, before = [], {}
    for row in smaller:
        if row["name"] in GROWING:
            before.setdefault(row["name"], []).append(row["figures"]["ours"] / row["figures"]["nothing"])
    for name in GROWING:
        now = [row.figures["ours"] / row.figures["nothing"] for row in rows if row.name == name]
        if now and name in before:
            value = max(now) / max(before[name])
            figures = {"here": round(max(now), 3), "there": round(max(before[name]), 3)}
            target = f"here / there <= {MOST_GROWTH}"
            found.append(Row(f"{name}, larger country", "", figures, "empty pages", target, round(value, 3), value <= MOST_GROWTH))
    return found


def as_table(rows: Sequence[Row]) -> str:
    """One line for each thing that is held to something; figures are medians."""
    head = ("what", "rows", "figures", "ratio or number", "target", "holds")
    lines = [head, *(_line(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    ruled = [lines[0], tuple("-" * width for width in widths), *lines[1:]]
    return "\n".join("| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in ruled)


def _line(row: Row) -> tuple[str, ...]:
    figures = ", ".join(f"{name} {value:g}" for name, value in row.figures.items())
    value = "" if row.value is None else f"{row.value:g}"
    holds = {True: "yes", False: "NO", None: ""}[row.holds]
    return (row.name, row.viewer, f"{figures} {row.unit}".strip(), value, row.target, holds)
