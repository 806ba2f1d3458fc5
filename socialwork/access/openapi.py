"""The description of the API, made from the same forms that check what is sent."""
from __future__ import annotations

from typing import Any

from django import forms
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from socialwork.access.views import FormPage

# Widest first: a subclass must be found before its parent.
KINDS: tuple[tuple[type[forms.Field], type[serializers.Field]], ...] = (
    (forms.MultipleChoiceField, serializers.ListField),
    (forms.ModelMultipleChoiceField, serializers.ListField),
    (forms.BooleanField, serializers.BooleanField),
    (forms.IntegerField, serializers.IntegerField),
    (forms.DecimalField, serializers.DecimalField),
    (forms.DateTimeField, serializers.DateTimeField),
    (forms.DateField, serializers.DateField),
    (forms.TimeField, serializers.TimeField),
    (forms.UUIDField, serializers.UUIDField),
    (forms.Field, serializers.CharField),
)


class Carried(serializers.Serializer):
    """What a carried-out verb answers."""

    location = serializers.CharField(help_text="Address of the page where the result stands.")
    repeated = serializers.BooleanField(help_text="True when the same Idempotency-Key was already carried out.")


class FormSchema(AutoSchema):
    """Body and answer of the verbs come from the form of the page they stand for."""

    def get_operation_id(self) -> str:
        return self.view.request.resolver_match.view_name if self.view.request and self.view.request.resolver_match else (
            f"{self.path.strip('/').replace('/', '_').replace('{', '').replace('}', '').replace('-', '_')}_{self.method.lower()}"
        )

    def get_request_serializer(self) -> Any:
        page = getattr(self.view, "page_class", None)
        if self.method != "POST" or page is None or not issubclass(page, FormPage) or not hasattr(page, "form_class"):
            return None
        fields = {name: _described(field) for name, field in page.form_class.base_fields.items()}
        return type(f"{page.__name__}Body", (serializers.Serializer,), fields)()

    def get_response_serializers(self) -> Any:
        if self.method == "POST":
            return Carried
        return getattr(self.view, "serializer_class", None)


def _described(field: forms.Field) -> serializers.Field:
    kind = next(made for known, made in KINDS if isinstance(field, known))
    options: dict[str, Any] = {"required": field.required, "help_text": str(field.help_text or field.label or "")}
    if kind is serializers.DecimalField:
        options |= {"max_digits": 12, "decimal_places": 2}
    return kind(**options)
