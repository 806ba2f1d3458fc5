"""The case and who works on it."""
from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q
from django.urls import reverse

from cases.states import ENDED, CaseState
from referrals.models import NO_DUE, Referral
from socialwork.core.addresses import address_of
from socialwork.core.models import BaseModel, VersionedModel
from socialwork.core.rules import known, one_of, same
from socialwork.organisations.models import Agreement, District, Organisation
from socialwork.people.models import Juvenile, Narrative

USER = settings.AUTH_USER_MODEL
# Whose column of a case leads to a list of cases: organisations, then people.
ORGANISATIONS, PEOPLE = ("organ", "agency"), ("prosecutor", "lead", "second", "supervisor", "counsellor")
# A case that has not ended: without a bound value, so that the database always recognises the condition of its indexes.
NOT_ENDED = Q(closed_at__isnull=True)
_RUNNING = ExpressionWrapper(NOT_ENDED, models.BooleanField())
# Said so that the database finds it in the indexes by what is due, which hold the open cases apart from the ended ones.
HAS_ENDED = Func(_RUNNING, template="(%(expressions)s) IS FALSE", output_field=models.BooleanField())


class Case(VersionedModel):
    """One accepted referral as the agency works on it.

    There is always exactly one lead and one second worker: both columns are required and different, and a deferred
    trigger holds the assignment history to them. Scope columns stand on the row. `thread_id` is the referral's id, the
    key of everything written about the matter.

    Foreign keys bring no index of their own: what a list or a key asks for begins a composite one, and who took a step is
    never asked for (people, organisations and districts are closed, not deleted, so nothing looks back from there).
    """

    number = models.CharField(max_length=60)
    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="case")
    juvenile = models.ForeignKey(Juvenile, on_delete=models.PROTECT, related_name="cases", db_index=False)
    organ = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    prosecutor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+", db_index=False)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", db_index=False)
    lead = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", db_index=False)
    supervisor = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    counsellor = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    state = models.CharField(max_length=20, choices=CaseState.choices, default=CaseState.ACCEPTED)
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    responded_at = models.DateTimeField(null=True, blank=True)
    responded_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    evaluated_at = models.DateTimeField(null=True, blank=True)
    evaluated_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    closure_reason = models.CharField(max_length=40, blank=True)
    suspend_reason = models.CharField(max_length=40, blank=True)
    retain_until = models.DateField(null=True, blank=True)
    first_contact_at = models.DateTimeField(null=True, blank=True)
    risk_level = models.CharField(max_length=12, blank=True)
    return_count = models.PositiveSmallIntegerField(default=0)

    next_act = models.CharField(max_length=40, blank=True)
    next_due_at = models.DateTimeField(default=NO_DUE)
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], name="one_case_number"),
            models.CheckConstraint(condition=~Q(lead=F("second")), name="two_different_workers"),
            models.CheckConstraint(condition=one_of("state", CaseState.values), name="case_state_known"),
            models.CheckConstraint(condition=same(known("closed_at"), one_of("state", ENDED)), name="case_that_ended_has_an_end"),
            models.CheckConstraint(condition=NOT_ENDED | ~Q(closure_reason=""), name="case_end_has_reason"),
            models.CheckConstraint(condition=~Q(state="closed") | Q(retain_until__isnull=False), name="closed_case_is_retained"),
            models.CheckConstraint(
                condition=~Q(state="suspended") | (Q(suspended_at__isnull=False) & ~Q(suspend_reason="")),
                name="suspended_case_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False), name="submitted_case_is_stamped"
            ),
            models.CheckConstraint(
                condition=Q(evaluated_at__isnull=False) | ~Q(one_of("state", ["evaluated", "closed"])),
                name="evaluated_case_is_stamped",
            ),
            *[
                models.CheckConstraint(condition=same(known(f"{name}_at"), known(f"{name}_by")), name=f"case_{name}_paired")
                for name in ("started", "suspended", "submitted", "responded", "evaluated", "closed")
            ],
        ]
        indexes = [
            # After ten years one case in twenty is open, and it is the open ones that are listed and counted. Both lie in one
            # index, each in order, because every index costs at every visit. What an organisation has is counted, and by
            # state, without looking at a case; an agency's right to read rests on the agreement.
            *[
                models.Index(
                    F(scope), _RUNNING, F("next_due_at"), F("id"), name=f"case_{scope}_due",
                    include={"organ": ["closed_at", "state"], "agency": ["closed_at", "state", "agreement"]}.get(scope),
                )
                for scope in (*ORGANISATIONS, *PEOPLE)
            ],
            # A person's are few enough to be sorted.
            *[models.Index(fields=[scope, "-touched_at", "-id"], name=f"case_{scope}_new") for scope in ORGANISATIONS],
            models.Index(fields=["agreement", "state"], name="case_agreement_state"),
            models.Index(fields=["juvenile"], name="case_juvenile"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return address_of("cases:detail", self.pk)

    @property
    def thread_id(self) -> UUID:
        return self.referral_id


class Assignment(BaseModel):
    """Who was lead or second worker (or supervisor, counsellor) of a case, from when until when.

    Two people never hold the same function at the same time (exclusion constraint); for lead and second no instant of
    an open case is without one (deferred trigger).
    """

    class Function(models.TextChoices):
        LEAD = "lead", "lead"
        SECOND = "second", "second"
        SUPERVISOR = "supervisor", "supervisor"
        COUNSELLOR = "counsellor", "counsellor"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assignments")
    function = models.CharField(max_length=12, choices=Function.choices)
    worker = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="assignments", db_index=False)
    held = DateTimeRangeField()
    assigned_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_holder_at_a_time",
                expressions=[
                    ("case", RangeOperators.EQUAL), ("function", RangeOperators.EQUAL), ("held", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["worker", "function"], name="assignment_worker")]

    @property
    def thread_id(self) -> UUID:
        return self.case.thread_id


class HandOver(Narrative):
    """A guided hand-over: offered by the manager or the worker, with open acts and next dates, taken by the receiver."""

    PROSE = ("open_matters", "next_steps", "advice")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hand_overs")
    function = models.CharField(max_length=12, choices=Assignment.Function.choices)
    giver = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=40)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "function"], condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_hand_over",
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{name}_at__isnull": True, f"{name}_by__isnull": True})
                    | Q(**{f"{name}_at__isnull": False, f"{name}_by__isnull": False}),
                    name=f"hand_over_{name}_paired",
                )
                for name in ("accepted", "withdrawn")
            ],
        ]

    def get_absolute_url(self) -> str:
        return reverse("cases:accept_handover", args=[self.pk])

    @property
    def open(self) -> bool:
        """Neither taken over nor withdrawn."""
        return self.accepted_at is None and self.withdrawn_at is None

    @property
    def thread_id(self) -> UUID:
        return self.case.thread_id
