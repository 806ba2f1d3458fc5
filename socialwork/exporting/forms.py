"""What is asked before a list leaves the system."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from socialwork.core import vocabulary


class AskExportForm(forms.Form):
    """Purpose of an export; what is taken out came from the list."""

    kind = forms.ChoiceField(label=_("List"))
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput())
    purpose = forms.ChoiceField(label=_("What is it needed for?"), widget=forms.RadioSelect())
    remark = forms.CharField(
        label=_("More precisely"), max_length=200, required=False, help_text=_("No names and no numbers of persons."),
        widget=forms.TextInput(attrs={"data-wide": True}),
    )

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)
        self.fields["purpose"].choices = vocabulary.choices("export_purpose")


class RefuseExportForm(forms.Form):
    """Why it may not leave the house."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2, "data-wide": True}))
