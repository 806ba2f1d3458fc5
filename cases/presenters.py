"""How cases read on a screen: names as far as they may be known, next acts in words, rows of work lists, headers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.core.signals import setting_changed
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from cases.models import Case
from cases.queries import service_codes
from cases.queries_monthly import is_monthly
from cases.states import CaseState
from cases.wording import CASE_TONES, RISK_TONES
from referrals.models import NO_DUE
from referrals.presenters.brief import package_parts
from referrals.wording import REMARKS
from socialwork.access.listing import count_words
from socialwork.access.roles import Family
from socialwork.core import vocabulary
from socialwork.core.addresses import addresses_of
from socialwork.core.cells import cell
from socialwork.core.identifiers import age_on
from socialwork.deadlines import presenters as deadline_words
from socialwork.deadlines.models import Deadline
from socialwork.people.policies import knows_names
from socialwork.people.presenters import SEPARATOR, born_on, masked_name, short_name

# The kit's tone for each distance to an end.
DUE_TONES = {"calm": "ok", "soon": "warn", "overdue": "danger", "none": "neutral"}

# What is to be done when no clock says it, and who does it.
NEXT_SENTENCES: Mapping[str, Any] = {
    "start_case": gettext_lazy("Make the first contact and write it down"),
    "log_contact": gettext_lazy("Hold the next contact and write it down"),
    "log_counselling": gettext_lazy("Hold the next counselling session and write it down"),
    "resume_case": gettext_lazy("Suspended: the prosecutor says when it goes on"),
    "accept_report": gettext_lazy("Read the report and answer it"),
    "write_report": gettext_lazy("Rework the report that was sent back"),
    "review_report": gettext_lazy("Review the report section by section"),
    "submit_report": gettext_lazy("Submit the reviewed report"),
    "approve_plan": gettext_lazy("Answer the plan that was sent"),
    "evaluate_case": gettext_lazy("Evaluate the work on the case"),
    "close_case": gettext_lazy("Complete the file and close the case"),
}
OWED_BY: Mapping[str, Any] = {
    "start_case": gettext_lazy("for the lead worker"),
    "log_contact": gettext_lazy("for the lead worker"),
    "log_counselling": gettext_lazy("for the counsellor"),
    "write_report": gettext_lazy("for the lead worker"),
    "review_report": gettext_lazy("for the supervisor"),
    "submit_report": gettext_lazy("for the supervisor"),
    "approve_plan": gettext_lazy("for the prosecutor"),
    "resume_case": gettext_lazy("for the prosecutor"),
    "accept_report": gettext_lazy("for the prosecutor"),
    "evaluate_case": gettext_lazy("for the prosecutor"),
    "close_case": gettext_lazy("for the prosecutor"),
}


def case_crumbs(user: Any, case: Case, last: Any = "") -> list[dict[str, Any]]:
    """The way to a page of a case, with real names."""
    crumbs: list[dict[str, Any]] = [{"label": _("Cases"), "url": reverse("cases:list")}]
    if last:
        return [*crumbs, {"label": case.number, "url": case.get_absolute_url()}, {"label": last}]
    return [*crumbs, {"label": case.number}]


def choosable_cases(user: Any, cases: Sequence[Case]) -> dict[str, str]:
    """Cases as options of a choice: number and who it is, as this person may know it; identities opened."""
    return {str(case.pk): f"{case.number} · {short_name(user, case.juvenile)}" for case in cases}


def joined(parts: Iterable[Any]) -> str:
    """Parts of an enumeration with the mark of the language between them."""
    return between().join(str(part) for part in parts if part)


def between() -> str:
    """The mark between the parts of an enumeration."""
    return pgettext("between items of a list", ", ")


def state_of(case: Case) -> dict[str, Any]:
    return {"label": CaseState(case.state).label, "tone": CASE_TONES[case.state]}


def risk_of(level: str) -> dict[str, Any] | None:
    """The confirmed risk level as word, shape and colour; None as long as nobody confirmed one."""
    if not level:
        return None
    words = _("Risk: %(level)s") % {"level": vocabulary.label("risk_level", level)}
    return {"label": words, "tone": RISK_TONES[level]}


def services_of(case: Case) -> str:
    return joined(vocabulary.label("service_type", code) for code in service_codes(case))


def due_cell(due_at: datetime, now: datetime, language: str | None = None) -> dict[str, Any] | None:
    """The distance to an end for the kit; nothing where nothing falls due."""
    if due_at >= NO_DUE:
        return None
    due = deadline_words.due_words(due_at, now, language)
    return {"text": due.text, "date": due.local_date_text, "tone": DUE_TONES[due.tone]}


def age_words(case: Case, on: dt.date) -> str:
    """ "15 years old" on that day, or nothing when the birth date is not known or not for this reader."""
    birth_on = born_on(case.juvenile)
    return _("%(age)s years old") % {"age": age_on(birth_on, on)} if birth_on else ""


def next_sentence(case: Case, deadline: Deadline | None) -> str:
    """What is to be done next, in words: the title of the clock, or the act the state calls for."""
    if deadline is not None and deadline.code == case.next_act:
        return deadline.title
    return act_sentence(case)


def act_sentence(case: Case) -> str:
    """The act the state calls for, in words."""
    return str(NEXT_SENTENCES.get(case.next_act, ""))


def next_act(case: Case, deadline: Deadline | None, paused: Deadline | None, now: datetime) -> dict[str, Any] | None:
    """The act of the kit: sentence, who, date, basis; None when the case has ended."""
    sentence = next_sentence(case, deadline)
    if not sentence:
        return None
    act: dict[str, Any] = {"sentence": sentence, "due": due_cell(case.next_due_at, now)}
    if deadline is not None and deadline.code == case.next_act:
        view = deadline_words.present(deadline, now)
        act["basis"] = joined([view.basis, view.warning])
        act["who"] = _("for %(name)s") % {"name": case.lead.name} if deadline.owner_id == case.lead_id else ""
    else:
        act["who"] = str(OWED_BY.get(case.next_act, ""))
    if paused is not None:
        view = deadline_words.present(paused, now)
        act["who"] = f"{paused.title}{_(': ')}{view.due.text}"
    return act


def row_tone(due: Mapping[str, Any] | None) -> str:
    return due["tone"] if due and due["tone"] in ("danger", "warn") else ""


LIST_COLUMNS = (
    gettext_lazy("Case"),
    gettext_lazy("Young person"),
    gettext_lazy("Next act"),
    gettext_lazy("Due"),
    gettext_lazy("State"),
    gettext_lazy("Services"),
    gettext_lazy("Worker"),
)


def whole_words(parts: Iterable[str]) -> SafeString:
    """Parts beside each other, none of them broken in two at the end of a line (a work code has a hyphen)."""
    return SafeString(SEPARATOR.join(f'<span class="text-nowrap">{escape(part)}</span>' for part in parts if part))


class ListWords:
    """What rows of the list of cases say in one language, looked up and written once; nothing of a child is among it."""

    def __init__(self) -> None:
        self.title, self.columns = _("Cases"), [{"label": str(label)} for label in LIST_COLUMNS]
        self.orders = (("due", _("Next due first")), ("new", _("Newest first")))
        self.dues = (("overdue", _("Overdue")), ("week", _("Due within seven days")))
        self.unread = {"label": _("Unread"), "tone": "info"}
        self.age = cache(lambda age: _("%(age)s years old") % {"age": age})
        self.stands = cache(lambda state: cell(state={"label": CaseState(state).label, "tone": CASE_TONES[state]}))
        self.act = lru_cache(maxsize=4000)(lambda title, act, risk: cell(title or str(NEXT_SENTENCES.get(act, "")), state=risk_of(risk)))
        self.due = lru_cache(maxsize=4000)(lambda text, date, tone: cell(due={"text": text, "date": date, "tone": tone}))
        self.services = lru_cache(maxsize=1000)(lambda codes: cell(joined(vocabulary.label("service_type", code) for code in codes)))
        self.people = lru_cache(maxsize=4000)(lambda name, other: cell(name, sub=other))


@lru_cache(maxsize=10)
def _list_words(_language: str | None) -> ListWords:
    return ListWords()


# The vocabulary is a setting; where it changes, so do the words.
setting_changed.connect(lambda **kwargs: _list_words.cache_clear(), weak=False)


class ListRows:
    """The rows of a list of cases for one reader at one moment."""

    def __init__(self, user: Any, now: datetime) -> None:
        self.now, self.names, self.today = now, knows_names(user), timezone.localdate(now)
        self.for_organ = user.organisation.family == Family.ORGAN
        self.language = get_language()
        self.address, self.words = addresses_of("cases:detail"), _list_words(self.language)

    def row(self, case: Case) -> dict[str, Any]:
        words, due, juvenile, code = self.words, due_cell(case.next_due_at, self.now, self.language), case.juvenile, case.juvenile.code
        name, birth_on = (masked_name(juvenile), born_on(juvenile)) if self.names else (code, None)
        age = words.age(age_on(birth_on, self.today)) if birth_on else ""
        return {
            "tone": row_tone(due),
            "cells": [
                {
                    "text": case.number,
                    "url": self.address(case.pk),
                    "state": words.unread if case.seen_at is None or case.seen_at < case.touched_at else None,
                },
                {"text": name, "sub": whole_words([age, code if name != code else ""])},
                words.act(case.clock_title, case.next_act, case.risk_level),
                words.due(**due) if due else "",
                words.stands(case.state),
                words.services(tuple(case.wanted)),
                words.people(case.lead.name, case.agency.short_name if self.for_organ else case.second.name),
            ],
        }


def tabs_of(case: Case, active: str, allowed: frozenset[str], counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The parts of a case; the history only for those who may read it."""
    parts = [
        ("detail", _("Timeline")),
        ("plan", _("Plan")),
        ("records", _("Records")),
        ("documents", _("Documents")),
        ("people", _("People")),
    ]
    if "read_monthly_reports" in allowed and is_monthly(case):
        parts.insert(3, ("monthly_reports", _("Monthly reports")))
    if "read_history" in allowed:
        parts.append(("history", _("Readings and history")))
    return [
        {
            "label": label,
            "url": reverse(f"cases:{name}", args=[case.pk]),
            "active": name == active,
            "count": counts.get(name),
        }
        for name, label in parts
    ]


def header_facts(case: Case, now: datetime) -> list[dict[str, Any]]:
    """What stands beside every page of a case."""
    referral = case.referral
    facts = [
        {"label": _("Commissioned by"), "text": case.organ.short_name, "hint": case.prosecutor.name},
        {"label": _("Agency"), "text": case.agency.short_name},
        {"label": _("Services"), "text": services_of(case)},
        {"label": _("Person served"), "text": vocabulary.label("subject_type", referral.subject_type)},
        {"label": _("Stage"), "text": joined([_label("stage", referral.stage), _label("custody", referral.custody)])},
        {"label": _("Time limit of the referral"), "text": day_words(referral.due_on)},
        {"label": _("First contact"), "text": day_words(case.first_contact_at) or _("Not yet")},
    ]
    return facts


def brief_facts(paragraphs: Sequence[Any], answers: Sequence[Any], package: Sequence[Any]) -> list[dict[str, Any]]:
    """What the referral says, paragraph by paragraph, what was asked and answered, what an agency before handed over.

    Texts opened by the caller.
    """
    told = [(vocabulary.label("paragraph_kind", row.kind), row.text["body"]) for row in paragraphs]
    told += [(str(REMARKS[row.kind]), row.text["body"]) for row in answers]
    told += [(part["title"], part["body"]) for row in package for part in package_parts(row)]
    return [{"label": label, "text": text, "wide": True} for label, text in told]


def document_lines(case: Case, documents: Sequence[Any]) -> list[dict[str, Any]]:
    """Issued documents for the list of attachments."""
    return [
        {
            "name": row.file.name,
            "url": reverse("cases:document", args=[case.pk, row.file_id]),
            "size": filesizeformat(row.file.size),
            "kind": row.kind,
            "at": day_words(row.issued_at),
            "who": row.issued_by.name,
        }
        for row in documents
    ]


def list_page(rows: list[dict[str, Any]], filters: Iterable[tuple[str, str, str]], query: Any, listed: Any, count: int) -> dict[str, Any]:
    """The list of cases with its filters, orders, and what it says when it is empty."""
    in_force = [
        {"label": f"{label}{_(': ')}{value}", "remove_url": _without(query, name)}
        for name, label, value in filters
    ]
    words = _list_words(get_language())
    chosen = query.get("sort") if query.get("sort") in dict(words.orders) else "due"
    worklist = {
        "title": words.title,
        "count": count_words(count) if count else "",
        "columns": words.columns,
        "rows": rows,
        "filters": in_force,
        "cut": cut_words(listed.grounds),
        "empty": {
            "title": _("No case matches."),
            "reason": _("Remove a filter, or wait: a case appears here as soon as you are assigned to it."),
        },
    }
    chips = [
        {"label": label, "url": _with(query, sort=name), "active": name == chosen, "count": None}
        for name, label in words.orders
    ]
    chips += [
        {"label": label, "url": _with(query, due=name), "active": query.get("due") == name, "count": None}
        for name, label in words.dues
    ]
    return {"title": words.title, "worklist": worklist, "listed": listed, "chips": chips}


def cut_words(grounds: Sequence[Any]) -> str:
    """Why these cases are listed and no others."""
    reasons = "".join(str(sentence) for sentence in grounds)
    return _("Only cases open to you are listed. %(reasons)s") % {"reasons": reasons} if reasons else ""


def _without(query: Any, name: str) -> str:
    kept = query.copy()
    for gone in (name, "after"):
        kept.pop(gone, None)
    return f"?{kept.urlencode()}"


def _with(query: Any, **chosen: str) -> str:
    if not query:
        return f"?{urlencode(chosen)}"
    kept = query.copy()
    kept.pop("after", None)
    for name, value in chosen.items():
        kept[name] = value
    return f"?{kept.urlencode()}"


def _label(name: str, code: str) -> str:
    return vocabulary.label(name, code) if code else ""


def day_words(value: Any) -> str:
    if value is None:
        return ""
    return date_format(timezone.localtime(value) if isinstance(value, datetime) else value, "DATE_FORMAT")
