"""Submitting, approving and returning."""
from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from socialwork.people.forms import prose


class SubmitReferralForm(forms.Form):
    """Nothing to type, unless a rule is to be set aside: then the reason (V16, V17)."""

    override = prose(
        _("Reason to go beyond the agreement"), longest=1000,
        help_text=_("Written into the record and shown to the head of the unit. The agency may still decline."),
    )
    limit_reason = prose(_("Reason for the later time limit"), longest=1000)

    def __init__(self, *args: Any, ask: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.widgets = {name: field.widget for name, field in self.fields.items()}
        for name in self.fields:
            if name not in ask and not self.data.get(name):
                self.fields[name].widget = forms.HiddenInput()

    def ask(self, name: str) -> None:
        """Show a field after all: what it is about came up only when the act was tried."""
        self.fields[name].widget = self.widgets[name]


class ApproveReferralForm(forms.Form):
    remark = prose(_("Remark for the prosecutor"), longest=1000, help_text=_("Stays inside your organ. May be left empty."))


class ReturnReferralForm(forms.Form):
    reason = prose(_("What must be changed"), longest=2000, rows=5, required=True)
