"""Addresses of the API: /api/v1/<collection>/ lists, /<id>/ shows, /<id>/<verb>/ acts.

A verb stands at the address of its page up to the row it acts on: the page /referrals/<id>/submit-referral/ is
/api/v1/referrals/<id>/submit-referral/.
"""
from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from cases.api import ListCases, ListRecords, ShowCase
from referrals.api import ListReceivedReferrals, ListReferrals, ShowReferral
from socialwork.access.drf_views import act_view
from socialwork.access.views import ActPage, FormPage
from socialwork.exporting.api import ListExports, ShowExport
from socialwork.notifications.api import ListNotices
from socialwork.organisations.api import ListAgreements, ShowAgreement

# The pages by the prefix they have in socialwork.urls; a test compares.
PAGES: tuple[tuple[str, str], ...] = (
    ("account/", "socialwork.accounts.urls"),
    ("people/", "socialwork.people.urls"),
    ("organisations/", "socialwork.organisations.urls"),
    ("oversight/", "socialwork.oversight.urls"),
    ("exports/", "socialwork.exporting.urls"),
    ("", "referrals.urls"),
    ("", "cases.urls"),
)

app_name = "api"


def address_of(route: str, verb: str) -> str:
    """The page's address up to its last identifier, then the verb."""
    row, found, _rest = route.rpartition(">")
    collection = f"{row}>/" if found else f"{route.split('/')[0]}/"
    return f"{collection}{verb.replace('_', '-')}/"


def verb_patterns() -> Iterator[URLPattern]:
    """One address per verb, in the order of the pages."""
    for prefix, name in PAGES:
        pages: ModuleType = import_module(name)
        for pattern in pages.urlpatterns:
            page = getattr(pattern.callback, "view_class", None)
            if page and issubclass(page, FormPage | ActPage):
                yield path(address_of(f"{prefix}{pattern.pattern}", pattern.name), act_view(page), name=pattern.name)


urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    path("referrals/", ListReferrals.as_view(), name="list_referrals"),
    path("referrals/received/", ListReceivedReferrals.as_view(), name="list_received_referrals"),
    path("referrals/<uuid:id>/", ShowReferral.as_view(), name="show_referral"),
    path("cases/", ListCases.as_view(), name="list_cases"),
    path("cases/<uuid:id>/", ShowCase.as_view(), name="show_case"),
    path("cases/<uuid:id>/records/", ListRecords.as_view(), name="list_records"),
    path("agreements/", ListAgreements.as_view(), name="list_agreements"),
    path("agreements/<uuid:id>/", ShowAgreement.as_view(), name="show_agreement"),
    path("exports/", ListExports.as_view(), name="list_exports"),
    path("exports/<uuid:id>/", ShowExport.as_view(), name="show_export"),
    path("notices/", ListNotices.as_view(), name="list_notices"),
    *verb_patterns(),
]
