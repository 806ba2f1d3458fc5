"""A choice written out in Python is the choice Django's template writes."""
from __future__ import annotations

import gc
import re
import weakref

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.forms.renderers import DjangoTemplates
from django.template import loader
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from socialwork.core.rendering import FormRenderer

CHOICES = [
    ("", "—"),
    ("a", "<b>&\"'"),
    (2, gettext_lazy("State")),
    ("", mark_safe("<i>safe</i>")),
    ("Group \"<1>", [("x", "X"), ("y", "Y & Z")]),
]


@pytest.mark.parametrize("value", [None, "", "a", 2, "2", "y", "nobody"])
@pytest.mark.parametrize(
    "attrs", [{}, {"id": 'a"b', "required": True, "disabled": False, "data-x": "<>&", "data-n": 3}, {"class": gettext_lazy("State")}]
)
@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple, forms.NullBooleanSelect])
def test_the_same_markup(widget, attrs, value):
    drawn = widget(attrs=attrs) if widget is forms.NullBooleanSelect else widget(attrs=attrs, choices=CHOICES)
    given = [value] if widget is forms.SelectMultiple and value is not None else value
    ours, theirs = (drawn.render('na"me', given, renderer=renderer) for renderer in (FormRenderer(), DjangoTemplates()))
    assert flat(ours) == flat(theirs)


def flat(markup: str) -> str:
    """Without the line ends and blanks between elements."""
    return re.sub(r">\s+<", "><", markup).strip()


class Thing:
    title, reason = "A", "<B>"


def test_a_page_lets_go_of_what_it_was_made_of(rf):
    """Without the collector; what was laid over the context of the request would keep it otherwise."""
    thing, request = Thing(), rf.get("/")
    request.user, left = AnonymousUser(), weakref.ref(thing)
    gc.disable()
    try:
        page = loader.get_template("components/empty.html").render({"empty": thing}, request)
        del thing
        assert left() is None
    finally:
        gc.enable()
    assert "&lt;B&gt;" in page
