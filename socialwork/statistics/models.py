"""Numbers kept ready: what each act adds to a count, and the counts it was added to.

No count leads to a child; what an act adds names its referral until it is folded, a minute later.
"""
from __future__ import annotations

from uuid import UUID

from django.db import models

# Stands for all organs and all agencies together: counts of the whole installation, which no page shows.
EVERYBODY = UUID(int=0)
KEY = ("agency_id", "measure", "month", "organ_id", "district", "service", "alone", "detail")


class Counted(models.Model):
    """How much of something there was in one month, for one organ and agency, in one district, for one service.

    `month` is its first day. `district` is where the service takes place. `service` is empty for a matter as a whole,
    which therefore counts once; a row with a service counts the matters that ask for it, `alone` those that ask for
    nothing else. `measure` and `detail` are codes of measures.py; `amount` is a number of things, or of minutes.
    """

    month = models.DateField()
    organ_id = models.UUIDField()
    agency_id = models.UUIDField()
    district = models.CharField(max_length=6)
    service = models.CharField(max_length=40)
    alone = models.BooleanField()
    measure = models.CharField(max_length=16)
    detail = models.CharField(max_length=40)
    amount = models.BigIntegerField()

    class Meta:
        abstract = True


class Addition(models.Model):
    """What one act changed, appended in the transaction of the act; gone as soon as it is folded into the rollup.

    One narrow row for an act, however many counts it changes: each of its steps is a list of measure, detail, amount and
    month. For whom, where and for which services it counts is read from the referral, in which that stands fast as soon as
    it was sent. Only the fold finds a row again, by its number, so there is no other index.
    """

    referral_id = models.UUIDField()
    steps = models.JSONField()


class Delta(Counted):
    """The additions not yet folded, as counts: a row for each step of an act and each line its matter counts in.

    A view of the database (migration 0002): read only.
    """

    class Meta(Counted.Meta):
        managed = False


class Rollup(Counted):
    """The sum of all folded deltas. True at any moment is the rollup together with the deltas not yet folded."""

    class Meta(Counted.Meta):
        constraints = [models.UniqueConstraint(fields=KEY, name="one_rollup_per_key")]
        indexes = [models.Index(fields=["organ_id", "measure", "month"], name="rollup_organ")]
