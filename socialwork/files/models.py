"""Files of a dossier: encrypted where they are kept, without an address of their own; reached only through what they belong to."""
from __future__ import annotations

from django.conf import settings
from django.db import models

from socialwork.core.models import BaseModel


class StoredFile(BaseModel):
    """One file as it was received or issued. `sha256` is of the plain content, `size` in bytes.

    `name` is what a person is offered when saving it; it never carries the name of a child.
    """

    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    thread_id = models.UUIDField()
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["thread_id", "created_at"], name="file_thread")]

    @property
    def path(self) -> str:
        """Name in the place of files: below the media folder, or in the bucket."""
        return f"{self.pk.hex[-2:]}/{self.pk}"
