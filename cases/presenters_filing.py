"""Papers filed on a case in words."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models import FiledDocument
from socialwork.core import vocabulary


def filed_lines(rows: Iterable[FiledDocument]) -> list[dict[str, Any]]:
    """Filed papers for the list of attachments; opened."""
    return [
        {
            "name": (row.text or {}).get("title") or vocabulary.label("filed_document", row.kind), "url": row.get_absolute_url(),
            "size": filesizeformat(row.file.size), "kind": vocabulary.label("filed_document", row.kind),
            "at": date_format(row.dated_on, "DATE_FORMAT"), "who": row.filed_by.name,
        }
        for row in rows
    ]


def with_signed_copies(lines: Sequence[dict[str, Any]], issued: Sequence[Any], filed: Iterable[FiledDocument]) -> list[dict[str, Any]]:
    """The lines of issued documents, told which of them have come back signed."""
    signed = {row.signed_copy_of_id for row in filed if row.signed_copy_of_id}
    state = {"label": _("Signed copy filed"), "tone": "done"}
    return [{**line, "state": state} if row.pk in signed else line for line, row in zip(lines, issued, strict=True)]


def issued_choices(issued: Iterable[Any]) -> Mapping[str, str]:
    """Issued documents as they are chosen from: name and day."""
    return {str(row.pk): f"{row.file.name} · {date_format(row.issued_at, 'DATE_FORMAT')}" for row in issued}


def chosen(issued: Iterable[Any], key: str) -> Any:
    return next((row for row in issued if str(row.pk) == key), None) if key else None


