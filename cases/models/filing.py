"""Papers that come to a case from outside: signed copies of what was issued, and evidence."""
from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.models.assigning import Case
from referrals.models import IssuedDocument
from socialwork.files.models import StoredFile
from socialwork.people.models import Narrative

USER = settings.AUTH_USER_MODEL


class FiledDocument(Narrative):
    """A paper scanned and filed on a case by a worker or the prosecutor.

    Paper with wet signature and seal is the legal original in most places: the signed copy of an issued document names
    that document (`signed_copy_of`). `dated_on` is the day on the paper; `created_at` is when it was filed.
    """

    PROSE = ("title",)
    SIGNED_COPY = "signed_copy"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="filed_documents", db_index=False)
    kind = models.CharField(max_length=40)
    dated_on = models.DateField()
    signed_copy_of = models.ForeignKey(IssuedDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="signed_copies")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    filed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="signed_copy", signed_copy_of__isnull=False) | (~Q(kind="signed_copy") & Q(signed_copy_of__isnull=True)),
                name="signed_copy_names_its_original",
            )
        ]
        indexes = [models.Index(fields=["case", "created_at"], name="filed_document_case")]

    @property
    def thread_id(self) -> UUID:
        return self.case.thread_id

    def get_absolute_url(self) -> str:
        return reverse("cases:filed_document", args=[self.case_id, self.pk])
