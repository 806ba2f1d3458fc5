"""What is measured, by subject: each module gives works and figures for a seeded country."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.test import Client
from django.urls import reverse

from socialwork.bench.measuring import Figure, Row, Work
from socialwork.bench.viewers import Viewer, viewers

Measured = Iterator[Work | Figure | Row]


@dataclass(frozen=True)
class Country:
    """The people who look, few rows first, each with a browser."""

    viewers: list[Viewer]

    @classmethod
    def found(cls) -> Country:
        return cls(viewers())

    @cached_property
    def clients(self) -> dict[Any, Client]:
        return {viewer.user.pk: viewer.client() for viewer in self.viewers}

    @property
    def smallest(self) -> Viewer:
        return self.viewers[0]

    @property
    def largest(self) -> Viewer:
        return self.viewers[-1]

    def page(self, viewer: Viewer, name: str, *args: Any, **query: str) -> Callable[[], Any]:
        """Ask for a page as this person's browser does; anything but the page is an error."""
        client, address = self.clients[viewer.user.pk], reverse(name, args=args)

        def ask() -> Any:
            answer = client.get(address, query)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answers {answer.status_code}")
            return answer

        return ask
