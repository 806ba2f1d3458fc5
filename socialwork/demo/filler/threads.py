"""One matter as it moves from step to step, with its own clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from socialwork.demo.filler.diary import Diary, clock, minutes
from socialwork.demo.filler.pools import Pools

# Steps that leave a record with an agreed next day.
MEETINGS = ("meet", "visit", "miss")
FIRST, LAST = "08:40", "23:40"
# A day's first act may come so many minutes after its beginning.
LATER = (0, 400)


@dataclass
class Team:
    """Who works on the matter at one agency."""

    agency: str
    intake: str
    supervisor: str
    lead: str
    second: str
    counsellor: str


@dataclass
class Thread:
    """One matter: its row in the file, its people, the acts so far, and where its clock stands.

    `days` are the days of the steps still to come, counted from today; the first is that of the step being told.
    """

    row: Mapping[str, Any]
    kind: Mapping[str, Any]
    organ: Mapping[str, Any]
    work: Mapping[str, Any]
    pools: Pools
    diary: Diary
    child: Mapping[str, Any]
    matter: dict[str, Any]
    team: Team
    successor: Team | None
    steps: list[tuple[str, int]]
    matters: list[dict[str, Any]] = field(default_factory=list)
    acts: list[dict[str, Any]] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    records: int = 0
    assessed: bool = False
    accepted: bool = False
    day: int = 0
    minute: int = 0

    @property
    def key(self) -> str:
        """The key of the referral, which is also that of its case."""
        return self.matter["key"]

    @property
    def group(self) -> str:
        """How the child is to be spoken of: as one who was harmed, one below the age, or any other."""
        return {"victim": "care", "hardship": "care", "below_age": "young"}.get(self.kind["incidents"], "")

    def turn_to(self, day: int) -> None:
        """Go on to a day, or stay in it."""
        if day > self.day or not self.acts:
            self.day, self.minute = day, minutes(FIRST) + self.pools.between(LATER)

    def act(self, verb: str, by: str, *, after: int = 0, **fields: Any) -> dict[str, Any]:
        """The next act of the day, some minutes after the last one."""
        self.minute = min(max(self.minute, after) + self.pools.between((7, 34)), minutes(LAST))
        told = {"verb": verb, "by": by, "day": self.day, "time": clock(self.minute), **fields}
        self.acts.append(told)
        return told

    def on_referral(self, verb: str, by: str, **fields: Any) -> dict[str, Any]:
        return self.act(verb, by, referral=self.key, **fields)

    def on_case(self, verb: str, by: str, **fields: Any) -> dict[str, Any]:
        return self.act(verb, by, case=self.key, **fields)

    def record(
        self, verb: str, by: str, people: Sequence[str], *, lasting: tuple[int, int], **fields: Any
    ) -> dict[str, Any]:
        """Something that took place between people of the agency, and was written down the same day."""
        minutes_long = self.pools.between(lasting)
        start = self.diary.appointment(people, self.day, lasting=minutes_long, after=self.minute)
        self.records += 1
        return self.on_case(
            verb,
            by,
            after=start + minutes_long,
            key=f"{self.key}-r{self.records}",
            on=self.day,
            start=clock(start),
            end=clock(start + minutes_long),
            **fields,
        )

    @property
    def last_record(self) -> str:
        return f"{self.key}-r{self.records}"

    def next_meeting(self) -> dict[str, int]:
        """The day agreed for the next contact: that of the next step of this kind, or what the row says."""
        later = [day for step, day in self.steps[1:] if step in MEETINGS]
        if later:
            return {"next_on": later[0]}
        return {"next_on": self.row["next"]} if "next" in self.row else {}

    def text(self, deck: str, cards: Sequence[str]) -> str:
        """A text nobody wrote lately that can be said of this child."""
        return self.pools.take(f"text-{deck}", cards, fits=self._can_be_said)

    def _can_be_said(self, text: str) -> bool:
        pronouns = self.work["pronouns"]
        for word in pronouns["of_others"]:
            text = text.replace(word, "")
        return pronouns["male" if self.child["sex"] == "female" else "female"] not in text


def pass_on(thread: Thread) -> None:
    """From here on the matter is another referral, which carries on the one before."""
    told = {**thread.matter, "key": f"{thread.key}-2", "previous": thread.key}
    told.pop("agency", None)
    thread.matter, thread.accepted = told, False
    if thread.successor is not None:
        thread.team = thread.successor
        told["agency"] = thread.team.agency
    thread.matters.append(told)
