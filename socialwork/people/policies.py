"""Who may know a child. Organs know the children they referred; agencies know them through work (grounds added above)."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from socialwork.access.policy import NOBODY, Ground, Policy, register
from socialwork.access.roles import Role
from socialwork.people.models import Juvenile

# A supervisor works with codes (domain 13.2: "code only unless needed"); a clerk prepares drafts and sees names in them.
KNOWS_NAMES = (
    Role.PROSECUTOR, Role.CLERK, Role.UNIT_HEAD, Role.AGENCY_MANAGER, Role.AGENCY_INTAKE, Role.SOCIAL_WORKER, Role.COUNSELLOR,
)


@register
class JuvenilePolicy(Policy):
    model = Juvenile

    def view(self, user: Any) -> Sequence[Ground]:
        grounds = []
        if user.has_role(Role.PROSECUTOR, Role.CLERK):
            grounds.append(Ground("registered", Q(registered_by=user), _("You registered this child.")))
        if user.has_role(Role.UNIT_HEAD):
            grounds.append(
                Ground("own_organ", Q(organ_id=user.organisation_id), _("You head the unit that referred this child."))
            )
        return grounds

    def read_identity(self, user: Any) -> Q:
        return Q() if user.has_role(*KNOWS_NAMES) else NOBODY

    def correct_identity(self, user: Any) -> Q:
        if user.has_role(Role.PROSECUTOR, Role.CLERK):
            return Q(organ_id=user.organisation_id)
        return NOBODY

    def record_consent(self, user: Any) -> Q:
        if user.has_role(Role.PROSECUTOR, Role.SOCIAL_WORKER, Role.COUNSELLOR):
            return Q()
        return NOBODY

    def attach_consent_scan(self, user: Any) -> Q:
        return self.record_consent(user)

    def audience(self, row: Juvenile) -> QuerySet:
        return get_user_model().objects.filter(organisation_id=row.organ_id)


def knows_names(user: Any) -> bool:
    """Whether lists may show this person names, or codes only."""
    return user.has_role(*KNOWS_NAMES)
