"""Exports: who took what out of the system, why, who approved it, and when it was destroyed."""
from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from socialwork.core.models import VersionedModel
from socialwork.exporting.wording import ExportState
from socialwork.files.models import StoredFile
from socialwork.organisations.models import Organisation


class Export(VersionedModel):
    """One file made from a list in the background. The row stays for good; file and key live until `expires_at`.

    kind: code of exporting.kinds. query: the filters of the list, as they stand in its address. purpose: code of the
    list `export_purpose`. wrapped_key: the key of the file, itself locked; destroying it destroys every copy.
    """

    kind = models.CharField(max_length=30)
    query = models.CharField(max_length=1000, blank=True)
    purpose = models.CharField(max_length=30)
    remark = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.QUEUED)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    expected = models.PositiveIntegerField()
    rows = models.PositiveIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    wrapped_key = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("export")
        indexes = [
            models.Index(fields=["asked_by", "-created_at"], name="export_of_person"),
            models.Index(fields=["organisation", "-created_at"], name="export_of_organisation"),
            models.Index(fields=["state", "created_at"], name="export_in_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, decided_by__isnull=True)
                | models.Q(decided_at__isnull=False, decided_by__isnull=False),
                name="export_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="export_second_person", violation_error_message=_("Somebody else must decide."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ExportState.READY)
                | models.Q(file__isnull=False, wrapped_key__isnull=False, expires_at__isnull=False),
                name="export_ready_has_file",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ExportState.EXPIRED) | models.Q(wrapped_key=None), name="export_expired_has_no_key"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("exports:detail", args=[self.pk])
