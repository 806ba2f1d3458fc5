"""Periods as data: what must be done, counted from which fact, how long, by whom, on what basis."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from socialwork.core.models import BaseModel
from socialwork.deadlines.wording import Evidence, Kind, Level, Unit, in_chinese

NO_SCOPE = UUID(int=0)


class DeadlineRuleQuerySet(models.QuerySet["DeadlineRule"]):
    def near(self, scopes: Iterable[UUID | None]) -> DeadlineRuleQuerySet:
        """General rules and those set for one of these organs, agreements or referrals."""
        return self.filter(Q(scope_id=None) | Q(scope_id__in=[scope for scope in scopes if scope]))


class DeadlineRule(BaseModel):
    """One version of one period: what must be done, counted from which fact, how long, by whom.

    A change is a new version with its own dates. A statutory rule stands at the level of the installation, quotes its
    article and cannot be overridden; everything else is local practice and never shows an article as its basis.
    `legal_frame_*` names a limit of law that a local period must stay inside. Codes are those of the domain rules.
    """

    code = models.CharField(max_length=24)
    level = models.CharField(max_length=12, choices=Level, default=Level.DEPLOYMENT)
    # The organ, agreement or referral of that level; at the level of a service optionally the organ that set it.
    scope_id = models.UUIDField(null=True, blank=True)
    service = models.CharField(max_length=40, blank=True)
    effective_from = models.DateField()
    # First day on which this version no longer applies.
    effective_until = models.DateField(null=True, blank=True)

    kind = models.CharField(max_length=12, choices=Kind)
    evidence = models.CharField(max_length=12, choices=Evidence)
    title_en = models.CharField(max_length=160)
    title_zh = models.CharField(max_length=80)
    legal_basis_en = models.CharField(max_length=300, blank=True)
    legal_basis_zh = models.CharField(max_length=200, blank=True)
    legal_frame_en = models.CharField(max_length=300, blank=True)
    legal_frame_zh = models.CharField(max_length=200, blank=True)

    start_fact = models.CharField(max_length=60)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=12, choices=Unit)
    urgent_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    urgent_unit = models.CharField(max_length=12, choices=Unit, blank=True)
    # No override may be longer than this many of `unit`; the second holds while the person is in custody.
    ceiling_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    ceiling_in_custody = models.PositiveSmallIntegerField(null=True, blank=True)
    roll_over = models.BooleanField(default=False)
    pausable = models.BooleanField(default=False)
    extendable = models.BooleanField(default=False)

    owner_role = models.CharField(max_length=40)
    escalation = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # Percent of the period; 100 is the moment it ends.
    reminder_points = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    # Hours between two reminders after the end; each one climbs a step of the ladder. 0 means none.
    repeat_hours = models.PositiveSmallIntegerField(default=24)

    objects = DeadlineRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_rule_version_at_a_time",
                expressions=[
                    (F("code"), RangeOperators.EQUAL),
                    (F("level"), RangeOperators.EQUAL),
                    (Coalesce(F("scope_id"), Value(NO_SCOPE)), RangeOperators.EQUAL),
                    (F("service"), RangeOperators.EQUAL),
                    (Func(F("effective_from"), F("effective_until"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(effective_until=None) | Q(effective_until__gt=F("effective_from")),
                name="rule_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(level=Level.DEPLOYMENT, scope_id=None, service="")
                | Q(level__in=[Level.ORGAN, Level.AGREEMENT, Level.REFERRAL], scope_id__isnull=False, service="")
                | (Q(level=Level.SERVICE) & ~Q(service="")),
                name="rule_scope_fits_level",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind=Kind.STATUTORY, evidence=Evidence.FOUND, level=Level.DEPLOYMENT)
                    & ~Q(legal_basis_en="")
                    & ~Q(legal_basis_zh="")
                )
                | Q(kind=Kind.LOCAL, legal_basis_en="", legal_basis_zh=""),
                name="rule_law_only_with_article",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0, unit__in=Unit.values), name="rule_amount_and_unit"),
            models.CheckConstraint(
                condition=Q(urgent_amount=None, urgent_unit="")
                | Q(urgent_amount__isnull=False, urgent_amount__gt=0, urgent_unit__in=Unit.values),
                name="rule_urgent_pair",
            ),
            models.CheckConstraint(
                condition=(Q(ceiling_amount=None) | Q(ceiling_amount__gte=F("amount")))
                & (Q(ceiling_in_custody=None) | Q(ceiling_in_custody__gte=F("amount"))),
                name="rule_amount_below_ceiling",
            ),
            models.CheckConstraint(condition=Q(evidence__in=Evidence.values), name="rule_evidence_known"),
        ]
        indexes = [models.Index(fields=["code", "level", "scope_id"], name="rule_lookup")]

    def in_force(self, on: date) -> bool:
        """Whether this version applies to a clock started on that day."""
        return self.effective_from <= on and (self.effective_until is None or on < self.effective_until)

    @property
    def title(self) -> str:
        """What must be done, in the language of the screen."""
        return self.title_zh if in_chinese() else self.title_en

    @property
    def legal_basis(self) -> str:
        """The article, in the language of the screen; empty for local practice."""
        return self.legal_basis_zh if in_chinese() else self.legal_basis_en

    @property
    def legal_frame(self) -> str:
        """The limit of law that this local period stays inside, in the language of the screen; often empty."""
        return self.legal_frame_zh if in_chinese() else self.legal_frame_en
