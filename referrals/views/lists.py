"""The lists of referrals: the organ's, and the agency's inbox."""
from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referrals import queries
from referrals.filters import ReferralFilter
from referrals.models import Referral
from referrals.policies import DRAFTERS, RECEIVERS
from referrals.presenters import rows
from socialwork.access.listing import Listed, Sort, count_words, unnarrowed
from socialwork.access.roles import Role
from socialwork.access.views import ListPage, now
from socialwork.accounts.presenters import kept_filters
from socialwork.accounts.queries import saved_filters
from socialwork.core.filtering import PLACE, blank_controls
from socialwork.exporting.presenters import offer
from socialwork.people.queries import with_identity


class ReferralList(ListPage):
    """The referrals of the organ's side, what falls due first on top."""

    model = Referral
    template_name = "referrals/list.html"
    sorts: ClassVar[dict[str, Sort]] = {"due": Sort("next_due_at"), "new": Sort("touched_at", descending=True)}
    roles = (*DRAFTERS, Role.UNIT_HEAD)
    title: ClassVar[Any] = gettext_lazy("Referrals")
    other_side = "agency"
    export: ClassVar[str] = "referrals"

    @cached_property
    def filters(self) -> ReferralFilter:
        """Built once; its form is judged before the first arm of the list is narrowed."""
        user = self.request.user
        built = ReferralFilter(
            self.request.GET, queryset=Referral.objects.none(), request=self.request, acts=rows.acts_of(user),
            other_side=self.other_side, others=self.others,
        )
        built.form.is_valid()
        return built

    @cached_property
    def others(self) -> tuple[tuple[str, str], ...]:
        return tuple(queries.other_sides(self.request.user))

    shape = queries.LIST
    counted = sorts["due"]
    unchosen = staticmethod(unnarrowed)

    def narrow(self, found: Any) -> Any:
        return self.filters.filter_queryset(found)

    def page(self, listed: Listed) -> dict[str, Any]:
        user, request = self.request.user, self.request
        # Of what is no longer its business an agency reads the code alone.
        with_identity([row.juvenile for row in listed.rows if self.other_side == "agency" or queries.is_told(row)])
        table = rows.worklist(
            user, listed.rows, at=now(), unread=queries.unread_ids(listed.rows), title=str(self.title)
        )
        sort = request.GET.get("sort", "")
        chosen = {name: value for name, value in request.GET.items() if value and name not in PLACE}
        return {
            "title": self.title, "listed": listed, "primary": self.primary(),
            "chips": rows.views(request.path, chosen, agency=self.other_side == "organ"),
            "sorts": rows.sort_links(request.path, request.GET, sort if sort in self.sorts else "due"),
            "filter_form": self.filters.form if chosen else blank_controls(ReferralFilter.blank, self.other_side, self.others), "sort": sort,
            "kept": kept_filters(
                saved_filters(user, self.worklist_name), worklist=self.worklist_name, path=request.path,
                query=request.GET.urlencode(),
            ),
            "worklist": {
                **table, "actions": offer(user, self.export, request.GET.urlencode()), "count": count_words(listed.count) if listed.count else "", "cut": rows.cut_words(user),
                "filters": rows.chosen_filters(self.filters, request.GET, request.path) if chosen else [], "empty": self.empty(chosen),
            },
        }

    @property
    def worklist_name(self) -> str:
        return self.request.resolver_match.view_name

    def primary(self) -> dict[str, Any] | None:
        if not self.request.user.has_role(*DRAFTERS):
            return None
        return {"label": _("Find or begin"), "url": reverse("people:find")}

    def empty(self, chosen: dict[str, str]) -> dict[str, Any]:
        if chosen:
            action = {"label": _("Show all"), "url": self.request.path}
            return {"title": _("Nothing matches these filters."), "reason": "", "action": action}
        return {
            "title": _("There is no referral yet."),
            "reason": _("Search for the child first; from there a referral is begun."), "action": self.primary(),
        }


class ReferralInbox(ReferralList):
    """What was sent to the agency, the clock first."""

    roles = RECEIVERS
    title = gettext_lazy("Received referrals")
    other_side = "organ"
    export = "received_referrals"

    def primary(self) -> dict[str, Any] | None:
        return None

    def empty(self, chosen: dict[str, str]) -> dict[str, Any]:
        if chosen:
            return super().empty(chosen)
        return {
            "title": _("Nothing has been sent to your agency yet."),
            "reason": _("A referral appears here the moment an organ sends it."), "action": None,
        }
