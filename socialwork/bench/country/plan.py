"""The institutions as the generator of matters knows them, and how the work is shared out among them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from socialwork.bench.country.tables import text


@dataclass(slots=True)
class Person:
    """Somebody who signs in. `actor` are the five columns by which the record of acts knows a person.

    Identifiers are fields here and below (tables.identifier).
    """

    id: bytes
    name: str
    login: str
    roles: tuple[str, ...]
    organisation_id: bytes
    organisation_name: str
    actor: bytes = b""

    def __post_init__(self) -> None:
        name, roles = text(self.name), text(",".join(sorted(self.roles)))
        self.actor = b"".join((self.id, name, roles, self.organisation_id, text(self.organisation_name)))


@dataclass(slots=True)
class Organ:
    """A procuratorate. Without `approval` its referrals go out at once."""

    id: bytes
    name: str
    prefix: str
    district: str
    approval: bool
    head: Person
    clerk: Person
    prosecutors: list[Person]


@dataclass(slots=True)
class Agency:
    """An agency with its staff and the agreement under which it works for the organs of its group."""

    id: bytes
    name: str
    prefix: str
    agreement: bytes
    manager: Person
    intake: Person
    supervisors: list[Person]
    counsellors: list[Person]
    workers: list[Person]


@dataclass(slots=True)
class Deal:
    """How many cases an organ (by its place in the group) has had with an agency in the whole time."""

    organ: int
    agency: int
    cases: int


@dataclass(slots=True)
class Group:
    """Neighbouring organs and agencies that work with one another and with nobody else.

    A group is told from beginning to end by one process: serial numbers run on, and nobody has too many cases at once.
    """

    number: int
    organs: list[Organ] = field(default_factory=list)
    agencies: list[Agency] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    first_child: int = 0

    @property
    def cases(self) -> int:
        return sum(deal.cases for deal in self.deals)


@dataclass(frozen=True)
class Sizes:
    """How many of everything there are at a scale; at the smallest there is still something of each kind.

    `giants` organs, each with an agency of its own, have `giant` cases each, `large` ones `many`; the rest share what
    is left. At full scale three see 50,000 and every twentieth about 1,000.
    """

    scale: float

    def _of(self, whole: int, least: int) -> int:
        return max(least, round(whole * self.scale))

    @property
    def organs(self) -> int:
        return self._of(3_300, 6)

    @property
    def agencies(self) -> int:
        return self._of(4_000, 6)

    @property
    def bureaus(self) -> int:
        return self._of(340, 2)

    @property
    def people(self) -> int:
        return self._of(60_000, 0)

    @property
    def cases(self) -> int:
        return self._of(1_000_000, 150)

    @property
    def giants(self) -> int:
        return 3 if self.cases >= 100_000 else 1

    @property
    def giant(self) -> int:
        return max(self.cases // 20, min(self.cases // 4, 3_000))

    @property
    def large(self) -> int:
        return max(1, self.organs // 20)

    @property
    def many(self) -> int:
        return min(1_000, self.giant // 5)

    def cases_of(self, organ: int) -> int:
        """The cases of the organ of that number."""
        if organ < self.giants:
            return self.giant
        if organ < self.giants + self.large:
            return self.many
        others = self.organs - self.giants - self.large
        rest = self.cases - self.giants * self.giant - self.large * self.many
        place = organ - self.giants - self.large
        return rest // others + (place < rest % others)


@dataclass(slots=True)
class Setting:
    """What every process needs besides its groups."""

    seed: int
    today: dt.date
    # Set so that every state of the machines occurs at the smallest scale, too.
    first_group: int = 0
