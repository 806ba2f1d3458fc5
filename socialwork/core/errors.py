"""What can be said to a person whose act cannot be carried out, and the pages that say it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """An act that the rules refuse. `code` is stable; `message` says what to do; `field` is where the cursor should be."""

    status = 400

    def __init__(self, message: Any, *, code: str = "invalid", field: str | None = None) -> None:
        super().__init__(code)
        self.message = message
        self.code = code
        self.field = field


class Blocked(DomainError):
    """Several things are missing at once: each with its field and its sentence, all shown together."""

    def __init__(self, blockers: Sequence[tuple[str | None, Any]], *, code: str = "incomplete") -> None:
        super().__init__(_("This cannot be done yet. See what is missing."), code=code)
        self.blockers = list(blockers)


class NotVisible(DomainError):
    """The row does not exist for this person (404): its existence is itself confidential."""

    status = 404

    def __init__(self) -> None:
        super().__init__(_("This page does not exist, or it is not open to you."), code="not_found")


class NotYours(DomainError):
    """The person may see the row, but this act belongs to somebody else (403)."""

    status = 403

    def __init__(self, message: Any = None) -> None:
        super().__init__(message or _("This act belongs to somebody else."), code="forbidden")


class Moved(DomainError):
    """The act was right but came too late: the row has moved on (409)."""

    status = 409

    def __init__(self, message: Any = None) -> None:
        super().__init__(
            message or _("Somebody has already taken this further. Look at the present state and decide again."),
            code="moved",
        )


class Stale(Moved):
    """The text was changed by somebody else since it was opened; both texts are shown, nothing is overwritten."""

    def __init__(self, theirs: Mapping[str, Any]) -> None:
        super().__init__(_("This was changed by somebody else while you were writing. Both texts are shown below."))
        self.code = "stale"
        self.theirs = dict(theirs)


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def error_page(request: HttpRequest, status: int, message: Any = "") -> HttpResponse:
    """The page or the JSON answer for a refusal."""
    if wants_json(request):
        return JsonResponse({"code": f"http_{status}", "message": str(message)}, status=status)
    return render(request, f"errors/{status}.html", {"message": message}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An unreadable request; one that is too large is told apart, since there the person can do something."""
    return error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without the frame around it: what draws the frame may be what failed."""
    if wants_json(request):
        return error_page(request, 500)
    return HttpResponse(loader.get_template("errors/500.html").render(), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an earlier sign-in: what was typed stays in the browser and in the saved draft."""
    message = _("Your sign-in changed since this page was opened. Go back, reload the page and submit again.")
    if wants_json(request):
        return error_page(request, 403, message)
    return render(request, "errors/csrf.html", {"message": message}, status=403)
