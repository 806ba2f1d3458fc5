"""What is typed when a case is evaluated, stopped, closed, or looked at again."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from socialwork.core import vocabulary

LONG = 4000


def prose(label: Any, *, rows: int = 3, required: bool = False, hint: Any = "", **attrs: Any) -> forms.CharField:
    """A narrative field."""
    return forms.CharField(
        label=label, required=required, max_length=LONG, help_text=hint, widget=forms.Textarea(attrs={"rows": rows, **attrs})
    )


class CodedField(forms.ChoiceField):
    """A choice from a list of the vocabulary."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.name = name


class Coded(forms.Form):
    """A form whose coded fields offer what may be chosen today."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, CodedField):
                field.choices = vocabulary.choices(field.name, blank=True)


class EvaluateCaseForm(forms.Form):
    """Five parts and the vetoes (F38)."""

    vetoes = forms.MultipleChoiceField(
        label=_("Veto items"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("One is enough to make the whole evaluation zero. Leave all empty if nothing happened."),
    )
    remark = prose(_("Opinion and suggestions"), rows=4)

    def __init__(self, *args: Any, parts: Mapping[str, tuple[Any, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vetoes"].choices = vocabulary.choices("evaluation_veto")
        self.parts = list(parts)
        made = {}
        for part, (label, most) in parts.items():
            made[part] = forms.IntegerField(
                label=_("%(part)s (0–%(most)s)") % {"part": label, "most": most},
                widget=forms.NumberInput(attrs={"min": 0, "max": most, "inputmode": "numeric"}),
            )
        self.fields = {**made, **self.fields}

    def points(self) -> dict[str, int]:
        return {part: self.cleaned_data[part] for part in self.parts}


class CloseCaseForm(Coded):
    """Reason, results of the goals, opinions, what is excused, visits afterwards (F35)."""

    reason = CodedField("closure_reason", label=_("Reason for closing"))
    explanation = prose(_("Explanation"))
    unresolved = prose(_("What stays open"))
    client_opinion = prose(_("Opinion of the person served"))
    guardian_opinion = prose(_("Opinion of the guardian"))
    visits = forms.MultipleChoiceField(
        label=_("Visits after closing"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"data-chips": True}),
        help_text=_("One, three and six months are usual here. Choose none where no visit makes sense."),
    )

    def __init__(
        self, *args: Any, goals: Sequence[tuple[UUID, str]], missing: Iterable[Any], visits: Sequence[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visits"].choices = [
            (str(months), ngettext("after %(count)s month", "after %(count)s months", months) % {"count": months})
            for months in visits
        ]
        self.goals = [pk for pk, _words in goals]
        for pk, words in goals:
            self.fields[f"goal-{pk}"] = forms.ChoiceField(
                label=words, choices=vocabulary.choices("goal_result"), required=False,
                widget=forms.RadioSelect(attrs={"data-chips": True}),
            )
        self.missing = list(missing)
        for item in self.missing:
            self.fields[item.field] = prose(
                _("Why it may be missing: %(item)s") % {"item": item.label}, rows=2
            )

    @property
    def sections(self) -> list[dict[str, Any]]:
        """How the page groups the fields."""
        goals = [f"goal-{pk}" for pk in self.goals]
        excuses = [item.field for item in self.missing]
        found = [{"title": _("Why the case ends"), "fields": ["reason", "explanation", "unresolved"]}]
        if goals:
            found.append({"title": _("How far the goals were reached"), "fields": goals})
        if excuses:
            found.append({"title": _("What the file does not hold"), "fields": excuses})
        found.append({"title": _("What those concerned say"), "fields": ["client_opinion", "guardian_opinion"]})
        found.append({"title": _("Afterwards"), "fields": ["visits"]})
        return found

    def results(self) -> dict[UUID, str]:
        return {pk: self.cleaned_data[f"goal-{pk}"] for pk in self.goals if self.cleaned_data[f"goal-{pk}"]}

    def excuses(self) -> dict[str, str]:
        return {item.code: self.cleaned_data[item.field] for item in self.missing}


class RecordFollowUpForm(forms.Form):
    """A visit after closing (F36)."""

    visited_at = forms.DateTimeField(
        label=_("When"), widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    )
    reached = forms.ChoiceField(
        label=_("Was the person reached?"), choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect(attrs={"data-chips": True}),
    )
    situation = prose(
        _("How things stand"), rows=5, required=True,
        hint=_("School or work, family, contacts. A new offence only if it is lawfully known. If nobody was reached: what was tried."),
    )
    needs = prose(_("What is needed"))


class SuspendCaseForm(Coded):
    reason_code = CodedField("suspend_reason", label=_("Reason"))
    explanation = prose(_("Explanation"))


class ResumeCaseForm(forms.Form):
    explanation = prose(_("Why it can go on"))


class CancelCaseForm(Coded):
    reason_code = CodedField("withdraw_reason", label=_("Reason"))
    explanation = prose(_("Explanation"), required=True)
    records = prose(
        _("What happens to the records"), required=True,
        hint=_("For example: kept at the agency until the retention ends, or handed back to the organ."),
    )


class TransferCaseForm(Coded):
    reason_code = CodedField("transfer_reason", label=_("Reason"))
    explanation = prose(_("Explanation"), required=True)
    legal_ground = prose(
        _("Consent or legal ground for handing the file on"), rows=2, required=True,
        hint=_("Nothing is handed on without one."),
    )
    done = prose(_("What was done so far"), required=True, hint=_("Goes to the new agency."))
    open_matters = prose(_("What is still open"), required=True, hint=_("Goes to the new agency."))
    advice = prose(_("Advice to the new agency"))


class ExtendDeadlineForm(forms.Form):
    deadline = forms.ChoiceField(label=_("Time limit"))
    new_due_on = forms.DateField(
        label=_("New last day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    explanation = prose(_("Reason"), required=True)

    def __init__(self, *args: Any, deadlines: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deadline"].choices = list(deadlines)
