"""The monthly report: written and sent in one go, read, answered or sent back (F25, V21, D12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases import documents
from cases.models import Case, MonthlyReport
from cases.models.monthly import HIGHEST_SCORE
from cases.queries_monthly import Figures, Month, figures_of, risk_before, tasks_of, with_case
from cases.services.clocks import refresh_next_act
from cases.services.months import MONTHLY_CLOCK, is_guided, start_clock
from cases.states import MONTHLY
from referrals.models import IssuedDocument
from socialwork.access import api as access
from socialwork.core import vocabulary
from socialwork.core.errors import Blocked, DomainError, Stale
from socialwork.deadlines import services as clocks
from socialwork.files.services import store_file
from socialwork.people.dossiers import Dossier, open_dossier
from socialwork.workflow.transitions import run_transition

MONTHLY_KIND = "F25"
# What may have changed during the month; the words stand in the text `changes`.
CHANGES = ("address", "school", "job", "phone")
WRITTEN = ("breaches", "changes", "progress", "problems", "next_month", "request", "missed_reason")


@dataclass(frozen=True)
class Judgement:
    """What the worker says in codes and numbers: cooperation of the guardian 1–5, the risk now, days on leave, what
    changed, and a score of 0–100 where the place keeps one (advisory, local practice)."""

    cooperation: int
    risk_now: str
    leave_days: int = 0
    changed: tuple[str, ...] = ()
    score: int | None = None


def write_monthly_report(
    *, report: MonthlyReport, by: Any, at: datetime, version: int, judgement: Judgement, text: Mapping[str, str]
) -> MonthlyReport:
    """Send the report on a month to the prosecutor: figures and goals are computed and kept, the document is issued,
    the clock ends. From here on nobody changes it, unless the prosecutor sends it back.

    Raises Blocked with every field that is missing (V21: contacts that were not held need an explanation), Stale when
    it was sent and returned since the page was opened, Moved when somebody sent it meanwhile.
    """
    with transaction.atomic():
        # The case first, as everywhere: whoever ends the case at this moment goes before or after.
        case = Case.objects.select_for_update(of=("self",)).get(pk=report.case_id)
        access.require(by, "write_monthly_report", report)
        row = with_case(MonthlyReport.objects.all()).get(pk=report.pk)
        dossier = open_dossier(case.juvenile_id)
        if row.version != version:
            dossier.read(row)
            raise Stale({name: row.text[name] for name in WRITTEN} if row.text else {})
        figures = figures_of(row.case, Month.parse(row.month))
        _check(judgement, text, figures)
        _fix(row, judgement, figures, text, dossier, by=by, at=at)
        _issue(row, dossier, by=by, at=at)
        clocks.meet(subject=case, code=MONTHLY_CLOCK, at=at, occurrence=row.month)
        refresh_next_act(case, at=at)
    return row


def _fix(
    row: MonthlyReport,
    judgement: Judgement,
    figures: Figures,
    text: Mapping[str, str],
    dossier: Dossier,
    *,
    by: Any,
    at: datetime,
) -> None:
    """Everything the report says, as it stands at this moment; an earlier answer belongs to the round before."""
    month, again = Month.parse(row.month), row.round + 1
    facts = {"month": row.month, "round": again, "missing": figures.contacts_missing}
    unanswered = dict.fromkeys(("read_at", "read_by", "answered_at", "answered_by"))
    columns = {
        **_columns(judgement),
        **unanswered,
        "round": again,
        "figures": figures.stored(),
        "risk_before": risk_before(row.case, month),
    }
    run_transition(row, MONTHLY["write_monthly_report"], by=by, at=at, facts=facts, **columns)
    words = {name: text.get(name, "").strip() for name in WRITTEN}
    dossier.read(row)
    dossier.write(row, tasks=tasks_of(row.case, month), return_reason="", **words)
    row.save(update_fields=["sealed"])


def reply_monthly_report(*, report: MonthlyReport, by: Any, at: datetime, reply: str) -> MonthlyReport:
    """The prosecutor answers: what was seen, what is to be done next month."""
    return _answer(report, "reply_monthly_report", by=by, at=at, reply=reply)


def return_monthly_report(*, report: MonthlyReport, by: Any, at: datetime, return_reason: str) -> MonthlyReport:
    """The prosecutor sends the report back with a reason; while the guidance goes on its clock starts anew."""
    with transaction.atomic():
        row = _answer(report, "return_monthly_report", by=by, at=at, return_reason=return_reason)
        if is_guided(row.case):
            start_clock(row.case, row.month, started_at=at)
            refresh_next_act(row.case, at=at)
    return row


def mark_monthly_read(*, report: MonthlyReport, by: Any, at: datetime) -> None:
    """The prosecutor in charge looked at the report that was sent: the worker sees when. Only the first time counts."""
    if report.case.prosecutor_id == by.pk and report.submitted_at is not None:
        MonthlyReport.objects.filter(pk=report.pk, read_at__isnull=True).update(read_at=at, read_by=by)


def _answer(report: MonthlyReport, verb: str, *, by: Any, at: datetime, **prose: str) -> MonthlyReport:
    field, words = next(iter(prose.items()))
    if not words.strip():
        raise DomainError(_("Write what the agency should know."), code="required", field=field)
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=report.case_id)
        run_transition(report, MONTHLY[verb], by=by, at=at, facts={"month": report.month, "round": report.round})
        mark_monthly_read(report=report, by=by, at=at)
        dossier = open_dossier(case.juvenile_id)
        dossier.read(report)
        dossier.write(report, **{field: words.strip()})
        report.save(update_fields=["sealed"])
        refresh_next_act(case, at=at)
    return report


def _check(judgement: Judgement, text: Mapping[str, str], figures: Figures) -> None:
    vocabulary.term("risk_level", judgement.risk_now)
    found: list[tuple[str | None, Any]] = []
    if not 1 <= judgement.cooperation <= 5:
        found.append(("cooperation", _("Choose a value from 1 to 5.")))
    if judgement.score is not None and not 0 <= judgement.score <= HIGHEST_SCORE:
        found.append(("score", _("Give a whole number from 0 to %(most)s.") % {"most": HIGHEST_SCORE}))
    if not 0 <= judgement.leave_days <= 31:
        found.append(("leave_days", _("Give the days of the month, from 0 to 31.")))
    if set(judgement.changed) - set(CHANGES):
        found.append(("changed", _("Choose one of the values offered.")))
    if judgement.changed and not text.get("changes", "").strip():
        found.append(("changes", _("Say what changed, and since when.")))
    found += [(name, _("Fill this in.")) for name in ("progress", "next_month") if not text.get(name, "").strip()]
    if figures.contacts_missing and not text.get("missed_reason", "").strip():
        sentence = _(
            "%(missing)s of %(planned)s contacts are missing. Log what was held, or explain why they were not held."
        )
        numbers = {"missing": figures.contacts_missing, "planned": figures.contacts_planned}
        found.append(("missed_reason", sentence % numbers))
    if found:
        raise Blocked(found)


def _columns(judgement: Judgement) -> dict[str, Any]:
    return {
        "score": judgement.score,
        "leave_days": judgement.leave_days,
        "changed": list(judgement.changed),
        "cooperation": judgement.cooperation,
        "risk_now": judgement.risk_now,
    }


def _issue(report: MonthlyReport, dossier: Dossier, *, by: Any, at: datetime) -> None:
    """The document of this round; rounds of one referral are counted over all its months."""
    case = report.case
    issued = IssuedDocument.objects.filter(referral_id=case.referral_id, kind=MONTHLY_KIND).count() + 1
    stored = store_file(
        content=documents.monthly_docx(report, dossier, at=at),
        name=documents.monthly_file_name(report),
        content_type=documents.DOCX,
        thread_id=case.thread_id,
        by=by,
        dossier=dossier,
    )
    document = IssuedDocument.objects.create(
        referral_id=case.referral_id,
        kind=MONTHLY_KIND,
        number=report.month,
        round=issued,
        file=stored,
        issued_at=at,
        issued_by=by,
    )
    report.document = document
    report.save(update_fields=["document"])
