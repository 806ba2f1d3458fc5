"""What a supervisor says about a text."""
from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class RemarkForm(forms.Form):
    """A comment, on a passage where one is quoted."""

    quote = forms.CharField(
        label=_("Passage (select it in the text, or paste it)"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
