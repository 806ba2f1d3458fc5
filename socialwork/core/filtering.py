"""The controls above a list. Most lists are opened with nothing chosen: their controls are written once for all who may choose the same."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.core.signals import setting_changed
from django.forms import BaseForm
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from socialwork.core.rendering import escaped

# What an address says of a list that narrows nothing: its order, and the place in it.
PLACE = frozenset({"sort", "after"})


def is_chosen(query: Mapping[str, Any]) -> bool:
    """Whether the address of a list narrows it."""
    return any(value and name not in PLACE for name, value in query.items())


def controls(form: BaseForm) -> SafeString:
    """A form of filters as one line of controls with a button; every control keeps its label."""
    hidden = "".join(str(field) for field in form.hidden_fields())
    shown = "".join(
        f'<label for="{escaped(field.id_for_label)}"><span>{escaped(field.label)}</span>{field}</label>' for field in form.visible_fields()
    )
    button = f'<button type="submit" class="btn btn-quiet btn-sm">{escaped(_("Apply"))}</button>'
    return SafeString(f'<form class="filter-form" method="get">{hidden}{shown}{button}</form>')


def blank_controls(build: Callable[..., BaseForm], *choices: Any) -> SafeString:
    """The controls of a list in which nothing is chosen. `build(*choices)` gives the form; it must depend on nothing else."""
    return _blank(build, choices, get_language() or "", timezone.localdate())


@lru_cache(maxsize=256)
def _blank(build: Callable[..., BaseForm], choices: tuple[Any, ...], language: str, day: dt.date) -> SafeString:
    return controls(build(*choices))


# The vocabulary is a setting; where it changes, so do the choices.
setting_changed.connect(lambda **kwargs: _blank.cache_clear(), weak=False)
