"""Every page of the matrix in real Chromium, at a desk and on a phone: no accessibility violation, no sideways scrolling, fit to print.

Pages are looked at in groups of one part of the product, each with one world: what is looked at does not change by being looked at.
PAGES=part of a name looks at those only; SCREENSHOTS=folder keeps the pictures.
"""
from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.urls import reverse
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from socialwork.organisations.models import Organisation
from tests.access.matrix import PERSONAS, Row, all_objects, all_rows

WCAG = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
# In the dark the same page stands in other colours; nothing else about it differs.
COLOURS = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}}
DESK, PHONE, PAPER = {"width": 1280, "height": 900}, {"width": 360, "height": 760}, {"width": 658, "height": 930}
SHELF = os.environ.get("SCREENSHOTS", "")
ONLY = os.environ.get("PAGES", "")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
GROUP = 14
# What a person who is not signed in sees; asked by somebody signed in they lead away.
STRANGERS = {"accounts:sign_in"}
# What paper must not show.
ON_PAPER = """() => {
  const seen = Array.from(document.querySelectorAll(".topbar, .btn, .section-tabs, .crumbs, .submit-bar, .skip-link, .page-action"))
    .filter((one) => one.getClientRects().length).map((one) => one.className);
  const ground = getComputedStyle(document.body).backgroundColor;
  return seen.concat(/^(rgba\\(0, 0, 0, 0\\)|rgb\\(255, 255, 255\\))$/.test(ground) ? [] : ["ground " + ground]);
}"""


def is_page(row: Row) -> bool:
    """A GET that shows something: not a file, not an answer for a script."""
    bare = row.name in {"livez", "readyz", "save_draft", "cases:document"} or "download" in row.name or row.name.startswith("api:")
    return row.method == "GET" and bool(set(row.ok)) and 200 in row.done and not bare and ONLY in row.name


def groups() -> Iterator[Any]:
    """The pages of a part of the product, a few at a time, those about the same thing together."""
    parts: dict[str, list[Row]] = {}
    for row in filter(is_page, all_rows()):
        parts.setdefault(row.name.split(":")[0] if ":" in row.name else "frame", []).append(row)
    for part, rows in parts.items():
        rows.sort(key=lambda row: row.of)
        for start in range(0, len(rows), GROUP):
            yield pytest.param(rows[start:start + GROUP], id=f"{part}-{start // GROUP + 1}")


@pytest.mark.parametrize("rows", list(groups()))
def test_pages_are_accessible_fit_and_print(rows: list[Row], world: Any, as_person: Callable[..., Page]) -> None:
    makers, made, seats, found = all_objects(), {}, {}, []
    for row in rows:
        if row.of and row.of not in made:
            # Every agency the matrix registers has the same credit code; here they stand side by side.
            Organisation.objects.exclude(credit_code="").update(credit_code="")
            made[row.of] = makers[row.of](world)
        viewer = "" if row.name in STRANGERS else next(persona for persona in PERSONAS if persona in row.ok)
        if viewer not in seats:
            seats[viewer] = as_person(world.people[viewer] if viewer else None)
            seats[viewer].context.add_init_script(AXE)
        found += [(row.label, *fault) for fault in look_at(seats[viewer], row, reverse(row.name, args=row.args(made.get(row.of))))]
    assert not found, "\n".join(map(str, found))


def look_at(page: Page, row: Row, address: str) -> list[tuple[Any, ...]]:
    # A colour on its way to another is neither.
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size(DESK)
    try:
        response = page.goto(address)
    except PlaywrightError as error:
        return [(address, str(error).splitlines()[0])]
    if response is None or not response.ok:
        return [(address, response and response.status)]
    found: list[tuple[Any, ...]] = []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        keep(page, row, str(size["width"]))
        found += sideways(page, size["width"]) + violations(page, WCAG, size["width"])
    page.emulate_media(color_scheme="dark")
    found += violations(page, COLOURS, "dark")
    page.emulate_media(color_scheme="light", media="print")
    page.set_viewport_size(PAPER)
    keep(page, row, "print")
    found += sideways(page, "print") + [("print", one) for one in page.evaluate(ON_PAPER)]
    page.emulate_media(media="screen")
    return found


def keep(page: Page, row: Row, where: str) -> None:
    if SHELF:
        Path(SHELF).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHELF}/{row.label.replace(':', '_').replace(' ', '-')}-{where}.png", full_page=True)


def sideways(page: Page, where: Any) -> list[tuple[Any, ...]]:
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [(where, f"scrolls sideways by {wider} px")] if wider > 0 else []


def violations(page: Page, options: dict[str, Any], where: Any) -> list[tuple[Any, ...]]:
    answer = page.evaluate("(options) => axe.run(document, options)", options)
    return [(where, v["id"], [node["target"] for node in v["nodes"]][:5]) for v in answer["violations"]]
