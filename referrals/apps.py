from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        from referrals import receivers  # noqa: F401  (follows the clocks)
        from referrals.queries import matters, open_work_of, reserved_places
        from referrals.services import draft_referral
        from referrals.services.clocks import running_clocks
        from socialwork.access import api as access
        from socialwork.accounts.registry import open_work
        from socialwork.deadlines.hooks import register_facts
        from socialwork.organisations.capacity import register_counter
        from socialwork.people import registry

        def follow(*, juvenile: Any, by: Any, at: Any, prosecutor: Any = None) -> str:
            """A child just registered is to be referred: the draft is begun in the same transaction."""
            draft = draft_referral(by=by, at=at, juvenile=juvenile, prosecutor=prosecutor)
            return reverse("referrals:edit_referral", args=[draft.pk])

        def beginning(user: Any, juvenile: Any) -> dict[str, Any] | None:
            if not access.can(user, "draft_referral", user.organisation) or juvenile.organ_id != user.organisation_id:
                return None
            return {"label": _("Refer this child"), "url": reverse("referrals:draft_referral", args=[juvenile.pk])}

        register_counter(reserved_places)
        registry.register_matters(matters)
        registry.register_follower(follow)
        registry.register_beginning(beginning)
        open_work.append(open_work_of)
        register_facts("referrals.referral", running_clocks)
