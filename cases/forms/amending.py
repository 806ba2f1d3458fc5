"""Returning a record with a comment."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.occasions import lines


class ReturnRecordForm(forms.Form):
    """The comment, on a passage of the text where there is one."""

    quote = forms.CharField(label=_("Passage"), required=False, max_length=500, widget=lines(2, 500))
    comment = forms.CharField(label=_("What should be corrected"), max_length=2000, widget=lines(4, 2000))
