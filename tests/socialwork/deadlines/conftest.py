"""A row that owes acts, the person who decides, and the reference data; all of it in the test's own transaction."""
from __future__ import annotations

import pytest
from hypothesis import settings

from socialwork.access.roles import Family, Role
from socialwork.accounts.models import User
from socialwork.deadlines import services
from socialwork.organisations.models import District, Organisation
from tests.socialwork.deadlines.moments import beijing

# A shared machine may be slow for a moment; that is no fault of the engine.
settings.register_profile("deadlines", deadline=None)
settings.load_profile("deadlines")


@pytest.fixture
def rules(db):
    return services.load_rules(at=beijing("2026-01-01 00:00"))


@pytest.fixture
def holidays(db):
    return services.load_holidays(at=beijing("2026-01-01 00:00"))


@pytest.fixture
def organ(db) -> Organisation:
    district = District.objects.create(code="990101", name="淮城区", level="county", province_code="990000")
    return Organisation.objects.create(
        name="淮城区人民检察院",
        short_name="淮城区院",
        kind="procuratorate_county",
        family=Family.ORGAN,
        district=district,
        province_code="990000",
    )


@pytest.fixture
def prosecutor(organ) -> User:
    return User.objects.create(login="p1", name="林检察官", organisation=organ, roles=[Role.PROSECUTOR])


@pytest.fixture
def start(organ, rules, holidays):
    """Start a clock for the organisation's row: any row can owe an act."""

    def start_one(code: str = "D2b", started: str = "2026-03-02 10:00", **facts):
        facts.setdefault("subject", organ)
        return services.start(code=code, organ_id=organ.pk, started_at=beijing(started), **facts)

    return start_one
