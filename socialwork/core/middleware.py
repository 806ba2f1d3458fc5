"""What happens around every request: language, headers, and the one transaction."""
from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Handler = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Chinese unless the person chose otherwise: the browser's own preference is not asked, the office's language is."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ResponseHeadersMiddleware:
    """Nothing about a child is kept by a browser or a proxy."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response


class TransactionMiddleware:
    """Every signed-in request is one transaction, opened here and committed after the page is rendered.

    The acting person is set in it for the lifetime of the transaction only, which is what row-level security will
    read. A server error rolls everything back; a refusal commits, because the refusal itself is recorded.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY not in request.session and not came_known(request):
            return self.get_response(request)
        with transaction.atomic():
            # Who is not known yet is loaded here, and the same statement tells the database (access.backends).
            told = not came_known(request)
            if request.user.is_authenticated:
                if not told:
                    act_as(request.user.pk)
                response = self.get_response(request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                return response
        return self.get_response(request)


def came_known(request: HttpRequest) -> bool:
    """Whether the person was loaded before: by the token of a program, or by somebody who asked early."""
    return hasattr(request, "came_by_token") or hasattr(request, "_cached_user")


def act_as(user_id: object) -> None:
    """Tell the database who acts, until the end of the current transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.user_id', %s, true)", [str(user_id or "")])
