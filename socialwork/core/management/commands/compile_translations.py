"""Merge the parts of each language into one catalogue and compile it: ``manage.py compile_translations``.

Each part of the product keeps its own file under ``locale/<language>/LC_MESSAGES/parts/``, so that two people rarely
edit the same one. ``django.po`` and ``django.mo`` are made from them and are not kept in version control.
polib does the work, because a fresh machine has no ``msgfmt``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import polib
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.reloader import translation_file_changed

_METADATA = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


class CatalogueError(ValueError):
    """The parts of a catalogue do not fit together; the text names the files."""


def compile_catalogues(locale: Path) -> list[Path]:
    """Bring the compiled catalogue of every language under ``locale`` up to date and return those that were written.

    Raises CatalogueError when a part cannot be read, or two parts translate one text differently.
    """
    written = []
    for folder in sorted(locale.glob("*/LC_MESSAGES")):
        parts = sorted((folder / "parts").glob("*.po"))
        if parts and not _is_current(folder / "django.mo", parts):
            _write(merge(parts), folder)
            written.append(folder / "django.mo")
    return written


def merge(parts: list[Path]) -> polib.POFile:
    """Return one catalogue with the entries of all parts; a text that stands in two parts must say the same in both."""
    merged = polib.POFile(wrapwidth=0)
    merged.metadata = {"Language": parts[0].parents[2].name, **_METADATA}
    seen: dict[tuple[str | None, str], tuple[polib.POEntry, Path]] = {}
    for part in parts:
        for entry in _entries(part):
            key = (entry.msgctxt, entry.msgid)
            if key not in seen:
                seen[key] = (entry, part)
                merged.append(entry)
                continue
            first, first_part = seen[key]
            if (first.msgstr, first.msgstr_plural) != (entry.msgstr, entry.msgstr_plural):
                raise CatalogueError(
                    f"{entry.msgid!r} is translated differently in {first_part} (line {first.linenum}) "
                    f"and in {part} (line {entry.linenum})."
                )
    return merged


def _entries(part: Path) -> list[polib.POEntry]:
    try:
        catalogue = polib.pofile(str(part), encoding="utf-8", check_for_duplicates=True)
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{part} cannot be read: {error}") from error
    return [entry for entry in catalogue if not entry.obsolete]


def _is_current(compiled: Path, parts: list[Path]) -> bool:
    if not compiled.exists():
        return False
    made = compiled.stat().st_mtime_ns
    # the folder's own time changes when a part is added or removed
    return all(place.stat().st_mtime_ns < made for place in (parts[0].parent, *parts))


def _write(catalogue: polib.POFile, folder: Path) -> None:
    for name, save in (("django.po", catalogue.save), ("django.mo", catalogue.save_as_mofile)):
        draft = folder / f"{name}.{os.getpid()}"
        save(str(draft))
        draft.replace(folder / name)


class Command(BaseCommand):
    help = "Merge the translation parts of every language and compile them."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        from django.conf import settings

        for locale in settings.LOCALE_PATHS:
            try:
                written = compile_catalogues(Path(locale))
            except CatalogueError as error:
                raise CommandError(str(error)) from error
            for file in written:
                # A process that has already spoken would go on in the words of before.
                translation_file_changed(sender=None, file_path=file)
                self.stdout.write(f"Compiled {file}")
