"""The values of a work list as they stand in a table, and the words, shapes and colours that say a state or an end.

A page shows hundreds of them: a template for each took half the time of the page.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from itertools import product
from typing import Any, NamedTuple

from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from socialwork.core.rendering import escaped

# A state is a word, a shape and a colour, so that no one of them is needed to read it.
SHAPES: dict[str, str] = {
    "ok": "●",
    "warn": "▲",
    "danger": "■",
    "done": "✓",
    "info": "◆",
    "neutral": "○",
}
EMPTY = '<span class="quiet">—</span>'


class Cell(NamedTuple):
    """One value of a work list row as it stands in a table; whether it says nothing, and whether it is a number."""

    html: SafeString
    empty: bool
    number: bool


def cell(
    text: Any = "", url: str = "", sub: Any = "", state: Mapping[str, Any] | None = None, due: Mapping[str, Any] | None = None, number: bool = False
) -> Cell:
    """A cell of its parts. `state` is {label, tone}; `due` is {text, date, tone}."""
    if type(text) is str:
        parts = escape(text)
    else:
        parts = "" if text is None else escaped(text if isinstance(text, str) else localize(text))
    empty = not parts and state is None and due is None
    if url:
        parts = f'<a href="{escaped(url)}">{parts}</a>'
    elif empty:
        parts = EMPTY
    if state:
        parts += f" {state_mark(state['label'], state['tone'])}"
    if due:
        parts += f" {due_mark(due['text'], due.get('date', ''), due['tone'])}"
    if sub:
        parts += f'<span class="cell-sub">{escaped(sub)}</span>'
    return Cell(SafeString(parts), empty, number)


def as_cell(value: Any) -> Cell:
    """A plain value, or a mapping with the parts of a cell. Unknown keys are a mistake and raise TypeError."""
    if isinstance(value, Mapping):
        return cell(**value)
    return cell(value)


def shape(tone: str) -> str:
    """The shape that says the same as the tone's colour. An unknown tone raises KeyError: it would be invisible."""
    return SHAPES[tone or "neutral"]


def state_mark(label: Any, tone: str) -> SafeString:
    """A state in words, with the shape and the colour that say the same (ok · warn · danger · done · info · neutral)."""
    return _state(escaped(label), tone)


@lru_cache(maxsize=1000)
def _state(label: str, tone: str) -> SafeString:
    return SafeString(
        f'<span class="state state-{escaped(tone)}"><span class="state-shape" aria-hidden="true">{shape(tone)}</span>{label}</span>'
    )


# By type as well: what is marked safe equals the same text that is not.
@lru_cache(maxsize=4000, typed=True)
def due_mark(text: Any, date: Any, tone: str) -> SafeString:
    """How far an end is away ("3 days left") and its date, as shown."""
    day = f' <span class="due-date">{escaped(date)}</span>' if date else ""
    return SafeString(
        f'<span class="due due-{escaped(tone)}"><span class="due-left"><span class="state-shape" aria-hidden="true">{shape(tone)}</span>'
        f"{escaped(text)}</span>{day}</span>"
    )


def as_heads(columns: Iterable[Mapping[str, Any]]) -> SafeString:
    """The heads of a table's columns, {label, number}."""
    heads = [(' class="num"' if column.get("number") else "", escaped(column["label"])) for column in columns]
    return SafeString("".join(f'<th scope="col" role="columnheader"{marks}>{label}</th>' for marks, label in heads))


def under(rows: Iterable[Mapping[str, Any]], columns: Sequence[Mapping[str, Any]]) -> SafeString:
    """The rows of a table, {cells, tone}, under their columns; the first cell is the row's name.

    Too many cells or too few raise ValueError.
    """
    starts = [_starts(str(column["label"]), bool(column.get("number")), bool(column.get("wide")), not place) for place, column in enumerate(columns)]
    return SafeString("\n".join(_row(row, starts) for row in rows))


@lru_cache(maxsize=1000)
def _starts(label: str, number: bool, wide: bool, names_row: bool) -> Mapping[tuple[bool, bool], str]:
    """How a cell under the column begins, by whether it is empty and whether it holds a number."""
    if names_row:
        return dict.fromkeys(product((False, True), repeat=2), '<th scope="row" role="rowheader">')
    found = {}
    for empty, holds_number in product((False, True), repeat=2):
        marks = ["cell-empty" if empty else "", "num" if holds_number or number else "", "wide" if wide else ""]
        classes = f' class="{" ".join(filter(None, marks))}"' if any(marks) else ""
        found[empty, holds_number] = f'<td role="cell" data-label="{escape(label)}"{classes}>'
    return found


def _row(row: Mapping[str, Any], starts: Sequence[Mapping[tuple[bool, bool], str]]) -> str:
    tone, found, end = row.get("tone"), [], "</th>"
    for value, start in zip(row["cells"], starts, strict=True):
        if type(value) is str:
            found += (start[not value, False], escape(value) or EMPTY, end)
        else:
            html, empty, number = value if type(value) is Cell else cell(**value) if type(value) is dict else as_cell(value)
            found += (start[empty, number], html, end)
        end = "</td>"
    inner = "".join(found)
    return f'<tr role="row" class="row-{escaped(tone)}">{inner}</tr>' if tone else f'<tr role="row">{inner}</tr>'


def in_links(actions: Iterable[Mapping[str, Any]]) -> SafeString:
    """What else can be done with a table, {label, url}, as quiet links."""
    return SafeString("".join(f'<a class="btn btn-quiet btn-sm" href="{escaped(each["url"])}">{escaped(each["label"])}</a>' for each in actions))


def pager(worklist: Mapping[str, Any]) -> SafeString:
    """The way to the rows before and after those of a table, where there are any."""
    ways = (("prev", worklist.get("previous_url"), _("Back to the newer ones")), ("next", worklist.get("next_url"), _("Further ones")))
    links = [f'<a class="btn btn-quiet btn-sm" rel="{rel}" href="{escaped(url)}">{escaped(label)}</a>' for rel, url, label in ways if url]
    if not links:
        return SafeString("")
    title = escaped(_("Pages of %(title)s") % {"title": worklist["title"]})
    return SafeString(f'<nav class="panel-part pager" aria-label="{title}">{"".join(links)}</nav>')
