"""Clocks that run under the rules, with their pauses, extensions and sent reminders. No key points to another app."""
from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from socialwork.core.models import BaseModel
from socialwork.deadlines.models.rules import DeadlineRule
from socialwork.deadlines.wording import Kind, Level, State, Unit, in_chinese


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> DeadlineQuerySet:
        """Neither met nor cancelled; a paused one is open."""
        return self.filter(met_at=None, cancelled_at=None)

    def running(self) -> DeadlineQuerySet:
        """Open and not paused: these fall due."""
        return self.open().filter(paused_at=None)

    def paused(self) -> DeadlineQuerySet:
        return self.open().exclude(paused_at=None)

    def overdue(self, at: datetime) -> DeadlineQuerySet:
        """Running and past its end at that instant."""
        return self.running().filter(due_at__lt=at)

    def awaiting_reminder(self, at: datetime) -> DeadlineQuerySet:
        """Running ones with a point of their schedule to look at by that instant."""
        return self.running().filter(next_reminder_at__lte=at)

    def of_subject(self, subject: models.Model) -> DeadlineQuerySet:
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)


class Deadline(BaseModel):
    """One act that somebody owes about one row, with the instant it is due. Derived from facts, never typed in.

    The rule's terms and words are copied as they were applied. Everything needed to count again stands on the row or
    in its pauses and extensions, so the reconciliation can prove `due_at`. Rows carry no personal data.
    """

    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    code = models.CharField(max_length=24)
    # Tells repeated clocks of one kind apart, e.g. "2026-11" for a monthly report; empty when there is one.
    occurrence = models.CharField(max_length=40, blank=True)

    rule = models.ForeignKey(DeadlineRule, on_delete=models.PROTECT, related_name="deadlines")
    level = models.CharField(max_length=12, choices=Level)
    kind = models.CharField(max_length=12, choices=Kind)
    title_en = models.CharField(max_length=160)
    title_zh = models.CharField(max_length=80)
    basis_en = models.CharField(max_length=300, blank=True)
    basis_zh = models.CharField(max_length=200, blank=True)

    organ_id = models.UUIDField()
    agency_id = models.UUIDField(null=True, blank=True)
    agreement_id = models.UUIDField(null=True, blank=True)
    service = models.CharField(max_length=40, blank=True)
    referral_id = models.UUIDField(null=True, blank=True)
    owner_role = models.CharField(max_length=40)
    owner_id = models.UUIDField(null=True, blank=True)

    started_at = models.DateTimeField()
    # The start, later by the time that did not count: percentages of the period are taken from here.
    counted_from = models.DateTimeField()
    in_custody = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=12, choices=Unit)
    # The amount was chosen for this one clock, so a change of the rule leaves it alone.
    amount_chosen = models.BooleanField(default=False)
    # The last day was named instead, e.g. in the letter of the referral: it stands as named, day off or not.
    due_on = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField()
    # Years the count touched for which no holiday table is loaded: counted Monday to Friday, to be said aloud.
    assumed_years = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)

    paused_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    next_reminder_at = models.DateTimeField(null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "code", "occurrence"],
                condition=Q(met_at=None, cancelled_at=None),
                name="one_open_deadline_per_act",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="deadline_not_before_start"),
            models.CheckConstraint(
                condition=Q(met_at=None) | Q(cancelled_at=None), name="deadline_met_or_cancelled_not_both"
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None) | Q(met_at=None, cancelled_at=None), name="deadline_paused_only_while_open"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0, unit__in=Unit.values), name="deadline_amount_and_unit"),
            models.CheckConstraint(
                condition=(Q(kind=Kind.STATUTORY) & ~Q(basis_en="") & ~Q(basis_zh="")) | Q(kind=Kind.LOCAL),
                name="deadline_law_only_with_article",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "subject_type", "due_at"], name="deadline_subject"),
            models.Index(
                fields=["agency_id", "due_at", "id"],
                condition=Q(met_at=None, cancelled_at=None),
                name="deadline_agency_due",
            ),
            models.Index(
                fields=["organ_id", "due_at", "id"],
                condition=Q(met_at=None, cancelled_at=None),
                name="deadline_organ_due",
            ),
            models.Index(
                fields=["owner_id", "due_at", "id"],
                condition=Q(met_at=None, cancelled_at=None),
                name="deadline_owner_due",
            ),
            models.Index(
                fields=["next_reminder_at", "id"],
                condition=Q(met_at=None, cancelled_at=None, paused_at=None),
                name="deadline_next_reminder",
            ),
            models.Index(
                fields=["code", "started_at"],
                condition=Q(met_at=None, cancelled_at=None),
                name="deadline_open_by_code",
            ),
        ]

    @property
    def state(self) -> State:
        if self.cancelled_at:
            return State.CANCELLED
        if self.met_at:
            return State.MET
        return State.PAUSED if self.paused_at else State.OPEN

    @property
    def met_late(self) -> bool:
        """Done, but after its end."""
        return self.met_at is not None and self.met_at > self.due_at

    @property
    def thread_id(self) -> UUID:
        """The referral whose story this belongs to (for the audit), or the subject itself."""
        return self.referral_id or self.subject_id

    @property
    def title(self) -> str:
        """What must be done, in the language of the screen."""
        return self.title_zh if in_chinese() else self.title_en

    @property
    def basis(self) -> str:
        """The article, or the limit of law a local period stays inside, in the language of the screen."""
        return self.basis_zh if in_chinese() else self.basis_en

    def copy_terms(self, rule: DeadlineRule, **terms: Any) -> None:
        """Take over the words of a rule, and the terms given, as they apply to this one clock."""
        self.rule, self.level, self.kind = rule, rule.level, rule.kind
        self.title_en, self.title_zh = rule.title_en, rule.title_zh
        self.basis_en = rule.legal_basis_en or rule.legal_frame_en
        self.basis_zh = rule.legal_basis_zh or rule.legal_frame_zh
        for name, value in terms.items():
            setattr(self, name, value)


class DeadlinePause(BaseModel):
    """A time that does not count: information was asked for, the person is missing or in hospital, the organ waits.

    Source of the need for approval: domain rules, chapter "Deadlines". `reason` is prose and stays out of the audit.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="pauses")
    paused_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500)
    approved_by = models.UUIDField()
    # Empty when the deadline was met or cancelled while paused.
    resumed_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="pauses_do_not_overlap",
                expressions=[
                    (F("deadline"), RangeOperators.EQUAL),
                    (Func(F("paused_at"), F("resumed_at"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(resumed_at=None) | Q(resumed_at__gte=F("paused_at")), name="pause_in_order"
            ),
            models.CheckConstraint(
                condition=Q(resumed_by=None) | Q(resumed_at__isnull=False), name="pause_resumer_has_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_has_reason"),
        ]


class DeadlineExtension(BaseModel):
    """A later end, granted by a prosecutor with a reason (domain rule V17: nobody else moves a deadline)."""

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="extensions")
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    approved_at = models.DateTimeField()
    approved_by = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(new_due_at__gt=F("old_due_at")), name="extension_is_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_reason"),
        ]


class DeadlineReminder(BaseModel):
    """A reminder that was sent for one end of one deadline: "50", "80", "due", "overdue-1", …

    The row is unique and is written together with the notice, so each is sent once, also after a restart. A moved
    end (pause, extension, changed rule) has reminders of its own.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="reminders", db_index=False)
    point = models.CharField(max_length=16)
    for_due_at = models.DateTimeField()
    fell_due_at = models.DateTimeField()
    roles = ArrayField(models.CharField(max_length=40))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deadline", "for_due_at", "point"], name="each_reminder_once"),
        ]
