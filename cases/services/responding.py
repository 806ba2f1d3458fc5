"""The report goes to the prosecutor, who answers it section by section (domain 6.2, 10.13)."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cases import documents
from cases import queries_reports as queries
from cases.models import Case, CaseDecision, Report, ReportResponse, ReportSection, SectionResponse
from cases.models.reporting import SECTIONS
from cases.services.clocks import NAMED_DAY, REPORT_CLOCKS, refresh_next_act, time_limit_rule
from cases.services.ending import decide
from cases.states import CASE, REPORT
from referrals.models import IssuedDocument
from socialwork.access import api as access
from socialwork.core import vocabulary
from socialwork.core.errors import Blocked, DomainError, Moved
from socialwork.deadlines import services as clocks
from socialwork.files.services import store_file
from socialwork.people.dossiers import Dossier, open_dossier
from socialwork.workflow.transitions import run_transition

SUPPLEMENT, EVALUATION = "D2d", "D30"
ACCEPTED, PARTLY, RETURNED, SUPPLEMENTED = "accepted", "partly", "returned", "supplement"
# The heaviest result of a section is that of the whole report.
WEIGHT = (ACCEPTED, PARTLY, SUPPLEMENTED, RETURNED)


def submit_report(*, case: Case, by: Any, at: datetime) -> IssuedDocument:
    """The reviewed report goes to the prosecutor: its document is made, kept with its SHA-256, and its clock ends.

    The supervisor submits (domain 6.7). Raises Moved while the review is not finished.
    """
    with transaction.atomic():
        report = Report.objects.select_for_update(of=("self",)).filter(case=case).first()
        access.require(by, "submit_report", case)
        if report is None:
            raise Moved(_("There is no reviewed report yet."))
        run_transition(report, REPORT["submit_report"], by=by, at=at, facts={"round": report.round})
        run_transition(case, CASE["submit_report"], by=by, at=at, facts={"round": report.round})
        for code in REPORT_CLOCKS if _goes_on(case) else (*REPORT_CLOCKS, NAMED_DAY):
            clocks.meet(subject=case, code=code, at=at)
        document = _issue(report, by=by, at=at)
        refresh_next_act(case, at=at)
    return document


def respond_report(
    *, report: Report, by: Any, at: datetime, results: Mapping[str, tuple[str, str]], result: str, remark: str = "",
    used_for: Iterable[str] = (),
) -> ReportResponse:
    """The prosecutor's answer: (result, remark) by section, and the result of the whole, which must follow from them.

    A section not named is accepted. Accepted or partly accepted ends the writing; returned or a supplement gives the
    report back and starts the clock for it (D2d). Raises DomainError for a result that does not follow, Blocked for
    missing remarks or uses, Moved for the second of two answers.
    """
    uses = list(used_for)
    answers = {key: results.get(key, (ACCEPTED, "")) for key in SECTIONS}
    _check(answers, result, uses)
    with transaction.atomic():
        access.require(by, "respond_report", report)
        report = Report.objects.select_for_update(of=("self",)).select_related("case__referral").get(pk=report.pk)
        round_answered = report.round
        facts = {"result": result, "round": round_answered, "used_for": uses}
        if result in (ACCEPTED, PARTLY):
            _accept(report, uses, facts, by=by, at=at)
        else:
            _send_back(report, answers, facts, by=by, at=at)
        response = _write_response(report, round_answered, answers, result, remark, uses, by=by, at=at)
        refresh_next_act(report.case, at=at)
    return response


def finish_service(*, case: Case, by: Any, at: datetime, remark: str = "") -> Case:
    """The prosecutor confirms that the services of a case without a report are done; the evaluation is next.

    Raises DomainError where a service ends with a report.
    """
    with transaction.atomic():
        access.require(by, "finish_service", case)
        if queries.needs_report(queries.services_of(case.referral)):
            raise DomainError(
                _("A service of this case ends with a report. It is finished by accepting that report."), code="report"
            )
        run_transition(case, CASE["finish_service"], by=by, at=at)
        decide(case, CaseDecision.Kind.FINISH, by=by, at=at, explanation=remark)
        # The services are done; what else was still owed for them is not called for any more.
        clocks.meet(subject=case, code=time_limit_rule(case.referral), at=at)
        clocks.cancel(subject=case, at=at)
        _start_evaluation(case, at=at)
        refresh_next_act(case, at=at)
    return case


def overall(results: Iterable[str]) -> str:
    """The result of the whole report that follows from its sections: the heaviest of them."""
    return max(results, key=WEIGHT.index, default=ACCEPTED)


def _check(answers: Mapping[str, tuple[str, str]], result: str, uses: list[str]) -> None:
    for name in (*(verdict for verdict, _remark in answers.values()), result):
        vocabulary.term("report_review", name)
    for code in uses:
        vocabulary.term("used_for", code)
    found = [
        (f"{key}-remark", _("Say what is missing or wrong in this section."))
        for key, (verdict, remark) in answers.items() if verdict != ACCEPTED and not remark.strip()
    ]
    due = overall(verdict for verdict, _remark in answers.values())
    if result != due:
        sentence = _("By its sections the report is: %(due)s. Confirm this, or change the section that decides it.")
        found.append(("result", sentence % {"due": vocabulary.label("report_review", due)}))
    if result in (ACCEPTED, PARTLY) and not uses:
        found.append(("used_for", _("Say what the report is used for, or that it is not used.")))
    if found:
        raise Blocked(found)


def _accept(report: Report, uses: list[str], facts: dict[str, Any], *, by: Any, at: datetime) -> None:
    run_transition(report, REPORT["accept_report"], by=by, at=at, facts=facts, used_for=uses)
    run_transition(report.case, CASE["accept_report"], by=by, at=at, facts=facts)
    if not _goes_on(report.case):
        _start_evaluation(report.case, at=at)


def _send_back(
    report: Report, answers: Mapping[str, tuple[str, str]], facts: dict[str, Any], *, by: Any, at: datetime
) -> None:
    run_transition(report, REPORT["return_report"], by=by, at=at, facts=facts, round=F("round") + 1)
    case = report.case
    run_transition(case, CASE["return_report"], by=by, at=at, facts=facts, return_count=F("return_count") + 1)
    again = [key for key, (verdict, _remark) in answers.items() if verdict != ACCEPTED]
    ReportSection.objects.filter(report=report, key__in=again).update(review=ReportSection.Review.RETURNED)
    clocks.start(
        code=SUPPLEMENT, subject=case, organ_id=case.organ_id, agency_id=case.agency_id, owner_id=case.lead_id,
        started_at=at, agreement_id=case.agreement_id, referral_id=case.referral_id,
        in_custody=case.referral.custody in {"detained", "arrested"},
    )


def _write_response(
    report: Report, number: int, answers: Mapping[str, tuple[str, str]], result: str, remark: str, uses: list[str], *,
    by: Any, at: datetime,
) -> ReportResponse:
    dossier: Dossier = open_dossier(report.case.juvenile_id)
    response = ReportResponse(
        report=report, round=number, result=result, used_for=uses, responded_at=at, responded_by=by, created_at=at
    )
    dossier.write(response, remark=remark)
    response.save(force_insert=True)
    for section in ReportSection.objects.filter(report=report).order_by("pk"):
        verdict, said = answers[section.key]
        row = SectionResponse(response=response, section=section, result=verdict, created_at=at)
        dossier.write(row, remark=said)
        row.save(force_insert=True)
    return response


def _goes_on(case: Case) -> bool:
    """Whether another service of the case runs by a plan and so outlasts the report."""
    return any(vocabulary.term("service_type", code).extra["needs_plan"] for code in queries.services_of(case.referral))


def _start_evaluation(case: Case, *, at: datetime) -> None:
    """The prosecutor owes the evaluation from the moment the agency's work is done (D30, local practice)."""
    clocks.start(
        code=EVALUATION, subject=case, organ_id=case.organ_id, agency_id=case.agency_id, owner_id=case.prosecutor_id,
        started_at=at, agreement_id=case.agreement_id, referral_id=case.referral_id,
    )


def _issue(report: Report, *, by: Any, at: datetime) -> IssuedDocument:
    dossier = open_dossier(report.case.juvenile_id)
    case = queries.with_matter(Case.objects.all()).get(pk=report.case_id)
    number = documents.report_number(report, at=at)
    content = documents.report_docx(report, case, dossier, at=at, number=number)
    name = documents.file_name(queries.REPORT_KIND, case.juvenile.code, report.round)
    stored = store_file(
        content=content, name=name, content_type=documents.DOCX, thread_id=case.thread_id, by=by, dossier=dossier
    )
    return IssuedDocument.objects.create(
        referral_id=case.referral_id, kind=queries.REPORT_KIND, number=number, round=report.round, file=stored, issued_at=at,
        issued_by=by,
    )
