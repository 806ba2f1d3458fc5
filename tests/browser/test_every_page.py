"""Every page of the matrix in real Chromium, at a desk and on a phone: no accessibility violation, no sideways scrolling.

One world for all pages: what is looked at does not change by being looked at. SCREENSHOTS=folder keeps the pictures.
"""
from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Error as PlaywrightError

from socialwork.organisations.models import Organisation
from tests.access.matrix import PERSONAS, Row, all_objects, all_rows

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
WIDTHS = (1280, 360)
SHELF = os.environ.get("SCREENSHOTS", "")
ONLY = os.environ.get("PAGES", "")
# The pages people spend their day on. The others join as soon as they have been seen without a fault (PAGES= looks at any).
GATED = (
    "today", "accounts:sign_in", "notifications:list", "people:find", "referrals:list", "referrals:inbox", "referrals:detail",
    "referrals:edit_referral", "cases:list", "cases:detail", "cases:accept_referral", "cases:log_contact",
)


def is_page(row: Row) -> bool:
    """A GET that shows something: not a file, not an answer for a script."""
    bare = row.name in {"livez", "readyz", "save_draft", "cases:document"} or "download" in row.name or row.name.startswith("api:")
    return row.method == "GET" and bool(set(row.ok)) and 200 in row.done and not bare and (ONLY in row.name if ONLY else row.name in GATED)


def test_every_page_is_accessible_and_fits(world: Any, as_person: Any) -> None:
    makers, made, pages, found = all_objects(), {}, {}, []
    for row in filter(is_page, all_rows()):
        if row.of and row.of not in made:
            # Every agency the matrix registers has the same credit code; here they stand side by side.
            Organisation.objects.exclude(credit_code="").update(credit_code="")
            made[row.of] = makers[row.of](world)
        viewer = next(persona for persona in PERSONAS if persona in row.ok)
        address = reverse(row.name, args=row.args(made.get(row.of)))
        for width in WIDTHS:
            seat = ("" if row.name == "accounts:sign_in" else viewer, width)
            if seat not in pages:
                pages[seat] = as_person(world.people[viewer] if seat[0] else None, width=width)
            found += look_at(pages[seat], row, address, width)
    assert found == []


def look_at(page: Any, row: Row, address: str, width: int) -> list[Any]:
    try:
        response = page.goto(address)
    except PlaywrightError as error:
        return [(row.label, address, str(error).splitlines()[0])]
    if response is None or not response.ok:
        return [(row.label, address, response and response.status)]
    found: list[Any] = []
    if SHELF:
        Path(SHELF).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHELF}/{row.label.replace(':', '_').replace(' ', '-')}-{width}.png", full_page=True)
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wider > 0:
        found.append((row.label, width, f"scrolls sideways by {wider} px"))
    axe = Axe().run(page, options=WCAG)
    found += [(row.label, width, v["id"], [node["target"] for node in v["nodes"]][:5]) for v in axe.response["violations"]]
    return found
