"""What is said about a paper when it is filed."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms.occasions import day_input
from cases.models import FiledDocument
from socialwork.core import vocabulary
from socialwork.files.fields import PaperField
from socialwork.files.validation import PAPERS
from socialwork.people.forms import past_day

SIGNED = f"kind={FiledDocument.SIGNED_COPY}"


class UploadDocumentForm(forms.Form):
    """The paper, what it is and which day it bears. `issued` are the documents it may be the signed copy of, by key."""

    kind = forms.ChoiceField(
        label=_("Kind of paper"), choices=lambda: [("", _("— choose —")), *vocabulary.choices("filed_document", on=timezone.localdate())]
    )
    signed_copy_of = forms.ChoiceField(
        label=_("Signed copy of"), required=False, widget=forms.Select(attrs={"data-depends-on": SIGNED})
    )
    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("As it stands on the paper. It is shown to those who work on the case only.")
    )
    dated_on = forms.DateField(label=_("Date on the paper"), widget=day_input(), initial=timezone.localdate)
    paper = PaperField(label=_("File"), kinds=PAPERS)

    def __init__(self, *args: Any, issued: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_copy_of"].choices = [("", _("— choose —")), *issued.items()]

    def clean_dated_on(self) -> dt.date | None:
        return past_day(self.cleaned_data["dated_on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") != FiledDocument.SIGNED_COPY:
            data["signed_copy_of"] = ""
        elif not data.get("signed_copy_of") and "signed_copy_of" not in self.errors:
            self.add_error("signed_copy_of", ValidationError(_("Choose the document that was signed."), code="required"))
        return data
