"""Who is told of what: each app declares it beside its events, in `notices.py`."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from socialwork.notifications.models import Notice

Level = Notice.Level
Recipients = Callable[[Any, Any], Iterable[Any]]


@dataclass(frozen=True)
class Telling:
    """When `verb` is recorded, tell the users `to(event, target)` with a sentence about %(label)s.

    The sentence and the label carry no personal fact: a number or a work code. `path` leads to the matter.
    """

    verb: str
    level: Level
    to: Recipients
    sentence: Any
    path: Callable[[Any], str]
    label: Callable[[Any], str]


_tellings: dict[str, list[Telling]] = {}


def notify(
    verb: str, *, level: str, to: Recipients, sentence: Any, path: Callable[[Any], str], label: Callable[[Any], str]
) -> None:
    """Declare a notice. Several may be declared for one verb; a person told twice keeps the more urgent one."""
    _tellings.setdefault(verb, []).append(Telling(verb, Level(level), to, sentence, path, label))


def tellings(verb: str) -> list[Telling]:
    return _tellings.get(verb, [])


def verbs() -> list[str]:
    return sorted(_tellings)


def sentence_of(verb: str, level: str) -> Any:
    """The sentence of a notice, by verb and level; reminders of deadlines have one of their own."""
    found = [telling.sentence for telling in tellings(verb) if telling.level == level] or [
        telling.sentence for telling in tellings(verb)
    ]
    return found[0] if found else ""
