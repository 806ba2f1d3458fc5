"""The form of a welfare activity (F23) of one or several children, and the register of all record forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms.occasions import LONG, OUTCOME_LABELS, RecordForm, chips, lines
from cases.forms.recording import (
    OUTCOME,
    AttendanceForm,
    ContactForm,
    CounsellingForm,
    FamilySessionForm,
    InterviewForm,
)
from cases.models.recording import RecordKind
from cases.record_kinds import PHOTOS, ActivityDetails
from cases.services.recording import Participant
from socialwork.core import vocabulary

PHOTO_LABELS: Mapping[str, Any] = {
    "none": gettext_lazy("No picture was taken"),
    "no_faces": gettext_lazy("Pictures were taken; none shows a face, a school uniform or a sign"),
}


class ParticipantForm(forms.Form):
    """One child at a joint activity."""

    case = forms.ChoiceField(label=gettext_lazy("Case"))
    outcome = forms.ChoiceField(label=gettext_lazy("How it went"))
    late_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes late"),
        required=False,
        min_value=1,
        max_value=600,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    absence_reason = forms.ChoiceField(label=gettext_lazy("Why not"), required=False)
    hours = forms.FloatField(label=gettext_lazy("Hours"), required=False, min_value=0, max_value=24)
    evaluation = forms.CharField(
        label=gettext_lazy("How the child took part"), required=False, max_length=500, widget=lines(2, 500)
    )

    def __init__(self, *args: Any, cases: Mapping[str, Any], labels: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cases = cases
        self.fields["case"].choices = [(key, labels[key]) for key in cases]
        self.fields["outcome"].choices = list(OUTCOME_LABELS.items())
        self.fields["absence_reason"].choices = vocabulary.choices("not_attended_reason", blank=True, grouped=True)

    def participant(self) -> Participant:
        data = self.cleaned_data
        return Participant(
            case=self.cases[data["case"]],
            hours=data["hours"] or 0,
            evaluation=data["evaluation"].strip(),
            outcome=data["outcome"],
            absence_reason=data["absence_reason"],
            late_minutes=data["late_minutes"] or 0,
        )


ParticipantFormSet = forms.formset_factory(
    ParticipantForm, extra=0, min_num=1, validate_min=True, max_num=30, can_delete=True
)


class ActivityForm(RecordForm):
    """Welfare activity (F23). Who took part stands in a formset; a correction concerns one child (`amending`)."""

    kind = RecordKind.WELFARE_ACTIVITY
    words = ("summary", "concerns")
    photos = forms.ChoiceField(
        label=gettext_lazy("Declaration about pictures"),
        widget=chips(),
        help_text=gettext_lazy("Pictures are not uploaded here. Keep none that shows who a child is."),
    )
    concerns = forms.CharField(
        label=gettext_lazy("Safety plan and concerns"), required=False, max_length=LONG, widget=lines(2)
    )

    def __init__(self, *args: Any, participants: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activity"] = forms.ChoiceField(
            label=_("Activity"), choices=vocabulary.choices("activity_kind", blank=True)
        )
        self.fields["photos"].choices = [(code, PHOTO_LABELS[code]) for code in PHOTOS]
        if self.amending:
            self.words = ("summary", "concerns", "response")
            self.fields["hours"] = forms.FloatField(label=_("Hours"), min_value=0, max_value=24)
            self.fields["response"] = forms.CharField(
                label=_("How the child took part"), required=False, max_length=500, widget=lines(2, 500)
            )
            return
        for name in ("late_minutes", "absence_reason", "outcome", "method"):
            del self.fields[name]
        self.formsets = {
            "participants": ParticipantFormSet(
                data=kwargs.get("data"),
                prefix="participants",
                initial=(participants or {}).get("initial"),
                form_kwargs={
                    "cases": (participants or {}).get("cases", {}),
                    "labels": (participants or {}).get("labels", {}),
                },
            )
        }

    def _instants(self) -> Any:
        # Fields the joint form leaves to each participant.
        for name, value in (("method", "face"), ("outcome", "on_time"), ("late_minutes", None), ("absence_reason", "")):
            self.cleaned_data.setdefault(name, value)
        return super()._instants()

    def happened(self) -> list[str]:
        own = [*OUTCOME, "hours", "response"] if self.amending else []
        return ["activity", *own, "summary", "photos", "concerns"]

    def details(self) -> ActivityDetails:
        data = self.cleaned_data
        return ActivityDetails(
            activity=data["activity"], photos=data["photos"], hours=data.get("hours") or 0, **self.common()
        )

    def participants(self) -> list[Participant]:
        rows: Sequence[Any] = self.formsets["participants"].forms
        return [row.participant() for row in rows if row.cleaned_data and not row.cleaned_data.get("DELETE")]


FORMS: dict[str, type[RecordForm]] = {
    RecordKind.CONTACT: ContactForm,
    RecordKind.INTERVIEW: InterviewForm,
    RecordKind.COUNSELLING: CounsellingForm,
    RecordKind.FAMILY_SESSION: FamilySessionForm,
    RecordKind.WELFARE_ACTIVITY: ActivityForm,
    RecordKind.ADULT_ATTENDANCE: AttendanceForm,
}
