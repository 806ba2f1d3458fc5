"""The six stories play through the services to their ends, and a second run changes nothing."""
from __future__ import annotations

from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from cases.models import Case, ServiceRecord
from referrals.models import Referral
from socialwork.notifications.models import Notice, Outgoing
from socialwork.people.dossiers import read_across
from socialwork.people.models import Identity


def load() -> str:
    told = StringIO()
    call_command("load_demo", "--signins", stdout=told)
    return told.getvalue()


@pytest.mark.django_db
def test_the_stories_reach_their_ends_and_a_second_run_changes_nothing() -> None:
    told = load()
    assert Counter(Case.objects.values_list("state", flat=True)) == {"closed": 17, "transferred": 1}
    states = Counter(Referral.objects.values_list("state", flat=True))
    assert states["withdrawn"] == states["declined"] == 1
    assert ServiceRecord.objects.count() > 100
    assert not Outgoing.objects.filter(confirmed_at=None).exists()
    assert Notice.objects.exists()
    assert_no_identity_can_be_real()
    for role in ("prosecutor", "social_worker", "supervisor"):
        assert any(role_name in told for role_name in (role, "承办检察官", "社工", "督导"))
    before = counted()
    load()
    assert counted() == before


def assert_no_identity_can_be_real() -> None:
    identities = list(Identity.objects.select_related("juvenile"))
    read_across((row.juvenile_id, row) for row in identities)
    numbers = [row.text["id_number"] for row in identities if row.text["id_number"]]
    assert numbers
    assert {number[:2] for number in numbers} == {"99"}


def counted() -> dict[str, Any]:
    return {model.__name__: model._default_manager.count() for model in (Case, Referral, ServiceRecord, Notice, Identity)}
