"""The auditor sees who did and read what in the own organisation, and nothing about a child."""
from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from socialwork.access import listing
from socialwork.audit.models import Access, Event
from tests import cast

ACTS, READINGS = "oversight:acts", "oversight:readings"


def test_only_the_own_organisation(world):
    cast.opened(world)
    shown = set(listing.row_ids(Event, world.auditor))
    assert shown == set(Event.objects.filter(organisation_id=world.east_court.pk).values_list("pk", flat=True))
    assert Event.objects.exclude(pk__in=shown).exists()
    assert listing.row_ids(Event, world.organ_admin) == []
    assert listing.row_ids(Access, world.operator_person) == []


def test_the_page_names_acts_and_people_but_no_child(world, sign_in):
    case = cast.opened(world)
    text = sign_in(world.auditor).get(reverse(ACTS)).content.decode()
    assert "方检察官" in text and "referral.submitted" in text
    for secret in ("林小舟", "林大山", case.juvenile.code, case.referral.number):
        assert secret not in text


def test_filters_by_person_act_and_day(world, sign_in):
    cast.issued(world)
    client = sign_in(world.auditor)

    def verbs(**query):
        return {row.verb for row in client.get(reverse(ACTS), query).context["listed"].rows}

    assert verbs(person=str(world.unit_head.pk)) == {"referral.approved"}
    assert verbs(verb="referral.submitted") == {"referral.submitted"}
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert verbs(since=tomorrow.isoformat()) == set()


def test_refusals_are_among_the_readings(world, sign_in):
    referral = cast.issued(world)
    assert sign_in(world.colleague).get(referral.get_absolute_url()).status_code == 404
    rows = sign_in(world.auditor).get(reverse(READINGS), {"outcome": "refused"}).context["listed"].rows
    assert {(row.actor_id, row.outcome) for row in rows} == {(world.colleague.pk, "refused")}
