"""The social investigation report (社会调查报告): twelve sections, findings with sources, two authors, versions."""
from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cases.models.assigning import Case
from cases.models.recording import ServiceRecord
from cases.states import ReportState
from socialwork.core.models import BaseModel
from socialwork.people.models import Narrative

USER = settings.AUTH_USER_MODEL

# The order of chapter 4.2 of the domain rules (contents of an investigation; GB/T 42380-2023 in the working practice).
SECTIONS = (
    "investigation", "person", "family", "school_work", "community", "offence", "opinions", "guardianship",
    "assessment", "recommendation", "dissent", "attachments",
)
REQUIRED_SECTIONS = tuple(key for key in SECTIONS if key not in {"dissent", "attachments"})


class Report(BaseModel):
    """A report on one child for one case. `round` counts the submissions to the prosecutor, starting at 1."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="report")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=ReportState.choices, default=ReportState.DRAFT)
    round = models.PositiveSmallIntegerField(default=1)
    first_author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    second_author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    guardianship = models.CharField(max_length=12, blank=True)
    help_available = models.BooleanField(null=True)
    reoffending = models.CharField(max_length=12, blank=True)
    used_for = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        # The queue of a supervisor: the few reports under review, oldest first.
        indexes = [models.Index(fields=["state", "sent_at", "id"], name="report_state_sent")]
        constraints = [
            models.CheckConstraint(condition=~Q(first_author=F("second_author")), name="two_different_authors"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True)
                | (~Q(reviewed_by=F("first_author")) & ~Q(reviewed_by=F("second_author"))),
                name="nobody_reviews_the_own_report",
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{name}_at__isnull": True, f"{name}_by__isnull": True})
                    | Q(**{f"{name}_at__isnull": False, f"{name}_by__isnull": False}),
                    name=f"report_{name}_paired",
                )
                for name in ("sent", "reviewed", "read")
            ],
        ]

    @property
    def thread_id(self) -> UUID:
        return self.case.thread_id


class ReportSection(Narrative):
    """One of the twelve sections as it is being written, with the state of its review."""

    PROSE = ("body", "unsourced_reason")

    class Review(models.TextChoices):
        OPEN = "open", "open"
        ACCEPTED = "accepted", "accepted"
        RETURNED = "returned", "returned"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="sections", db_index=False)
    key = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    review = models.CharField(max_length=10, choices=Review.choices, default=Review.OPEN)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "key"], name="one_section_per_key"),
            models.CheckConstraint(
                condition=Q(edited_at__isnull=True, edited_by__isnull=True)
                | Q(edited_at__isnull=False, edited_by__isnull=False),
                name="section_edited_paired",
            ),
        ]

    @property
    def thread_id(self) -> UUID:
        return self.report.thread_id


class Finding(Narrative):
    """A statement of fact in a section that must rest on sources; an unsourced one is flagged."""

    PROSE = ("statement",)

    section = models.ForeignKey(ReportSection, on_delete=models.CASCADE, related_name="findings", db_index=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "position"], name="one_finding_per_position")]


class FindingSource(models.Model):
    """The interview or other record a finding rests on. Once submitted, the record can no longer be corrected."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="sources", db_index=False)
    record = models.ForeignKey(ServiceRecord, on_delete=models.PROTECT, related_name="cited_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "record"], name="one_source_per_finding")]


class SectionText(Narrative):
    """The immutable text of a section as it was sent for review or submitted: what the next round is compared with."""

    PROSE = ("body", "findings")

    section = models.ForeignKey(ReportSection, on_delete=models.CASCADE, related_name="texts", db_index=False)
    number = models.PositiveSmallIntegerField()
    fixed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "number"], name="one_text_per_number")]
