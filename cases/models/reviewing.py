"""The supervisor's review of a report and the prosecutor's answer to it, both section by section."""
from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from cases.models.recording import ServiceRecord
from cases.models.reporting import Report, ReportSection
from socialwork.people.models import Narrative

USER = settings.AUTH_USER_MODEL


class SectionReview(models.Model):
    """The supervisor accepts or returns one section in one round."""

    section = models.ForeignKey(ReportSection, on_delete=models.CASCADE, related_name="reviews")
    text_number = models.PositiveSmallIntegerField()
    accepted = models.BooleanField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")


class ReviewComment(Narrative):
    """A comment on a section or a record, on a quoted passage where there is one; open until its author settles it."""

    PROSE = ("quote", "body")

    section = models.ForeignKey(ReportSection, null=True, on_delete=models.CASCADE, related_name="comments")
    record = models.ForeignKey(ServiceRecord, null=True, on_delete=models.CASCADE, related_name="comments")
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(section__isnull=False, record__isnull=True)
                | models.Q(section__isnull=True, record__isnull=False),
                name="comment_on_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, settled_by__isnull=True)
                | models.Q(settled_at__isnull=False, settled_by__isnull=False),
                name="comment_settled_paired",
            ),
        ]

    @property
    def thread_id(self) -> UUID:
        return (self.section or self.record).thread_id


class ReportResponse(Narrative):
    """The prosecutor's answer to one submission: accepted, partly accepted, returned, or a supplement asked (10.13)."""

    PROSE = ("remark",)

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="responses", db_index=False)
    round = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=12)
    used_for = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    responded_at = models.DateTimeField()
    responded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "round"], name="one_response_per_round")]

    @property
    def thread_id(self) -> UUID:
        return self.report.thread_id


class SectionResponse(Narrative):
    """What the prosecutor decided on one section of a submission."""

    PROSE = ("remark",)

    response = models.ForeignKey(ReportResponse, on_delete=models.CASCADE, related_name="sections", db_index=False)
    section = models.ForeignKey(ReportSection, on_delete=models.CASCADE, related_name="responses")
    result = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "section"], name="one_answer_per_section")]
