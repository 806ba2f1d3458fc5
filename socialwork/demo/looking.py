"""Who has looked at what, and which forms lie half filled in."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.http import QueryDict

from cases.models import Case
from cases.services.seeing import mark_seen
from cases.states import ENDED
from referrals.models import Referral
from referrals.states import ReferralState
from socialwork import audit
from socialwork.access.roles import Role
from socialwork.accounts.models import User
from socialwork.core.drafts import save_draft
from socialwork.demo.stage import Story
from socialwork.demo.words import read

# Of the open cases every third has something new for everybody but its worker.
IN_TURN = 3
SHORTLY = dt.timedelta(minutes=20)
# What lies further back has been looked at by everybody whom it concerns.
SETTLED = dt.timedelta(days=6)
HEADS = (Role.UNIT_HEAD, Role.AGENCY_INTAKE, Role.AGENCY_MANAGER)


def look_through(*, now: dt.datetime) -> None:
    """People have looked at their matters after the last act; of every third open case only the worker has."""
    heads: dict[Any, list[User]] = defaultdict(list)
    for user in User.objects.filter(is_active=True, roles__overlap=list(HEADS)).order_by("login"):
        heads[user.organisation_id].append(user)
    people = ("lead", "prosecutor", "second", "supervisor")
    for number, case in enumerate(Case.objects.select_related(*people).order_by("number")):
        at = min(case.touched_at + SHORTLY, now)
        old = case.state in ENDED or at < now - SETTLED
        looked = [getattr(case, name) for name in (people if old or number % IN_TURN else people[:1])]
        above = [*heads[case.organ_id], *heads[case.agency_id]] if old else []
        for person in filter(None, [*looked, *above]):
            mark_seen(case=case, by=person, at=at)
            audit.read(case, by=person, route="cases:detail", at=at)
    for referral in Referral.objects.exclude(state=ReferralState.ACCEPTED).select_related("prosecutor"):
        at = min(referral.touched_at + SHORTLY, now)
        both = [*heads[referral.organ_id], *(heads[referral.agency_id] if referral.issued_at else [])]
        for person in [referral.prosecutor, *(both if at < now - SETTLED else [])]:
            audit.read(referral, by=person, route="referrals:detail", at=at)


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
