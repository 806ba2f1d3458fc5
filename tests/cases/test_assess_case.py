"""Pre-assessment: the highest rating proposes, a person confirms, the supervisor where it is grave."""

from __future__ import annotations

import dataclasses

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cases.models import Assessment, DomainRating
from cases.services.assessing import assess_case, confirm_assessment, propose_risk
from socialwork.audit.models import Event
from socialwork.core.errors import DomainError, Moved, NotVisible, NotYours, Stale
from socialwork.people.dossiers import open_dossier
from tests import cast
from tests.factories.occasions import ratings

TEXT = {"strengths": "守时", "minors_view": "想学门手艺。", "guardians_view": "", "needs": ""}


def assess(world, case, **more):
    values = {
        "by": world.worker,
        "version": 0,
        "occasion": "start",
        "ratings": ratings(),
        "protective": [],
        "text": TEXT,
        **more,
    }
    return assess_case(case=case, at=timezone.now(), **values)


def confirm(world, row, level, **more):
    values = {"by": world.worker, "version": row.version, "override_reason": "", **more}
    return confirm_assessment(assessment=row, at=timezone.now(), risk_level=level, **values)


@pytest.mark.parametrize(
    ("levels", "risk"),
    [
        ({}, "low"),
        ({"peers": 1}, "low"),
        ({"peers": 2, "family": 1}, "medium"),
        ({"health_trauma": 3}, "high"),
        ({"safety": 3}, "very_high"),
    ],
)
def test_the_highest_rating_proposes(levels, risk):
    assert propose_risk(ratings(**levels)) == risk


def test_an_assessment_is_sealed_and_waits_for_a_person(world):
    case = cast.opened(world)
    row = assess(world, case, ratings=ratings(peers=2), protective=["trusted_adult"])
    assert (row.proposed_risk, row.risk_level, row.ratings.count()) == ("medium", "", 10)
    case.refresh_from_db()
    assert case.risk_level == ""
    line = DomainRating.objects.get(assessment=row, domain="peers")
    open_dossier(case.juvenile_id).read(row, line)
    assert (row.text["minors_view"], line.text["facts"]) == ("想学门手艺。", "班主任和祖母所述一致。")
    event = Event.objects.get(verb="assessment.made")
    assert event.facts == {"occasion": "start", "proposed": "medium", "supervisor_confirms": False}


def test_a_worker_confirms_up_to_medium_and_it_becomes_the_level_of_the_case(world):
    case = cast.opened(world)
    row = confirm(world, assess(world, case, ratings=ratings(peers=2)), "medium")
    case.refresh_from_db()
    assert (row.confirmed_by, case.risk_level) == (world.worker, "medium")
    assert Event.objects.get(verb="assessment.confirmed").facts["level"] == "medium"


def test_another_level_needs_a_reason(world):
    row = assess(world, cast.opened(world), ratings=ratings(peers=2))
    with pytest.raises(DomainError) as refusal:
        confirm(world, row, "low")
    assert refusal.value.field == "override_reason"
    assert confirm(world, row, "low", override_reason="班主任和祖母均可每日照看，调为低。").risk_level == "low"


def test_a_grave_level_is_confirmed_by_the_supervisor_only(world):
    row = assess(world, cast.opened(world), ratings=ratings(family=3))
    with pytest.raises(NotYours):
        confirm(world, row, "high")
    with pytest.raises(NotYours):
        confirm(world, row, "medium", override_reason="我觉得不高")
    assert confirm(world, row, "high", by=world.supervisor).confirmed_by == world.supervisor


def test_a_worker_cannot_raise_a_level_to_high_alone(world):
    row = assess(world, cast.opened(world), ratings=ratings(peers=2))
    with pytest.raises(NotYours):
        confirm(world, row, "high", override_reason="情况紧急")


def test_it_is_rewritten_until_it_is_confirmed(world):
    case = cast.opened(world)
    row = assess(world, case)
    with pytest.raises(Stale) as refusal:
        assess(world, case, version=0)
    assert refusal.value.theirs["minors_view"] == "想学门手艺。"
    row = assess(world, case, version=row.version, ratings=ratings(peers=2))
    assert (row.version, row.proposed_risk, Assessment.objects.count()) == (2, "medium", 1)
    confirm(world, row, "medium")
    with pytest.raises(Moved):
        assess(world, case, version=3)
    with pytest.raises(Moved):
        confirm(world, Assessment.objects.get(), "medium")
    assert assess(world, case, occasion="middle").occasion == "middle"


def test_confirming_what_was_rewritten_meanwhile_is_told(world):
    case = cast.opened(world)
    row = assess(world, case)
    assess(world, case, version=1, ratings=ratings(peers=1))
    with pytest.raises(Stale):
        confirm(world, row, "low", version=1)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"occasion": "never"}, "occasion"),
        ({"protective": ["magic"]}, "protective"),
        ({"ratings": [dataclasses.replace(row, rating=4) for row in ratings()]}, "rating_past_behaviour"),
        ({"ratings": [dataclasses.replace(row, strength=True) for row in ratings()]}, "facts_past_behaviour"),
        ({"ratings": ratings()[:8]}, None),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world, more, field):
    with pytest.raises(DomainError) as refusal:
        assess(world, cast.opened(world), **more)
    assert refusal.value.field == field
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("login", "refusal"),
    [
        ("supervisor", NotYours),
        ("prosecutor", NotYours),
        ("manager", NotYours),
        ("counsellor", NotYours),
        ("unassigned", NotVisible),
        ("worker_elsewhere", NotVisible),
        ("civil_affairs", NotVisible),
    ],
)
def test_nobody_else_assesses(world, login, refusal):
    with pytest.raises(refusal):
        assess(world, cast.opened(world), by=world.people[login])


@pytest.mark.parametrize(
    ("login", "refusal"),
    [("prosecutor", NotYours), ("manager", NotYours), ("counsellor", NotVisible), ("supervisor_elsewhere", NotVisible)],
)
def test_nobody_else_confirms(world, login, refusal):
    row = assess(world, cast.opened(world))
    with pytest.raises(refusal):
        confirm(world, row, "low", by=world.people[login])


def test_a_rating_beyond_three_and_a_level_without_a_person_are_impossible(world):
    row = assess(world, cast.opened(world))
    with pytest.raises(IntegrityError), transaction.atomic():
        DomainRating.objects.filter(assessment=row).update(rating=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=row.pk).update(risk_level="low")


def test_the_pages_say_what_an_assessment_is_and_save_it(world, sign_in):
    case = cast.opened(world)
    client = sign_in(world.worker)
    address = reverse("cases:assess_case", args=[case.pk])
    page = client.get(address)
    assert "不是经过验证的量表" in page.content.decode()
    body = {f"rating_{row.domain}": "0" for row in ratings()} | {
        "occasion": "start",
        "minors_view": "想学手艺",
        "_version": "0",
    }
    assert client.post(address, body | {"rating_peers": "3"}).status_code == 400
    answer = client.post(address, body | {"rating_peers": "3", "facts_peers": "校外人员常来接。"})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("cases:plan", args=[case.pk]))
    row = Assessment.objects.get()
    confirming = reverse("cases:confirm_assessment", args=[row.pk])
    assert client.get(confirming).status_code == 403
    supervisor = sign_in(world.supervisor)
    assert supervisor.get(confirming).status_code == 200
    assert supervisor.post(confirming, {"risk_level": "high", "_version": str(row.version)}).status_code == 302
    again = client.get(address)
    assert [code for code, _label in again.context["form"].fields["occasion"].choices] == ["middle", "end"]
