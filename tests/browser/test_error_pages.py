"""What a person sees when something cannot be shown: a sentence in plain Chinese, and a way on, on every screen."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from playwright.sync_api import Page

from socialwork import urls as product
from socialwork.core.errors import Moved, csrf_failure, error_page
from tests.browser.test_every_page import AXE, DESK, PHONE, keep, too_wide, violations

REFUSALS: dict[str, Exception] = {
    "400": SuspiciousOperation(), "403": PermissionDenied(), "404": Http404(), "413": RequestDataTooBig(),
    "500": RuntimeError(),
}
STATUSES = {"csrf": 403, "locked_out": 429}


@login_not_required
def refuse(request: HttpRequest, what: str) -> HttpResponse:
    """Each refusal in the way the product meets it."""
    if what in REFUSALS:
        raise REFUSALS[what]
    if what == "csrf":
        return csrf_failure(request)
    if what == "locked_out":
        return render(request, "errors/locked_out.html", status=429)
    return error_page(request, int(what), Moved().message if what == "409" else "")


# What Django looks for in an address list.
handler400, handler403, handler404, handler500 = product.handler400, product.handler403, product.handler404, product.handler500
urlpatterns = [*product.urlpatterns, path("refused/<str:what>/", refuse)]


@pytest.mark.parametrize("persona", ["prosecutor", ""], ids=["signed-in", "stranger"])
def test_a_refusal_is_a_page(world: Any, as_person: Callable[..., Page], settings: Any, persona: str) -> None:
    settings.ROOT_URLCONF = __name__
    page = as_person(world.people[persona] if persona else None)
    page.context.add_init_script(AXE)
    found: list[Any] = []
    for what in (*REFUSALS, "409", "429", "csrf", "locked_out"):
        response = page.goto(f"/refused/{what}/")
        assert response is not None and response.status == (STATUSES.get(what) or int(what))
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            keep(page, f"refused-{what}-{persona or 'stranger'}", str(size["width"]))
            found += [(what, *fault) for fault in violations(page, size["width"]) + too_wide(page, size["width"])]
        sentences = page.locator("main h1, main .error-message, main li").all_inner_texts()
        assert len(sentences) >= 3, what
        assert all(re.search("[\u4e00-\u9fff]", text) for text in sentences), (what, sentences)
        assert page.locator("main a.btn").get_attribute("href")
    assert not found, "\n".join(map(str, found))
