"""Life of an agency in the registry of civil affairs, and of an agreement."""
from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgencyState(models.TextChoices):
    """Admission of an agency. Organisations that are not agencies are always active."""

    CANDIDATE = "candidate", _("Candidate")
    RECOMMENDED = "recommended", _("Recommended")
    INSPECTED = "inspected", _("Inspected")
    APPROVED = "approved", _("Approved")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    EXITED = "exited", _("Exited")


class AgreementState(models.TextChoices):
    """Expiry is a date, not a state: an active agreement whose period has ended gives no access."""

    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("In force")
    SUSPENDED = "suspended", _("Suspended")
    TERMINATED = "terminated", _("Terminated")
