"""Texts and names handed out from shuffled decks: each comes once before any comes again."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any


class Pools:
    """Decks of cards. The same seed deals the same cards on every machine and day."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._decks: dict[str, list[Any]] = {}

    def take(self, deck: str, cards: Sequence[Any], *, fits: Callable[[Any], bool] = lambda card: True) -> Any:
        """The next card of the deck that fits; a deck without one is filled up again. LookupError when none can."""
        for _turn in range(2):
            left = self._decks.setdefault(deck, [])
            for card in left:
                if fits(card):
                    left.remove(card)
                    return card
            left += self.random.sample(list(cards), len(cards))
        raise LookupError(f"no card of {deck} fits")

    def between(self, span: Sequence[int]) -> int:
        """A whole number from the first to the last of the span, both included."""
        return self.random.randint(span[0], span[1])
