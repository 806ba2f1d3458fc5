"""What is counted survives the way there and back, folded or not."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Sum

from referrals.models import Referral
from socialwork.statistics import services
from socialwork.statistics.models import Addition, Rollup
from tests import cast

EARLIER = """
INSERT INTO statistics_addition (agency_id, organ_id, district, services, sent, steps)
SELECT agency_id, organ_id, district_id, '{social_investigation}', date_trunc('month', issued_at AT TIME ZONE 'Asia/Shanghai')::date,
       '[["referrals", "waiting", -1, null], ["referrals", "running", 1, null]]'
FROM referrals_referral WHERE id = %s
"""


@pytest.fixture
def migrated_back(transactional_db: None) -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def migrate(name: str) -> None:
    MigrationExecutor(connection).migrate([("statistics", name)])


def counted() -> dict[tuple[Any, ...], int]:
    """Every sum of the rollup that is not nothing, those of the whole installation too."""
    rows = Rollup.objects.values_list("agency_id", "organ_id", "district", "month", "measure", "detail", "service", "alone")
    return dict((row[:-1], row[-1]) for row in rows.annotate(all=Sum("amount")).exclude(all=0).order_by())


def test_counts_survive_the_way_there_and_back(committed: cast.World, migrated_back: None) -> None:
    waiting = cast.issued(committed, services=("social_investigation", "guidance"))
    services.fold()
    cast.issued(committed)
    assert Addition.objects.exists()
    counts, unfolded = counted(), Referral.objects.exclude(pk=waiting.pk).get()
    migrate("0003_steps")
    more = {key: amount for key, amount in counted().items() if amount != counts.get(key)}
    assert {key[-4:] for key in more} == {
        ("referrals", "waiting", "", False), ("referrals", "waiting", "social_investigation", True),
    }
    assert services.differences() == []
    with connection.cursor() as cursor:
        cursor.execute(EARLIER, [unfolded.pk])
    migrate("0004_read_from_the_referral")
    assert not Addition.objects.exists()
    amounts = {key[-4:-2]: amount for key, amount in counted().items() if key[-2:] == ("", False) and key[2]}
    assert amounts == {("referrals", "waiting"): 1, ("referrals", "running"): 1}
