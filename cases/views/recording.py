"""Service records: one page per kind, filled in on a doorstep, and the pages that read and correct them."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import queries
from cases.forms.activities import ActivityForm
from cases.forms.recording import (
    AttendanceForm,
    ContactForm,
    CounsellingForm,
    FamilySessionForm,
    InterviewForm,
)
from cases.models import Case
from cases.models.recording import RecordKind
from cases.presenters import case_crumbs, choosable_cases
from cases.queries_records import covered_goals, last_record, next_session
from cases.services import consenting, recording
from socialwork.access import api
from socialwork.access.views import FormPage, now
from socialwork.people.queries import with_identity

# What is proposed before anything is known: a visit of an hour that has just ended.
USUAL = dt.timedelta(hours=1)
ROUND_TO = 5
MOST_CASES = 200
WITH_GOALS = (RecordKind.CONTACT, RecordKind.INTERVIEW, RecordKind.FAMILY_SESSION)
ON_PROBATION = "cnp_supervision"


class Recording:
    """What the pages of all kinds share: choices, proposals, preview of a message, the question about an overlap."""

    model = Case
    template_name = "cases/record_form.html"
    submit_label: ClassVar[Any] = gettext_lazy("Submit record")
    done_message: ClassVar[Any] = gettext_lazy("The record is submitted.")
    action: ClassVar[str]
    kind: ClassVar[RecordKind]

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.for_recording(rows)

    def form_arguments(self, row: Case) -> dict[str, Any]:
        user = self.request.user
        team = [row.lead, row.second, *filter(None, [row.counsellor])]
        arguments: dict[str, Any] = {
            "co_workers": [person for person in team if person.pk != user.pk]
            if self.kind != RecordKind.COUNSELLING
            else [],
            "ask_basis": consenting.needs_basis(row, on=timezone.localdate(now())),
            # Who submits has typed over what was proposed.
            "initial": self.proposals(row) if self.shows_only() else {},
        }
        if self.kind in WITH_GOALS:
            arguments["goals"] = covered_goals(row) if row.has_plan else []
            arguments["relations"] = row.relations
        return arguments

    def carry_out(self, row: Case, form: Any) -> Any:
        """The service of the same name, with what every occasion has and what this kind adds."""
        log = getattr(recording, self.action)
        return log(
            case=row,
            by=self.request.user,
            at=now(),
            occasion=form.occasion(),
            details=form.details(),
            sequel=form.sequel(),
            overlap_confirmed=form.cleaned_data["overlap_confirmed"],
            **self.words(form),
        )

    def words(self, form: Any) -> dict[str, Any]:
        """What was written down, by the keywords of the service."""
        return {"text": form.text(), **({"goals": form.touched()} if self.kind in WITH_GOALS else {})}

    def proposals(self, row: Case) -> dict[str, Any]:
        """What the product can know: the time that has just passed, way and place of the last record of this kind."""
        end = timezone.localtime(now())
        end -= dt.timedelta(minutes=end.minute % ROUND_TO)
        start = max(end - USUAL, end.replace(hour=0, minute=0))
        last = last_record(row, self.request.user, self.kind)
        found = {
            "on": end.date(),
            "started": start.time(),
            "ended": end.time(),
            "outcome": "on_time",
            "hours": 2,
            "method": last.method if last else "",
            "place": last.place if last else "",
        }
        if self.kind in (RecordKind.COUNSELLING, RecordKind.FAMILY_SESSION):
            found["session"] = next_session(row, self.kind)
        return found

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "_preview" not in request.POST:
            return super().post(request, **kwargs)
        row = self.load()
        api.require(request.user, self.action, row)
        form = self.make_form(row, data=request.POST)
        form.is_valid()
        return self.show(
            row, form, key=request.POST.get("_key", ""), preview=form.data.get("tell_prosecutor", "").strip()
        )

    def show(self, row: Case, form: Any, **more: Any) -> HttpResponse:
        refusal = more.get("refusal")
        if refusal is not None and refusal.code == "overlap":
            form.ask_overlap()
        more.setdefault("preview", None)
        return super().show(row, form, **more)

    def page(self, row: Case, form: Any) -> dict[str, Any]:
        with_identity([row.juvenile])
        gaps = consenting.missing(row, self.kind, on=timezone.localdate(now()))
        return {
            "crumbs": case_crumbs(self.request.user, row, self.title),
            "sections": form.sections(),
            "field_size": "field",
            "subtitle": row.number,
            "also": [{"label": _("Preview the message"), "name": "_preview", "value": "1"}],
            "gaps": _("Missing: %(gaps)s.") % {"gaps": consenting.in_words(gaps)} if gaps else "",
            "consent_url": reverse("people:record_consent", args=[row.juvenile_id]),
        }


class LogContact(Recording, FormPage):
    """Contact log (F20)."""

    action = "log_contact"
    kind = RecordKind.CONTACT
    form_class = ContactForm
    title = gettext_lazy("Log a contact")

    def form_arguments(self, row: Case) -> dict[str, Any]:
        return {**super().form_arguments(row), "on_probation": ON_PROBATION in queries.service_codes(row)}


class LogInterview(Recording, FormPage):
    """Interview record (F08)."""

    action = "log_interview"
    kind = RecordKind.INTERVIEW
    form_class = InterviewForm
    title = gettext_lazy("Log an interview")

    def words(self, form: InterviewForm) -> dict[str, Any]:
        return {**super().words(form), "interviewee": form.cleaned_data["interviewee"]}


class LogCounselling(Recording, FormPage):
    """Counselling record (F12)."""

    action = "log_counselling"
    kind = RecordKind.COUNSELLING
    form_class = CounsellingForm
    title = gettext_lazy("Log a counselling session")

    def words(self, form: CounsellingForm) -> dict[str, Any]:
        return {"note": form.note()}


class LogFamilySession(Recording, FormPage):
    """Family-education session (F31)."""

    action = "log_family_session"
    kind = RecordKind.FAMILY_SESSION
    form_class = FamilySessionForm
    title = gettext_lazy("Log a family-education session")


class LogActivity(Recording, FormPage):
    """Welfare activity (F23) of one or several children."""

    action = "log_activity"
    kind = RecordKind.WELFARE_ACTIVITY
    form_class = ActivityForm
    title = gettext_lazy("Log an activity")

    def form_arguments(self, row: Case) -> dict[str, Any]:
        arguments = super().form_arguments(row)
        user = self.request.user
        mine = queries.to_choose_from(api.permitted(Case, user, "log_activity")).order_by("number", "pk")
        cases = list(mine[:MOST_CASES])
        with_identity([case.juvenile for case in cases])
        labels = choosable_cases(self.request.user, cases)
        first = {"case": str(row.pk), "outcome": "on_time", "hours": 2}
        arguments["participants"] = {
            "cases": {str(case.pk): case for case in cases},
            "labels": labels,
            "initial": [first],
        }
        return arguments

    def carry_out(self, row: Case, form: ActivityForm) -> Any:
        return recording.log_activity(
            by=self.request.user,
            at=now(),
            occasion=form.occasion(),
            details=form.details(),
            text=form.text(),
            participants=form.participants(),
            sequel=form.sequel(),
            overlap_confirmed=form.cleaned_data["overlap_confirmed"],
        )

    def page(self, row: Case, form: ActivityForm) -> dict[str, Any]:
        part = {
            "formset": form.formsets["participants"],
            "title": _("Who took part"),
            "add_label": _("Another child"),
            "hint": _(
                "Only children whose case you may write in. Each gets an own record; do not name the others in it."
            ),
        }
        return {**super().page(row, form), "formsets": [part]}


class LogAttendance(Recording, FormPage):
    """Attendance as appropriate adult (F14)."""

    action = "log_attendance"
    kind = RecordKind.ADULT_ATTENDANCE
    form_class = AttendanceForm
    title = gettext_lazy("Log an attendance as appropriate adult")

    def form_arguments(self, row: Case) -> dict[str, Any]:
        return {**super().form_arguments(row), "female": row.juvenile.sex == "female"}
