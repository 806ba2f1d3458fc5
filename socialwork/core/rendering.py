"""How values and controls of forms become HTML where a template would be asked hundreds of times."""
from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.template import TemplateDoesNotExist
from django.template.backends import django as backend
from django.template.context import make_context
from django.utils.safestring import SafeString


class Pages(backend.DjangoTemplates):
    """Django's own, but what a page was made of is let go with it.

    A context and what is laid over it name each other, so that the rows of a page would stay until the collector finds them.
    """

    def get_template(self, template_name: str) -> _Page:
        return _Page(super().get_template(template_name).template, self)


class _Page(backend.Template):
    def render(self, context: dict[str, Any] | None = None, request: Any = None) -> SafeString:
        laid = make_context(context, request, autoescape=self.backend.engine.autoescape)
        try:
            page = self.template.render(laid)
        except TemplateDoesNotExist as missing:
            backend.reraise(missing, self.backend)
        laid.dicts.clear()
        return page


class FormRenderer(DjangoTemplates):
    """Django's own, but a choice is written out here: a template for every option was a tenth of the page of a list."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == "django/forms/widgets/select.html":
            return select(context["widget"])
        return super().render(template_name, context, request)


def select(widget: Mapping[str, Any]) -> SafeString:
    """What `django/forms/widgets/select.html` writes, without its line ends."""
    parts = [f'<select name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{escaped(group)}">')
        parts += (
            f'<option value="{escaped(option["value"])}"{attributes(option["attrs"])}>{escaped(option["label"])}</option>' for option in options
        )
        if group:
            parts.append("</optgroup>")
    parts.append("</select>")
    return SafeString("".join(parts))


def attributes(given: Mapping[str, Any]) -> str:
    """Attributes of an element: True stands alone, False is left out."""
    return "".join(
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(value)}"' for name, value in given.items() if value is not False
    )


def escaped(value: Any) -> str:
    """A value as HTML: what is marked safe stays, all else is escaped, as a template does it but without its detours."""
    if type(value) is str:
        return escape(value)
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))
