"""What the interface kit needs from templates: shapes of states, cells of work lists, attributes of form controls."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, Form, RadioSelect
from django.forms.widgets import MultiWidget
from django.middleware.csrf import get_token
from django.template import Context
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.defaultfilters import linebreaksbr
from django.templatetags.static import static
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from socialwork.core import filtering
from socialwork.core.cells import Cell, as_cell, as_heads, due_mark, in_links, pager, shape, state_mark, under
from socialwork.core.rendering import escaped

register = template.Library()

SPRITE = "vendor/bootstrap-icons-1.13.2/sprite.svg"
THEMES = ("light", "dark")
MESSAGE_TONES = {"debug": "neutral", "info": "info", "success": "ok", "warning": "warn", "error": "danger"}


for written in (shape, as_heads, under, in_links, pager):
    register.filter(written)
register.simple_tag(state_mark, name="state")
register.simple_tag(due_mark, name="due")


@register.filter
def as_controls(filters: Form | SafeString | None) -> SafeString:
    """The filters above a list as one line of controls, where they are not yet."""
    return filtering.controls(filters) if isinstance(filters, BaseForm) else filters or SafeString("")


@register.filter
def on_timeline(entries: Iterable[Mapping[str, Any]]) -> SafeString:
    """The entries of components/timeline.html, one under the other. A case shows two hundred: a template took a third of the page."""
    return SafeString("\n".join(map(_entry, entries)))


def _entry(entry: Mapping[str, Any]) -> str:
    tone, title = entry.get("tone") or "neutral", escaped(entry["title"])
    if entry.get("url"):
        title = f'<a href="{escaped(entry["url"])}">{title}</a>'
    if mark := entry.get("state"):
        title += f" {state_mark(mark['label'], mark['tone'])}"
    day = f'<p class="timeline-day">{escaped(entry["day"])}</p>' if entry.get("day") else ""
    who = f" · {escaped(entry['who'])}" if entry.get("who") else ""
    text = f'<p class="mb-0">{in_lines(entry["text"])}</p>' if entry.get("text") else ""
    if entry.get("links"):
        links = "".join(f'<a href="{escaped(link["url"])}">{escaped(link["label"])}</a> ' for link in entry["links"])
        text += f'<p class="mb-0">{links}</p>'
    ahead = " timeline-ahead" if entry.get("ahead") else ""
    return (
        f'<li class="timeline-{escaped(tone)}{ahead}">{day}'
        f'<h3><span class="timeline-shape" aria-hidden="true">{shape(tone)}</span>{title}</h3>'
        f'<p class="timeline-meta">{escaped(entry["at"])}{who}</p>{text}</li>'
    )


def in_lines(text: Any) -> str:
    """A text as HTML in the lines it was written in; most have one."""
    return linebreaksbr(text) if "\n" in (words := str(text)) or "\r" in words else escaped(text)


@register.filter
def as_cells(values: Iterable[Any]) -> list[Cell]:
    """Plain values or mappings as cells, for tables whose columns need no further description."""
    return [as_cell(value) for value in values]


@register.filter
def html_lang(code: str) -> str:
    """The language tag a browser and a screen reader understand: `zh-hans` becomes `zh-Hans`."""
    first, _dash, rest = code.partition("-")
    return f"{first}-{rest.capitalize()}" if len(rest) == 4 else code


@register.filter
def message_tone(tags: str) -> str:
    """The tone of one of Django's messages from its level tag."""
    return next((MESSAGE_TONES[tag] for tag in tags.split() if tag in MESSAGE_TONES), "info")


@register.filter
def focus_id(field: BoundField) -> str:
    """The id of the control a link in the error summary should lead to: the first option where there are several."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple | MultiWidget):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def has_options(field: BoundField) -> bool:
    """Whether the field is a group of radios or checkboxes, each with a label of its own."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def asks(field: BoundField, attribute: str) -> str:
    """What the field's widget says in one of its data- attributes; an attribute without a value says `true`."""
    value = field.field.widget.attrs.get(attribute, "")
    return "true" if value is True or (attribute in field.field.widget.attrs and value == "") else str(value or "")


# What a widget says about the group as a whole; the group's element carries it, its single options must not.
GROUP_MARKS = frozenset({"data-chips", "data-wide", "data-searchable", "data-depends-on"})


@register.filter
def without_group_marks(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of one option of a group, without those its widget handed down although they are about the group."""
    return {name: value for name, value in attributes.items() if name not in GROUP_MARKS}


@register.filter
def field_shape(field: BoundField) -> str:
    """`check` for a single tick, `short` for a date, a time or a number without help: they stand side by side. Else nothing."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "check"
    short = getattr(widget, "input_type", "") in {"date", "time", "number"} and not field.help_text
    return "short" if short else ""


@register.filter
def needs_files(form: Form) -> bool:
    """Whether the form must be sent as multipart because it carries a file."""
    return form.is_multipart()


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """`light`, `dark`, or nothing when the person never chose and the device decides."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request is not None else ""
    return chosen if chosen in THEMES else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """One icon of the sprite. It never stands for a word: the word is beside it or in a visually hidden span."""
    return _icon.__wrapped__(name) if settings.DEBUG else _icon(name)


@lru_cache(maxsize=200)
def _icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" width="16" height="16" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static(SPRITE),
        name,
    )


@register.filter
def in_chips(chips: Iterable[Mapping[str, Any]], label: str) -> SafeString:
    """A group of chips {label, url, active, count, remove_url}. With `remove_url` a chip is a filter in force."""
    return SafeString(f'<ul class="chips" aria-label="{escaped(label)}">{"".join(f"<li>{_chip(chip)}</li>" for chip in chips)}</ul>')


def _chip(chip: Mapping[str, Any]) -> str:
    label = escaped(chip["label"])
    if chip.get("remove_url"):
        gone = f'<span class="visually-hidden">{escaped(_("remove this filter"))}</span>'
        return f'<a class="chip chip-on" href="{escaped(chip["remove_url"])}">{label} {icon("x-lg")}{gone}</a>'
    if not chip.get("url"):
        return f'<span class="chip">{label}</span>'
    on, current, mark = (" chip-on", ' aria-current="true"', f"{icon('check2')} ") if chip.get("active") else ("", "", "")
    count = "" if chip.get("count") is None else f' <span class="num">{escaped(localize(chip["count"]))}</span>'
    return f'<a class="chip{on}" href="{escaped(chip["url"])}"{current}>{mark}{label}{count}</a>'


def _formsets(context: Context) -> list[dict[str, Any]]:
    """The formsets of the page: the context's own list, or those the form carries, which name themselves."""
    if given := context.get("formsets"):
        return list(given)
    carried = getattr(context.get("form"), "formsets", {})
    return [
        {
            "formset": formset,
            "title": getattr(formset, "title", ""),
            "add_label": getattr(formset, "add_label", _("Add a row")),
            "hint": getattr(formset, "hint", ""),
        }
        for formset in carried.values()
    ]


@register.simple_tag(takes_context=True)
def form_sections(context: Context) -> list[dict[str, Any]]:
    """The visible fields and the formsets of the page's `form`, grouped as they are shown.

    The groups come from `sections` of the context or of the form: a list of {title, fields} with optional id, hint,
    depends_on ("field=value") and formsets (prefixes). What no section names comes last, so that nothing the form asks
    for can be lost; a name the form does not have raises KeyError.
    """
    form = context["form"]
    fields = {field.name: field for field in form.visible_fields()}
    parts = {part["formset"].prefix: part for part in _formsets(context)}
    grouped: list[dict[str, Any]] = []
    for section in context.get("sections") or getattr(form, "sections", None) or ():
        named = [form[name].name for name in section["fields"]]
        grouped.append(
            {
                **{key: section.get(key, "") for key in ("id", "title", "hint", "depends_on")},
                "fields": [fields.pop(name) for name in named if name in fields],
                "parts": [parts.pop(prefix) for prefix in section.get("formsets", ())],
            }
        )
    if fields or parts:
        rest = {"id": "", "title": "", "hint": "", "depends_on": ""}
        grouped.append({**rest, "fields": list(fields.values()), "parts": list(parts.values())})
    return grouped


class WrapNode(template.Node):
    """Renders its content inside an element, and nothing at all when the content is blank."""

    def __init__(self, nodelist: NodeList, element: str, attributes: dict[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.element = element
        self.attributes = attributes

    def render(self, context: Context) -> SafeString:
        inner = self.nodelist.render(context)
        if not inner.strip():
            return mark_safe("")
        values = [(name.replace("_", "-"), value.resolve(context)) for name, value in self.attributes.items()]
        attributes = mark_safe("".join(format_html(' {}="{}"', name, value) for name, value in values if value))
        return format_html("<{0}{1}>{2}</{0}>", mark_safe(self.element), attributes, mark_safe(inner))


@register.tag
def wrap(parser: Parser, token: Token) -> WrapNode:
    """`{% wrap div class="page-action" %}…{% endwrap %}`: an element that is not there when it would be empty."""
    _tag, element, *pairs = token.split_contents()
    attributes = {name: parser.compile_filter(value) for name, _equals, value in (p.partition("=") for p in pairs)}
    nodelist = parser.parse(("endwrap",))
    parser.delete_first_token()
    return WrapNode(nodelist, element, attributes)


@register.simple_tag(takes_context=True)
def csrf_field(context: Context) -> SafeString:
    """The hidden CSRF token, also inside an isolated `{% include … only %}`, where Django's own tag is empty."""
    request = getattr(context, "request", None)
    token = get_token(request) if request is not None else context.get("csrf_token")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token) if token else mark_safe("")


@dataclass(frozen=True)
class Problem:
    """One line of the error summary: where to go, which field, what to do."""

    target: str
    label: str
    message: str


def _problems_of(form: Form) -> Iterator[Problem]:
    for message in form.non_field_errors():
        yield Problem(target="", label="", message=str(message))
    for field in form:
        for message in field.errors:
            yield Problem(target=focus_id(field), label=str(field.label), message=str(message))


@register.simple_tag(takes_context=True)
def form_problems(context: Context) -> list[Problem]:
    """Everything that is wrong with the page's `form` and its `formsets`, in the order of the page."""
    found: list[Problem] = []
    form = context.get("form")
    if form is not None:
        found.extend(_problems_of(form))
    for part in _formsets(context):
        formset = part["formset"]
        found.extend(Problem(target="", label="", message=str(message)) for message in formset.non_form_errors())
        for row in formset.forms:
            found.extend(_problems_of(row))
    return found


@register.simple_tag(takes_context=True)
def paged(context: Context, worklist: Mapping[str, Any], listed: Any) -> dict[str, Any]:
    """A work list with the addresses of the pages before and after it, keeping the filters of this address."""
    # A template looks long for what is not there; a list of its own has no place on its page.
    addresses: dict[str, str] = {"id": ""}
    for name, cursor in (("next_url", listed.next_cursor), ("previous_url", listed.previous_cursor)):
        if cursor:
            query = dict(context["request"].GET.lists()) | {"after": cursor}
            addresses[name] = f"?{urlencode(query, doseq=True)}"
    return {**addresses, **worklist}
