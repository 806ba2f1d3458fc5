"""Correcting a record, and the supervisor's reading of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import presenters
from cases.forms.activities import FORMS
from cases.forms.amending import ReturnRecordForm
from cases.forms.recording import NOTE
from cases.models import ServiceRecord
from cases.models.recording import RecordKind
from cases.presenters_records import record_title, texts_of
from cases.queries import guardians_of, service_codes
from cases.queries_records import covered_goals, for_record_page, is_cited, note_of
from cases.services.amending import Correction, amend_record
from cases.services.reviewing import return_record, review_record
from cases.views.recording import ON_PROBATION, WITH_GOALS
from socialwork.access import api
from socialwork.access.views import ActPage, FormPage, now
from socialwork.core.errors import Moved
from socialwork.people.dossiers import open_dossier
from socialwork.people.queries import with_identity


class _OnRecord:
    """What the acts on a record share: the row with its case."""

    model = ServiceRecord

    def shape(self, rows: QuerySet) -> QuerySet:
        return for_record_page(rows)


class AmendRecord(_OnRecord, FormPage):
    """The same form with what was written, and the reason for the correction."""

    action = "amend_record"
    title = gettext_lazy("Correct the record")
    submit_label = gettext_lazy("Save the correction")
    done_message = gettext_lazy("Corrected. What stood there before is kept beside it.")

    @staticmethod
    def blank_forms() -> list[Any]:
        """The forms of the kinds, for the description of the API."""
        return [form_class(amending=True) for form_class in FORMS.values()]

    def load(self) -> ServiceRecord:
        row = super().load()
        api.require(self.request.user, self.action, row)
        if is_cited(row):
            raise Moved(_("A submitted report rests on this record, so it stays as it is. Write a new record instead."))
        self.note = note_of(self.request.user, row)
        open_dossier(row.case.juvenile_id).read(row)
        return row

    def make_form(self, row: ServiceRecord, data: Any = None, files: Any = None) -> Any:
        arguments: dict[str, Any] = {"amending": True, "initial": amend_initial(row, self.note)}
        if row.kind in WITH_GOALS:
            arguments["goals"] = covered_goals(row.case)
            arguments["relations"] = [guardian.relation for guardian in guardians_of(row.case)]
        if row.kind == RecordKind.CONTACT:
            arguments["on_probation"] = ON_PROBATION in service_codes(row.case)
        if row.kind == RecordKind.COUNSELLING:
            arguments["with_note"] = self.note is not None
        if row.kind == RecordKind.ADULT_ATTENDANCE:
            arguments["female"] = row.case.juvenile.sex == "female"
        return FORMS[row.kind](data=data, **arguments)

    def carry_out(self, row: ServiceRecord, form: Any) -> ServiceRecord:
        data = form.cleaned_data
        correction = Correction(
            occasion=form.occasion(),
            details=form.details(),
            text=form.text(),
            interviewee=data.get("interviewee", ""),
            next_on=data["next_on"],
            note=form.note() if row.kind == RecordKind.COUNSELLING and self.note else None,
            goals=form.touched() if form.covered else None,
            overlap_confirmed=data["overlap_confirmed"],
        )
        return amend_record(
            record=row,
            by=self.request.user,
            at=now(),
            version=form.version,
            reason=data["reason"],
            correction=correction,
        )

    def show(self, row: ServiceRecord, form: Any, **more: Any) -> Any:
        refusal = more.get("refusal")
        if refusal is not None and refusal.code == "overlap":
            form.ask_overlap()
        return super().show(row, form, **more)

    def page(self, row: ServiceRecord, form: Any) -> dict[str, Any]:
        with_identity([row.case.juvenile])
        return {
            "crumbs": presenters.case_crumbs(self.request.user, row.case, self.title),
            "sections": form.sections(),
            "subtitle": presenters.joined([row.case.number, record_title(row)]),
            "field_size": "field",
        }


class ReviewRecord(_OnRecord, ActPage):
    """The supervisor has read the record."""

    action = "review_record"
    done_message = gettext_lazy("Marked as read. The author sees it.")

    def carry_out(self, row: ServiceRecord) -> ServiceRecord:
        return review_record(record=row, by=self.request.user, at=now())


class ReturnRecord(_OnRecord, FormPage):
    """The supervisor returns the record with a comment, on a quoted passage where there is one."""

    action = "return_record"
    form_class = ReturnRecordForm
    template_name = "cases/return_record.html"
    title = gettext_lazy("Return the record")
    submit_label = gettext_lazy("Return")
    done_message = gettext_lazy("Returned. The author is told.")

    def carry_out(self, row: ServiceRecord, form: ReturnRecordForm) -> ServiceRecord:
        data = form.cleaned_data
        return return_record(record=row, by=self.request.user, at=now(), comment=data["comment"], quote=data["quote"])

    def page(self, row: ServiceRecord, form: ReturnRecordForm) -> dict[str, Any]:
        with_identity([row.case.juvenile])
        open_dossier(row.case.juvenile_id).read(row)
        return {
            "crumbs": presenters.case_crumbs(self.request.user, row.case, self.title),
            "subtitle": presenters.joined([row.case.number, record_title(row)]), "texts": texts_of(row, with_message=True),
        }


def amend_initial(row: ServiceRecord, note: Any) -> dict[str, Any]:
    """The record as the fields of its form; words opened by the caller."""
    start = timezone.localtime(row.started_at)
    end = start + dt.timedelta(minutes=row.lasted)
    goals = list(row.goals.all())
    text = (note.text or {}) if note is not None else {}
    return {
        "on": start.date(),
        "started": start.time(),
        "ended": end.time(),
        "method": row.method,
        "place": row.place,
        "outcome": outcome_code(row),
        "late_minutes": row.late_minutes or None,
        "absence_reason": row.absence_reason,
        "interviewee": row.interviewee,
        "next_on": row.next_on,
        **(row.text or {}),
        **details_initial(row),
        "goals": [str(touch.goal_id) for touch in goals],
        **{f"result_{touch.goal_id}": touch.result for touch in goals},
        **{name: text["method" if name == "method_used" else name] for name in NOTE if text},
    }


def outcome_code(row: ServiceRecord) -> str:
    """How it went, as the form asks it."""
    if not row.happened:
        return "did_not_happen"
    if not row.attended:
        return "not_attended"
    return "late" if row.late_minutes else "on_time"


def details_initial(row: ServiceRecord) -> dict[str, Any]:
    """The details as the fields of the form: one field for each duty, yes and no as words."""
    found: dict[str, Any] = {}
    for name, value in row.details.items():
        if name == "duties":
            found |= {f"duty_{duty}": finding for duty, finding in value.items()}
        elif isinstance(value, bool) and row.kind == RecordKind.ADULT_ATTENDANCE:
            found[name] = "yes" if value else "no"
        else:
            found[name] = value
    return found
