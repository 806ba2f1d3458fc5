"""The statistics page."""
from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from socialwork import audit
from socialwork.core.errors import error_page
from socialwork.exporting.presenters import offer
from socialwork.statistics import presenters
from socialwork.statistics.figures import figures
from socialwork.statistics.forms import ask
from socialwork.statistics.policies import READERS

# Tables of no more columns stand beside each other.
FEW = 6
ASKED = ("subject", "by", "since", "until", "district", "service", "year")


class Board(View):
    """Referrals, services, timeliness and outcomes in numbers, within the reader's scope; for everybody else there is no such page."""

    reads_only = True

    def get(self, request: HttpRequest) -> HttpResponse:
        route = request.resolver_match.view_name
        if not request.user.has_role(*READERS):
            audit.read(None, by=request.user, route=route, outcome="refused", detail="not_found")
            return error_page(request, 404)
        audit.read(None, by=request.user, route=route, action="listed")
        return render(request, "statistics/board.html", self.page(request))

    def page(self, request: HttpRequest) -> dict[str, Any]:
        user, query = request.user, {name: request.GET[name] for name in ASKED if request.GET.get(name)}
        form = ask(user, query, today=timezone.localdate())
        found = figures(user, form.chosen(), today=timezone.localdate())
        tables = [presenters.table(found, board, user) for board in found.boards]
        return {
            "title": _("Statistics"), "scope": user.organisation.name, "period": presenters.period(found.chosen),
            "tabs": presenters.tabs(found, request.path, query), "rows_by": presenters.rows_by(found, request.path, query),
            "form": form, "chart": presenters.chart(found), "withheld": found.withheld,
            "tables": tables, "narrow": len(tables) > 1 and all(len(table["columns"]) <= FEW for table in tables),
            "notes": presenters.notes(found), "source": presenters.source(),
            "actions": offer(user, "statistics", request.GET.urlencode()),
        }
