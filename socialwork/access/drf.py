"""Who comes in by the API: the same people, found by the same middleware, with nothing open by default."""
from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _
from rest_framework import exceptions, permissions
from rest_framework.authentication import BaseAuthentication


class CameIn(BaseAuthentication):
    """Whoever the middleware found: a session (then the CSRF token is required) or a token in the header."""

    def authenticate(self, request: Any) -> tuple[Any, None] | None:
        user = getattr(request._request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        if not getattr(request._request, "came_by_token", False):
            reason = _CsrfCheck(lambda inner: None).process_view(request._request, None, (), {})
            if reason:
                raise exceptions.PermissionDenied(_("The CSRF token is missing or wrong."))
        return user, None

    def authenticate_header(self, request: Any) -> str:
        return "Token"


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


class SignedIn(permissions.BasePermission):
    """Anybody who signed in."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return bool(request.user and request.user.is_authenticated)


class DeclaredAction(SignedIn):
    """Signed in, and the view says which right it asks for: a view that forgot is closed to everybody."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return super().has_permission(request, view) and bool(getattr(view, "declared", ""))
