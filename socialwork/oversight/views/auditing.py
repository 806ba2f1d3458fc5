"""The auditor's two lists: what was done, and what was read, in the own organisation."""
from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from socialwork.access import listing
from socialwork.access.roles import Role
from socialwork.access.views import ListPage
from socialwork.audit.models import Access, Event
from socialwork.oversight import filters, presenters


class RecordPage(ListPage):
    """One of the two lists, with the way to the other."""

    roles = (Role.AUDITOR,)
    sorts = {"new": listing.Sort("at", descending=True)}
    title: Any = ""

    def page(self, listed: listing.Listed) -> dict[str, Any]:
        lists = (("oversight:acts", pgettext_lazy("record", "Acts")), ("oversight:readings", _("Readings")))
        here = self.request.resolver_match.view_name
        return {
            "title": _("Record of acts"), "subtitle": self.request.user.organisation.name, "listed": listed,
            "chips": [
                {"label": label, "url": reverse(name), "active": name == here, "count": None} for name, label in lists
            ],
            "worklist": {
                "title": self.title, **self.shown(listed.rows),
                "filter_form": self.filterset(self.request.GET, request=self.request).form,
                "cut": _("Without a first day the last thirty days are shown. Names and contents of files never are."),
                "empty": {"title": _("Nothing is recorded"), "reason": _("No entry fits what was chosen.")},
            },
        }

    def shown(self, rows: Any) -> dict[str, Any]:
        return {"columns": presenters.act_columns(), "rows": presenters.act_rows(rows)}


class Acts(RecordPage):
    """What people of the organisation did."""

    model = Event
    filterset = filters.ActFilter
    title = pgettext_lazy("record", "Acts")


class Readings(RecordPage):
    """What people of the organisation opened, and what was refused to them."""

    model = Access
    filterset = filters.ReadingFilter
    title = _("Readings")

    def shown(self, rows: Any) -> dict[str, Any]:
        return {"columns": presenters.reading_columns(), "rows": presenters.reading_rows(rows)}
