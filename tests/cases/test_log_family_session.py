"""Family-education session: topics and methods of the law, who came, what they take home."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import ServiceRecord
from cases.record_kinds import FamilySessionDetails
from cases.services.recording import log_family_session
from socialwork.core.errors import DomainError, NotVisible, NotYours
from socialwork.people.dossiers import open_dossier
from tests import cast
from tests.factories.occasions import guided, occasion

TEXT = {"summary": "练习说清一件事。", "next_plan": "每晚三分钟语音。"}


def session(world, case, **more):
    values = {
        "by": world.worker,
        "occasion": occasion(),
        "details": FamilySessionDetails(
            session=1, topics=("values",), methods=("equal_talk",), present=("father",), change=3
        ),
        "text": TEXT,
        **more,
    }
    return log_family_session(case=case, at=timezone.now(), **values)


def test_a_session_keeps_codes_and_homework(world):
    case = guided(world, ("family_education",))
    record = session(world, case)
    assert record.details == {
        "session": 1, "topics": ["values"], "methods": ["equal_talk"], "present": ["father"], "change": 3,
    }  # fmt: skip
    open_dossier(case.juvenile_id).read(record)
    assert record.text["next_plan"] == "每晚三分钟语音。"


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (FamilySessionDetails(session=1), "topics"),
        (FamilySessionDetails(session=0, topics=("values",)), "session"),
        (FamilySessionDetails(topics=("astrology",)), "topics"),
        (FamilySessionDetails(topics=("values",), methods=("shouting",)), "methods"),
        (FamilySessionDetails(topics=("values",), change=9), "change"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world, details, field):
    with pytest.raises(DomainError) as refusal:
        session(world, guided(world, ("family_education",)), details=details)
    assert refusal.value.field == field
    assert not ServiceRecord.objects.exists()


@pytest.mark.parametrize(
    ("login", "refusal"), [("counsellor", NotYours), ("manager", NotYours), ("unassigned", NotVisible)]
)
def test_nobody_else_logs(world, login, refusal):
    with pytest.raises(refusal):
        session(world, cast.opened(world), by=world.people[login])


def test_the_page_submits(world, sign_in):
    case = guided(world, ("family_education",))
    client = sign_in(world.second)
    address = reverse("cases:log_family_session", args=[case.pk])
    initial = client.get(address).context["form"].initial
    body = {
        "on": initial["on"],
        "started": initial["started"].strftime("%H:%M"),
        "ended": initial["ended"].strftime("%H:%M"),
        "method": "video",
        "outcome": "on_time",
        "session": initial["session"],
        "topics": ["values", "health_habits"],
        "present": ["father"],
        "change": "4",
        "summary": "当场量隔间尺寸。",
        "next_plan": "一起装插座板。",
    }
    assert client.post(address, {**body, "topics": []}).status_code == 400
    answer = client.post(address, body)
    assert answer.status_code == 302, answer.context["form"].errors
    assert ServiceRecord.objects.get().details["topics"] == ["values", "health_habits"]
