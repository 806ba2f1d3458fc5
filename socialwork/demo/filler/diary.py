"""When the workers are busy: nobody is at two places at once, in the stories or beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from socialwork.demo.stage import Story

# Minutes of the day at which appointments begin.
STARTS = [
    hours * 60 + minutes
    for hours, minutes in (
        (9, 0),
        (9, 30),
        (10, 10),
        (10, 40),
        (14, 0),
        (14, 40),
        (15, 20),
        (16, 0),
        (16, 30),
        (17, 20),
        (18, 30),
        (19, 20),
        (20, 10),
    )
]


def minutes(time: str) -> int:
    """Minutes since midnight."""
    hours, rest = time.split(":")
    return int(hours) * 60 + int(rest)


def clock(minute: int) -> str:
    """The time of day of a minute since midnight."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


class Diary:
    """Appointments by worker and day."""

    def __init__(self, stories: Iterable[Story]) -> None:
        self._taken: dict[tuple[str, int], list[tuple[int, int]]] = {}
        for story in stories:
            for act in story.acts:
                if "start" in act:
                    self._enter(_people_of(act), act["on"], minutes(act["start"]), minutes(act["end"]))

    def appointment(self, people: Iterable[str], day: int, *, lasting: int, after: int) -> int:
        """Begin of the first time on that day at which everybody is free; it is theirs from now on. Minutes of the day.

        Raises LookupError when the day is full.
        """
        wanted = list(people)
        for start in STARTS:
            if start > after and not any(self._clashes(person, day, start, start + lasting) for person in wanted):
                self._enter(wanted, day, start, start + lasting)
                return start
        raise LookupError(f"no time on day {day} for {wanted}")

    def _clashes(self, person: str, day: int, start: int, end: int) -> bool:
        return any(start < until and begins < end for begins, until in self._taken.get((person, day), ()))

    def _enter(self, people: Iterable[str], day: int, start: int, end: int) -> None:
        for person in people:
            self._taken.setdefault((person, day), []).append((start, end))


def _people_of(act: Mapping[str, Any]) -> set[str]:
    return {act["by"], *act.get("workers", []), *(row["by"] for row in act.get("participants", []))}
