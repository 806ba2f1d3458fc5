"""What the prosecutor answers."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from socialwork.core import vocabulary

LONGEST_REMARK = 2000


class RespondReportForm(forms.Form):
    """A result and a remark for each section, the result of the whole, and what the report is used for."""

    result = forms.ChoiceField(
        label=_("The report as a whole"), widget=forms.RadioSelect(attrs={"data-chips": True}),
        help_text=_("Follows from the sections: the heaviest result decides. Confirm it."),
    )
    used_for = forms.MultipleChoiceField(
        label=_("Used for"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"data-chips": True}),
        help_text=_("Needed when the report is accepted, also in part."),
    )
    remark = forms.CharField(
        label=_("Remark on the whole"), required=False, max_length=LONGEST_REMARK, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, sections: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        results = vocabulary.choices("report_review")
        self.fields["result"].choices = results
        self.fields["used_for"].choices = vocabulary.choices("used_for")
        self.keys = list(sections)
        for key, title in sections.items():
            self.fields[f"{key}-result"] = forms.ChoiceField(
                label=_("Answer: %(section)s") % {"section": title}, choices=results, initial="accepted", required=False,
                widget=forms.RadioSelect(attrs={"data-chips": True}),
            )
            self.fields[f"{key}-remark"] = forms.CharField(
                label=_("What is missing or wrong"), required=False, max_length=LONGEST_REMARK,
                widget=forms.Textarea(attrs={"rows": 2, "data-depends-on": f"{key}-result!=accepted"}),
            )

    def results(self) -> dict[str, tuple[str, str]]:
        """Result and remark by section; what was not answered is accepted."""
        typed = self.cleaned_data
        return {key: (typed[f"{key}-result"] or "accepted", typed[f"{key}-remark"]) for key in self.keys}


class SubmitReportForm(forms.Form):
    """Nothing to type: the page says what follows."""


class FinishServiceForm(forms.Form):
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=LONGEST_REMARK, widget=forms.Textarea(attrs={"rows": 3})
    )
