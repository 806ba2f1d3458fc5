"""The description of the API, made from the same forms that check what is sent."""
from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from socialwork.access.blank_forms import Described, described_form, takes_version
from socialwork.access.drf_views import LARGEST_PAGE, VERSION, Act, Row, Rows
from socialwork.access.listing import PAGE
from socialwork.access.views import verb_of

Schema = dict[str, Any]

# A subclass stands before its parent: the first that fits is taken.
KINDS: tuple[tuple[type[forms.Field], Schema], ...] = (
    (forms.FileField, {
        "type": "array",
        "items": {
            "type": "object", "required": ["name", "content"], "additionalProperties": False,
            "properties": {"name": {"type": "string"}, "content": {"type": "string", "contentEncoding": "base64"}},
        },
    }),
    (forms.NullBooleanField, {"type": "boolean"}),
    (forms.BooleanField, {"type": "boolean"}),
    (forms.FloatField, {"type": "number"}),
    (forms.DecimalField, {"type": "number"}),
    (forms.IntegerField, {"type": "integer"}),
    (forms.DateTimeField, {"type": "string", "format": "date-time"}),
    (forms.DateField, {"type": "string", "format": "date"}),
    (forms.TimeField, {"type": "string", "format": "time"}),
    (forms.UUIDField, {"type": "string", "format": "uuid"}),
    (forms.EmailField, {"type": "string", "format": "email"}),
    (forms.ModelChoiceField, {"type": "string", "format": "uuid"}),
    (forms.Field, {"type": "string"}),
)


class Carried(serializers.Serializer):
    """What a carried-out verb answers."""

    location = serializers.CharField(help_text="Address of the page where the result stands.")
    repeated = serializers.BooleanField(help_text="True when the same Idempotency-Key was already carried out.")
    secret = serializers.CharField(
        required=False, allow_null=True,
        help_text="A key or one-time password, given in this answer only; null when repeated.",
    )


class Problem(serializers.Serializer):
    """Why something was refused, in the words of the page."""

    code = serializers.CharField(help_text="Stable code of the refusal.")
    message = serializers.CharField(help_text="A sentence that says what to do, in the language of the request.")
    fields = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), required=False,
        help_text="Sentences by field; a field in a row of a list is named list-number-field, counted from 0.",
    )
    theirs = serializers.DictField(
        child=serializers.CharField(), required=False,
        help_text="Code `stale` only: the values somebody else has written.",
    )


class CameInScheme(OpenApiAuthenticationExtension):
    """Token or session, either of them."""

    target_class = "socialwork.access.drf.CameIn"
    name = ["token", "session"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: Any) -> list[Schema]:
        return [
            {
                "type": "apiKey", "in": "header", "name": "Authorization",
                "description": _(
                    "`Token <key>`. A person creates the key on the page of the own account; it has that person's rights."
                ),
            },
            {
                "type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME,
                "description": _(
                    "The session of the browser. Writing also needs the CSRF token in the header X-CSRFToken."
                ),
            },
        ]


class FormSchema(AutoSchema):
    """Body and answer of a verb come from the form of its page, parameters of a list from the page's filters."""

    def get_operation_id(self) -> str:
        return getattr(self.view, "verb", "") or verb_of(type(self.view))

    def get_override_parameters(self) -> list[OpenApiParameter]:
        if isinstance(self.view, Act):
            return [
                OpenApiParameter(
                    "Idempotency-Key", OpenApiTypes.UUID, OpenApiParameter.HEADER,
                    description=_(
                        "Sent again with the same key, the same request is answered without being done twice."
                    ),
                )
            ]
        if isinstance(self.view, Rows):
            return _list_parameters(type(self.view))
        return []

    def get_request_serializer(self) -> Any:
        if not isinstance(self.view, Act):
            return None
        page_class = self.view.page_class
        described = described_form(page_class)
        schema = form_schema(described or Described({}, frozenset()))
        if takes_version(page_class):
            schema["properties"][VERSION] = {
                "type": "integer",
                "description": _("The version of the row the text was written from; another one is refused as stale."),
            }
        if not schema["properties"]:
            return {"application/json": schema}
        component = ResolvedComponent(f"{page_class.__name__}Body", ResolvedComponent.SCHEMA, schema, page_class)
        self.registry.register_on_missing(component)
        return {"application/json": component.ref}

    def get_response_serializers(self) -> Any:
        view = self.view
        refusals = {401: _("Nobody is signed in."), 404: _("It does not exist for the caller.")}
        if isinstance(view, Act):
            refusals |= {
                400: _("What was sent is not right."), 403: _("The act belongs to somebody else."),
                409: _("The row has moved on, or was changed meanwhile."),
                422: _("The key was already used for another request."),
            }
            answer: Any = Carried
        elif isinstance(view, Rows):
            refusals[400] = _("A filter, order or page that is not known.")
            answer = _page_of(view.serializer_class)
        else:
            answer = view.serializer_class
            if isinstance(view, Row):
                refusals[403] = _("The act belongs to somebody else.")
        return {200: answer, **{code: OpenApiResponse(Problem, text) for code, text in sorted(refusals.items())}}


def form_schema(described: Described) -> Schema:
    """A form as an object, its formsets as lists of objects."""
    properties = {name: field_schema(each) for name, each in described.fields.items()}
    for prefix, rows in described.formsets.items():
        properties[prefix] = {"type": "array", "items": form_schema(rows)}
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if described.required:
        schema["required"] = sorted(described.required)
    return schema


def field_schema(field: forms.Field) -> Schema:
    """One field with its label and hint; with its codes where they are the same for everybody."""
    words = "\n\n".join(str(text) for text in (field.label, field.help_text) if text)
    codes = choice_codes(field)
    single: Schema = {"type": "string", **({"enum": codes} if codes else {})}
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        schema: Schema = {"type": "array", "items": single}
    elif isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        schema = single
    else:
        schema = dict(next(known for kind, known in KINDS if isinstance(field, kind)))
        _add_limits(schema, field)
    return {**schema, "description": words} if words else schema


def choice_codes(field: forms.Field) -> list[str]:
    """The codes of a choice; empty where they depend on the row or the person."""
    if isinstance(field, forms.ModelChoiceField) or not hasattr(field, "choices"):
        return []
    codes: list[str] = []
    for code, label in field.choices:
        codes += [str(inner) for inner, _label in label] if isinstance(label, list | tuple) else [str(code)]
    return codes if any(codes) else []


def _add_limits(schema: Schema, field: forms.Field) -> None:
    for name, limit in (("max_length", "maxLength"), ("min_value", "minimum"), ("max_value", "maximum")):
        value = getattr(field, name, None)
        if value is not None and (limit != "maxLength" or "format" not in schema):
            schema[limit] = value


def _list_parameters(view_class: type[Rows]) -> list[OpenApiParameter]:
    page_class, form = view_class.page_class, view_class.blank_filter_form()
    found = [
        OpenApiParameter(name, field_schema(each), required=False, description=str(each.label or name))
        for name, each in (form.fields if form is not None else {}).items()
    ]
    sort = {"type": "string", "enum": list(page_class.sorts)}
    size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE}
    return [
        *found,
        OpenApiParameter("sort", sort, description=_("Order of the rows.")),
        OpenApiParameter("size", size, description=_("Rows of one answer.")),
        OpenApiParameter("after", str, description=_("`next` or `previous` of the answer before.")),
    ]


@cache
def _page_of(row: type[serializers.Serializer]) -> Any:
    name = f"{row.__name__.removesuffix('Serializer').removesuffix('Row')}Rows"
    fields = {
        "rows": row(many=True),
        "next": serializers.CharField(help_text="Send as `after` for the rows that follow; empty at the end."),
        "previous": serializers.CharField(help_text="Send as `after` for the rows before; empty at the beginning."),
    }
    return type(name, (serializers.Serializer,), fields)
