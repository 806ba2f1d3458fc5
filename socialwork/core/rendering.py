"""How controls of forms become HTML."""
from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString


class FormRenderer(DjangoTemplates):
    """Django's own, but a choice is written out here: a template for every option was a tenth of the page of a list."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == "django/forms/widgets/select.html":
            return select(context["widget"])
        return super().render(template_name, context, request)


def select(widget: Mapping[str, Any]) -> SafeString:
    """What `django/forms/widgets/select.html` writes, without its line ends."""
    parts = [f'<select name="{_text(widget["name"])}"{attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{_text(group)}">')
        parts += (
            f'<option value="{_text(option["value"])}"{attributes(option["attrs"])}>{_text(option["label"])}</option>' for option in options
        )
        if group:
            parts.append("</optgroup>")
    parts.append("</select>")
    return SafeString("".join(parts))


def attributes(given: Mapping[str, Any]) -> str:
    """Attributes of an element: True stands alone, False is left out."""
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"' for name, value in given.items() if value is not False
    )


def _text(value: Any) -> str:
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))
