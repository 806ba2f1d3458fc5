"""What stands on the stage while stories are played: the files' names of things, and the rows they became."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from cases.models import Assessment, Case, HandOver, Plan
from referrals.models import Referral
from socialwork.accounts.models import StaffRecord, User
from socialwork.demo.institutions import Institutions
from socialwork.people.models import Guardian, Juvenile

Act = Mapping[str, Any]
# A consent is a table of its own in the files; on the stage it is an act like the others.
RECORD_CONSENT = "record_consent"


@dataclass
class Story:
    """One story as its file tells it, and what became of its people and matters so far, by the keys of the file."""

    title: str
    children: dict[str, dict[str, Any]]
    matters: dict[str, dict[str, Any]]
    acts: list[dict[str, Any]]
    juveniles: dict[str, Juvenile] = field(default_factory=dict)
    guardians: dict[str, Guardian] = field(default_factory=dict)
    referrals: dict[str, Referral] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    assessments: dict[str, Assessment] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    hand_overs: dict[str, HandOver] = field(default_factory=dict)
    # Records, and documents collected in them, which are cited as the record.
    records: dict[str, UUID] = field(default_factory=dict)
    # By case: goals of the plan being carried out, answers of the report, months of the visits.
    goals: dict[str, dict[str, UUID]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    visits: dict[str, list[int]] = field(default_factory=dict)
    # Referrals whose text was sent back: from then on the corrected wording stands.
    sent_back: set[str] = field(default_factory=set)
    filled: set[str] = field(default_factory=set)
    # The sentence of words.toml that says what became of it.
    told_as: str = "story"

    @classmethod
    def told(cls, data: Mapping[str, Any]) -> Story:
        """A story from its tables."""
        consents = [{**row, "verb": RECORD_CONSENT} for row in data.get("consents", [])]
        return cls(
            title=data["title"], children={row["key"]: row for row in data["children"]},
            matters={row["key"]: row for row in data["referrals"]}, acts=[*data["acts"], *consents],
        )


@dataclass
class Stage:
    """The institutions, and the clock: every act happens on a day counted from the day of loading, at local time."""

    institutions: Institutions
    _due_checks: list[tuple[dt.date, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._due_checks = sorted(
            (day, pk) for pk, days in self.institutions.checks.items() for day in days if day <= self.institutions.today
        )
        StaffRecord.objects.filter(user_id__in=list(self.institutions.checks)).update(background_check_on=None)

    def person(self, login: str) -> User:
        return self.institutions.people[login]

    def day(self, number: int) -> dt.date:
        return self.institutions.day(number)

    def moment(self, day: int, time: str) -> dt.datetime:
        """A local time on a day counted from the day of loading."""
        return timezone.make_aware(dt.datetime.combine(self.day(day), dt.time.fromisoformat(time)))

    def turn_to(self, day: int) -> None:
        """Let every background check that was made up to this day stand in the staff record."""
        today = self.day(day)
        while self._due_checks and self._due_checks[0][0] <= today:
            checked_on, pk = self._due_checks.pop(0)
            StaffRecord.objects.filter(user_id=pk).update(background_check_on=checked_on)


@dataclass(frozen=True)
class Scene:
    """One act about to be carried out: in which story, by whom, when."""

    stage: Stage
    story: Story
    act: Act
    by: User
    at: dt.datetime

    def people(self, logins: Iterable[str]) -> list[User]:
        return [self.stage.person(login) for login in logins]

    @property
    def referral(self) -> Referral:
        """The referral of the act as it stands now."""
        return fresh(self.story.referrals[self.act["referral"]])

    @property
    def case(self) -> Case:
        """The case of the act as it stands now; it has the key of its referral."""
        return fresh(self.story.cases[self.act["case"]])


def fresh(row: Any) -> Any:
    """The row as it stands now."""
    return type(row)._default_manager.get(pk=row.pk)
