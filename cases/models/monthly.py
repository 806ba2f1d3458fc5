"""The monthly report of guidance (考察帮教月报): what the agency tells the prosecutor about one month."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.models.assigning import Case
from cases.states import MonthlyState
from referrals.models import IssuedDocument
from socialwork.people.models import Narrative

USER = settings.AUTH_USER_MODEL
HIGHEST_SCORE = 100


class MonthlyReport(Narrative):
    """The report on one month of one case (F25). The row begins when the month ends; until it is sent the text lives
    in the author's form draft.

    `month` is "2026-11", also the occurrence of its clock (D12). `figures` are the numbers computed from the records of
    the month as they stood when it was sent (cases.queries_monthly.Figures); `tasks` are the goals of the plan with what
    was reached. `round` counts the times it was sent; each has its own issued document.
    """

    PROSE = (
        "tasks",
        "breaches",
        "changes",
        "progress",
        "problems",
        "next_month",
        "request",
        "missed_reason",
        "reply",
        "return_reason",
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="monthly_reports", db_index=False)
    month = models.CharField(max_length=7, validators=[RegexValidator(r"^\d{4}-(0[1-9]|1[0-2])$")])
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=MonthlyState.choices, default=MonthlyState.DUE)
    round = models.PositiveSmallIntegerField(default=0)
    figures = models.JSONField(default=dict)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    leave_days = models.PositiveSmallIntegerField(default=0)
    changed = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    cooperation = models.PositiveSmallIntegerField(null=True, blank=True)
    risk_before = models.CharField(max_length=12, blank=True)
    risk_now = models.CharField(max_length=12, blank=True)
    document = models.ForeignKey(IssuedDocument, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "month"], name="one_monthly_report"),
            models.CheckConstraint(condition=Q(state__in=MonthlyState.values), name="monthly_state_known"),
            models.CheckConstraint(
                condition=Q(state="due", submitted_at__isnull=True, document__isnull=True)
                | (~Q(state="due") & Q(submitted_at__isnull=False, cooperation__isnull=False) & ~Q(risk_now="")),
                name="sent_monthly_report_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "returned"]) | Q(answered_at__isnull=False),
                name="monthly_answer_is_stamped",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__lte=HIGHEST_SCORE), name="monthly_score_to_100"
            ),
            models.CheckConstraint(
                condition=Q(cooperation__isnull=True) | Q(cooperation__range=(1, 5)), name="monthly_cooperation_1_to_5"
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{name}_at__isnull": True, f"{name}_by__isnull": True})
                    | Q(**{f"{name}_at__isnull": False, f"{name}_by__isnull": False}),
                    name=f"monthly_{name}_paired",
                )
                for name in ("submitted", "read", "answered")
            ],
        ]

    def get_absolute_url(self) -> str:
        return reverse("cases:monthly_report", args=[self.pk])

    @property
    def thread_id(self) -> UUID:
        return self.case.thread_id
