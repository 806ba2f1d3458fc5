"""Every sentence is marked, translated, and says nothing it must not."""
from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PARTS = ROOT / "socialwork/locale/zh_Hans/LC_MESSAGES/parts"
HAN = re.compile(r"[\u4e00-\u9fff]")
TEXT_OF_TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->|<[^>]*>", re.DOTALL)
COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
BLOCKTRANSLATE = re.compile(r"\{% blocktranslate.*?\{% endblocktranslate %\}", re.DOTALL)
MARKED = re.compile(r"""(?:translate|\b_|gettext(?:_lazy)?)\s*\(?\s*"((?:[^"\\]|\\.)+)\"""")
# Chinese that is content, not screen text: official documents, and the product's own names of languages.
CHINESE_ALLOWED = {"socialwork/core/letter_templates", "socialwork/core/letters.py", "socialwork/core/letter_contexts.py",
                   "socialwork/core/identifiers.py", "socialwork/core/sequences.py", "socialwork/settings.py", "socialwork/deadlines"}


def messages() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(PARTS.glob("*.po")):
        for entry in polib.pofile(str(path)):
            found[entry.msgid] = entry.msgstr or "".join(entry.msgstr_plural.values())
    return found


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*.html"))


def sources() -> list[Path]:
    return sorted(
        path for folder in ("socialwork", "referrals", "cases") for path in (ROOT / folder).rglob("*.py")
        if "/migrations/" not in str(path)
    )


def test_no_entry_is_empty_or_fuzzy():
    bad = []
    for path in sorted(PARTS.glob("*.po")):
        for entry in polib.pofile(str(path)):
            text = entry.msgstr or "".join(entry.msgstr_plural.values())
            if "fuzzy" in entry.flags or not text.strip():
                bad.append((path.name, entry.msgid))
    assert bad == []


def test_every_marked_template_sentence_is_translated():
    known = messages()
    missing = []
    for path in templates():
        text = COMMENT.sub("", path.read_text(encoding="utf-8"))
        for found in re.findall(r"""\{% translate "((?:[^"\\]|\\.)+)\"""", text):
            if found.replace('\\"', '"') not in known:
                missing.append((path.name, found))
    assert missing == []


def test_every_marked_source_sentence_is_translated():
    known = messages()
    missing = []
    for path in sources():
        text = path.read_text(encoding="utf-8")
        for found in re.findall(r"""(?<![\w.])(?:_|gettext|gettext_lazy)\(\s*"((?:[^"\\]|\\.)+)"\s*[,)]""", text):
            if found.replace('\\"', '"') not in known and not found.startswith("%"):
                missing.append((str(path.relative_to(ROOT)), found))
    assert missing == []


def test_templates_hold_no_unmarked_text():
    bad = []
    for path in templates():
        text = COMMENT.sub("", path.read_text(encoding="utf-8"))
        bare = TEXT_OF_TEMPLATE.sub(" ", BLOCKTRANSLATE.sub(" ", text))
        words = re.findall(r"[A-Za-z\u4e00-\u9fff]{2,}", bare.replace("&nbsp;", " "))
        if words:
            bad.append((str(path.relative_to(ROOT)), words[:5]))
    assert bad == []


def test_source_is_english():
    bad = [
        str(path.relative_to(ROOT)) for path in sources()
        if not any(str(path.relative_to(ROOT)).startswith(allowed) for allowed in CHINESE_ALLOWED)
        and any(HAN.search(line) for line in path.read_text(encoding="utf-8").splitlines()
                if not line.lstrip().startswith(("#", '"""')) and '"""' not in line and "#" not in line)
        and _has_chinese_string(path)
    ]
    assert bad == []


def _has_chinese_string(path: Path) -> bool:
    import ast

    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(node.body[0].value) for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return any(
        isinstance(node, ast.Constant) and isinstance(node.value, str) and HAN.search(node.value) and id(node) not in documentation
        for node in ast.walk(tree)
    )


@pytest.mark.parametrize("word", ["罪犯", "犯人"])
def test_no_child_is_called_a_criminal(word):
    folders = ("socialwork", "referrals", "cases", "templates", "fixtures")
    endings = {".py", ".po", ".html", ".toml", ".json", ".txt"}
    named = [
        str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).rglob("*")
        if path.suffix in endings and word in path.read_text(encoding="utf-8")
    ]
    assert named == []
