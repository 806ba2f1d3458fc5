"""What happens around every request: language, headers, and the one transaction."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from socialwork.core import replicas

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


READ_AFTER = "read_after"
PLACE_IN_LOG = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}", re.ASCII)
HARMLESS = ("GET", "HEAD", "OPTIONS")


class ReadYourWritesMiddleware:
    """After a write the session carries the place in the primary's log that a replica must have reached to answer it.

    It stands outside the transaction, because the place is known once that is committed. In a cookie it costs the
    database nothing; somebody who changes it reads something older, or from the primary.
    """

    def __init__(self, get_response: Handler) -> None:
        if not settings.REPLICAS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        work = replicas.Work()
        token = replicas.current.set(work)
        try:
            response = self.get_response(request)
        finally:
            replicas.current.reset(token)
        if work.wrote or request.method not in HARMLESS:
            # No replica is used that is as far behind as this cookie lives (REPLICA_MAX_LAG, at most an hour).
            response.set_cookie(
                READ_AFTER, replicas.written_up_to(), max_age=3600, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response


class ReadFromReplicaMiddleware:
    """Lets a page that declares `reads_only` read what it shows from a replica, and from the primary when that fails.

    A program that signs in by token keeps no cookie, so that nobody could say what it has written: it always reads from
    the primary. Stands inside the transaction of the primary, in which the reading is recorded.
    """

    def __init__(self, get_response: Handler) -> None:
        if not settings.REPLICAS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        work = replicas.current.get()
        try:
            return self.get_response(request)
        finally:
            if work is not None:
                work.stop_reading()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        work, page = replicas.current.get(), getattr(view, "view_class", None)
        if work is None or work.wrote or not getattr(page, "reads_only", False) or request.method not in HARMLESS:
            return
        if hasattr(request, "came_by_token") or not request.user.is_authenticated:
            return
        after = request.COOKIES.get(READ_AFTER, "")
        place = after if PLACE_IN_LOG.fullmatch(after) else replicas.BEGINNING
        work.read_only(user_id=str(request.user.pk), after=place)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A replica that ends in the middle of a page costs nobody the page: it is made again, from the primary."""
        work, match = replicas.current.get(), request.resolver_match
        if work is None or match is None or not isinstance(error, replicas.LOST) or not work.replica_ended():
            return None
        return match.func(request, *match.args, **match.kwargs)
