"""The auditor reads the record of acts and readings of the own organisation, and opens no file (GB/T 22239)."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from socialwork.access.policy import Ground, Policy, register
from socialwork.access.roles import Role
from socialwork.audit.models import Access, Event


class RecordPolicy(Policy):
    """What people of the auditor's organisation did or read; what others did to the same matters is not shown."""

    def view(self, user: Any) -> Sequence[Ground]:
        if not user.has_role(Role.AUDITOR):
            return []
        own = Q(organisation_id=user.organisation_id)
        return [Ground("own_organisation", own, _("You audit the acts of your organisation."))]


@register
class EventPolicy(RecordPolicy):
    model = Event


@register
class AccessPolicy(RecordPolicy):
    model = Access
