"""How service records read: titles, outcomes, facts and texts of each kind, corrections side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from cases.models import Amendment, CounsellingNote, ReviewComment, ServiceRecord
from cases.models.recording import RecordKind
from cases.presenters import case_crumbs, day_words, joined
from cases.record_kinds import present_words
from cases.wording import RECORD_TONES
from socialwork.core import vocabulary
from socialwork.people.presenters import SEPARATOR, full_name, label_of

TEXT_LABELS: Mapping[str, Any] = {
    "summary": pgettext_lazy("record", "What happened"),
    "response": gettext_lazy("What was done about it"),
    "concerns": gettext_lazy("Concerns and new risks"),
    "next_plan": gettext_lazy("What was agreed"),
    "present": gettext_lazy("Who was there"),
    "questions": gettext_lazy("Questions and answers"),
    "documents": gettext_lazy("Documents collected"),
    "tell_prosecutor": gettext_lazy("Message to the prosecutor"),
}
# The same column asks for another thing in some forms.
KIND_LABELS: Mapping[str, Mapping[str, Any]] = {
    RecordKind.FAMILY_SESSION: {"next_plan": gettext_lazy("Homework")},
    RecordKind.WELFARE_ACTIVITY: {"response": gettext_lazy("How the child took part")},
    RecordKind.ADULT_ATTENDANCE: {
        "response": gettext_lazy("State of the minor"),
        "concerns": gettext_lazy("Objections raised"),
    },
    RecordKind.INTERVIEW: {"present": gettext_lazy("Who was interviewed, who was there")},
}
NOTE_LABELS: Mapping[str, Any] = {
    "state": gettext_lazy("State of the client"),
    "goal": gettext_lazy("Goal of the session"),
    "method": gettext_lazy("Method"),
    "progress": gettext_lazy("Course and progress"),
    "risk": gettext_lazy("Risk"),
    "next": gettext_lazy("Next step"),
}
COLUMN_LABELS: Mapping[str, Any] = {
    "started_at": gettext_lazy("Began"),
    "lasted": gettext_lazy("Minutes"),
    "method": gettext_lazy("Way of contact"),
    "place": gettext_lazy("Place"),
    "happened": gettext_lazy("Took place"),
    "attended": gettext_lazy("Attended"),
    "late_minutes": gettext_lazy("Minutes late"),
    "absence_class": gettext_lazy("Class of the reason"),
    "absence_reason": gettext_lazy("Why not"),
    "interviewee": gettext_lazy("Interviewee"),
    "next_on": gettext_lazy("Next date"),
    "goals": gettext_lazy("Goals covered"),
    "details.topics": gettext_lazy("Topics"),
    "details.methods": gettext_lazy("Methods"),
    "details.mood": gettext_lazy("Mood (1–5)"),
    "details.cooperation": gettext_lazy("Cooperation (1–5)"),
    "details.change": gettext_lazy("Change (1–5)"),
    "details.present": gettext_lazy("Present"),
    "details.duties": gettext_lazy("Duties during probation"),
    "details.session": gettext_lazy("Session"),
    "details.tested": gettext_lazy("A psychological test was used"),
    "details.activity": gettext_lazy("Activity"),
    "details.hours": gettext_lazy("Hours"),
    "details.photos": gettext_lazy("Pictures"),
    "details.risk_change": gettext_lazy("Risk since last time"),
    "details.statutory_basis": gettext_lazy("Law that stands in for a consent"),
    "details.read_and_signed": gettext_lazy("Read and signed by the interviewee"),
    "details.verified": gettext_lazy("Verified against another source"),
    "details.representative_absence": gettext_lazy("Why the legal representative was absent"),
    "details.rights_explained": gettext_lazy("Rights explained"),
    "details.minor_agreed": gettext_lazy("The minor agreed to this adult"),
    "details.transcript_read": gettext_lazy("Transcript read"),
    "details.female_staff_present": gettext_lazy("A woman of the staff was present"),
}
# Which list a code of a column or of the details belongs to.
LISTS: Mapping[str, str] = {
    "method": "method",
    "place": "place_type",
    "absence_class": "not_attended_class",
    "absence_reason": "not_attended_reason",
    "interviewee": "interviewee",
    "details.statutory_basis": "law",
    "details.methods": "fel_method",
    "details.representative_absence": "absence_reason",
}
KIND_LISTS: Mapping[tuple[str, str], str] = {
    (RecordKind.CONTACT, "details.topics"): "contact_topic",
    (RecordKind.FAMILY_SESSION, "details.topics"): "fel_topic",
    (RecordKind.WELFARE_ACTIVITY, "details.activity"): "activity_kind",
    (RecordKind.ADULT_ATTENDANCE, "details.activity"): "appropriate_adult_activity",
}
RISK_CHANGE: Mapping[str, Any] = {
    "lower": gettext_lazy("Lower"),
    "same": gettext_lazy("The same"),
    "higher": gettext_lazy("Higher"),
}
PHOTOS: Mapping[str, Any] = {
    "none": gettext_lazy("No picture was taken"),
    "no_faces": gettext_lazy("No picture shows a face, a school uniform or a sign"),
}


def record_title(record: ServiceRecord) -> str:
    """Kind and, for an interview, whom: "Interview record: Teacher"."""
    kind = vocabulary.label("record_kind", record.kind)
    if record.kind == RecordKind.INTERVIEW:
        return f"{kind}{_(': ')}{vocabulary.label('interviewee', record.interviewee)}"
    if session := record.details.get("session"):
        return _("%(kind)s, no. %(number)s") % {"kind": kind, "number": session}
    return kind


def outcome_of(record: ServiceRecord) -> dict[str, Any]:
    """How it went as a state: attended, late, absent with the class of the reason, not held."""
    if record.attended and record.late_minutes:
        return {"label": _("%(minutes)s minutes late") % {"minutes": record.late_minutes}, "tone": "warn"}
    if record.attended:
        return {"label": _("Attended"), "tone": "ok"}
    label = _("Did not come") if record.happened else _("Did not take place")
    why = vocabulary.label("not_attended_class", record.absence_class)
    return {"label": f"{label}{_(': ')}{why}", "tone": "danger" if record.absence_class == "unacceptable" else "warn"}


def record_words(record: ServiceRecord) -> str:
    """The text of a record in a list; of counselling only that it took place."""
    if record.kind == RecordKind.COUNSELLING:
        return counselling_fact(record)
    return (record.text or {}).get("summary", "")


def counselling_fact(record: ServiceRecord) -> str:
    """All that anybody but the counsellor learns of a session."""
    if not record.attended:
        return _("The session did not come about.")
    crisis = _("a crisis was flagged") if record.crisis else _("no crisis")
    return _("A session of %(minutes)s minutes took place; %(crisis)s. The note is for the counsellor alone.") % {
        "minutes": record.lasted,
        "crisis": crisis,
    }


def review_state(record: ServiceRecord) -> dict[str, Any]:
    """Whether the supervisor has read it: the worker sees who and when."""
    if record.reviewed_by and record.state == "reviewed":
        words = _("Read by %(name)s on %(day)s") % {
            "name": record.reviewed_by.name,
            "day": day_words(record.reviewed_at),
        }
        return {"label": words, "tone": RECORD_TONES["reviewed"]}
    if record.state == "returned":
        return {"label": record.get_state_display(), "tone": RECORD_TONES["returned"]}
    return {"label": _("Not yet read by the supervisor"), "tone": RECORD_TONES["submitted"]}


def list_columns() -> list[dict[str, Any]]:
    return [
        {"label": _("When")},
        {"label": _("Record")},
        {"label": _("Outcome")},
        {"label": pgettext("record", "What happened"), "wide": True},
        {"label": _("Author")},
        {"label": _("Review")},
    ]


def list_row(record: ServiceRecord) -> dict[str, Any]:
    """One row of the records of a case; text opened by the caller."""
    started = timezone.localtime(record.started_at)
    words = record_words(record)
    late = _("written late") if record.written_late else ""
    return {
        "tone": "danger" if record.crisis or record.state == "returned" else "",
        "cells": [
            {
                "text": date_format(started, "SHORT_DATE_FORMAT"),
                "url": record.get_absolute_url(),
                "sub": f"{started:%H:%M}",
            },
            {"text": record_title(record), "sub": label_of("method", record.method) if record.method else ""},
            {"state": outcome_of(record)},
            words if len(words) <= 80 else f"{words[:78]}……",
            {"text": record.author.name, "sub": late},
            {"state": review_state(record)},
        ],
    }


def facts_of(record: ServiceRecord) -> list[dict[str, Any]]:
    """When, where, who, how it went, and the codes of the kind."""
    started = timezone.localtime(record.started_at)
    when = f"{date_format(started, 'DATETIME_FORMAT')} – {started + dt.timedelta(minutes=record.lasted):%H:%M}"
    facts: list[dict[str, Any]] = [
        {"label": _("When"), "text": when, "hint": _("%(minutes)s minutes") % {"minutes": record.lasted}},
        {
            "label": _("Where"),
            "text": joined([_code(record, "method", record.method), _code(record, "place", record.place)]),
        },
        {"label": _("Who"), "text": joined([record.author.name, record.co_worker.name if record.co_worker else ""])},
        {
            "label": _("Outcome"),
            "state": outcome_of(record),
            "text": _code(record, "absence_reason", record.absence_reason),
        },
    ]
    if record.crisis:
        facts.append(
            {"label": _("Crisis"), "state": {"label": vocabulary.label("crisis_type", record.crisis), "tone": "danger"}}
        )
    for name, value in record.details.items():
        key = f"details.{name}"
        facts.append({"label": COLUMN_LABELS[key], "text": value_words(record, key, value)})
    if record.next_on:
        facts.append({"label": _("Next date"), "text": date_format(record.next_on, "DATE_FORMAT")})
    written = date_format(timezone.localtime(record.submitted_at), "DATETIME_FORMAT")
    facts.append(
        {
            "label": _("Written"),
            "text": written,
            "hint": _("Later than the time allowed") if record.written_late else "",
        }
    )
    return facts


def texts_of(record: ServiceRecord, *, with_message: bool) -> list[dict[str, Any]]:
    """The words of an opened record under their labels; the message only for those it concerns."""
    labels = {**TEXT_LABELS, **KIND_LABELS.get(record.kind, {})}
    text = record.text or {}
    names = [name for name in TEXT_LABELS if text.get(name) and (with_message or name != "tell_prosecutor")]
    return [{"label": labels[name], "text": text[name], "wide": True} for name in names]


def note_texts(note: CounsellingNote) -> list[dict[str, Any]]:
    """The counselling note, opened, for its counsellor."""
    text = note.text or {}
    return [{"label": NOTE_LABELS[name], "text": text[name], "wide": True} for name in note.PROSE if text.get(name)]


def goals_of(record: ServiceRecord) -> list[dict[str, Any]]:
    """Goals the record touched with how far each got; goals opened by the caller."""
    return [
        {
            "label": touch.goal.text["goal"],
            "text": vocabulary.label("task_result", touch.result) if touch.result else _("Touched"),
        }
        for touch in record.goals.all()
    ]


def amendment_parts(record: ServiceRecord, amendments: Sequence[Amendment]) -> list[dict[str, Any]]:
    """Every correction with its reason and the rows of diff.html."""
    return [
        {
            "who": joined([row.made_by.name, date_format(timezone.localtime(row.made_at), "DATETIME_FORMAT")]),
            "reason": (row.text or {}).get("reason", ""),
            "rows": _diff_rows(record, row),
        }
        for row in amendments
    ]


def _diff_rows(record: ServiceRecord, row: Amendment) -> list[dict[str, Any]]:
    text: Mapping[str, Any] = row.text or {}
    before, after = text.get("before") or {}, text.get("after") or {}
    labels = {**COLUMN_LABELS, **TEXT_LABELS, **KIND_LABELS.get(record.kind, {}), **NOTE_LABELS}
    if row.fields == ["note"]:
        labels = {**labels, **NOTE_LABELS}
    return [
        {
            "label": labels.get(name, name),
            "old": value_words(record, name, old),
            "new": value_words(record, name, after.get(name, "")),
        }
        for name, old in before.items()
        if old != after.get(name, "")
    ]


def value_words(record: ServiceRecord, name: str, value: Any) -> str:
    """A stored value as a person reads it: codes in words, days as dates, yes and no."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name == "goals":
        return joined(
            f"{words}{_(': ')}{vocabulary.label('task_result', result)}" if result else words
            for words, result in value.items()
        )
    if isinstance(value, Mapping):
        return joined(
            f"{label_of('duty', key)}{_(': ')}{label_of('duty_check', found)}" for key, found in value.items()
        )
    if isinstance(value, list | tuple):
        return joined(_code(record, name, item) for item in value)
    if name == "started_at":
        return date_format(timezone.localtime(dt.datetime.fromisoformat(value)), "DATETIME_FORMAT")
    if name == "next_on":
        return date_format(dt.date.fromisoformat(value), "DATE_FORMAT")
    return _code(record, name, value)


def _code(record: ServiceRecord, name: str, value: Any) -> str:
    if name == "details.risk_change":
        return str(RISK_CHANGE[value])
    if name == "details.photos":
        return str(PHOTOS[value])
    if name == "details.present":
        return str(present_words(value))
    listed = KIND_LISTS.get((record.kind, name)) or LISTS.get(name)
    return label_of(listed, value) if listed and value else str(value)


def record_page(
    user: Any,
    record: ServiceRecord,
    *,
    note: CounsellingNote | None,
    amendments: Sequence[Amendment],
    comments: Sequence[ReviewComment],
    cited: bool,
    key: str,
) -> dict[str, Any]:
    """Everything the page of one record shows; texts opened by the caller."""
    may = record.allowed_actions
    correct = None
    if "amend_record" in may and not cited:
        correct = {"label": _("Correct"), "url": reverse("cases:amend_record", args=[record.pk])}
    reviewed = None
    if "review_record" in may:
        reviewed = {
            "label": _("Mark as read"),
            "url": reverse("cases:review_record", args=[record.pk]),
            "post": True,
            "key": key,
        }
    return {
        "title": record_title(record),
        "crumbs": case_crumbs(user, record.case, record_title(record)),
        "subtitle": SEPARATOR.join([record.case.number, full_name(user, record.case.juvenile)]),
        "review": review_state(record),
        "facts": facts_of(record),
        "texts": texts_of(record, with_message=True),
        "goals": goals_of(record),
        "note": note_texts(note) if note else [],
        "is_counselling": record.kind == RecordKind.COUNSELLING,
        "fact": counselling_fact(record),
        "amendments": amendment_parts(record, amendments),
        "correct": correct,
        "reviewed": reviewed,
        "section": review_section(record, comments, may, key),
        "cited": cited,
    }


def review_section(
    record: ServiceRecord, comments: Sequence[ReviewComment], may: Iterable[str], key: str
) -> dict[str, Any] | None:
    """The text with the supervisor's comments, and for the supervisor the form that returns it; None without either."""
    form = None
    if "return_record" in may:
        verdicts = [{"value": "return", "label": _("Return with this comment")}]
        form = {"action": reverse("cases:return_record", args=[record.pk]), "key": key, "verdicts": verdicts}
    if not comments and form is None:
        return None
    said = [
        {
            "quote": row.text["quote"],
            "text": row.text["body"],
            "who": row.said_by.name,
            "at": day_words(row.said_at),
            "state": {"label": _("Settled"), "tone": "done"}
            if row.settled_at
            else {"label": _("Not settled yet"), "tone": "warn"},
        }
        for row in comments
    ]
    return {
        "id": "review",
        "title": _("Review"),
        "state": review_state(record),
        "text": record_words(record),
        "comments": said,
        "form": form,
    }
