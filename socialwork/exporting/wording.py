"""Names of what becomes of an export."""
from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExportState(models.TextChoices):
    """States of an export."""

    WAITING = "waiting", _("Waiting for approval")
    QUEUED = "queued", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Destroyed")
