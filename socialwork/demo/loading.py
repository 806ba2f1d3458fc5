"""Loads the demonstration: institutions and stories, in the order in which they would have happened."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation

from socialwork.core.errors import DomainError
from socialwork.demo.acts import VERBS
from socialwork.demo.delivery import deliver_recent, held_back
from socialwork.demo.filler.making import further_matters
from socialwork.demo.institutions import load_institutions
from socialwork.demo.looking import begin_forms, look_through
from socialwork.demo.months import add_months
from socialwork.demo.stage import Act, Scene, Stage, Story
from socialwork.demo.words import listed, read, say
from socialwork.organisations.models import Organisation


class Foreign(Exception):
    """The database holds organisations that are not the demonstration's."""


class Refused(Exception):
    """A service refused an act: story and service do not agree."""


def load_demo(*, say_so: Callable[[str], None]) -> bool:
    """Load everything, or nothing. False when the demonstration is there already.

    `say_so` is told how far it is. Raises Foreign in a database that is in use, Refused when an act is not accepted.
    """
    with translation.override(settings.LANGUAGE_CODE):
        if is_loaded():
            say_so(say("nothing"))
            return False
        if Organisation.objects.exists():
            raise Foreign(say("foreign"))
        started = time.monotonic()
        with _in_one_piece(), held_back():
            _load(say_so)
        say_so(say("done", seconds=round(time.monotonic() - started)))
    return True


def is_loaded() -> bool:
    """Whether the institutions of the demonstration are there; they come and go with everything else."""
    codes = [entry["credit_code"] for entry in read(settings.DEMO_DIR / "people.toml")["organisations"]]
    return Organisation.objects.filter(credit_code__in=codes).exists()


def stories() -> list[Story]:
    """The stories of the files."""
    return [Story.told(read(path)) for path in sorted((settings.DEMO_DIR / "stories").glob("*.toml"))]


def play(stage: Stage, told: list[Story], *, say_so: Callable[[str], None]) -> None:
    """Carry out every act of every story in the order of time, each by the person and at the moment the story names."""
    left = {id(story): len(story.acts) for story in told}
    acts = ((act["day"], act["time"], story, act) for story in told for act in story.acts)
    for day, _time, story, act in sorted(acts, key=lambda row: row[:2]):
        stage.turn_to(day)
        _carry_out(stage, story, act)
        left[id(story)] -= 1
        if not left[id(story)]:
            say_so(say(story.told_as, title=story.title, acts=len(story.acts), matters=len(story.matters)))


def _load(say_so: Callable[[str], None]) -> None:
    now = timezone.now()
    made = load_institutions(today=timezone.localdate(now))
    counts = {"organisations": len(made.organisations), "people": len(made.people), "agreements": len(made.agreements)}
    say_so(say("institutions", **counts))
    told = stories()
    beside = further_matters(told)
    for story in [*told, beside]:
        add_months(story, today=made.today)
    play(Stage(made), [*told, beside], say_so=say_so)
    look_through(now=now)
    begin_forms(beside)
    delivered = deliver_recent(now=now)
    say_so(say("notices", notices=delivered.notices, unread=delivered.unread))


def _carry_out(stage: Stage, story: Story, act: Act) -> None:
    scene = Scene(stage, story, act, by=stage.person(act["by"]), at=stage.moment(act["day"], act["time"]))
    try:
        VERBS[act["verb"]](scene)
    except DomainError as refusal:
        sentences = [str(sentence) for _field, sentence in getattr(refusal, "blockers", [])] or [str(refusal.message)]
        told = {name: act[name] for name in ("day", "time", "verb")}
        raise Refused(say("failed", title=story.title, reason=listed(sentences), **told)) from refusal


@contextmanager
def _in_one_piece() -> Iterator[None]:
    """One transaction for the whole, and inside it no savepoints: whatever fails, all of it never was.

    On a desk every query would also be kept for debugging, which takes a tenth of the time; here it is not.
    """
    with transaction.atomic():
        saves = connection.features.uses_savepoints
        connection.features.uses_savepoints = False
        connection.make_debug_cursor = connection.make_cursor  # type: ignore[assignment,method-assign]
        try:
            yield
        finally:
            connection.features.uses_savepoints = saves
            del connection.make_debug_cursor
