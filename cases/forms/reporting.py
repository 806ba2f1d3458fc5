"""What is typed when a report is written."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from socialwork.core import vocabulary

LONGEST_TEXT, LONGEST_STATEMENT, MOST_FINDINGS = 50_000, 2_000, 60
# The list of risk levels goes further than what a report says about re-offending (domain 4.2).
REOFFENDING = ("low", "medium", "high")
YES_NO = (("yes", _("Yes")), ("no", _("No")))

Choices = Sequence[tuple[str, Any]]


class FindingForm(forms.Form):
    """One finding with the records it rests on."""

    statement = forms.CharField(
        label=_("Finding"), required=False, max_length=LONGEST_STATEMENT,
        widget=forms.Textarea(attrs={"rows": 2, "data-wide": True}),
    )
    sources = forms.MultipleChoiceField(
        label=_("Rests on"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"data-chips": True, "data-wide": True})
    )

    def __init__(self, *args: Any, sources: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sources"].choices = list(sources)
        if not sources:
            # Nothing to rest on yet: the finding is marked until there is.
            del self.fields["sources"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("sources") and not typed.get("statement", "").strip() and not typed.get("DELETE"):
            self.add_error("statement", _("Write what these sources show, or remove the row."))
        return typed


class BaseFindings(forms.BaseFormSet):
    """Rows without text are left out; their order is the order on the page."""

    title = _("Findings")
    add_label = _("Add a finding")
    hint = _("A finding says one thing and names the records it rests on. One without a source is marked.")

    def said(self) -> list[tuple[str, list[UUID]]]:
        found = []
        for form in self.forms:
            typed = form.cleaned_data
            if typed.get("statement", "").strip() and not typed.get("DELETE"):
                found.append((typed["statement"].strip(), [UUID(value) for value in typed.get("sources", [])]))
        return found


Findings = forms.formset_factory(
    FindingForm, formset=BaseFindings, extra=1, max_num=MOST_FINDINGS, absolute_max=MOST_FINDINGS, can_delete=True
)


class WriteSectionForm(forms.Form):
    """One section: text, findings, and the reason for findings without a source."""

    body = forms.CharField(
        label=_("Text"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 14, "data-wide": True})
    )
    unsourced_reason = forms.CharField(
        label=_("Why a finding has no source"), required=False, max_length=1000,
        help_text=_("Needed only when a finding names no record. The reader sees it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, sources: Choices = (), findings: Iterable[dict[str, Any]] | None = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.formsets: dict[str, Any] = {}
        if findings is None:
            del self.fields["unsourced_reason"]
            return
        data = self.data if self.is_bound else None
        if data is not None and "findings-TOTAL_FORMS" not in data:
            data = QueryDict("findings-TOTAL_FORMS=0&findings-INITIAL_FORMS=0")
        self.formsets["findings"] = Findings(
            data, prefix="findings", initial=list(findings), form_kwargs={"sources": sources}
        )

    @property
    def sections(self) -> list[dict[str, Any]]:
        """How the page groups the form: text, findings, and the reason at the end."""
        if not self.formsets:
            return [{"fields": ["body"]}]
        return [{"fields": ["body"]}, {"fields": [], "formsets": ["findings"]}, {"fields": ["unsourced_reason"]}]

    def said(self) -> list[tuple[str, list[UUID]]]:
        """Findings in order, each with its sources."""
        return self.formsets["findings"].said() if self.formsets else []


class ReportFactsForm(forms.Form):
    """Three answers a reader looks for first. The reasons stand in the text."""

    guardianship = forms.ChoiceField(
        label=_("Conditions for effective guardianship"), widget=forms.RadioSelect(attrs={"data-chips": True}),
        help_text=_("The reasons stand in the section on guardianship."),
    )
    help_available = forms.ChoiceField(
        label=_("Help from the community available"), choices=YES_NO, widget=forms.RadioSelect(attrs={"data-chips": True})
    )
    reoffending = forms.ChoiceField(
        label=_("Likelihood of re-offending"), widget=forms.RadioSelect(attrs={"data-chips": True}),
        help_text=_("The reasons stand in the overall assessment."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["guardianship"].choices = vocabulary.choices("guardianship")
        self.fields["reoffending"].choices = [
            pair for pair in vocabulary.choices("risk_level") if pair[0] in REOFFENDING
        ]


class SendReportForReviewForm(forms.Form):
    """Nothing to type: the page says what is missing."""


class WriteReportForm(forms.Form):
    """Nothing to type: the page says what begins."""
