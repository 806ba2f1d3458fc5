"""Two texts side by side, and a text with the passages that comments stand on."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django import template
from django.forms import Form

register = template.Library()

# One Chinese character, one run of Latin letters or digits, or anything else: what a reader sees as one unit.
UNIT = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)
# Comparing unit by unit grows with the square of the length and worse for repeated text. So texts are compared by
# sentence, and only sentences that changed are looked into, up to this length.
LONGEST_LOOKED_INTO = 400
SENTENCE = re.compile(r"[^。！？；.!?;\n]*[。！？；.!?;\n]|[^。！？；.!?;\n]+")


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


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[bool, list[str], list[str]]]:
    """Runs of the two texts, in order: whether they differ, and what stands on either side."""
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > LONGEST_LOOKED_INTO)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        yield kind != "equal", list(before[a1:a2]), list(after[b1:b2])


def _add(sides: Sides, changed: bool, old: str, new: str) -> None:
    for pieces, text in ((sides.old, old), (sides.new, new)):
        if text:
            pieces.append(Piece(text, changed=changed))


@register.simple_tag
def compare(old: Any, new: Any) -> Sides:
    """What was taken out of the old text and what came in with the new one. None counts as an empty text."""
    before, after = ("" if text is None else str(text) for text in (old, new))
    sides = Sides()
    for changed, gone, come in _changes(SENTENCE.findall(before), SENTENCE.findall(after)):
        left, right = "".join(gone), "".join(come)
        if not changed or not left or not right or max(len(left), len(right)) > LONGEST_LOOKED_INTO:
            _add(sides, changed, left, right)
            continue
        for differs, out, into in _changes(UNIT.findall(left), UNIT.findall(right)):
            _add(sides, differs, "".join(out), "".join(into))
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
        words = {str(code): str(label) for code, label in getattr(form.fields[name], "choices", ())}
        other, own = (_as_text(side, words) for side in (value, form[name].value()))
        if other != own:
            rows.append({"label": str(form[name].label), "old": other, "new": own})
    return rows


def _as_text(value: Any, words: Mapping[str, str]) -> str:
    """A field's value as it is read on the page: the words of options, one to a line."""
    if isinstance(value, list | tuple | set):
        return "\n".join(_as_text(part, words) for part in value)
    text = "" if value is None else str(value).replace("\r\n", "\n")
    return words.get(text, text) if text else ""
