"""The field of a form that takes a paper: one file, or pictures of its pages."""
from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from socialwork.files.validation import (
    KINDS,
    SCANS,
    Paper,
    as_one_paper,
    check_size,
    check_upload,
    labels_of,
    most_megabytes,
)


class PagesInput(forms.FileInput):
    """The browser's own choice of files; a telephone offers its camera."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else []


class PaperField(forms.FileField):
    """Cleaned to a `validation.Paper`, or None where nothing was chosen."""

    widget = PagesInput

    def __init__(self, *, kinds: Collection[str] = SCANS, **kwargs: Any) -> None:
        self.kinds = kinds
        kwargs.setdefault("help_text", help_on(kinds))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        suffixes = ",".join(suffix for kind in self.kinds for suffix in KINDS[kind].suffixes)
        return {**super().widget_attrs(widget), "accept": suffixes, "multiple": True}

    def clean(self, data: Any, initial: Any = None) -> Paper | None:
        chosen = [file for file in data or [] if file is not None]
        if not chosen:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        check_size(sum(file.size for file in chosen))
        return as_one_paper([check_upload(name=file.name or "", content=file.read(), kinds=self.kinds) for file in chosen])


def _help(kinds: Collection[str]) -> str:
    words = _("%(kinds)s, at most %(most)s MB. Pictures of single pages become one PDF.")
    return words % {"kinds": labels_of(kinds), "most": most_megabytes()}


help_on = lazy(_help, str)
