"""Counts for civil affairs: numbers only, small ones withheld."""
from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views import View

from socialwork import audit
from socialwork.access.roles import Role
from socialwork.oversight import presenters, queries
from socialwork.oversight.suppression import Table
from socialwork.oversight.views import ForRoles
from socialwork.oversight.wording import Group


class Counts(ForRoles, View):
    """Referrals and cases by agency, service and where they stand, for the agencies of the district (V25)."""

    roles = (Role.CIVIL_AFFAIRS_OFFICER,)

    def get(self, request: HttpRequest) -> HttpResponse:
        agencies = queries.counted_agencies(request.user)
        rows = queries.agreed_services(agencies)
        table = Table(queries.work_counts(rows), rows, list(Group)).protect()
        audit.read(None, by=request.user, route=request.resolver_match.view_name, action="listed")
        context: dict[str, Any] = {
            "title": _("Counts"), "agencies": len(agencies),
            "table": presenters.counted_table(agencies, rows, table), "definitions": presenters.definitions(),
        }
        return render(request, "oversight/counts.html", context)
