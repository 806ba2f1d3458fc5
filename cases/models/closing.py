"""The end of a case: evaluation and follow-up visits."""
from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cases.models.assigning import Case
from socialwork.people.models import Narrative

USER = settings.AUTH_USER_MODEL


class Evaluation(Narrative):
    """Per-case evaluation (一案一评估, F38): five parts, 100 points; a veto item makes it zero. Local practice, not law."""

    PROSE = ("remark",)
    MOST = {"timeliness": 20, "procedure": 20, "professionalism": 25, "effect": 25, "confidentiality": 10}

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="evaluation")
    timeliness = models.PositiveSmallIntegerField()
    procedure = models.PositiveSmallIntegerField()
    professionalism = models.PositiveSmallIntegerField()
    effect = models.PositiveSmallIntegerField()
    confidentiality = models.PositiveSmallIntegerField()
    vetoes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    evaluated_at = models.DateTimeField()
    evaluated_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    timeliness__lte=20, procedure__lte=20, professionalism__lte=25, effect__lte=25, confidentiality__lte=10
                ),
                name="evaluation_within_parts",
            )
        ]

    @property
    def thread_id(self) -> UUID:
        return self.case.thread_id

    @property
    def points(self) -> int:
        """Sum of the parts, or zero when a veto item applies."""
        if self.vetoes:
            return 0
        return self.timeliness + self.procedure + self.professionalism + self.effect + self.confidentiality


class CaseDecision(Narrative):
    """What a prosecutor decided about the course of a case, in words: why it stops, goes on, ends, or goes elsewhere.

    `code` is a term of the vocabulary that belongs to the kind. `explanation` is the reason, `records` what happens to
    what was written (V22: `legal_ground` for handing it on); the rest belongs to closing (F35). `excused` maps items of
    the closing checklist to the reason why they may be missing.
    """

    PROSE = (
        "explanation", "records", "legal_ground", "unresolved", "client_opinion", "guardian_opinion", "excused",
    )

    class Kind(models.TextChoices):
        SUSPEND = "suspend", "suspend"
        RESUME = "resume", "resume"
        EXTEND = "extend", "extend"
        FINISH = "finish", "finish"
        CANCEL = "cancel", "cancel"
        TRANSFER = "transfer", "transfer"
        CLOSE = "close", "close"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    code = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["suspend", "resume", "extend", "finish", "cancel", "transfer", "close"]),
                name="decision_kind_known",
            ),
        ]
        indexes = [models.Index(fields=["case", "decided_at"], name="decision_case")]

    @property
    def thread_id(self) -> UUID:
        return self.case.thread_id


class FollowUp(Narrative):
    """A visit after closing (跟进回访, F36), planned at closing and recorded when it took place."""

    PROSE = ("situation", "needs")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="follow_ups", db_index=False)
    planned_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    reached = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "planned_on"], name="one_follow_up_per_day"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True) | Q(done_at__isnull=False, done_by__isnull=False),
                name="follow_up_done_paired",
            ),
        ]

    @property
    def thread_id(self) -> UUID:
        return self.case.thread_id
