"""Addresses of the pages. Public identifiers only; the parent stands before the verb."""
from django.urls import include, path

from socialwork.access.draft_views import SaveDraft
from socialwork.core import public

urlpatterns = [
    path("livez/", public.livez, name="livez"),
    path("set-language/", public.set_language, name="set_language"),
    path("drafts/<str:form>/<uuid:id>/", SaveDraft.as_view(), name="save_draft"),
    path("account/", include("socialwork.accounts.urls")),
]

handler400 = "socialwork.core.errors.bad_request"
handler403 = "socialwork.core.errors.permission_denied"
handler404 = "socialwork.core.errors.page_not_found"
handler500 = "socialwork.core.errors.server_error"
