"""What the worker finds at the start, and what is agreed to be done about it."""
from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.models.assigning import Case
from cases.states import PlanState
from socialwork.people.models import Narrative

USER = settings.AUTH_USER_MODEL


class Assessment(Narrative):
    """Pre-assessment (预估, F15) in the domains of chapter 11.3: professional structured judgement, not a validated score.

    `proposed_risk` follows from the ratings (the highest rules), `risk_level` is what a person confirmed; a different
    level needs a reason. Repeated at the middle and the end (`occasion`).
    """

    PROSE = ("strengths", "minors_view", "guardians_view", "needs", "override_reason")

    class Occasion(models.TextChoices):
        START = "start", "start"
        MIDDLE = "middle", "middle"
        END = "end", "end"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assessments", db_index=False)
    occasion = models.CharField(max_length=8, choices=Occasion.choices, default=Occasion.START)
    version = models.PositiveIntegerField(default=1)
    protective = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    proposed_risk = models.CharField(max_length=12)
    assessed_at = models.DateTimeField()
    assessed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    risk_level = models.CharField(max_length=12, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "occasion"], name="one_assessment_per_occasion"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True, risk_level="")
                | (Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(risk_level="")),
                name="assessment_confirmed_paired",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("cases:plan", args=[self.case_id])

    @property
    def thread_id(self) -> UUID:
        return self.case.thread_id


class DomainRating(Narrative):
    """One domain of an assessment: 0 none, 1 some, 2 clear, 3 severe; a strength; a priority; the facts behind it."""

    PROSE = ("facts",)

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="ratings", db_index=False)
    domain = models.CharField(max_length=40)
    rating = models.PositiveSmallIntegerField()
    strength = models.BooleanField(default=False)
    priority = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "domain"], name="one_rating_per_domain"),
            models.CheckConstraint(condition=Q(rating__lte=3), name="rating_0_to_3"),
        ]


class Plan(Narrative):
    """A version of the plan (帮教方案, F16). An approved one is never overwritten: the next version replaces it."""

    PROSE = ("aim", "minors_view", "partners", "return_reason")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="plans", db_index=False)
    number = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=PlanState.choices, default=PlanState.DRAFT)
    written_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_plan_number"),
            models.UniqueConstraint(fields=["case"], condition=Q(state="approved"), name="one_plan_in_force"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["draft", "proposed", "returned"]), name="one_plan_being_made"
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{name}_at__isnull": True, f"{name}_by__isnull": True})
                    | Q(**{f"{name}_at__isnull": False, f"{name}_by__isnull": False}),
                    name=f"plan_{name}_paired",
                )
                for name in ("proposed", "decided")
            ],
        ]

    def get_absolute_url(self) -> str:
        return reverse("cases:plan", args=[self.case_id])

    @property
    def thread_id(self) -> UUID:
        return self.case.thread_id


class PlanGoal(Narrative):
    """A goal of a plan, in words the child understands, with the result at the end."""

    PROSE = ("goal", "measure")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="goals", db_index=False)
    position = models.PositiveSmallIntegerField()
    domain = models.CharField(max_length=40, blank=True)
    result = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="one_goal_per_position")]


class PlanActivity(Narrative):
    """What is done for a goal: by whom, how often, by when."""

    PROSE = ("activity",)

    goal = models.ForeignKey(PlanGoal, on_delete=models.CASCADE, related_name="activities", db_index=False)
    position = models.PositiveSmallIntegerField()
    responsible = models.CharField(max_length=40)
    times = models.PositiveSmallIntegerField(default=1)
    per = models.CharField(max_length=12, default="month")
    until = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["goal", "position"], name="one_activity_per_position")]
