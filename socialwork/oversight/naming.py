"""What the record of acts calls acts, pages and things, so that its reader meets no code of the program."""
from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.urls import URLResolver, get_resolver
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from socialwork.access.policy import registered
from socialwork.access.views import ActPage, FormPage
from socialwork.oversight.wording import ACTS, PAGES, READINGS, TARGETS, THINGS

API = "api:"


def act_labels() -> dict[str, Any]:
    """What acts are called, by audit verb: as on the button that does them, or as the list of words has it."""
    buttons = {
        step.verb: step.label
        for policy in registered().values() if policy.machine for step in policy.machine.transitions.values()
    }
    return {**buttons, **ACTS}


def act_options() -> list[tuple[str, str]]:
    """The acts to choose from, each with the kind of thing it is done to, things together."""
    labels = act_labels()
    named = [(verb, thing_of(verb), str(label)) for verb, label in labels.items()]
    return [(verb, f"{thing}{_(': ')}{label}") for verb, thing, label in sorted(named, key=lambda each: (each[1], each[2]))]


def thing_of(verb: str) -> str:
    """The kind of thing an audit verb speaks of."""
    return str(TARGETS[THINGS[verb.partition(".")[0]]])


def reading_label(action: str) -> Any:
    """What was done with a page: read, listed, taken away; or the form of an act was opened."""
    return READINGS.get(action) or pgettext("reading", "Form opened")


def page_label(route: str) -> str:
    """The page of an address name in words: its own, the title of its form, or what its button is called."""
    if route in PAGES:
        return str(PAGES[route])
    if route.startswith(API):
        page = next((name for name in pages() if name.partition(":")[2] == route.removeprefix(API)), "")
        return _("%(page)s (by program)") % {"page": page_label(page)} if page else route
    view = pages().get(route)
    if view is None:
        return route
    if issubclass(view, ActPage):
        return str(_button(view))
    return str(view.title) if issubclass(view, FormPage) and view.title else route


@cache
def pages() -> dict[str, Any]:
    """The class behind every address name outside the API."""
    return {name: view for name, view in _walk(get_resolver().url_patterns, "") if not name.startswith(API)}


def _walk(patterns: list[Any], above: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, f"{above}{pattern.namespace}:" if pattern.namespace else above)
        elif pattern.name and isinstance(getattr(pattern.callback, "view_class", None), type):
            yield f"{above}{pattern.name}", pattern.callback.view_class


def _button(view: type[ActPage]) -> Any:
    """The label of the state machine's arrow that the button stands for."""
    policy = registered().get(view.model)
    step = policy.machine.transitions.get(view.action) if policy and policy.machine else None
    return step.label if step else view.action
