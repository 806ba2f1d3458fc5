"""What was done with and for the child: one record per contact, interview, session, activity or attendance."""
from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cases.models.assigning import Case
from cases.models.planning import PlanGoal
from cases.states import RecordState
from socialwork.core.addresses import address_of
from socialwork.organisations.models import Organisation
from socialwork.people.models import Narrative

USER = settings.AUTH_USER_MODEL


class RecordKind(models.TextChoices):
    """Kinds of service record with the form each stands for (domain chapter 4)."""

    CONTACT = "contact", "F20"
    INTERVIEW = "interview", "F08"
    COUNSELLING = "counselling", "F12"
    FAMILY_SESSION = "family_session", "F31"
    WELFARE_ACTIVITY = "welfare_activity", "F23"
    ADULT_ATTENDANCE = "adult_attendance", "F14"


class ServiceRecord(Narrative):
    """One submitted service record. Before submission the text lives in the author's form draft.

    `details` holds codes and numbers of the kind (cases.record_kinds says which), the prose is sealed. `lasted` is in
    minutes. `written_late` is true when it was submitted more than 48 hours after the event (V7, local practice).
    Records of one joint activity for several children share `activity_id`.
    """

    PROSE = ("summary", "response", "concerns", "next_plan", "present", "questions", "documents", "tell_prosecutor")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="records", db_index=False)
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    supervisor = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=RecordKind.choices)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=RecordState.choices, default=RecordState.SUBMITTED)
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", db_index=False)
    co_worker = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    lasted = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=40, blank=True)
    happened = models.BooleanField(default=True)
    attended = models.BooleanField(default=True)
    late_minutes = models.PositiveSmallIntegerField(default=0)
    absence_class = models.CharField(max_length=16, blank=True)
    absence_reason = models.CharField(max_length=40, blank=True)
    interviewee = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)
    crisis = models.CharField(max_length=20, blank=True)
    next_on = models.DateField(null=True, blank=True)
    activity_id = models.UUIDField(null=True, blank=True)
    submitted_at = models.DateTimeField()
    written_late = models.BooleanField(default=False)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    amended_at = models.DateTimeField(null=True, blank=True)
    amended_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RecordKind.values), name="record_kind_known"),
            models.CheckConstraint(
                condition=Q(happened=True, attended=True, absence_reason="")
                | (Q(attended=False) & ~Q(absence_reason="") & ~Q(absence_class="")),
                name="absence_has_reason",
            ),
            models.CheckConstraint(condition=Q(happened=True) | Q(attended=False), name="nobody_attends_what_did_not_happen"),
            models.CheckConstraint(condition=~Q(kind="interview") | ~Q(interviewee=""), name="interview_names_whom"),
            models.CheckConstraint(
                condition=Q(co_worker__isnull=True) | ~Q(co_worker=models.F("author")), name="co_worker_is_another"
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{name}_at__isnull": True, f"{name}_by__isnull": True})
                    | Q(**{f"{name}_at__isnull": False, f"{name}_by__isnull": False}),
                    name=f"record_{name}_paired",
                )
                for name in ("reviewed", "amended")
            ],
        ]
        indexes = [
            models.Index(fields=["case", "-started_at", "-id"], name="record_case"),
            models.Index(fields=["author", "-started_at", "-id"], name="record_author"),
            models.Index(
                fields=["supervisor", "submitted_at", "id"], condition=Q(state="submitted"), name="record_review_queue"
            ),
            models.Index(fields=["agency", "-started_at", "-id"], name="record_agency"),
            models.Index(fields=["co_worker", "started_at"], condition=Q(co_worker__isnull=False), name="record_co_worker"),
        ]

    def get_absolute_url(self) -> str:
        return address_of("cases:record", self.pk)

    @property
    def thread_id(self) -> UUID:
        return self.case.thread_id


class CounsellingNote(Narrative):
    """What was said in counselling (F12): for the assigned counsellor alone; everyone else sees that it took place."""

    PROSE = ("state", "goal", "method", "progress", "risk", "next")

    record = models.OneToOneField(ServiceRecord, on_delete=models.CASCADE, related_name="note")
    counsellor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    session = models.PositiveSmallIntegerField()

    @property
    def thread_id(self) -> UUID:
        return self.record.thread_id


class RecordGoal(models.Model):
    """A goal of the plan that a record touched, and how far: done, partly, not, postponed."""

    record = models.ForeignKey(ServiceRecord, on_delete=models.CASCADE, related_name="goals", db_index=False)
    goal = models.ForeignKey(PlanGoal, on_delete=models.PROTECT, related_name="touches")
    result = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "goal"], name="one_touch_per_goal")]


class Amendment(Narrative):
    """A correction of a submitted record: the reason, and every changed value as it was before."""

    PROSE = ("reason", "before", "after")

    record = models.ForeignKey(ServiceRecord, on_delete=models.CASCADE, related_name="amendments")
    fields = ArrayField(models.CharField(max_length=40))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    @property
    def thread_id(self) -> UUID:
        return self.record.thread_id
