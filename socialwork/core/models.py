"""Base of every row, typed text that is not yet submitted, and the memory of what was already done."""
from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from socialwork.core.ids import uuid7


class BaseModel(models.Model):
    """A row of the product: a time-ordered random identifier and the instant it was first written."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    # Rights of the user who asks are set on a row by socialwork.access.api.allowed().
    allowed_actions: ClassVar[frozenset[str]] = frozenset()


class VersionedModel(BaseModel):
    """A row that people edit: every save by hand raises `version`, a stale save is refused."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class FormDraft(BaseModel):
    """What a person has typed into one form about one thing and not yet submitted.

    Kept on the server, encrypted, one per (person, form, thing), so that no closed tab, ended session or refused
    submission loses a word. `payload` is the encrypted form body.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    form = models.CharField(max_length=80)
    object_id = models.UUIDField()
    wrapped_key = models.BinaryField()
    payload = models.BinaryField()
    saved_at = models.DateTimeField(default=timezone.now)
    # Which tab wrote last: a second tab that saves over a newer text is told.
    tab = models.CharField(max_length=36, blank=True)
    # How many saves that tab had sent by then: of two on the way at once the later text stays, whichever arrives last.
    order = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "form", "object_id"], name="one_draft_per_form_and_thing"),
        ]


class IdempotencyKey(models.Model):
    """A submission that was carried out: the same key again gets the same answer and does nothing twice."""

    key = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    route = models.CharField(max_length=120)
    body_hash = models.BinaryField()
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=300, blank=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    KEEP = timedelta(days=7)


class Series(models.Model):
    """The last number given in one series, e.g. referral letters of one procuratorate in one year."""

    scope = models.UUIDField()
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "kind", "year"], name="one_series")]
