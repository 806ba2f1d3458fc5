"""Who has looked at what, and which forms lie half filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.http import QueryDict

from cases.models import Case
from cases.services.seeing import mark_seen
from cases.states import ENDED
from socialwork.core.drafts import save_draft
from socialwork.demo.stage import Story
from socialwork.demo.words import read

# Of the open cases every third has something new for its second worker and everybody after.
IN_TURN = 3
SHORTLY = dt.timedelta(minutes=20)


def look_through(stories: Iterable[Story], *, now: dt.datetime) -> None:
    """The people of a case have looked at it after the last act; of every third open one only its worker has."""
    known = [row.pk for story in stories for row in story.cases.values()]
    cases = Case.objects.filter(pk__in=known).select_related("lead", "second", "prosecutor", "supervisor")
    for number, case in enumerate(cases.order_by("number")):
        people = [case.lead, case.prosecutor, case.second, case.supervisor]
        if case.state in ENDED:
            people = [case.lead, case.prosecutor]
        elif number % IN_TURN == 0:
            people = [case.lead]
        for person in people:
            if person is not None:
                mark_seen(case=case, by=person, at=min(case.touched_at + SHORTLY, now))


def begin_forms(story: Story) -> None:
    """Texts typed and not submitted (fixtures/demo/filler/forms.toml), each about one of the story's matters."""
    for row in read(settings.DEMO_DIR / "filler" / "forms.toml")["forms"]:
        acts = [act for act in story.acts if act["verb"] == row["after"] and act["by"] == row["who_did"]]
        key = acts[-1].get("case") or acts[-1]["referral"]
        thing = story.cases.get(key) or story.referrals[key]
        body = QueryDict(mutable=True)
        for name, value in row["typed"].items():
            body[name] = value
        save_draft(user=getattr(thing, row["whose"]), form=row["form"], object_id=thing.pk, body=body)
