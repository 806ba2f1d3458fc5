"""What was done and what was read. Rows are only ever added; the database refuses to change or remove them."""
from __future__ import annotations

from django.db import models
from django.utils import timezone

from socialwork.core.ids import uuid7


class Entry(models.Model):
    """Who, in which role and organisation as they were then, did something to what, when.

    No foreign keys: an entry outlives what it describes. `thread_id` is the referral a row belongs to, so that the
    whole story of one matter is one index range.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(default=timezone.now)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=80, blank=True)
    actor_roles = models.CharField(max_length=200, blank=True)
    organisation_id = models.UUIDField(null=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    target_type = models.CharField(max_length=60)
    target_id = models.UUIDField(null=True)
    thread_id = models.UUIDField(null=True)

    class Meta:
        abstract = True


class Event(Entry):
    """A business act: one per write, in the same transaction. `facts` holds codes, numbers and identifiers, no prose."""

    verb = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["thread_id", "at", "id"], name="event_thread"),
            models.Index(fields=["organisation_id", "at", "id"], name="event_organisation"),
        ]


class Access(Entry):
    """A reading of something about a child, or a refusal to let it be read (Regulation on Protection of Minors Online, art. 36)."""

    route = models.CharField(max_length=120)
    action = models.CharField(max_length=40)
    outcome = models.CharField(max_length=12, default="ok")
    detail = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["thread_id", "at", "id"], name="access_thread"),
            models.Index(fields=["actor_id", "at", "id"], name="access_actor"),
            models.Index(fields=["organisation_id", "at", "id"], name="access_organisation"),
        ]
