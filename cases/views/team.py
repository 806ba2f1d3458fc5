"""The team: load, what is overdue, hand-overs. Redistributing begins at a case."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views import View

from cases import presenters_team, queries
from cases.queries_team import loads, open_hand_overs
from socialwork import audit
from socialwork.access.roles import Role
from socialwork.access.views import now
from socialwork.core.errors import error_page

LEADERS = (Role.AGENCY_MANAGER, Role.AGENCY_INTAKE, Role.SUPERVISOR)


class Team(View):
    """Counts over the cases the person may see: the supervised ones of a supervisor, all of a manager's agency."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        user, route = request.user, request.resolver_match.view_name
        if not user.has_role(*LEADERS):
            audit.read(None, by=user, route=route, outcome="refused", detail="not_found")
            return error_page(request, 404)
        audit.read(None, by=user, route=route, action="listed")
        people = [each for each in queries.casework_staff(user.organisation_id) if Role.SOCIAL_WORKER in each.roles]
        home = user.organisation
        context = {
            "title": _("Team"),
            "load": presenters_team.load_table(
                people, loads(user, now=now()), warn=home.caseload_warn, block=home.caseload_block
            ),
            "hand_overs": presenters_team.hand_over_table(open_hand_overs(user)),
        }
        return render(request, "cases/team.html", context)
