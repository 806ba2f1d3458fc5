"""Every page of the matrix in real Chromium, at a desk and on a phone: no accessibility violation, no sideways scrolling."""
from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.access.matrix import PERSONAS, Row, all_objects, all_rows

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PAGES = [row for row in all_rows() if row.method == "GET" and row.ok and 200 in row.done and not row.name.startswith("save_draft")]
NOT_PAGES = ("livez", "readyz")
OBJECTS = all_objects()
SHELF = os.environ.get("SCREENSHOTS", "")


@pytest.mark.parametrize("row", [row for row in PAGES if row.name not in NOT_PAGES and "download" not in row.name], ids=lambda row: row.label)
def test_page_is_accessible_and_fits(world: Any, as_person: Any, row: Row) -> None:
    made = OBJECTS[row.of](world) if row.of else None
    address = reverse(row.name, args=row.args(made))
    viewer = next(persona for persona in PERSONAS if persona in row.ok)
    signed_in = None if row.name == "accounts:sign_in" else world.people[viewer]
    found = []
    for width in (1280, 360):
        page = as_person(signed_in, width=width)
        response = page.goto(address)
        assert response is not None and response.ok, (address, response and response.status)
        if SHELF:
            Path(SHELF).mkdir(parents=True, exist_ok=True)
            name = f"{row.name}-{row.of}-{row.variant}-{viewer}-{width}".replace(":", "_").replace("/", "_")
            page.screenshot(path=f"{SHELF}/{name}.png", full_page=True)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            found.append((width, f"scrolls sideways by {wider} px"))
        axe = Axe().run(page, options=WCAG)
        found += [(width, v["id"], [node["target"] for node in v["nodes"]][:5]) for v in axe.response["violations"]]
    assert found == []
