"""Word files of a case: reports (F09, F25), closing report (F35) and evaluation (F38), in official Chinese."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cases import queries_reports as queries
from cases.models import Case, CaseDecision, Evaluation, MonthlyReport, PlanGoal, Report, ServiceRecord
from cases.models.recording import RecordKind
from cases.models.reporting import SECTIONS
from cases.queries_monthly import Figures, Month, worked_days
from cases.queries_reports import Wording
from cases.states import PlanState
from cases.wording_monthly import FIGURES, in_words, month_words, touched_words
from cases.wording_reports import SECTION_TITLES, source_mark
from referrals.models import IssuedDocument
from socialwork.accounts.models import Certificate
from socialwork.core import letter_contexts as letters
from socialwork.core import vocabulary
from socialwork.core.letters import official_date, render_letter
from socialwork.core.sequences import next_serial
from socialwork.people.dossiers import Dossier
from socialwork.people.models import Identity

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Letters are official documents of China, whatever language the screen has.
LANGUAGE = "zh-hans"
TITLES = {
    "F09": gettext_lazy("Social investigation report"),
    "F25": gettext_lazy("Monthly report of guidance"),
    "F35": gettext_lazy("Closing report"),
    "F38": gettext_lazy("Case evaluation form"),
}


def file_name(kind: str, code: str, number: int | None = None, *, draft: bool = False) -> str:
    """Name offered to a person who saves the file: form, work code, round; never the name of a child."""
    with translation.override(LANGUAGE):
        round_words = _("submission %(number)s") % {"number": number} if number else ""
        parts = [str(TITLES[kind]), code, _("draft") if draft else round_words]
    return f"{'_'.join(filter(None, parts))}.docx"


def report_number(report: Report, *, at: datetime) -> str:
    """Number of the report at the agency: given at the first submission, kept in later rounds."""
    earlier = IssuedDocument.objects.filter(referral__case=report.case_id, kind=queries.REPORT_KIND).order_by("round")
    given = earlier.values_list("number", flat=True).first()
    if given:
        return given
    agency, year = report.case.agency, timezone.localtime(at).year
    serial = next_serial(scope=agency.pk, kind="report", year=year)
    with translation.override(LANGUAGE):
        return _("%(prefix)s report [%(year)s] no. %(serial)s") % {
            "prefix": agency.letter_prefix or agency.short_name, "year": year, "serial": serial,
        }


def report_docx(
    report: Report, case: Case, dossier: Dossier, *, at: datetime, number: str = "", texts: Mapping[str, Wording] | None = None,
    named: bool = True,
) -> bytes:
    """The report as a Word file. Without `texts` it is the text as last fixed; with them a draft, marked as one.

    `named` prints the child's name beside the work code: for those who may know it.
    """
    draft = texts is not None
    words = texts if texts is not None else queries.fixed_texts(report, dossier)
    with translation.override(LANGUAGE):
        marks = _marks(case, words)
        context = letters.InvestigationReport(
            agency=case.agency.name, organ=case.organ.name, number=_("(draft)") if draft else number,
            referral_number=case.referral.number, subject_code=case.juvenile.code,
            subject_name=_name(case, dossier) if named else "",
            sections=tuple(_section(key, words.get(key), marks) for key in SECTIONS[:10]),
            sources=_sources(marks), dissent=_paragraphs(words.get("dissent")),
            attachments=_paragraphs(words.get("attachments")), signatories=_signatories(case),
            signed_on=official_date(timezone.localdate(at)),
        )
        content = render_letter("investigation_report", context)
    return _marked_as_draft(content) if draft else content


def evaluation_docx(case: Case, evaluation: Evaluation, dossier: Dossier, *, total: int, grade: str, full: Mapping[str, int]) -> bytes:
    """The evaluation form of a case (F38). `full` is the most each part can have."""
    dossier.read(evaluation)
    with translation.override(LANGUAGE):
        parts = tuple(
            letters.EvaluationPart(
                name=vocabulary.label("evaluation_part", "discipline" if part == "confidentiality" else part),
                full_points=str(most), points=str(getattr(evaluation, part)),
            )
            for part, most in full.items()
        )
        context = letters.EvaluationForm(
            organ=case.organ.name, agency=case.agency.name, referral_number=case.referral.number,
            subject_code=case.juvenile.code, services=_services(case), period=_period(case, evaluation.evaluated_at),
            parts=parts,
            vetoes=tuple(
                letters.VetoItem(name=term.label, found=term.code in evaluation.vetoes)
                for term in vocabulary.terms("evaluation_veto")
            ),
            total=str(total), grade=vocabulary.label("evaluation_grade", grade), evaluator=evaluation.evaluated_by.name,
            opinion=(evaluation.text["remark"],) if evaluation.text["remark"] else (),
            signed_on=official_date(timezone.localdate(evaluation.evaluated_at)),
        )
        return render_letter("evaluation_form", context)


def closing_docx(case: Case, dossier: Dossier) -> bytes:
    """The closing report of a closed case (F35)."""
    decision = CaseDecision.objects.filter(case=case, kind=CaseDecision.Kind.CLOSE).order_by("-decided_at").first()
    goals = list(PlanGoal.objects.filter(plan__case=case, plan__state=PlanState.APPROVED).order_by("position"))
    if decision:
        dossier.read(decision)
    dossier.read(*goals)
    text: Mapping[str, Any] = decision.text if decision else dict.fromkeys(CaseDecision.PROSE, "")
    with translation.override(LANGUAGE):
        context = letters.ClosingReport(
            agency=case.agency.name, organ=case.organ.name, referral_number=case.referral.number,
            subject_code=case.juvenile.code, services=_services(case), opened_on=_day(case.created_at),
            closed_on=_day(case.closed_at), reason=vocabulary.label("closure_reason", case.closure_reason),
            reason_explanation=_lines(text["explanation"]), figures=_figures(case),
            goals=tuple(
                letters.GoalResult(
                    goal=goal.text["goal"], result=vocabulary.label("goal_result", goal.result) if goal.result else "",
                    evidence=goal.text["measure"],
                )
                for goal in goals
            ),
            unresolved=_lines(text["unresolved"]), follow_ups=_visits(case), client_opinion=_lines(text["client_opinion"]),
            guardian_opinion=_lines(text["guardian_opinion"]), signatories=_signatories(case), signed_on=_day(case.closed_at),
        )
        return render_letter("closing_report", context)


def monthly_file_name(report: MonthlyReport) -> str:
    """Name offered to a person who saves the monthly report: form, work code, month, how often it was sent."""
    with translation.override(LANGUAGE):
        again = _("submission %(number)s") % {"number": report.round} if report.round > 1 else ""
        parts = [str(TITLES["F25"]), report.case.juvenile.code, report.month, again]
    return f"{'_'.join(filter(None, parts))}.docx"


def monthly_docx(report: MonthlyReport, dossier: Dossier, *, at: datetime) -> bytes:
    """The monthly report (F25) as it is sent; its words opened."""
    case, text, month = report.case, report.text or {}, Month.parse(report.month)
    figures, worked = Figures.load(report.figures), worked_days(case, month)
    with translation.override(LANGUAGE):
        context = letters.MonthlyReport(
            agency=case.agency.name, organ=case.organ.name, referral_number=case.referral.number,
            subject_code=case.juvenile.code, subject_name=_name(case, dossier), services=_services(case),
            month=month_words(report.month),
            period=_("%(start)s to %(end)s") % {"start": official_date(worked[0]), "end": official_date(worked[-1])},
            figures=tuple(
                letters.LabelledText(label=str(label), text=in_words(name, getattr(figures, name)))
                for name, (label, _unit) in FIGURES.items()
            ),
            situation=_situation(report),
            tasks=tuple(
                letters.MonthlyTask(
                    goal=task["goal"], touched=touched_words(task["touched"]),
                    result=vocabulary.label("task_result", task["result"]) if task["result"] else "",
                )
                for task in text["tasks"] or ()
            ),
            signatories=_monthly_signatories(case), signed_on=official_date(timezone.localdate(at)),
            **{
                name: _lines(text[name])
                for name in ("missed_reason", "breaches", "changes", "progress", "problems", "next_month", "request")
            },
        )
        return render_letter("monthly_report", context)


def _situation(report: MonthlyReport) -> tuple[letters.LabelledText, ...]:
    """What the worker judged, in codes and numbers."""
    before = vocabulary.label("risk_level", report.risk_before) if report.risk_before else _("Not rated")
    rows = [
        (_("Cooperation of the guardian (1–5)"), str(report.cooperation)),
        (_("Risk level before"), before),
        (_("Risk level now"), vocabulary.label("risk_level", report.risk_now)),
        (_("Days on leave"), _("%(number)s days") % {"number": report.leave_days}),
    ]
    if report.score is not None:
        rows.append((_("Score (0–100, advisory)"), str(report.score)))
    return tuple(letters.LabelledText(label=label, text=text) for label, text in rows)


def _monthly_signatories(case: Case) -> tuple[letters.Signatory, ...]:
    people = [(_("Lead worker"), case.lead), (_("Second worker"), case.second)]
    if case.supervisor:
        people.append((_("Professional supervisor"), case.supervisor))
    held = _qualifications([person.pk for _duty, person in people])
    return tuple(
        letters.Signatory(duty=duty, name=person.name, qualification=held.get(person.pk, "")) for duty, person in people
    )


def _section(key: str, text: Wording | None, marks: Mapping[UUID, tuple[str, ServiceRecord]]) -> letters.ReportSection:
    if text is None:
        return letters.ReportSection(heading=str(SECTION_TITLES[key]))
    findings = tuple(
        letters.Finding(
            text=said.statement, sources=tuple(mark for source, (mark, _record) in marks.items() if source in said.sources)
        )
        for said in text.findings
    )
    return letters.ReportSection(heading=str(SECTION_TITLES[key]), paragraphs=_lines(text.body), findings=findings)


def _paragraphs(text: Wording | None) -> tuple[str, ...]:
    return _lines(text.body) + tuple(said.statement for said in text.findings) if text else ()


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _marks(case: Case, words: Mapping[str, Wording]) -> dict[UUID, tuple[str, ServiceRecord]]:
    """The mark of every record cited, by date."""
    cited = {source for text in words.values() for said in text.findings for source in said.sources}
    known = queries.sources(ServiceRecord.objects.all(), case)
    return {
        pk: (source_mark(interview=source.interview, number=source.number), source.record)
        for pk, source in known.items() if pk in cited
    }


def _sources(marks: Mapping[UUID, tuple[str, ServiceRecord]]) -> tuple[letters.ReportSource, ...]:
    return tuple(
        letters.ReportSource(
            mark=mark, kind=vocabulary.label("record_kind", record.kind), description=_described(record),
            obtained_on=_day(record.started_at),
        )
        for mark, record in marks.values()
    )


def _described(record: ServiceRecord) -> str:
    """Who, how and where, in code: no name of an interviewee."""
    codes = (("interviewee", record.interviewee), ("method", record.method), ("place_type", record.place))
    return pgettext("between items of a list", ", ").join(vocabulary.label(name, code) for name, code in codes if code)


def _signatories(case: Case) -> tuple[letters.Signatory, ...]:
    people = [(_("Investigator (lead)"), case.lead), (_("Investigator (second)"), case.second)]
    if case.supervisor:
        people.append((_("Professional supervisor"), case.supervisor))
    held = _qualifications([person.pk for _duty, person in people])
    return tuple(
        letters.Signatory(duty=duty, name=person.name, qualification=held.get(person.pk, "")) for duty, person in people
    )


def _qualifications(people: Sequence[UUID]) -> dict[UUID, str]:
    """The newest certificate of each person, in words."""
    rows = Certificate.objects.filter(staff__user__in=people).order_by("issued_on", "pk").values_list("staff__user_id", "kind")
    return {person: vocabulary.label("certificate", kind) for person, kind in rows}


def _name(case: Case, dossier: Dossier) -> str:
    identity = Identity.objects.get(juvenile_id=case.juvenile_id)
    dossier.read(identity)
    return identity.text["name"]


def _services(case: Case) -> tuple[str, ...]:
    return tuple(vocabulary.label("service_type", code) for code in queries.services_of(case.referral))


def _period(case: Case, until: datetime) -> str:
    return _("%(start)s to %(end)s") % {"start": _day(case.created_at), "end": _day(case.closed_at or until)}


def _figures(case: Case) -> tuple[letters.LabelledText, ...]:
    kinds = ServiceRecord.objects.filter(case=case, happened=True, attended=True).order_by().values_list("kind", flat=True)
    counted: dict[str, int] = {}
    for kind in kinds:
        counted[kind] = counted.get(kind, 0) + 1
    return tuple(
        letters.LabelledText(label=vocabulary.label("record_kind", kind), text=_("%(count)s times") % {"count": counted[kind]})
        for kind in RecordKind.values if kind in counted
    )


def _visits(case: Case) -> tuple[letters.FollowUp, ...]:
    rows = case.follow_ups.order_by("planned_on")
    return tuple(
        letters.FollowUp(planned_on=official_date(row.planned_on), content=_("Follow-up visit"), responsible=case.lead.name)
        for row in rows
    )


def _day(moment: datetime | None) -> str:
    return official_date(timezone.localdate(moment)) if moment else ""


def _marked_as_draft(content: bytes) -> bytes:
    """The same file with the word "draft" in the header of every page."""
    from docx import Document  # slow import, needed for previews only
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    with translation.override(LANGUAGE):
        mark = _("DRAFT. Not reviewed, not submitted, for use inside the agency only.")
    document = Document(BytesIO(content))
    for section in document.sections:
        for header in (section.header, section.first_page_header, section.even_page_header):
            header.is_linked_to_previous = False
            paragraph = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = paragraph.add_run(mark)
            run.font.size, run.font.bold, run.font.color.rgb = Pt(12), True, RGBColor(0xC0, 0x00, 0x00)
            run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "SimHei")
    result = BytesIO()
    document.save(result)
    return result.getvalue()
