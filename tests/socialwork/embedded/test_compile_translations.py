"""The parts of a catalogue become one; what does not fit together is refused by name."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from socialwork.core.management.commands.compile_translations import CatalogueError, compile_catalogues

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES" / "parts"
    folder.mkdir(parents=True)
    write(folder / "cases.po", ('"Case"', '"个案"'), ('"Close"', '"结案"'))
    write(folder / "referrals.po", ('"Referral"', '"委托"'), ('"Close"', '"结案"'))
    return folder


def write(file: Path, *entries: tuple[str, str]) -> None:
    file.write_text(HEADER + "\n".join(f"msgid {msgid}\nmsgstr {msgstr}\n" for msgid, msgstr in entries))


def test_parts_become_one_catalogue(parts: Path, tmp_path: Path) -> None:
    written = compile_catalogues(tmp_path)

    assert written == [parts.parent / "django.mo"]
    with written[0].open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert [catalogue.gettext(text) for text in ("Case", "Referral", "Close")] == ["个案", "委托", "结案"]
    assert sorted(file.name for file in parts.parent.iterdir()) == ["django.mo", "django.po", "parts"]


def test_only_what_changed_is_compiled_again(parts: Path, tmp_path: Path) -> None:
    compiled = compile_catalogues(tmp_path)[0]
    later = compiled.stat().st_mtime_ns + 1_000_000
    os.utime(compiled, ns=(later, later))
    assert compile_catalogues(tmp_path) == []

    write(parts / "more.po", ('"Plan"', '"帮教计划"'))
    os.utime(parts, ns=(later + 1, later + 1))
    assert compile_catalogues(tmp_path) == [compiled]


def test_two_translations_of_one_text_name_both_files(parts: Path, tmp_path: Path) -> None:
    write(parts / "referrals.po", ('"Close"', '"关闭"'))

    with pytest.raises(CatalogueError, match=r"'Close' is translated differently in .*cases\.po.*referrals\.po"):
        compile_catalogues(tmp_path)

    assert not (parts.parent / "django.mo").exists()


@pytest.mark.parametrize("wrong", ["Case = 个案\n", 'msgid "A"\nmsgstr "甲"\n\n' * 2])
def test_an_unreadable_part_is_named(parts: Path, tmp_path: Path, wrong: str) -> None:
    (parts / "cases.po").write_text(wrong)

    with pytest.raises(CatalogueError, match=r"cases\.po cannot be read"):
        compile_catalogues(tmp_path)
