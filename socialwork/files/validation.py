"""What may be filed: papers that are what their names say, and that do nothing when they are opened.

A file is judged by its content and its name together; both must be on the list. A picture is drawn anew, so that only what can
be seen on it is kept; a PDF or a Word file is kept as it came, or refused with a sentence that says how to mend it.
"""
from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from socialwork.files import pdf, pictures, word

# What a scanner or a telephone makes; a Word file is an editable text and belongs to the papers of a case only.
SCANS = ("pdf", "jpeg", "png")
PAPERS = (*SCANS, "docx")
# More pages than this are scanned into one PDF: a form that sends more at once is a mistake.
MOST_PAGES = 20


@dataclass(frozen=True)
class Kind:
    """A type of file: its label, the endings of names it goes by, how its content begins, and what it is sent out as."""

    label: str
    suffixes: tuple[str, ...]
    begins: tuple[bytes, ...]
    content_type: str


KINDS = {
    "pdf": Kind("PDF", (".pdf",), (b"%PDF-1.", b"%PDF-2."), "application/pdf"),
    "jpeg": Kind("JPG", (".jpg", ".jpeg"), (b"\xff\xd8\xff",), "image/jpeg"),
    "png": Kind("PNG", (".png",), (b"\x89PNG\r\n\x1a\n",), "image/png"),
    "docx": Kind(
        "DOCX", (".docx",), (b"PK\x03\x04",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
}


@dataclass(frozen=True)
class Paper:
    """A file that may be kept: its content as it will be stored, and which of KINDS it is."""

    content: bytes
    kind: str

    @property
    def content_type(self) -> str:
        return KINDS[self.kind].content_type

    @property
    def suffix(self) -> str:
        return KINDS[self.kind].suffixes[0]

    def name(self, *parts: str) -> str:
        """The name offered to people, put together from what the product knows; the name it came with is not kept."""
        label = "_".join(re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|\s]+', "-", part) for part in parts if part)
        return f"{label[:100]}{self.suffix}"


def check_upload(*, name: str, content: bytes, kinds: Collection[str] = SCANS) -> Paper:
    """The paper as it may be stored. Raises ValidationError with a sentence for the field, its code naming the reason."""
    labels = {"kinds": labels_of(kinds)}
    if not content:
        raise ValidationError(_("This file is empty. Scan or save the paper again."), code="empty")
    check_size(len(content))
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    named = next((kind for kind in kinds if suffix in KINDS[kind].suffixes), None)
    if named is None:
        raise ValidationError(
            _("Only %(kinds)s can be filed here. Scan or save the paper as one of these and choose it again."),
            code="type", params=labels,
        )
    if not content.startswith(KINDS[named].begins):
        raise ValidationError(
            _("The content of this file does not fit its name. Open it, save it anew as one of %(kinds)s and choose the new file."),
            code="disguised", params=labels,
        )
    return Paper(content=_harmless(named, content), kind=named)


def check_size(size: int) -> None:
    """Whether so many bytes may be filed at once. Raises ValidationError."""
    if size > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(
            _("This is larger than %(most)s MB. Scan in grey with 200 dots per inch, or send it in parts."),
            code="too_large", params={"most": most_megabytes()},
        )


def most_megabytes() -> int:
    return settings.UPLOAD_MAX_BYTES // 1024 // 1024


def labels_of(kinds: Collection[str]) -> str:
    """The types as people name them."""
    return _(", ").join(KINDS[kind].label for kind in kinds)


def as_one_paper(pages: Sequence[Paper]) -> Paper:
    """Pages photographed one by one become one PDF, in the order they were chosen. Raises ValidationError."""
    if len(pages) == 1:
        return pages[0]
    if len(pages) > MOST_PAGES:
        sentence = _("These are more than %(most)s pages. Scan them into one PDF and choose that.")
        raise ValidationError(sentence, code="too_many", params={"most": MOST_PAGES})
    if any(page.kind not in ("jpeg", "png") for page in pages):
        raise ValidationError(_("Choose either one file, or pictures of the single pages."), code="mixed")
    return Paper(content=pictures.bind([page.content for page in pages]), kind="pdf")


def _harmless(kind: str, content: bytes) -> bytes:
    if kind == "docx":
        word.check(content)
        return content
    if word.ends_as_archive(content):
        raise ValidationError(
            _("This file is two files in one. Scan the paper again, or print it into a new PDF, and choose that."), code="polyglot"
        )
    if kind == "pdf":
        pdf.check(content)
        return content
    return pictures.redraw(content, kind)
