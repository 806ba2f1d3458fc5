"""The result as a table for people and as rows for machines."""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from socialwork.bench.measuring import Row


def as_json(rows: Sequence[Row]) -> str:
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1)


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
