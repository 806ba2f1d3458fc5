"""What stands around every page and hardly changes: written once and kept."""
from __future__ import annotations

from functools import lru_cache
from secrets import token_hex
from typing import Any

from django import template
from django.conf import settings
from django.middleware.csrf import get_token
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from socialwork.core.dates import moment_words
from socialwork.core.rendering import escaped

register = template.Library()


@register.simple_tag
def standing(name: str) -> SafeString:
    """A part of the layout that is the same on every page in a language: rendered once, anew each time in development."""
    return _rendered.__wrapped__(name, get_language()) if settings.DEBUG else _rendered(name, get_language())


@register.simple_tag(takes_context=True)
def printed(context: Context) -> SafeString:
    """The line that only paper shows: when this page was made, and for whom."""
    frame = context.get("frame")
    if frame is None:
        return SafeString("")
    told = {"printed_at": moment_words(timezone.now()), "person": frame["person"], "organisation": frame["organisation"]}
    return SafeString(f'<p class="only-print">{escaped(_("Printed %(printed_at)s by %(person)s, %(organisation)s") % told)}</p>')


# What differs from page to page in a top bar that is kept; nobody can be called like this.
TOKEN, ADDRESS = token_hex(16), token_hex(16)


@register.simple_tag(takes_context=True)
def topbar(context: Context) -> SafeString:
    """The top bar. For one person in one section it is the same but for the token of its forms and the address to come back to."""
    frame, request = context.get("frame"), context.get("request")
    token = str(context.get("csrf_token") or (get_token(request) if request is not None else ""))
    if frame is None or settings.DEBUG:
        return render_to_string("layouts/_topbar.html", {"frame": frame, "csrf_token": token, "request": request})
    bar = _topbar(tuple(frame.items()))
    return SafeString(bar.replace(TOKEN, token).replace(ADDRESS, escaped(request.get_full_path())))


@lru_cache(maxsize=1000)
def _topbar(frame: tuple[tuple[str, Any], ...]) -> SafeString:
    """The bar of a frame (accounts.frame), in the language that the frame names."""
    return render_to_string("layouts/_topbar.html", {"frame": dict(frame), "csrf_token": TOKEN, "request": {"get_full_path": ADDRESS}})


@lru_cache(maxsize=20)
def _rendered(name: str, _language: str | None) -> SafeString:
    return render_to_string(name)
