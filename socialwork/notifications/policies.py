"""A notice belongs to the person it was written to."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from socialwork.access.policy import Ground, Policy, register
from socialwork.notifications.models import Notice


@register
class NoticePolicy(Policy):
    model = Notice

    def view(self, user: Any) -> Sequence[Ground]:
        return [Ground("mine", Q(recipient=user), _("It was written to you."))]
