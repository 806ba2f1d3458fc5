"""Addresses of the API: /api/v1/<collection>/ lists, /<id>/ shows, /<id>/<verb>/ acts. Verbs are those of the pages."""
from __future__ import annotations

from django.urls import URLPattern, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from referrals.api import ListReceivedReferrals, ListReferrals, ShowReferral
from socialwork.access.drf_views import act_view
from socialwork.access.views import ActPage, FormPage

# Importing the pages fills the register of verbs.
PAGES = include("socialwork.people.urls"), include("socialwork.organisations.urls"), include("referrals.urls"), include("cases.urls")

COLLECTIONS = {"people.juvenile": "people", "cases.servicerecord": "records", "people.guardian": "guardians"}

app_name = "api"


def collection_of(page: type[FormPage] | type[ActPage]) -> str:
    """Path of the rows a verb acts on: referrals, cases, records, report-sections …"""
    meta = page.model._meta
    words = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in meta.object_name).lstrip("-")
    return COLLECTIONS.get(meta.label_lower, f"{words}s")


def verb_patterns() -> list[URLPattern]:
    """One address per verb."""
    pages = {**FormPage.by_verb, **ActPage.by_verb}
    return [
        path(
            f"{collection_of(page)}/<uuid:id>/{verb.replace('_', '-')}/", act_view(page), name=f"{verb}"
        )
        for verb, page in sorted(pages.items())
        if hasattr(page, "model")
    ]


urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    path("referrals/", ListReferrals.as_view(), name="list_referrals"),
    path("referrals/received/", ListReceivedReferrals.as_view(), name="list_received_referrals"),
    path("referrals/<uuid:id>/", ShowReferral.as_view(), name="show_referral"),
    *verb_patterns(),
]
