"""The supervisor reads a report section by section, and records one by one; nobody reviews the own work."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases import queries_reports as queries
from cases.models import Report, ReportSection, ReviewComment, SectionReview, ServiceRecord
from cases.services.clocks import refresh_next_act
from cases.states import RECORD, REPORT
from socialwork import audit
from socialwork.access import api as access
from socialwork.core.errors import Blocked, DomainError, Moved
from socialwork.people.dossiers import Dossier, open_dossier
from socialwork.workflow.transitions import run_transition

Review = ReportSection.Review


def accept_section(*, section: ReportSection, by: Any, at: datetime, comment: str = "", quote: str = "") -> ReportSection:
    """The section stands as it is. A comment may go with it and stays open until the author settles it."""
    return _decide(section, Review.ACCEPTED, "accept_section", by=by, at=at, comment=comment, quote=quote)


def return_section(*, section: ReportSection, by: Any, at: datetime, comment: str = "", quote: str = "") -> ReportSection:
    """The section must be rewritten. Raises DomainError without a comment, unless one of this round is still open."""
    return _decide(section, Review.RETURNED, "return_section", by=by, at=at, comment=comment, quote=quote)


def comment_section(*, section: ReportSection, by: Any, at: datetime, comment: str, quote: str = "") -> ReviewComment:
    """Say something about a section, on a passage where one is quoted, without deciding about it yet."""
    if not comment.strip():
        raise DomainError(_("Write the comment."), code="required", field="comment")
    with transaction.atomic():
        report = _in_review(section, "comment_section", by)
        said = _say(section, report, comment, quote, by=by, at=at)
        _mark_read(report, by=by, at=at)
        audit.record("report.section_commented", report, by=by, at=at, facts={"section": section.key})
    return said


def settle_comment(*, comment: ReviewComment, by: Any, at: datetime) -> ReviewComment:
    """The author has dealt with a comment. Raises Moved when it was settled before."""
    with transaction.atomic():
        access.require(by, "settle_comment", comment)
        changed = ReviewComment.objects.filter(pk=comment.pk, settled_at__isnull=True).update(settled_at=at, settled_by=by)
        if not changed:
            raise Moved()
        comment.refresh_from_db()
        target = comment.section.report if comment.section_id else comment.record
        audit.record("report.comment_settled", target, by=by, at=at, facts={"comment": str(comment.pk)})
    return comment


def finish_review(*, report: Report, by: Any, at: datetime) -> Report:
    """Every section is accepted: the report may go to the prosecutor. Raises Blocked while one is not."""
    with transaction.atomic():
        access.require(by, "finish_review", report)
        _lock(report)
        open_sections = ReportSection.objects.filter(report=report).exclude(review=Review.ACCEPTED).count()
        if open_sections:
            sentence = _("%(count)s sections are not accepted yet. Accept or return each of them.")
            raise Blocked([(None, sentence % {"count": open_sections})])
        run_transition(report, REPORT["finish_review"], by=by, at=at, facts={"number": queries.latest_number(report)})
        refresh_next_act(report.case, at=at)
    return report


def return_for_rewriting(*, report: Report, by: Any, at: datetime) -> Report:
    """At least one section was returned: the authors have it again. Raises Blocked when none was."""
    with transaction.atomic():
        access.require(by, "return_for_rewriting", report)
        _lock(report)
        returned = ReportSection.objects.filter(report=report, review=Review.RETURNED).order_by("pk")
        keys = list(returned.values_list("key", flat=True))
        if not keys:
            raise Blocked([(None, _("Return at least one section, with a comment, before the report goes back."))])
        facts = {"number": queries.latest_number(report), "sections": keys}
        run_transition(report, REPORT["return_for_rewriting"], by=by, at=at, facts=facts)
        refresh_next_act(report.case, at=at)
    return report


def review_record(*, record: ServiceRecord, by: Any, at: datetime) -> ServiceRecord:
    """The supervisor has read a record; the author sees it."""
    return run_transition(record, RECORD["review_record"], by=by, at=at)


def return_record(*, record: ServiceRecord, by: Any, at: datetime, comment: str, quote: str = "") -> ServiceRecord:
    """The supervisor asks for a correction, with a comment."""
    if not comment.strip():
        raise DomainError(_("Write what is to be corrected."), code="required", field="comment")
    with transaction.atomic():
        run_transition(record, RECORD["return_record"], by=by, at=at)
        said = ReviewComment(record=record, said_at=at, said_by=by, created_at=at)
        open_dossier(record.case.juvenile_id).write(said, body=comment, quote=quote)
        said.save(force_insert=True)
    return record


def _decide(section: ReportSection, verdict: Review, action: str, *, by: Any, at: datetime, comment: str, quote: str) -> ReportSection:
    accepted = verdict == Review.ACCEPTED
    with transaction.atomic():
        report = _in_review(section, action, by)
        if not (accepted or comment.strip() or _said_this_round(section, report)):
            raise DomainError(
                _("Say what is to be changed, so that the authors can do it."), code="required", field="comment"
            )
        if comment.strip():
            _say(section, report, comment, quote, by=by, at=at)
        number = queries.latest_number(report)
        SectionReview.objects.create(
            section=section, text_number=number, accepted=accepted, decided_at=at, decided_by=by
        )
        ReportSection.objects.filter(pk=section.pk).update(review=verdict)
        section.review = verdict
        _mark_read(report, by=by, at=at)
        verb = "report.section_accepted" if accepted else "report.section_returned"
        audit.record(verb, report, by=by, at=at, facts={"section": section.key, "number": number})
    return section


def _in_review(section: ReportSection, action: str, by: Any) -> Report:
    """The report of the section, locked, once the right and the state were asked again."""
    access.require(by, action, section)
    report = Report.objects.select_for_update(of=("self",)).select_related("case").get(pk=section.report_id)
    access.require(by, "review_report", report)
    return report


def _lock(report: Report) -> None:
    # Verdicts take the same lock, so none can slip in between the question and the transition.
    Report.objects.select_for_update().get(pk=report.pk)


def _said_this_round(section: ReportSection, report: Report) -> bool:
    return ReviewComment.objects.filter(section=section, settled_at__isnull=True, said_at__gte=report.sent_at).exists()


def _mark_read(report: Report, *, by: Any, at: datetime) -> None:
    """The authors see from the first remark or verdict of a round on that the report is being read."""
    Report.objects.filter(pk=report.pk, read_at__isnull=True).update(read_at=at, read_by=by)


def _say(section: ReportSection, report: Report, comment: str, quote: str, *, by: Any, at: datetime) -> ReviewComment:
    dossier = open_dossier(report.case.juvenile_id)
    quote = _standing(section, report, dossier, quote)
    row = ReviewComment(section=section, said_at=at, said_by=by, created_at=at)
    dossier.write(row, body=comment.strip(), quote=quote)
    row.save(force_insert=True)
    return row


def _standing(section: ReportSection, report: Report, dossier: Dossier, quote: str) -> str:
    """The quoted passage as it stands in the text. Raises DomainError when it does not."""
    wanted = quote.replace("\r\n", "\n").strip()
    if not wanted:
        return ""
    text = queries.fixed_texts(report, dossier).get(section.key)
    if text is None or wanted not in text.whole.replace("\r\n", "\n"):
        raise DomainError(
            _("This passage does not stand in the text. Select it again, or leave the field empty."), code="quote",
            field="quote",
        )
    return wanted
