"""Questions people put to the apps above: which matters a child has, and what follows registering one."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Matter:
    """A referral or case about a child, as this user may see it: for search results and the child's page.

    `open` says whether work is going on; `district` is where; `at` orders them, newest first.
    """

    title: str
    url: str
    label: Any
    tone: str
    open: bool
    at: datetime
    district: str = ""


# (user, juvenile ids) -> the matters this user may see, by child.
Matters = Callable[[Any, Sequence[UUID]], Mapping[UUID, Sequence[Matter]]]
# What is done in the transaction that registered a child; the answer is the address of what was begun.
Follower = Callable[..., str]
# (user, child) -> the action that begins a matter about the child: {label, url, post}, or None.
Beginning = Callable[[Any, Any], Mapping[str, Any] | None]

_matters: list[Matters] = []
_followers: list[Follower] = []
_beginnings: list[Beginning] = []


def register_matters(source: Matters) -> None:
    """An app above says which matters it has about children."""
    _matters.append(source)


def register_follower(follower: Follower) -> None:
    """An app above begins something for a child just registered: `follower(juvenile=, by=, at=, prosecutor=)`."""
    _followers.append(follower)


def register_beginning(beginning: Beginning) -> None:
    """An app above says what may be begun about a child."""
    _beginnings.append(beginning)


def matters_of(user: Any, juvenile_ids: Sequence[UUID]) -> dict[UUID, list[Matter]]:
    """Every matter about these children the user may see, newest first."""
    found: dict[UUID, list[Matter]] = {juvenile_id: [] for juvenile_id in juvenile_ids}
    for source in _matters:
        for juvenile_id, matters in source(user, juvenile_ids).items():
            found[juvenile_id].extend(matters)
    for matters in found.values():
        matters.sort(key=lambda matter: matter.at, reverse=True)
    return found


def follow(*, juvenile: Any, by: Any, at: datetime, prosecutor: Any = None) -> str:
    """Begin what follows; the address of the last thing begun, or nothing."""
    address = ""
    for follower in _followers:
        address = follower(juvenile=juvenile, by=by, at=at, prosecutor=prosecutor)
    return address


def beginnings_for(user: Any, juvenile: Any) -> list[Mapping[str, Any]]:
    """What this user may begin about the child."""
    return [action for action in (beginning(user, juvenile) for beginning in _beginnings) if action]
