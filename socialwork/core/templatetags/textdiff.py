"""Two texts side by side, and a text with the passages that comments stand on."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django import template
from django.forms import Form

register = template.Library()

# One Chinese character, one run of Latin letters or digits, or anything else: what a reader sees as one unit.
UNIT = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)
# Comparing character by character grows with the square of the length; longer texts are compared by sentence.
LONGEST_BY_CHARACTER = 4000
SENTENCE = re.compile(r"[^。！？；.!?;\n]*[。！？；.!?;\n]?")


@dataclass(frozen=True)
class Piece:
    """A run of text; `changed` within a comparison, `number` where a comment stands on it (0 = none)."""

    text: str
    changed: bool = False
    number: int = 0


@dataclass
class Sides:
    """The old and the new text as pieces."""

    old: list[Piece] = field(default_factory=list)
    new: list[Piece] = field(default_factory=list)


def units(text: str, *, by_sentence: bool) -> list[str]:
    """The text cut into the units that are compared. Joined again they are the text."""
    return [unit for unit in (SENTENCE if by_sentence else UNIT).findall(text) if unit]


@register.simple_tag
def compare(old: Any, new: Any) -> Sides:
    """What was taken out of the old text and what came in with the new one. None counts as an empty text."""
    before, after = ("" if text is None else str(text) for text in (old, new))
    by_sentence = max(len(before), len(after)) > LONGEST_BY_CHARACTER
    a, b = (units(text, by_sentence=by_sentence) for text in (before, after))
    sides = Sides()
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if a2 > a1:
            sides.old.append(Piece("".join(a[a1:a2]), changed=kind != "equal"))
        if b2 > b1:
            sides.new.append(Piece("".join(b[b1:b2]), changed=kind != "equal"))
    return sides


@register.filter
def with_quotes(text: str, comments: Iterable[Mapping[str, Any]]) -> list[Piece]:
    """The text cut where comments stand on a passage, numbered like the comments.

    A passage that no longer occurs (the text was rewritten) or that overlaps an earlier one is shown beside the text
    only.
    """
    spans: list[tuple[int, int, int]] = []
    for number, comment in enumerate(comments or (), start=1):
        quote = comment.get("quote") or ""
        start = text.find(quote) if quote else -1
        if start >= 0 and all(start + len(quote) <= s or start >= e for s, e, _ in spans):
            spans.append((start, start + len(quote), number))
    pieces: list[Piece] = []
    at = 0
    for start, end, number in sorted(spans):
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], number=number))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces


@register.simple_tag
def both_texts(form: Form, theirs: Mapping[str, Any]) -> list[dict[str, str]]:
    """The fields in which somebody else's saved text differs from the one in the form, as rows of diff.html."""
    rows = []
    for name, value in theirs.items():
        if name not in form.fields:
            continue
        other, own = (_as_text(side) for side in (value, form[name].value()))
        if other != own:
            rows.append({"label": str(form[name].label), "old": other, "new": own})
    return rows


def _as_text(value: Any) -> str:
    if isinstance(value, list | tuple | set):
        return "\n".join(_as_text(part) for part in value)
    return "" if value is None else str(value).replace("\r\n", "\n")
