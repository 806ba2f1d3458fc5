"""The verbs of the journeys: a story of fixtures/demo, act by act, through the browser by the people of the cast.

`play(verb, key)` takes the next act of that verb about that matter out of the story and does what it says on the
screen: whoever did it in the story does it here, in the story's words. Everything happens today: days that lie ahead
in the story lie as far ahead here, meetings are put one after the other into the last hours. The verbs themselves
stand in journey_referral, journey_case and journey_report.
"""
from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from cases.models import Case, PlanGoal, ServiceRecord
from referrals.models import Referral
from socialwork.notifications import services as notices
from socialwork.notifications.models import Notice, Outgoing
from socialwork.notifications.registry import sentence_of
from socialwork.organisations.models import AgreementService, AgreementVersion
from socialwork.today.acts import SENTENCES
from tests import cast
from tests.browser.actor import Actor, said
from tests.browser.journey_case import Working
from tests.browser.journey_referral import Referring
from tests.browser.journey_report import Ending, Reporting

MEETING = dt.timedelta(minutes=8)
MOVED = said("Somebody has already taken this further. Look at the present state and decide again.")


def read_story(slug: str) -> dict[str, Any]:
    return tomllib.loads((settings.DEMO_DIR / "stories" / f"{slug}.toml").read_text(encoding="utf-8"))


def widen(agreement: Any, *services: str) -> None:
    """The agreement also covers these services: the cast's names only the commonest."""
    version = AgreementVersion.objects.get(agreement=agreement)
    for code in services:
        AgreementService.objects.create(version=version, service_type=code, quota=20, unit="per_case", unit_price=800)


def hours() -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """One meeting after the other, all of the same day and over by now."""
    now = timezone.localtime()
    start = now - dt.timedelta(hours=8)
    if start.date() != now.date():
        start = (now - dt.timedelta(days=1)).replace(hour=13, minute=0)
    while True:
        yield start, start + MEETING
        start += MEETING


class Journey(Referring, Working, Reporting, Ending):
    """One story, its people and what became of it."""

    def __init__(self, slug: str, world: cast.World, open_page: Callable[..., Any], people: Mapping[str, str]) -> None:
        self.story = read_story(slug)
        self.world = world
        self.people = people
        self.acts = list(self.story["acts"])
        self.children = {child["key"]: child for child in self.story["children"]}
        self.sheets = {sheet["key"]: sheet for sheet in self.story["referrals"]}
        self.referrals: dict[str, Referral] = {}
        self.cases: dict[str, Case] = {}
        self.records: dict[str, ServiceRecord] = {}
        self.goals: dict[str, PlanGoal] = {}
        self.juveniles: dict[str, Any] = {}
        self.numbers: dict[str, str] = {}
        self.today = timezone.localdate()
        self._open, self._actors, self._hours = open_page, {}, hours()

    # ------------------------------------------------------------ people

    def user(self, name: str) -> Any:
        """Somebody of the cast, by the login in the story or by the name in the cast."""
        return getattr(self.world, self.people.get(name, name))

    def who(self, name: str) -> Actor:
        """The same person at their screen; workers have a phone."""
        user = self.user(name)
        if user.pk not in self._actors:
            width = 360 if "social_worker" in user.roles else 1280
            self._actors[user.pk] = Actor(self._open(user, width=width))
        return self._actors[user.pk]

    def told(self, name: str, verb: str, key: str, *, level: str = Notice.Level.ACT, must: str = "") -> Actor:
        """The start page tells the person of this event, and asks for the act `must` where there is one.

        What was written waits in the outbox until now: no worker runs beside the tests.
        """
        for row in Outgoing.objects.filter(confirmed_at=None):
            notices.deliver(event_id=row.pk, at=timezone.now())
        actor = self.who(name).go("today").sees(said(str(sentence_of(verb, level)), label=self.label(key, verb)))
        return actor.sees(said(str(SENTENCES[must]), label=self.label(key, verb))) if must else actor

    def asked(self, name: str, key: str, sentence: str) -> Actor:
        """The page of the case says on top what is to be done next."""
        actor = self.who(name).go("cases:detail", self.cases[key].pk)
        expect(actor.page.locator(".next-act")).to_contain_text(sentence)
        return actor

    def label(self, key: str, verb: str = "") -> str:
        """What notices call a matter: its number, or the work code of the child."""
        if key in self.cases and not verb.startswith("referral."):
            return self.cases[key].number
        referral = self.referral(key)
        return referral.number or referral.juvenile.code

    # ------------------------------------------------------------ the story

    def act(self, verb: str, key: str) -> dict[str, Any]:
        """The next act of this verb that carries the key or concerns the matter; each is played once."""
        for number, act in enumerate(self.acts):
            if act["verb"] == verb and key in (act.get("key"), act.get("referral"), act.get("case"), act.get("record")):
                return self.acts.pop(number)
        raise AssertionError(f"no act {verb} {key} is left in the story")

    def play(self, verb: str, key: str) -> Actor:
        act = self.act(verb, key)
        actor = self.who(act["by"])
        getattr(self, f"_{verb}" if not verb.startswith("log_") else "_log")(actor, act)
        assert not actor.errors(), f"{verb} {key}: {actor.errors()}"
        return actor

    def referral(self, key: str) -> Referral:
        self.referrals[key].refresh_from_db()
        return self.referrals[key]

    def case(self, key: str) -> Case:
        self.cases[key].refresh_from_db()
        return self.cases[key]

    def ahead(self, act: Mapping[str, Any], day: int) -> str:
        """A day of the story as far from today as it lay from the act."""
        return (self.today + dt.timedelta(days=day - act["day"])).isoformat()

    def born(self, child: Mapping[str, Any], sheet: Mapping[str, Any]) -> dt.date:
        event, age = self.event_on(sheet), child["age_at_offence"]
        months = event.year * 12 + event.month - 1 - age["years"] * 12 - age["months"]
        return dt.date(months // 12, months % 12 + 1, min(event.day, 28)) - dt.timedelta(days=3)

    def event_on(self, sheet: Mapping[str, Any]) -> dt.date:
        return self.today + dt.timedelta(days=sheet["offence_on"] - sheet["received_on"])
