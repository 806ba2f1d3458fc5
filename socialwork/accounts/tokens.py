"""Programs sign in with a token in the header; found before the transaction opens, so that they run in one too."""
from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from socialwork.accounts.models import AccessToken


class TokenMiddleware:
    """`Authorization: Token <key>` on an API address makes the request that person's; any other header is ignored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scheme, _blank, key = request.headers.get("Authorization", "").partition(" ")
        if scheme == "Token" and key and request.path.startswith("/api/"):
            digest = AccessToken.digest_of(key.strip())
            known = AccessToken.objects.select_related("user__organisation").filter(digest=digest, user__is_active=True)
            found = known.first()
            if found is not None:
                request.user = found.user
                request.came_by_token = True
        return self.get_response(request)
