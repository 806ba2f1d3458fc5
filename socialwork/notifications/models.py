"""The outbox that cannot lose a notice, and the notices people read. Neither carries a personal fact."""
from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from socialwork.core.models import BaseModel


class Outgoing(models.Model):
    """An event that somebody must be told of, written in the transaction of the event itself.

    A message queue may lose its message; this row stays until `confirmed_at` is set in the database. While `lease_until`
    lies ahead nobody sends it again.
    """

    event_id = models.UUIDField(primary_key=True)
    created_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["lease_until"], condition=Q(confirmed_at__isnull=True), name="outgoing_waiting")
        ]


class Notice(BaseModel):
    """One line for one person: what happened to which matter. The sentence is made from codes when it is shown.

    `level`: act (something is expected of you), know (you should know), log (only kept). Unique per (event, recipient),
    so that a message delivered twice tells nobody twice.
    """

    class Level(models.TextChoices):
        ACT = "act", "act"
        KNOW = "know", "know"
        LOG = "log", "log"

    event_id = models.UUIDField()
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False)
    level = models.CharField(max_length=4, choices=Level.choices)
    verb = models.CharField(max_length=80)
    target_type = models.CharField(max_length=60)
    target_id = models.UUIDField()
    thread_id = models.UUIDField()
    label = models.CharField(max_length=80)
    # What a reminder is about, as it stands in the rule of the clock: the product's own words, nothing a person typed.
    act_zh = models.CharField(max_length=200, blank=True)
    act_en = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=200)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "recipient"], name="told_once")]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notice_recipient"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["created_at"], condition=Q(mailed_at__isnull=True), name="notice_unmailed"),
        ]
