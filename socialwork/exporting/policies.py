"""Who sees an export, who decides on it, and who may take its file away."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from socialwork.access.policy import NOBODY, Ground, Policy, register
from socialwork.access.roles import Role
from socialwork.exporting.models import Export
from socialwork.exporting.states import EXPORT

DECIDERS = (Role.UNIT_HEAD, Role.AGENCY_MANAGER)


@register
class ExportPolicy(Policy):
    """The file is its maker's alone; heads see that it exists, and decide on large ones of others (V13, V19)."""

    model = Export
    machine = EXPORT

    def view(self, user: Any) -> Sequence[Ground]:
        grounds = [Ground("mine", Q(asked_by=user), _("You asked for it."))]
        if user.has_role(*DECIDERS):
            of_house = Q(organisation_id=user.organisation_id) & ~Q(asked_by=user)
            grounds.append(Ground("house", of_house, _("It leaves your organisation.")))
        return grounds

    def approve_export(self, user: Any) -> Q:
        if not user.has_role(*DECIDERS):
            return NOBODY
        return Q(organisation_id=user.organisation_id) & ~Q(asked_by=user)

    def refuse_export(self, user: Any) -> Q:
        return self.approve_export(user)

    def finish_export(self, user: Any) -> Q:
        return Q(asked_by=user)

    def fail_export(self, user: Any) -> Q:
        return Q(asked_by=user)

    def destroy_export(self, user: Any) -> Q:
        return Q(asked_by=user)

    def download_export(self, user: Any) -> Q:
        return Q(asked_by=user, state="ready")

    def audience(self, row: Any) -> QuerySet:
        return get_user_model().objects.filter(Q(pk=row.asked_by_id) | Q(organisation_id=row.organisation_id))
