"""Append what an act changed, fold what was appended, count everything anew. Each is one statement: all of it or nothing."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from socialwork.core import together
from socialwork.statistics import counting
from socialwork.statistics.measures import Step
from socialwork.statistics.models import KEY, Addition

COLUMNS = ", ".join(KEY)
# Two folders at once take different rows; rows of the rollup are always locked in the same order.
FOLD = f"""
WITH taken AS (
    DELETE FROM statistics_addition WHERE id IN (
        SELECT id FROM statistics_addition ORDER BY id FOR UPDATE SKIP LOCKED LIMIT %(most)s
    ) RETURNING *
), counts AS ({counting.spread("taken")}), sums AS ({counting.sums("counts")}), folded AS (
    INSERT INTO statistics_rollup AS kept ({COLUMNS}, amount)
    SELECT {COLUMNS}, amount FROM sums WHERE amount <> 0 ORDER BY {COLUMNS}
    ON CONFLICT ({COLUMNS}) DO UPDATE SET amount = kept.amount + excluded.amount
)
SELECT count(*) FROM taken
"""


def append(*, referral_id: UUID, steps: Sequence[Step]) -> None:
    """Add to the counts of a referral's organ, agency, district and services, in the transaction that is under way."""
    if steps:
        said = [[step.measure, step.detail, step.amount, step.month.isoformat()] for step in steps]
        together.insert(Addition(referral_id=referral_id, steps=said))


def fold(*, most: int = 200_000) -> int:
    """Fold the oldest additions that nobody else is folding into the rollup; of how many acts.

    A folder that is killed takes nothing, since its statement is rolled back.
    """
    with connection.cursor() as cursor:
        cursor.execute(FOLD, {"most": most})
        return cursor.fetchone()[0]


def rebuild() -> int:
    """Count everything from the referrals, cases, records and clocks themselves; the number of rows of the rollup.

    For an installation whose rows came in another way than through the services. Acts wait until it is done.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # Who has written but not yet counted waits at this lock, and counts after it: neither twice nor never.
        cursor.execute("LOCK TABLE statistics_addition, statistics_rollup IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM statistics_addition")
        cursor.execute("DELETE FROM statistics_rollup")
        cursor.execute(
            f"""WITH counted AS ({counting.COUNTED}), sums AS ({counting.sums("counted")})
            INSERT INTO statistics_rollup ({COLUMNS}, amount) SELECT {COLUMNS}, amount FROM sums WHERE amount <> 0""",
            parameters(),
        )
        return cursor.rowcount


def differences() -> list[tuple[Any, ...]]:
    """Counts that differ from the rows: the key, what is kept, what there is. Empty, or something went past the services.

    One statement, so that both sides are seen at the same instant, whoever writes meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH unfolded AS ({counting.sums("statistics_delta")}),
            kept AS (
                SELECT {COLUMNS}, sum(amount) AS amount
                FROM (SELECT {COLUMNS}, amount FROM statistics_rollup UNION ALL SELECT {COLUMNS}, amount FROM unfolded) both_kinds
                GROUP BY {COLUMNS}
            ),
            counted AS ({counting.COUNTED}), there AS ({counting.sums("counted")})
            SELECT {COLUMNS}, coalesce(kept.amount, 0), coalesce(there.amount, 0)
            FROM kept FULL JOIN there USING ({COLUMNS})
            WHERE coalesce(kept.amount, 0) <> coalesce(there.amount, 0) ORDER BY {COLUMNS}""",
            parameters(),
        )
        return cursor.fetchall()


def parameters() -> dict[str, Any]:
    """What the statements of counting.py ask for."""
    return {"zone": settings.TIME_ZONE, **counting.codes()}
