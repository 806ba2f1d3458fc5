"""The record can be added to and nothing else; every reading leaves exactly one line, refusals too."""
from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from socialwork.audit.models import Access, Event
from tests import cast


@pytest.mark.parametrize("model", [Event, Access])
def test_rows_cannot_be_changed_or_removed(world, sign_in, model):
    cast.draft(world)
    sign_in(world.prosecutor).get("/")
    assert model.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(actor_name="somebody else")
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all().delete()


def test_an_event_keeps_who_it_was_then(world):
    cast.draft(world)
    event = Event.objects.get(verb="referral.drafted")
    assert (event.actor_name, event.actor_roles, event.organisation_name) == ("方检察官", "prosecutor", "东湖区检察院")


def test_events_hold_no_name_of_a_child(world):
    cast.opened(world)
    assert "林小舟" not in str(list(Event.objects.values_list("facts", flat=True)))


@pytest.mark.parametrize(("login", "outcome"), [("prosecutor", "ok"), ("colleague", "refused")])
def test_opening_a_referral_leaves_one_line(world, sign_in, login, outcome):
    referral = cast.issued(world)
    before = Access.objects.count()
    sign_in(world.people[login]).get(referral.get_absolute_url())
    lines = Access.objects.order_by("at")[before:]
    assert [(line.outcome, line.actor_name) for line in lines] == [(outcome, world.people[login].name)]


@pytest.mark.parametrize(("login", "page", "together"), [
    ("worker", "cases:list", True), ("prosecutor", "referrals:list", True), ("worker", "api:list_cases", True),
    ("worker", "notifications:list", False), ("counsellor", "cases:list", True), ("second", "cases:list", True),
])
def test_opening_a_list_leaves_one_line(world, sign_in, login, page, together):
    """A work list writes it with the statement that finds its rows, one of another kind apart."""
    cast.opened(world)
    client, before = sign_in(world.people[login]), Access.objects.count()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(page)).status_code == 200
    lines = Access.objects.order_by("at")[before:]
    assert [(line.route, line.action, line.outcome) for line in lines] == [(page, "listed", "ok")]
    said = [query["sql"] for query in queries if 'INSERT INTO "audit_access"' in query["sql"]]
    assert [sql.startswith("WITH part0 AS (INSERT") for sql in said] == [together]


def test_a_list_that_fails_is_not_recorded_as_read(world, sign_in, monkeypatch):
    cast.opened(world)
    client, before = sign_in(world.worker), Access.objects.count()
    monkeypatch.setattr("cases.presenters.ListRows.row", lambda *_args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.get(reverse("cases:list"))
    assert Access.objects.count() == before
