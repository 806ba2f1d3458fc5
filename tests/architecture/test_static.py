"""Vendored files, styles, scripts and templates: what the interface promises on weight, old browsers and safety."""
from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import django_htmx
import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "socialwork" / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = ROOT / "templates"
MANIFEST = json.loads((VENDOR / "MANIFEST.json").read_text(encoding="utf-8"))
VENDORED = [entry for package in MANIFEST["packages"] for entry in package["files"]]
STYLES = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
PAGES = sorted(path for path in TEMPLATES.rglob("*.html"))

KB = 1024
SCRIPT_BUDGET = 4 * KB
STYLES_BUDGET = 11 * KB
FIRST_VISIT_BUDGET = 90 * KB
LONGEST_STYLE = 400

# Newer than Chromium 86, the floor: a kernel that does not know them drops the declaration or the whole rule.
FORBIDDEN_IN_STYLES = {
    "colour functions": r"color-mix\(|oklch\(|oklab\(|light-dark\(|\blab\(|\blch\(",
    "layers, containers, scopes": r"@layer|@container|@scope|@property|@starting-style",
    "relational and grouping selectors": r":has\(|:is\(|:where\(",
    "nesting": r"^\s*&|\{[^{}@]*&[^{}]*\{",
    "range media queries": r"@media[^{]*[<>]",
    "young properties": (
        r"[;{\s](?:inset(?:-[\w-]+)?|aspect-ratio|accent-color|translate|rotate|scale|content-visibility)\s*:"
    ),
    "young units": r"\d(?:dvh|svh|lvh|dvw|cqw|cqi)\b",
    "two-axis logical shorthands": r"(?:margin|padding|border)-(?:inline|block)\s*:",
    "foreign addresses": r"@import|url\(\s*['\"]?(?:https?:)?//",
    "italics and spaced letters": r"font-style:\s*italic|letter-spacing",
}
FORBIDDEN_IN_SCRIPTS = {
    "logical assignment": r"\?\?=|\|\|=|&&=",
    "private members and static blocks": r"\bthis\.#|^\s*#\w+\s*[=(;]|static\s*\{",
    "optional chaining and coalescing": r"\?\.[A-Za-z_(\[]|\?\?",
    "young functions": (
        r"\.at\(|\.replaceAll\(|\.findLast|structuredClone|Object\.hasOwn|randomUUID|Promise\.any|replaceChildren"
        r"|AbortSignal\.(?:timeout|any)|\.groupBy\(|\.toSorted\("
    ),
    "evaluated text": r"\beval\(|new Function\(|setTimeout\(\s*['\"]|\.innerHTML\s*=|document\.write",
    "foreign addresses": r"https?://",
    "words of a language": r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]",
}
FORBIDDEN_IN_PAGES = {
    "inline style": r"<style|\sstyle\s*=",
    "inline script": r"<script(?![^>]*\ssrc=)",
    "inline handler": r"<[^>]*\son[a-z]+\s*=",
    "script addresses": r"javascript:",
    "evaluated attributes": r"\shx-on[:-]|hx-vals\s*=\s*['\"]js:|hx-vars",
    "foreign addresses": r"(?:src|href|action)\s*=\s*['\"](?:https?:)?//",
}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def compressed(*paths: Path) -> int:
    """Bytes on the wire when each file is sent gzipped; brotli, which the server prefers, is smaller."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def markup(page: Path) -> str:
    """A template without its comments, tags and variables: what is written into every answer."""
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)


def found(patterns: dict[str, str], text: str) -> list[tuple[str, str]]:
    hits = ((what, re.search(pattern, text, re.MULTILINE | re.IGNORECASE)) for what, pattern in patterns.items())
    return [(what, hit.group(0).strip()[:60]) for what, hit in hits if hit]


@pytest.mark.parametrize("entry", VENDORED, ids=lambda entry: entry["path"])
def test_vendored_file_is_what_was_published(entry: dict[str, str]) -> None:
    data = (VENDOR / entry["path"]).read_bytes()
    assert sha256(data) == entry["sha256"]
    if "upstream_sha256" in entry:
        assert sha256(data + entry["removed_tail"].encode()) == entry["upstream_sha256"]


def test_manifest_lists_every_vendored_file() -> None:
    present = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()} - {"MANIFEST.json"}
    assert present == {entry["path"] for entry in VENDORED}


def test_every_vendored_package_names_version_origin_and_licence() -> None:
    for package in MANIFEST["packages"]:
        assert package["version"] and package["origin"] and package["licence"], package["name"]
        assert any(entry["path"].endswith("LICENSE") for entry in package["files"]), package["name"]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_style_is_understood_by_the_oldest_browser(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert found(FORBIDDEN_IN_STYLES, without_comments(text)) == []
    assert len(text.splitlines()) <= LONGEST_STYLE


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_is_small_and_understood_by_the_oldest_browser(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert found(FORBIDDEN_IN_SCRIPTS, without_comments(text)) == []
    assert len(text.encode()) <= SCRIPT_BUDGET


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_page_carries_nothing_inline(path: Path) -> None:
    assert found(FORBIDDEN_IN_PAGES, markup(path)) == []


def test_first_visit_weight() -> None:
    bootstrap = VENDOR / "bootstrap-5.3.9" / "css" / "bootstrap.min.css"
    sprite = VENDOR / "bootstrap-icons-1.13.2" / "sprite.svg"
    htmx = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
    assert compressed(*STYLES) <= STYLES_BUDGET
    assert compressed(bootstrap, sprite, htmx, *STYLES, *SCRIPTS) <= FIRST_VISIT_BUDGET


def test_pages_name_static_files_that_exist() -> None:
    named = {
        (str(page.relative_to(TEMPLATES)), name)
        for page in PAGES
        for name in re.findall(r"{%\s*static\s+['\"]([^'\"]+)['\"]", page.read_text(encoding="utf-8"))
    }
    assert {pair for pair in named if not (STATIC / pair[1]).is_file()} == set()


def test_sprite_holds_exactly_the_icons_of_the_manifest_and_all_that_pages_use() -> None:
    icons = next(package for package in MANIFEST["packages"] if package["name"] == "bootstrap-icons")["icons"]
    sprite = (VENDOR / "bootstrap-icons-1.13.2" / "sprite.svg").read_text(encoding="utf-8")
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    used = {name for text in texts for name in re.findall(r"{%\s*icon\s+\"([\w-]+)\"", text)}
    assert set(re.findall(r'<symbol id="([\w-]+)"', sprite)) == set(icons)
    assert used - set(icons) == set()


def test_every_component_is_shown_in_the_gallery() -> None:
    shown: set[str] = set()
    waiting = ["core/gallery.html"]
    while waiting:
        text = (TEMPLATES / waiting.pop()).read_text(encoding="utf-8")
        new = set(re.findall(r"{%\s*(?:include|extends)\s+\"([\w/.-]+)\"", text)) - shown
        shown |= new
        waiting.extend(name for name in new if (TEMPLATES / name).is_file())
    components = {str(path.relative_to(TEMPLATES)) for path in (TEMPLATES / "components").glob("*.html")}
    # A page of its own, made of components that are shown.
    assert components - shown == {"components/list_page.html"}
