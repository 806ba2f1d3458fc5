"""Saved filters of every list that offers them: kept for oneself, forgotten by oneself."""
from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from socialwork.accounts import services


class SaveFilter(View):
    """Keep the filters in force under a name, for oneself."""

    def post(self, request: HttpRequest) -> HttpResponse:
        services.save_filter(
            by=request.user, worklist=request.POST.get("worklist", "")[:60], name=request.POST.get("name", "").strip()[:40],
            query=request.POST.get("query", "")[:500],
        )
        return HttpResponseRedirect(_back(request))


class RemoveFilter(View):
    """Forget a saved combination of filters."""

    def post(self, request: HttpRequest, id: Any) -> HttpResponse:
        services.remove_filter(by=request.user, filter_id=id)
        return HttpResponseRedirect(_back(request))


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if ours and asked.startswith("/") else reverse("today")
