"""Writing the social investigation report and sending it to the supervisor (domain 4.2, 6.2)."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from cases import queries_reports as queries
from cases.models import Case, Finding, FindingSource, Report, ReportSection, SectionText, ServiceRecord
from cases.models.reporting import REQUIRED_SECTIONS, SECTIONS
from cases.queries_reports import Coverage, Wording
from cases.services.clocks import refresh_next_act
from cases.states import REPORT, WORKING, CaseState
from cases.wording_reports import section_title
from socialwork import audit
from socialwork.access import api as access
from socialwork.core import vocabulary
from socialwork.core.errors import Blocked, DomainError, Moved, Stale
from socialwork.people.dossiers import open_dossier
from socialwork.workflow.transitions import run_transition


@dataclass(frozen=True)
class Blocker:
    """One thing that keeps a report from being sent: the section (empty for the whole), the sentence, and `about` what
    it is: text, facts, heard, or team."""

    section: str
    sentence: Any
    about: str = "text"


def write_report(*, case: Case, by: Any, at: datetime) -> Report:
    """Begin the report of a case: its sections, empty, and its two authors.

    Raises DomainError when no service of the case ends with a report, Moved when it was begun before.
    """
    with transaction.atomic():
        access.require(by, "write_report", case)
        case = Case.objects.select_for_update(of=("self",)).select_related("referral").get(pk=case.pk)
        if case.state not in WORKING or Report.objects.filter(case=case).exists():
            raise Moved()
        if not queries.needs_report(queries.services_of(case.referral)):
            raise DomainError(_("No service of this case ends with a report."), code="no_report")
        report = Report.objects.create(
            case=case, first_author_id=case.lead_id, second_author_id=case.second_id, created_at=at
        )
        for key in SECTIONS:
            ReportSection.objects.create(report=report, key=key, created_at=at)
        audit.record("report.begun", report, by=by, at=at)
        refresh_next_act(case, at=at)
    return report


def write_section(
    *, section: ReportSection, by: Any, at: datetime, version: int, body: str,
    findings: Sequence[tuple[str, Iterable[UUID]]] = (), unsourced_reason: str = "",
) -> ReportSection:
    """Save one section: its text, and findings as (statement, records it rests on) in order.

    The two authors may write different sections at once. Raises Stale with the other text when somebody saved this one
    since `version`, DomainError for a source of another case. An accepted section that is changed is open again.
    """
    with transaction.atomic():
        access.require(by, "write_section", section)
        # The report's row is the lock: no section changes while the report is being sent.
        report = Report.objects.select_for_update(of=("self",)).select_related("case").get(pk=section.report_id)
        access.require(by, "write_section", report)
        case = report.case
        if case.state not in WORKING | {CaseState.SUSPENDED}:
            raise Moved()
        row = ReportSection.objects.get(pk=section.pk)
        dossier = open_dossier(case.juvenile_id)
        before = _loaded(row, dossier)
        if row.version != version:
            raise Stale(_as_typed(before))
        sourced = [(statement, _own_records(case, sources)) for statement, sources in findings]
        dossier.write(row, body=body, unsourced_reason=unsourced_reason)
        _replace_findings(row, sourced, dossier, at)
        after = Wording(row.key, body, tuple(queries.Said(text, tuple(ids)) for text, ids in sourced), unsourced_reason)
        if row.review == ReportSection.Review.ACCEPTED and after != before:
            row.review = ReportSection.Review.OPEN
        row.version, row.edited_at, row.edited_by = row.version + 1, at, by
        row.save()
        facts = {"section": row.key, "findings": len(after.findings), "unsourced": after.unsourced}
        audit.record("report.section_written", report, by=by, at=at, facts=facts)
        refresh_next_act(case, at=at)
    return row


def report_facts(
    *, report: Report, by: Any, at: datetime, version: int, guardianship: str, help_available: bool | None, reoffending: str
) -> Report:
    """Answer the three questions a reader looks for first: guardianship (CPL 280), help available, risk of re-offending.

    The reasons stand in the sections "guardianship" and "assessment". Raises Stale as every versioned save.
    """
    if guardianship:
        vocabulary.term("guardianship", guardianship)
    if reoffending:
        vocabulary.term("risk_level", reoffending)
    with transaction.atomic():
        access.require(by, "report_facts", report)
        row = Report.objects.select_for_update(of=("self",)).select_related("case").get(pk=report.pk)
        if row.version != version:
            raise Stale(
                {
                    "guardianship": row.guardianship, "help_available": row.help_available, "reoffending": row.reoffending,
                }
            )
        row.guardianship, row.help_available, row.reoffending = guardianship, help_available, reoffending
        row.version += 1
        row.save(update_fields=["guardianship", "help_available", "reoffending", "version"])
        facts = {"guardianship": guardianship, "help_available": help_available, "reoffending": reoffending}
        audit.record("report.facts_reported", row, by=by, at=at, facts=facts)
        refresh_next_act(row.case, at=at)
    return row


def send_report_for_review(*, report: Report, by: Any, at: datetime) -> Report:
    """Hand the report to the supervisor: its texts are fixed under the next number, and the authors are those of today.

    A section accepted before and unchanged since stays accepted. Raises Blocked with everything that is missing (V11).
    """
    with transaction.atomic():
        access.require(by, "send_report_for_review", report)
        locked = Report.objects.select_for_update(of=("self",)).select_related("case__referral").get(pk=report.pk)
        case = locked.case
        if case.state not in WORKING:
            raise Moved()
        dossier = open_dossier(case.juvenile_id)
        sections = queries.sections_of(locked)
        texts = queries.opened(dossier, sections)
        found = blockers(locked, texts, queries.coverage(case))
        if found:
            raise Blocked([(None, blocker.sentence) for blocker in found])
        fixed = queries.fixed_texts(locked, dossier)
        number = queries.latest_number(locked) + 1
        run_transition(
            report, REPORT["send_report_for_review"], by=by, at=at, facts={"number": number}, first_author_id=case.lead_id,
            second_author_id=case.second_id, reviewed_at=None, reviewed_by=None, read_at=None, read_by=None,
        )
        for section in sections:
            _fix(section, texts[section.key], fixed.get(section.key), number, dossier, at)
        refresh_next_act(case, at=at)
    return report


def blockers(report: Report, texts: dict[str, Wording], heard: Coverage) -> list[Blocker]:
    """What keeps the report from being sent, all of it at once (V11, V5, domain 4.2)."""
    found = []
    for key in REQUIRED_SECTIONS:
        if texts[key].empty:
            found.append(Blocker(key, _("%(section)s: this section is empty.") % {"section": section_title(key)}))
    for key, text in texts.items():
        if text.unsourced and not text.unsourced_reason.strip():
            sentence = _("%(section)s: %(count)s findings have no source. Cite one, or give the reason.")
            found.append(Blocker(key, sentence % {"section": section_title(key), "count": text.unsourced}))
    if not heard.enough:
        names = pgettext("between items of a list", ", ").join(vocabulary.label("interviewee_class", name) for name in heard.missing)
        sentence = _("Too few people were heard. Still missing: %(names)s. Log the interview, then send the report.")
        found.append(Blocker("", sentence % {"names": names}, "heard"))
    if not (report.guardianship and report.reoffending) or report.help_available is None:
        sentence = _("Answer the questions about guardianship, help and the risk of re-offending.")
        found.append(Blocker("", sentence, "facts"))
    if report.case.supervisor_id is None:
        sentence = _("The case has no supervisor who could review the report. Ask the manager to name one.")
        found.append(Blocker("", sentence, "team"))
    elif report.case.supervisor_id in {report.case.lead_id, report.case.second_id}:
        sentence = _("The supervisor is one of the authors. Nobody reviews the own work: ask the manager to name another.")
        found.append(Blocker("", sentence, "team"))
    return found


def _loaded(row: ReportSection, dossier: Any) -> Wording:
    findings = list(row.findings.order_by("position").prefetch_related("sources"))
    dossier.read(row, *findings)
    return queries.wording_of(row, findings)


def _own_records(case: Case, sources: Iterable[UUID]) -> list[UUID]:
    wanted = set(sources)
    known = ServiceRecord.objects.filter(case=case, pk__in=wanted).order_by("pk").values_list("pk", flat=True)
    found = sorted(known)
    if len(found) != len(wanted):
        raise DomainError(
            _("A source does not belong to this case. Choose among the records offered."), code="source", field="findings"
        )
    return found


def _replace_findings(row: ReportSection, findings: Sequence[tuple[str, list[UUID]]], dossier: Any, at: datetime) -> None:
    Finding.objects.filter(section=row).delete()
    for position, (statement, sources) in enumerate(findings):
        finding = Finding(section=row, position=position, created_at=at)
        dossier.write(finding, statement=statement)
        finding.save(force_insert=True)
        FindingSource.objects.bulk_create(FindingSource(finding=finding, record_id=record_id) for record_id in sources)


def _fix(
    section: ReportSection, text: Wording, before: Wording | None, number: int, dossier: Any, at: datetime
) -> None:
    findings = [{"statement": said.statement, "sources": [str(pk) for pk in said.sources]} for said in text.findings]
    row = SectionText(section=section, number=number, fixed_at=at, created_at=at)
    dossier.write(row, body=text.body, findings=findings)
    row.save(force_insert=True)
    same = before is not None and (before.body, before.findings) == (text.body, text.findings)
    if not (same and section.review == ReportSection.Review.ACCEPTED):
        ReportSection.objects.filter(pk=section.pk).update(review=ReportSection.Review.OPEN)


def _as_typed(text: Wording) -> dict[str, Any]:
    return {
        "body": text.body, "unsourced_reason": text.unsourced_reason,
        "findings": "\n".join(said.statement for said in text.findings),
    }
