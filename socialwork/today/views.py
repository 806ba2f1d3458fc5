"""The first page of the day."""
from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from socialwork import audit
from socialwork.access.views import now
from socialwork.notifications.presenters import lines
from socialwork.notifications.queries import closed_to
from socialwork.today import presenters, queries


class Today(View):
    """What must I do now, what should I know, my figures."""

    reads_only = True

    def get(self, request: HttpRequest) -> HttpResponse:
        at = now()
        news, (figures, offered) = queries.news(request.user), queries.figures(request.user)
        # Hand-overs are rare: they are looked for where the count of the day says that one waits.
        offers = queries.hand_overs(request.user) if offered else []
        audit.read(None, by=request.user, route="today", action="listed")
        context = {
            "acts": [
                *(presenters.hand_over_act(offer) for offer in offers),
                *(presenters.act_of(row, at, request.user.roles) for row in queries.must_act(request.user)),
            ],
            "news": lines(news, closed=closed_to(request.user, news)),
            "figures": presenters.figures(figures),
        }
        return render(request, "today/today.html", context)
