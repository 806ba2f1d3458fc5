"""What is typed about a child and the adults around the child: shape and wording; the services hold the rules."""
from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from socialwork.core import vocabulary
from socialwork.core.identifiers import (
    MIDDLE_DOTS,
    age_on,
    birth_on_from_id,
    clean_id_number,
    clean_phone,
    compact_code,
    sex_from_id,
)

LONGEST_NAME = 60
# Older than this nobody is referred as a minor; a date before is a slip of the hand.
OLDEST_YEARS = 30


def day_input(**attrs: Any) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


def long_text(rows: int = 3, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "data-wide": True, **attrs})


def one_of(name: str, *, keep: str = "", required: bool = False, searchable: bool = False, **more: Any) -> forms.ChoiceField:
    """A drop-down of a vocabulary list, labelled with the list's name."""
    attrs = {"data-searchable": True} if searchable else {}
    return forms.ChoiceField(
        label=more.pop("label", vocabulary.lazy_list_label(name)) if hasattr(vocabulary, "lazy_list_label") else more.pop("label", ""),
        choices=lambda: vocabulary.choices(name, blank=True, keep=[keep] if keep else []), required=required,
        widget=forms.Select(attrs=attrs), **more,
    )


def proper_name(text: str) -> str:
    """A name as written: letters of any script, middle dots, spaces, hyphens. ValidationError for anything else."""
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if any(not _belongs_in_a_name(character) for character in name):
        raise ValidationError(
            _("A name consists of characters, letters and the middle dot. Remove signs, digits and pictures."), code="name"
        )
    return name


def _belongs_in_a_name(character: str) -> bool:
    # Private-use characters stand for rare ideographs in older registers; the rest are letters and marks of any script.
    return unicodedata.category(character)[0] in "LM" or unicodedata.category(character) == "Co" or character in f" -'’〇{MIDDLE_DOTS}"
