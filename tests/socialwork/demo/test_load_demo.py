"""The six stories play through the services to their ends, and a second run changes nothing."""
from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from cases.models import Case, ServiceRecord
from referrals.models import Referral
from socialwork.demo.filler.making import further_matters
from socialwork.demo.loading import stories
from socialwork.notifications.models import Notice, Outgoing
from socialwork.people.dossiers import open_dossier
from socialwork.people.models import Identity
from tests.socialwork.demo.conftest import load

pytestmark = pytest.mark.django_db


def test_the_stories_reach_their_ends(demo: str) -> None:
    beside = {child["id"]["region"] for child in further_matters(stories()).children.values()}
    told = [row.pk for row in Referral.objects.select_related("juvenile") if region_of(row.juvenile_id) not in beside]
    cases = Case.objects.filter(referral__in=told)
    assert Counter(cases.values_list("state", flat=True)) == {"closed": 17, "transferred": 1}
    states = Counter(Referral.objects.filter(pk__in=told).values_list("state", flat=True))
    assert states["withdrawn"] == states["declined"] == 1
    assert ServiceRecord.objects.filter(case__in=cases).count() > 100


def test_everything_is_told_and_every_role_can_sign_in(demo: str) -> None:
    assert not Outgoing.objects.filter(confirmed_at=None).exists()
    assert Notice.objects.exists()
    for role in ("承办检察官", "社工", "督导"):
        assert role in demo


def test_a_second_run_changes_nothing(demo: str) -> None:
    before = counted()
    load()
    assert counted() == before


def region_of(juvenile_id: Any) -> str:
    identity = Identity.objects.get(juvenile_id=juvenile_id)
    open_dossier(juvenile_id).read(identity)
    return str(identity.text["id_number"])[:6]


def counted() -> dict[str, Any]:
    models = (Case, Referral, ServiceRecord, Notice, Identity)
    return {model.__name__: model._default_manager.count() for model in models}
