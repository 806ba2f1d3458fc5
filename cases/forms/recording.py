"""One form per kind of service record (F20, F08, F12, F31, F23, F14)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cases.forms.occasions import LONG, SCALE, RecordForm, chips, lines, many_chips
from cases.models.recording import RecordKind
from cases.record_kinds import (
    SESSIONS_AT_MOST,
    AttendanceDetails,
    ContactDetails,
    CounsellingDetails,
    FamilySessionDetails,
    InterviewDetails,
)
from cases.services.occasions import LONGEST
from cases.services.recording import CONTACT_SUMMARY
from socialwork.core import vocabulary
from socialwork.core.vocabulary import Offered

OUTCOME = ("outcome", "late_minutes", "absence_reason")
NOTE = ("state", "goal", "method_used", "progress", "risk", "next")
YES_NO = [("", gettext_lazy("Not asked")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


def scale_field(label: str, low: str, high: str) -> forms.TypedChoiceField:
    """1 to 5 as chips; the ends are named, nothing chosen is allowed."""
    choices = [("", _("Not noted")), *SCALE]
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=choices,
        coerce=int,
        empty_value=None,
        widget=chips(),
        help_text=f"1 {low} · 5 {high}",
    )


def yes_no(label: Any, *, required: bool = False) -> forms.TypedChoiceField:
    """Yes, no, or not asked."""
    return forms.TypedChoiceField(
        label=label,
        required=required,
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=chips(),
    )


def session_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Session number"),
        min_value=1,
        max_value=SESSIONS_AT_MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class ContactForm(RecordForm):
    """Contact log (F20): short, on a doorstep."""

    kind = RecordKind.CONTACT
    words = ("summary", "response", "concerns", "next_plan")
    next_plan = forms.CharField(
        label=gettext_lazy("What was agreed"), required=False, max_length=500, widget=lines(2, 500)
    )

    def __init__(self, *args: Any, on_probation: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["summary"] = forms.CharField(
            label=pgettext("record", "What happened"), max_length=CONTACT_SUMMARY, widget=lines(4, CONTACT_SUMMARY)
        )
        self.fields["topics"] = forms.MultipleChoiceField(
            label=_("Topics"), required=False, widget=many_chips(), choices=Offered(vocabulary.choices("contact_topic"))
        )
        self.fields["present"] = self.present_field()
        self.fields["mood"] = scale_field(_("Mood"), _("low"), _("good"))
        self.fields["cooperation"] = scale_field(_("Cooperation"), _("refuses"), _("takes part"))
        self.fields["response"] = forms.CharField(
            label=_("What was done about it"), required=False, max_length=LONG, widget=lines(2)
        )
        self.fields["concerns"] = forms.CharField(
            label=_("Concerns and new risks"), required=False, max_length=LONG, widget=lines(2)
        )
        self.duties = vocabulary.codes("duty") if on_probation else ()
        for duty in self.duties:
            choices = Offered([("", _("Not checked")), *vocabulary.choices("duty_check")])
            label = vocabulary.label("duty", duty)
            self.fields[f"duty_{duty}"] = forms.ChoiceField(
                label=label, required=False, choices=choices, widget=chips()
            )

    def happened(self) -> list[str]:
        duties = [f"duty_{duty}" for duty in self.duties]
        return [
            *OUTCOME,
            *self.goal_fields,
            "summary",
            "topics",
            "present",
            "mood",
            "cooperation",
            *duties,
            "response",
            "concerns",
        ]

    def details(self) -> ContactDetails:
        data = self.cleaned_data
        found = {duty: data[f"duty_{duty}"] for duty in self.duties if data.get(f"duty_{duty}")}
        return ContactDetails(
            topics=tuple(data["topics"]),
            present=tuple(data["present"]),
            mood=data["mood"],
            cooperation=data["cooperation"],
            duties=found,
            **self.common(),
        )


class InterviewForm(RecordForm):
    """Interview record (F08): whom, questions and answers, what was handed over."""

    kind = RecordKind.INTERVIEW
    words = ("summary", "present", "questions", "documents")
    interviewee = forms.ChoiceField(label=gettext_lazy("Interviewee"), widget=forms.Select())
    present = forms.CharField(
        label=gettext_lazy("Who exactly, and who else was there"),
        required=False,
        max_length=500,
        widget=lines(2, 500),
        help_text=gettext_lazy("At school or in the neighbourhood do not say why you ask."),
    )
    questions = forms.CharField(
        label=gettext_lazy("Questions and answers"), required=False, max_length=LONG * 3, widget=lines(6, LONG * 3)
    )
    documents = forms.CharField(
        label=gettext_lazy("Documents collected, one a line"), required=False, max_length=LONG, widget=lines(2)
    )
    read_and_signed = forms.BooleanField(label=gettext_lazy("Read and signed by the interviewee"), required=False)
    verified = forms.BooleanField(label=gettext_lazy("Verified against another source"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["interviewee"].choices = vocabulary.choices("interviewee", blank=True)

    def when(self) -> list[str]:
        return ["interviewee", *super().when()]

    def happened(self) -> list[str]:
        return [
            *OUTCOME,
            *self.goal_fields,
            "present",
            "summary",
            "questions",
            "documents",
            "read_and_signed",
            "verified",
        ]

    def details(self) -> InterviewDetails:
        data = self.cleaned_data
        return InterviewDetails(read_and_signed=data["read_and_signed"], verified=data["verified"], **self.common())


class CounsellingForm(RecordForm):
    """Counselling record (F12): the facts of the session are for all, the note for the counsellor."""

    kind = RecordKind.COUNSELLING
    words = ()
    tested = forms.BooleanField(
        label=gettext_lazy("A psychological test was used"),
        required=False,
        help_text=gettext_lazy("Needs the consent of the minor and of the legal representative (PDL 51)."),
    )
    state = forms.CharField(
        label=gettext_lazy("State of the client"),
        required=False,
        max_length=LONG,
        help_text=gettext_lazy("From here on only you can read it; the others see that the session took place."),
        widget=lines(3),
    )
    goal = forms.CharField(label=gettext_lazy("Goal of the session"), required=False, max_length=LONG, widget=lines(2))
    method_used = forms.CharField(label=gettext_lazy("Method"), required=False, max_length=500, widget=lines(1, 500))
    progress = forms.CharField(
        label=gettext_lazy("Course and progress"), required=False, max_length=LONG * 2, widget=lines(6, LONG * 2)
    )
    risk = forms.CharField(label=gettext_lazy("Risk"), required=False, max_length=500, widget=lines(1, 500))
    next = forms.CharField(label=gettext_lazy("Next step"), required=False, max_length=LONG, widget=lines(2))

    def __init__(self, *args: Any, with_note: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["summary"]
        self.fields["session"] = session_field()
        if not with_note:
            for name in NOTE:
                del self.fields[name]

    def happened(self) -> list[str]:
        return ["session", *OUTCOME, "tested", *(name for name in NOTE if name in self.fields)]

    def details(self) -> CounsellingDetails:
        return CounsellingDetails(
            session=self.cleaned_data["session"], tested=self.cleaned_data["tested"], **self.common()
        )

    def note(self) -> dict[str, str]:
        """The words for the counsellor alone, by the names of the note."""
        names = {name: "method" if name == "method_used" else name for name in NOTE if name in self.fields}
        return {stored: self.cleaned_data.get(name, "").strip() for name, stored in names.items()}


class FamilySessionForm(RecordForm):
    """Family-education session (F31)."""

    kind = RecordKind.FAMILY_SESSION
    words = ("summary", "concerns", "next_plan")
    concerns = forms.CharField(
        label=gettext_lazy("Concerns and new risks"), required=False, max_length=LONG, widget=lines(2)
    )
    next_plan = forms.CharField(label=gettext_lazy("Homework"), required=False, max_length=500, widget=lines(2, 500))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"] = session_field()
        for name, label, code in (("topics", _("Topics"), "fel_topic"), ("methods", _("Methods"), "fel_method")):
            self.fields[name] = forms.MultipleChoiceField(
                label=label, required=name == "topics", widget=many_chips(), choices=vocabulary.choices(code)
            )
        self.fields["present"] = self.present_field()
        self.fields["change"] = scale_field(_("Change since last time"), _("worse"), _("much better"))

    def happened(self) -> list[str]:
        return ["session", *OUTCOME, "present", "topics", "methods", *self.goal_fields, "summary", "change", "concerns"]

    def details(self) -> FamilySessionDetails:
        data = self.cleaned_data
        return FamilySessionDetails(
            session=data["session"],
            topics=tuple(data["topics"]),
            methods=tuple(data["methods"]),
            present=tuple(data["present"]),
            change=data["change"],
            **self.common(),
        )


class AttendanceForm(RecordForm):
    """Attendance as appropriate adult (F14). May last most of a day and a night."""

    kind = RecordKind.ADULT_ATTENDANCE
    past_midnight = LONGEST
    words = ("summary", "response", "concerns")
    response = forms.CharField(
        label=gettext_lazy("State of the minor"), required=False, max_length=LONG, widget=lines(3)
    )
    concerns = forms.CharField(
        label=gettext_lazy("Objections raised"), required=False, max_length=LONG, widget=lines(2)
    )

    def __init__(self, *args: Any, female: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, code in (
            ("activity", _("Act attended"), "appropriate_adult_activity"),
            ("representative_absence", _("Why the legal representative was absent"), "absence_reason"),
        ):
            self.fields[name] = forms.ChoiceField(label=label, choices=vocabulary.choices(code, blank=True))
        self.fields["rights_explained"] = yes_no(_("Were the rights explained?"))
        self.fields["minor_agreed"] = yes_no(_("Did the minor agree to you?"))
        self.fields["transcript_read"] = yes_no(_("Was the transcript read?"))
        if female:
            self.fields["female_staff_present"] = yes_no(_("Was a woman of the staff present?"), required=True)
        self.fields["method"].required = False
        self.fields["method"].widget = forms.HiddenInput()

    def happened(self) -> list[str]:
        asked = ["rights_explained", "minor_agreed", "female_staff_present", "transcript_read"]
        own = [name for name in asked if name in self.fields]
        return ["activity", "representative_absence", *OUTCOME, *own, "summary", "response", "concerns"]

    def details(self) -> AttendanceDetails:
        data = self.cleaned_data
        return AttendanceDetails(
            activity=data["activity"],
            representative_absence=data["representative_absence"],
            rights_explained=data["rights_explained"],
            minor_agreed=data["minor_agreed"],
            transcript_read=data["transcript_read"],
            female_staff_present=data.get("female_staff_present"),
            **self.common(),
        )
