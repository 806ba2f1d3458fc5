"""Takes the pictures of socialwork/docs/guides anew, from the demonstration: invented people only.

Not collected with the other tests, because it writes into the documentation. Run it by name:
python -m pytest tests/browser/take_guide_pictures.py
ONLY=part of a name takes those only; PICTURES=folder puts them elsewhere.
"""
from __future__ import annotations

import base64
import os
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page

from socialwork.access.roles import Role
from socialwork.accounts.models import User
from socialwork.demo.words import read
from socialwork.organisations.models import District

SHELF = Path(os.environ.get("PICTURES", "") or Path(settings.BASE_DIR) / "socialwork/docs/guides/pictures")
ONLY = os.environ.get("ONLY", "")
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
MOST_BYTES = 120 * 1024

# Draws a picture and gives its colours and, row by row, which colour each dot has. A dot keeps its exact colour if that
# is among the 256 most frequent ones, else it takes the nearest of them.
TO_PALETTE = """async (png) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width; canvas.height = image.height;
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const dots = pen.getImageData(0, 0, image.width, image.height).data, counts = new Map();
  const colour = (at) => dots[at] * 65536 + dots[at + 1] * 256 + dots[at + 2];
  for (let at = 0; at < dots.length; at += 4) { counts.set(colour(at), (counts.get(colour(at)) || 0) + 1); }
  const kept = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map((pair) => pair[0]);
  const split = (one) => [one >> 16, (one >> 8) & 255, one & 255], parts = kept.map(split);
  const place = new Map(kept.map((one, index) => [one, index]));
  for (const one of counts.keys()) {
    if (place.has(one)) { continue; }
    const [r, g, b] = split(one);
    let best = 0, least = Infinity;
    parts.forEach((part, index) => {
      const far = (part[0] - r) ** 2 + (part[1] - g) ** 2 + (part[2] - b) ** 2;
      if (far < least) { least = far; best = index; }
    });
    place.set(one, best);
  }
  let rows = "";
  for (let at = 0; at < dots.length; at += 4) { rows += String.fromCharCode(place.get(colour(at))); }
  return {width: image.width, height: image.height, palette: parts, rows: btoa(rows)};
}"""


# Chromium writes dates and times in the language it was installed with. Here they stand as a Chinese one writes them,
# in copies without a name, so that nothing of it is ever saved.
CHINESE_TIMES = """() => document.querySelectorAll("input[type=date], input[type=time]").forEach((field) => {
  const copy = field.cloneNode();
  copy.removeAttribute("name");
  copy.removeAttribute("id");
  copy.type = "text";
  copy.value = field.value.replace(/-/g, "/") || (field.type === "date" ? "年/月/日" : "--:--");
  field.after(copy);
  field.style.display = "none";
})"""
ADDRESSES = "(links) => links.map((link) => link.getAttribute('href'))"


@dataclass(frozen=True)
class Picture:
    """`way` leads from the first page of the day to what is shown; `top` is brought to the upper edge."""

    name: str
    role: Role
    way: Callable[[Page], Any] = lambda page: None
    top: str = ""
    phone: bool = False


def at(name: str, query: str = "") -> Callable[[Page], None]:
    """The page of a section, with its filters."""
    return lambda page: go(page, reverse(name) + query)


def row_of(name: str, query: str, *words: str, saying: str = "") -> Callable[[Page], None]:
    """From a list to its first row (that says so) from which these buttons lead on, one after another."""

    def walk(page: Page) -> None:
        go(page, reverse(name) + query)
        rows = page.locator("main .worklist tbody tr", has_text=saying).locator("th a").evaluate_all(ADDRESSES)
        assert any(leads_on(page, address, words) for address in rows), (page.url, words, len(rows))

    return walk


def leads_on(page: Page, address: str, words: tuple[str, ...]) -> bool:
    go(page, address)
    for label in words:
        # Some buttons name their section as well, for those who hear the page.
        link = page.locator("main").get_by_role("link", name=re.compile(rf"^{label}(\s|$)")).locator("visible=true")
        if not link.count():
            return False
        go(page, link.first.get_attribute("href") or "")
    return True


def go(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None and answer.ok, (address, answer and answer.status)


CASES, RECEIVED, RUNNING = "cases:list", "referrals:inbox", "?state=in_progress"
FINDINGS = row_of(CASES, RUNNING, "报告", "撰写 二、个人情况")
ALL = (
    Picture("prosecutor-today", Role.PROSECUTOR),
    Picture("prosecutor-draft", Role.PROSECUTOR, row_of("referrals:list", "?state=draft", "继续填写")),
    Picture("prosecutor-answer", Role.PROSECUTOR, row_of(CASES, "?state=submitted", "报告", "答复报告")),
    Picture("unit_head-today", Role.UNIT_HEAD),
    Picture("unit_head-approve", Role.UNIT_HEAD, row_of("referrals:list", "?state=pending_approval")),
    Picture("unit_head-agreement", Role.UNIT_HEAD, row_of("organisations:agreements", "?state=active")),
    Picture("agency_intake-today", Role.AGENCY_INTAKE),
    Picture("agency_intake-accept", Role.AGENCY_INTAKE, row_of(RECEIVED, "?state=issued", "受理", saying="还有")),
    Picture("agency_intake-team", Role.AGENCY_MANAGER, at("cases:team")),
    Picture("social_worker-today", Role.SOCIAL_WORKER, phone=True),
    Picture("social_worker-contact", Role.SOCIAL_WORKER, row_of(CASES, RUNNING, "登记走访", saying="还有"), phone=True),
    Picture("social_worker-section", Role.SOCIAL_WORKER, FINDINGS, top="[data-formset]"),
    Picture("counsellor-case", Role.COUNSELLOR, row_of(CASES, RUNNING)),
    Picture("counsellor-session", Role.COUNSELLOR, row_of(CASES, "", "登记心理疏导"), top="#what"),
    Picture("supervisor-today", Role.SUPERVISOR),
    Picture("supervisor-review", Role.SUPERVISOR, row_of("cases:review_queue", "")),
    Picture("civil_affairs_officer-agencies", Role.CIVIL_AFFAIRS_OFFICER, at("oversight:agencies")),
    Picture("civil_affairs_officer-inspect", Role.CIVIL_AFFAIRS_OFFICER, row_of("oversight:agencies", "", "登记考察")),
    Picture("civil_affairs_officer-statistics", Role.CIVIL_AFFAIRS_OFFICER, at("statistics:board")),
    Picture("organ_admin-staff", Role.ORGAN_ADMIN, at("accounts:staff")),
    Picture("organ_admin-person", Role.ORGAN_ADMIN, row_of("accounts:staff", "")),
)


def test_take_the_pictures(transactional_db: Any, as_person: Callable[..., Page]) -> None:
    if not District.objects.exists():
        call_command("load_reference", verbosity=0)
    call_command("load_demo", stdout=StringIO())
    SHELF.mkdir(parents=True, exist_ok=True)
    for picture in ALL:
        if ONLY in picture.name:
            (SHELF / f"{picture.name}.png").write_bytes(take(picture, as_person))
    if not ONLY:
        for left in {path.stem for path in SHELF.glob("*.png")} - {picture.name for picture in ALL}:
            (SHELF / f"{left}.png").unlink()


def take(picture: Picture, as_person: Callable[..., Page]) -> bytes:
    size = PHONE if picture.phone else DESK
    page = as_person(signed_in_as(picture.role), width=size["width"])
    page.set_viewport_size(size)
    page.emulate_media(reduced_motion="reduce")
    go(page, reverse("today"))
    picture.way(page)
    page.evaluate(CHINESE_TIMES)
    if picture.top:
        page.locator(picture.top).first.evaluate("(part) => part.scrollIntoView()")
    shot = page.screenshot()
    blank = page.context.new_page()
    found = blank.evaluate(TO_PALETTE, base64.b64encode(shot).decode())
    page.context.close()
    written = png(found["width"], found["height"], found["palette"], base64.b64decode(found["rows"]))
    assert len(written) <= MOST_BYTES, (picture.name, len(written))
    return written


def signed_in_as(role: Role) -> User:
    """The person whose sign-in `load_demo --signins` prints for the role."""
    logins = [entry["login"] for entry in read(settings.DEMO_DIR / "people.toml")["staff"]]
    people = {user.login: user for user in User.objects.filter(is_active=True, roles__contains=[role])}
    return next(people[login] for login in logins if login in people)


def png(width: int, height: int, palette: list[list[int]], dots: bytes) -> bytes:
    """A PNG file with a palette, one byte a dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + dots[line * width:(line + 1) * width] for line in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours = bytes(value for colour in palette for value in colour)
    parts = ((b"IHDR", head), (b"PLTE", colours), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)
