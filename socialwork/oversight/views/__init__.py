"""Pages of civil affairs and of the auditor."""
from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from socialwork import audit
from socialwork.core.errors import error_page


class ForRoles:
    """Pages that exist for some roles only: for everybody else they do not."""

    roles: tuple[Any, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_role(*self.roles):
            route = request.resolver_match.view_name
            audit.read(None, by=request.user, route=route, outcome="refused", detail="not_found")
            return error_page(request, 404)
        return super().dispatch(request, *args, **kwargs)
