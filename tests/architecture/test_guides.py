"""The guides for people say what the screens say: every quoted word, every picture, every role."""
from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.utils import translation

from socialwork.access.roles import Role

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "socialwork" / "docs" / "guides"
PICTURES = FOLDER / "pictures"
TAKEN_BY = ROOT / "tests" / "browser" / "take_guide_pictures.py"
PARTS = ROOT / "socialwork" / "locale" / "zh_Hans" / "LC_MESSAGES" / "parts"
PAGES = sorted(FOLDER.glob("*.md"))
GUIDES = [page for page in PAGES if page.name != "README.md"]

QUOTED = re.compile(r"「([^「」]+)」")
PICTURE = re.compile(r"!\[([^\]]*)\]\(pictures/([\w.-]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([\w.-]+\.md)\)")
BLANK = re.compile(r"%\(\w+\)[sd]|%%?s")
# What a screen ends a sentence with; a quotation inside another sentence leaves it out.
FULL_STOP = "。"
# Words of the page of samples, which nobody works with.
GALLERY = "sample"
LONGEST = 80
MOST_BYTES = 150 * 1024


def on_screen() -> set[str]:
    """Every text of the catalogue and every word of the reference lists in Chinese; “…” is a blank to be filled in."""
    found: set[str] = set()
    for path in PARTS.glob("*.po"):
        for entry in polib.pofile(str(path)):
            if entry.msgctxt != GALLERY:
                found.update((entry.msgstr, *entry.msgstr_plural.values()))
    for name in ("vocabulary", "deadline_rules"):
        found.update(chinese(tomllib.loads((ROOT / f"fixtures/reference/{name}.toml").read_text(encoding="utf-8"))))
    texts = {BLANK.sub("…", text.replace("%%", "%")).strip() for text in found if text}
    return texts | {text.removesuffix(FULL_STOP) for text in texts}


def chinese(value: Any) -> Iterator[str]:
    """The values of `zh` and `title_zh` in a reference file, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("zh", "title_zh"):
                yield inner
            else:
                yield from chinese(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from chinese(inner)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_every_role_has_a_guide() -> None:
    with translation.override("zh-hans"):
        labels = {str(role): str(role.label) for role in Role}
    titles = [line for page in GUIDES for line in text_of(page).splitlines() if line.startswith("**适用角色**")]
    assert len(titles) == len(GUIDES)
    assert [role for role, label in labels.items() if not any(label in line for line in titles)] == []
    assert {page.stem for page in GUIDES} <= set(labels)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_quoted_words_are_those_on_the_screen(page: Path) -> None:
    shown = on_screen()
    quoted = QUOTED.findall(text_of(page))
    assert [words for words in quoted if words not in shown] == []
    assert text_of(page).count("「") == text_of(page).count("」") == len(quoted)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_guide_fits_one_page_and_names_nobody_a_criminal(page: Path) -> None:
    text = text_of(page)
    assert len(text.splitlines()) <= LONGEST
    assert [word for word in ("罪犯", "犯人") if word in text] == []


def test_pictures_exist_are_shown_described_and_small() -> None:
    shown = [found for page in PAGES for found in PICTURE.findall(text_of(page))]
    files = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert {name for _words, name in shown} == set(files)
    assert [name for words, name in shown if not words.strip()] == []
    assert [name for name, size in files.items() if size > MOST_BYTES] == []


def test_every_picture_can_be_taken_again() -> None:
    script = TAKEN_BY.read_text(encoding="utf-8")
    assert [path.name for path in PICTURES.iterdir() if f'"{path.stem}"' not in script] == []


def test_guides_are_listed_and_links_lead_somewhere() -> None:
    linked = {(page.name, name) for page in PAGES for name in LINK.findall(text_of(page))}
    assert [pair for pair in linked if not (FOLDER / pair[1]).is_file()] == []
    assert {name for page, name in linked if page == "README.md"} == {page.name for page in GUIDES}
