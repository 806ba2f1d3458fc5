"""The description of the API can be read in the browser, under the same content policy as every page."""
from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import expect


def test_the_description_is_shown_under_the_content_policy(world, as_person):
    page = as_person(world.prosecutor)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    answer = page.goto(reverse("api:docs"))
    assert answer is not None and answer.ok
    expect(page.locator(".opblock").first).to_be_visible(timeout=30_000)
    assert page.locator(".opblock").count() > 60
    expect(page.locator("body")).to_contain_text("/api/v1/referrals/")
    # Swagger sets one style attribute of its own; what it wants to load or run is refused nowhere.
    assert [text for text in said if "style" not in text] == []


def test_strangers_read_no_description(world, as_person):
    answer = as_person(None).goto(reverse("api:docs"))
    assert answer is not None and answer.status == 401
