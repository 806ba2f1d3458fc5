"""The agency's questions and refusals, and the prosecutor's answers."""
from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from socialwork.people.forms import one_of, prose


class AskInformationForm(forms.Form):
    question = prose(
        _("What the agency needs to know"), longest=2000, rows=5, required=True,
        help_text=_("Ask for everything at once: the clock stands still until the answer."),
    )


class AnswerInformationForm(forms.Form):
    answer = prose(
        _("Answer"), longest=3000, rows=5, required=True,
        help_text=_("The agency reads this. Give what the service needs, not the file."),
    )


class DeclineReferralForm(forms.Form):
    reason_code = one_of("decline_reason", required=True)
    reason = prose(_("Explanation for the organ"), longest=2000, rows=4, required=True)
