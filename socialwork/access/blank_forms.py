"""What a page's form asks for, read from the form itself with nothing typed and nothing to choose from.

The API checks names against it and describes itself by it. Choices that depend on the row or the person are empty
here; fields that only some rows ask for are kept and not required.
"""
from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_origin, get_type_hints

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import get_language

# A formset inside the rows of another one: its prefix carries the number of the row.
INSIDE = re.compile(r"^(?P<outer>\w+)-\d+-(?P<inner>\w+)$")


@dataclass(frozen=True)
class Described:
    """Fields by name, which of them every row asks for, and the rows of each formset.

    `versioned`: the form itself carries the version of the row it was written from.
    """

    fields: dict[str, forms.Field]
    required: frozenset[str]
    formsets: dict[str, Described] = field(default_factory=dict)
    versioned: bool = False


def described_form(page_class: type) -> Described | None:
    """The form of a page in the language of the request, or None where there is nothing to type.

    A page whose form differs from row to row names them all in `blank_forms`; otherwise `form_class` is taken.
    """
    return _read(page_class, get_language() or "")


@cache
def _read(page_class: type, language: str) -> Described | None:
    made = getattr(page_class, "blank_forms", None)
    if made is not None:
        return _together([_described(form) for form in made()])
    form_class = getattr(page_class, "form_class", None)
    return _described(blank_form(form_class)) if form_class else None


def takes_version(page_class: type) -> bool:
    """Whether the act is refused when the row was changed since `_version`."""
    described = described_form(page_class)
    return hasattr(page_class, "version") or (described is not None and described.versioned)


def blank_form(form_class: type[forms.Form], **given: Any) -> forms.Form:
    """The form made with nothing: what its constructors must have is empty, by the type they declare."""
    wanted = _needed(form_class)
    return form_class(**{**{name: _nothing(hint) for name, hint in wanted.items()}, **given})


def _needed(form_class: type[forms.Form]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for owner in form_class.__mro__:
        if "__init__" not in vars(owner) or owner.__module__.startswith("django."):
            continue
        hints = get_type_hints(owner.__init__)
        for name, parameter in inspect.signature(owner.__init__).parameters.items():
            if parameter.kind is parameter.KEYWORD_ONLY and parameter.default is parameter.empty:
                found.setdefault(name, hints.get(name))
    return found


def _nothing(hint: Any) -> Any:
    kind = get_origin(hint) or hint
    if kind is bool:
        return False
    if not isinstance(kind, type) or kind is str:
        return None
    if issubclass(kind, Mapping):
        return {}
    return () if issubclass(kind, Iterable) else None


def _described(form: forms.Form) -> Described:
    declared = dict(form.base_fields)
    shown = {name: each for name, each in form.fields.items() if name != DELETION_FIELD_NAME}
    required = {name for name, each in shown.items() if each.required}
    outer, inner = {}, {}
    for prefix, formset in getattr(form, "formsets", {}).items():
        inside = INSIDE.match(prefix)
        target = inner.setdefault(inside["outer"], {}) if inside else outer
        target[inside["inner"] if inside else prefix] = _described(formset.empty_form)
    for prefix, more in inner.items():
        rows = outer[prefix]
        outer[prefix] = Described(rows.fields, rows.required, {**rows.formsets, **more})
    return Described({**declared, **shown}, frozenset(required), outer, hasattr(type(form), "version"))


def _together(parts: list[Described]) -> Described:
    """Everything any of them asks for; required is what all require."""
    fields: dict[str, forms.Field] = {}
    formsets: dict[str, Described] = {}
    for part in parts:
        fields = {**part.fields, **fields}
        formsets = {**part.formsets, **formsets}
    required = frozenset.intersection(*(part.required for part in parts))
    return Described(fields, required, formsets, any(part.versioned for part in parts))
