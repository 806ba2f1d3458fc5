"""Addresses of the pages. Public identifiers only; the parent stands before the verb."""
from django.urls import include, path

from socialwork.access.draft_views import SaveDraft
from socialwork.core import public
from socialwork.core.gallery import gallery
from socialwork.today.views import Today

urlpatterns = [
    # Addresses are tried in order: those that people ask for most stand first.
    path("", Today.as_view(), name="today"),
    path("", include("cases.urls")),
    path("", include("referrals.urls")),
    path("livez/", public.livez, name="livez"),
    path("readyz/", public.readyz, name="readyz"),
    path("set-language/", public.set_language, name="set_language"),
    path("gallery/", gallery, name="gallery"),
    path("drafts/<str:form>/<uuid:id>/", SaveDraft.as_view(), name="save_draft"),
    path("account/", include("socialwork.accounts.urls")),
    path("people/", include("socialwork.people.urls")),
    path("organisations/", include("socialwork.organisations.urls")),
    path("notices/", include("socialwork.notifications.urls")),
    path("oversight/", include("socialwork.oversight.urls")),
    path("statistics/", include("socialwork.statistics.urls")),
    path("exports/", include("socialwork.exporting.urls")),
    path("api/v1/", include("socialwork.api_urls")),
]

handler400 = "socialwork.core.errors.bad_request"
handler403 = "socialwork.core.errors.permission_denied"
handler404 = "socialwork.core.errors.page_not_found"
handler500 = "socialwork.core.errors.server_error"
