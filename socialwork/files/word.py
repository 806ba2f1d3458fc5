"""Word files that are text and pictures only: no macros, nothing attached, nothing fetched from outside, no trap for the reader."""
from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

NEEDED = frozenset({"[Content_Types].xml", "word/document.xml"})
# Macros, controls, objects of other programs and whole web pages, by where Word keeps them (ECMA-376, part 1, 11 and 15.2).
ACTIVE_PARTS = re.compile(
    r"vbaProject|vbaData|\.bin$|(^|/)activeX/|(^|/)embeddings/|(^|/)customUI|\.(?:exe|dll|js|vbs|html?|mht|svg)$|afchunk", re.IGNORECASE
)
ACTIVE_TYPES = re.compile(rb"macroEnabled|vbaProject|activeX|oleObject", re.IGNORECASE)
RELATION = re.compile(rb"<[^<>]*Relationship\s[^<>]*>")
FIELD = re.compile(rb"<w:instrText[^>]*>([^<]*)|w:instr=[\"']([^\"']*)", re.IGNORECASE)
FETCHES = re.compile(rb"\b(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|MACROBUTTON)\b", re.IGNORECASE)
MOST_PARTS = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
# Text of a long report packs thirty times smaller; a file made to exhaust the reader a thousand times.
MOST_RATIO = 200
SMALL = 1024 * 1024


def check(content: bytes) -> None:
    """Raises ValidationError for a Word file that acts, fetches, unpacks without end, or is none."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if archive.comment or not ends_as_archive(content) or not _is_one_file(parts) or NEEDED - {part.filename for part in parts}:
                raise _damaged()
            if any(ACTIVE_PARTS.search(part.filename) for part in parts):
                raise _active()
            for part in parts:
                _check_part(part, archive.read(part))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _damaged() from error


def ends_as_archive(content: bytes) -> bool:
    """Whether an archive program opens the file: the last entry of a ZIP reaches exactly to its end."""
    tail = content[-65_557:]
    return any(
        len(tail) - place.start() - 22 == int.from_bytes(tail[place.start() + 20 : place.start() + 22], "little")
        for place in re.finditer(re.escape(b"PK\x05\x06"), tail)
    )


def _is_one_file(parts: list[zipfile.ZipInfo]) -> bool:
    """What the list of parts says, before anything is unpacked; the reader stops where a part is longer than it says."""
    names = {part.filename.lower() for part in parts}
    return (
        len(parts) <= MOST_PARTS
        and len(names) == len(parts)
        and min(part.header_offset for part in parts) == 0
        and sum(part.file_size for part in parts) <= MOST_UNPACKED
        and not any(part.flag_bits & 0x1 or _leads_out(part.filename) for part in parts)
        and not any(part.file_size > max(SMALL, part.compress_size * MOST_RATIO) for part in parts)
    )


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name


def _check_part(part: zipfile.ZipInfo, text: bytes) -> None:
    if not part.filename.lower().endswith((".xml", ".rels")):
        return
    if b"\x00" in text or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise _damaged()
    if part.filename == "[Content_Types].xml" and ACTIVE_TYPES.search(text):
        raise _active()
    if part.filename.endswith(".rels") and any(_fetched(relation) for relation in RELATION.findall(text)):
        raise _active()
    if FETCHES.search(b"".join(b"".join(found) for found in FIELD.findall(text))):
        raise _active()


def _fetched(relation: bytes) -> bool:
    """Something from outside that Word would fetch by itself; a link waits for a click."""
    return b"external" in relation.lower() and b"/hyperlink" not in relation


def _active() -> ValidationError:
    return ValidationError(
        _("This Word file contains macros, objects or parts that are fetched from elsewhere. Save it as PDF and choose that."), code="active"
    )


def _damaged() -> ValidationError:
    return ValidationError(
        _("This Word file is damaged or cannot be examined. Save it anew, or as PDF, and choose that."), code="damaged"
    )
