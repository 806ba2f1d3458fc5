"""Every page of the matrix in real Chromium, at a desk, on a phone, in the dark and on paper.

No accessibility violation, no sideways scrolling, no choice without words, no navigation on paper. Pages are looked at
in groups of one part of the product, each with one world: what is looked at does not change by being looked at.
PAGES=part of a name looks at those only; SCREENSHOTS=folder keeps the pictures.
"""
from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from socialwork.accounts.models import User
from socialwork.core.gallery import PARTS
from socialwork.organisations.models import Organisation
from tests.access.matrix import PERSONAS, Row, all_objects, all_rows

WCAG = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}
DESK, PHONE, PAPER = {"width": 1280, "height": 900}, {"width": 360, "height": 760}, {"width": 658, "height": 930}
SHELF = os.environ.get("SCREENSHOTS", "")
ONLY = os.environ.get("PAGES", "")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
GROUP = 14
NO_PAGES = {
    "livez", "readyz", "save_draft", "cases:document", "cases:filed_document", "people:consent_scan", "gallery",
    "accounts:choose_password",
}
# What a person who is not signed in sees; asked by somebody signed in it leads away.
STRANGERS = {"accounts:sign_in"}
# Choices that say nothing, such as a row of dashes.
WORDLESS = """() => Array.from(document.querySelectorAll("option, .chip-options label"))
  .filter((one) => !/[\\p{L}\\p{N}]/u.test(one.textContent)).map((one) => one.outerHTML)"""
# Nothing while the page does not scroll sideways; else by how much, and the innermost parts that stick out.
TOO_WIDE = """() => {
  const root = document.documentElement, over = root.scrollWidth - root.clientWidth;
  if (over <= 0) { return []; }
  const edge = root.clientWidth + 0.5;
  const out = Array.from(document.body.querySelectorAll("*")).filter((one) => one.getBoundingClientRect().right > edge);
  return [over + " px"].concat(out.filter((one) => !out.some((other) => other !== one && one.contains(other)))
    .slice(0, 3).map((one) => one.outerHTML.slice(0, 120)));
}"""
# What paper must not show.
FRAME = ".topbar, .btn, .section-tabs, .crumbs, .submit-bar, .skip-link, .page-action, .foot"
ON_PAPER = """(frame) => {
  const seen = Array.from(document.querySelectorAll(frame))
    .filter((one) => one.getClientRects().length).map((one) => one.className);
  const ground = getComputedStyle(document.body).backgroundColor;
  return seen.concat(/^(rgba\\(0, 0, 0, 0\\)|rgb\\(255, 255, 255\\))$/.test(ground) ? [] : ["ground " + ground]);
}"""


def is_page(row: Row) -> bool:
    """A GET that shows something: not a file, not an answer for a script."""
    bare = row.name in NO_PAGES or "download" in row.name or row.name.startswith("api:")
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
            make_room(world)
            made[row.of] = makers[row.of](world)
        viewer = "" if row.name in STRANGERS else next(persona for persona in PERSONAS if persona in row.ok)
        if viewer not in seats:
            seats[viewer] = as_person(world.people[viewer] if viewer else None)
            seats[viewer].context.add_init_script(AXE)
        address = reverse(row.name, args=row.args(made.get(row.of)))
        found += [(row.label, *fault) for fault in look_at(seats[viewer], row.label, address)]
    assert not found, "\n".join(map(str, found))


def make_room(world: Any) -> None:
    """Each maker of the matrix expects to be alone with its credit code and sign-in name; here all stand together."""
    Organisation.objects.exclude(credit_code="").update(credit_code="")
    for person in User.objects.exclude(pk__in=[one.pk for one in world.people.values()]):
        User.objects.filter(pk=person.pk).update(login=str(person.pk))


@pytest.mark.parametrize("part", [part for part in PARTS if ONLY in "gallery"])
def test_parts_of_pages_are_accessible_fit_and_print(world: Any, as_person: Callable[..., Page], part: str) -> None:
    """The gallery shows every component, also in the states that pages rarely have: errors, refusals, drafts."""
    page = as_person(world.worker)
    page.context.add_init_script(AXE)
    found = look_at(page, f"gallery-{part}", f"{reverse('gallery')}?part={part}")
    assert not found, "\n".join(map(str, found))


def test_the_way_in(world: Any, as_person: Callable[..., Page]) -> None:
    """A wrong password, the right one-time password, and the page where the own one is chosen."""
    right = "three words are better"
    world.worker.set_password(right)
    world.worker.one_time_until = now() + timedelta(days=1)
    world.worker.save()
    page = as_person(None)
    page.context.add_init_script(AXE)
    page.goto(reverse("accounts:sign_in"))
    found: list[tuple[Any, ...]] = []
    for word, name in (("wrong", "sign_in"), (right, "choose_password")):
        page.set_viewport_size(DESK)
        page.fill("[name=username]", world.worker.login)
        page.fill("[name=password]", word)
        page.click("main button[type=submit]")
        page.wait_for_url(f"**{reverse('accounts:' + name)}*")
        page.wait_for_load_state()
        found += [(name, *fault) for fault in see(page, f"{name}-after-{word.split()[0]}")]
    assert not found, "\n".join(map(str, found))


def look_at(page: Page, name: str, address: str) -> list[tuple[Any, ...]]:
    page.set_viewport_size(DESK)
    try:
        response = page.goto(address)
    except PlaywrightError as error:
        return [(address, str(error).splitlines()[0])]
    if response is None or not response.ok:
        return [(address, response and response.status)]
    return see(page, name)


def see(page: Page, name: str) -> list[tuple[Any, ...]]:
    """The faults of the page as it stands, opened at a desk: there, on a phone in the dark, on paper."""
    # A colour on its way to another is neither.
    page.emulate_media(reduced_motion="reduce")
    found: list[tuple[Any, ...]] = [("wordless", one) for one in page.evaluate(WORDLESS)]
    keep(page, name, "1280")
    found += too_wide(page, 1280) + violations(page, 1280)
    page.set_viewport_size(PHONE)
    keep(page, name, "360")
    # The same words in other colours: dark is looked at on the phone, light at the desk.
    page.emulate_media(color_scheme="dark")
    found += too_wide(page, 360) + violations(page, "360, dark")
    page.emulate_media(color_scheme="light", media="print")
    page.set_viewport_size(PAPER)
    keep(page, name, "print")
    found += too_wide(page, "print") + [("print", one) for one in page.evaluate(ON_PAPER, FRAME)]
    page.emulate_media(media="screen")
    return found


def keep(page: Page, name: str, where: str) -> None:
    if SHELF:
        Path(SHELF).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHELF}/{name.replace(':', '_').replace(' ', '-')}-{where}.png", full_page=True)


def too_wide(page: Page, where: Any) -> list[tuple[Any, ...]]:
    return [(where, "wider than the page", one) for one in page.evaluate(TOO_WIDE)]


def violations(page: Page, where: Any) -> list[tuple[Any, ...]]:
    answer = page.evaluate("(options) => axe.run(document, options)", WCAG)
    return [(where, v["id"], [node["target"] for node in v["nodes"]][:5]) for v in answer["violations"]]
