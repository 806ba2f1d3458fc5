"""What each official letter says: one frozen dataclass per document, of plain strings and tuples of strings.

The field names are the names a template may use, so an agency that edits a Word template finds its vocabulary here.
Every value is text ready for print: dates as ``2026年12月5日`` (``letters.official_date``), times and amounts with
their unit. A tuple of strings is a run of paragraphs, a line break inside one starts a new paragraph; a line break in
a single string breaks the line. Nothing is looked up: what the caller leaves out is not printed, so the minimum brief
of a referral stays minimal. Form numbers (F02 ...) are those of the glossary's list of forms.
"""
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class LabelledText:
    """One line ``label：text``, for example ``案由：盗窃罪``; the label carries no colon of its own."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """A person with a line to sign by hand; ``duty`` as printed, for example 调查员（主办）."""

    duty: str
    name: str = ""
    qualification: str = ""


@dataclass(frozen=True, kw_only=True)
class ServiceMatters:
    """A service that is asked for and the points it has to cover."""

    service: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReferralLetter:
    """委托函 (F02): the letter by which an organ refers a child to an agency; signed by hand and sealed.

    ``subject`` and ``case_facts`` are the lines the prosecutor chose to share, ``case_brief`` the short facts.
    ``self_reference`` is how the organ names itself (我院, 我局), ``urgency`` 特急 or 加急 or empty.
    """

    issuing_organ: str
    number: str
    title: str
    agency: str
    signed_on: str
    legal_bases: tuple[str, ...]
    services: tuple[str, ...]
    subject: tuple[LabelledText, ...]
    case_facts: tuple[LabelledText, ...]
    matters: tuple[ServiceMatters, ...]
    time_limit: str
    contact_name: str
    contact_phone: str
    contact_department: str = ""
    self_reference: str = "我院"
    agreement: str = ""
    case_brief: tuple[str, ...] = ()
    time_limit_reason: str = ""
    reply_by: str = ""
    requirements: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    copies_to: tuple[str, ...] = ()
    urgency: str = ""


@dataclass(frozen=True, kw_only=True)
class AssignedWorker:
    """A social worker named in an acknowledgement; ``duty`` is 主办 or 协办."""

    duty: str
    name: str
    certificate: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """委托回执 (F03): the agency accepts or declines a referral; sealed by the agency.

    Accepting names two workers and two dates, declining a reason of the vocabulary and its explanation; the rows
    of the other answer are not printed.
    """

    agency: str
    organ: str
    referral_number: str
    received_on: str
    subject_code: str
    services: tuple[str, ...]
    accepted: bool
    contact_name: str
    contact_phone: str
    signed_on: str
    number: str = ""
    workers: tuple[AssignedWorker, ...] = ()
    first_contact_on: str = ""
    finish_on: str = ""
    decline_reason: str = ""
    decline_explanation: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A finding and the marks of its sources (``访1``, ``材2``); without a source the print says so."""

    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportSection:
    """One section of the report: heading without its number, narrative, findings."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportSource:
    """A source behind findings: mark, kind (访谈, 书面材料), coded description, date."""

    mark: str
    kind: str
    description: str
    obtained_on: str = ""


@dataclass(frozen=True, kw_only=True)
class InvestigationReport:
    """社会调查报告 (F09) in the twelve sections of the procuratorial guidelines of 2017.

    ``sections`` are the first ten in order; section eleven (dissent between the investigators) and twelve
    (attachments) are printed from their own fields, an empty dissent as a statement that there is none.
    ``signatories`` are two investigators and the supervisor.
    """

    agency: str
    organ: str
    number: str
    referral_number: str
    subject_code: str
    sections: tuple[ReportSection, ...]
    signatories: tuple[Signatory, ...]
    signed_on: str
    subject_name: str = ""
    sources: tuple[ReportSource, ...] = ()
    dissent: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EvaluationPart:
    """One of the parts of an evaluation with its points out of ``full_points`` (both printed as given)."""

    name: str
    full_points: str
    points: str
    criteria: str = ""
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class VetoItem:
    """A failing that sets the whole evaluation to zero, and whether it was found."""

    name: str
    found: bool
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class EvaluationForm:
    """一案一评估表 (F38): the prosecutor's evaluation of an agency's work in one case, 100 points and veto items."""

    organ: str
    agency: str
    referral_number: str
    subject_code: str
    services: tuple[str, ...]
    period: str
    parts: tuple[EvaluationPart, ...]
    vetoes: tuple[VetoItem, ...]
    total: str
    grade: str
    signed_on: str
    evaluator: str = ""
    reviewer: str = ""
    opinion: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GoalResult:
    """A goal of the plan, how far it was reached (达成, 部分达成 ...) and what shows it."""

    goal: str
    result: str
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """A visit planned after closing."""

    planned_on: str
    content: str
    responsible: str = ""


@dataclass(frozen=True, kw_only=True)
class ClosingReport:
    """结案报告 (F35): why a case closes, what was reached, what is left, who follows up."""

    agency: str
    organ: str
    referral_number: str
    subject_code: str
    services: tuple[str, ...]
    opened_on: str
    closed_on: str
    reason: str
    signatories: tuple[Signatory, ...]
    signed_on: str
    number: str = ""
    reason_explanation: tuple[str, ...] = ()
    process: tuple[str, ...] = ()
    figures: tuple[LabelledText, ...] = ()
    goals: tuple[GoalResult, ...] = ()
    unresolved: tuple[str, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    client_opinion: tuple[str, ...] = ()
    guardian_opinion: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MonthlyTask:
    """A goal of the plan in a monthly report: how often it was worked on in the month, and how far it came."""

    goal: str
    touched: str
    result: str = ""


@dataclass(frozen=True, kw_only=True)
class MonthlyReport:
    """考察帮教月报 (F25): what the agency tells the organ about one month of guidance; facts only, no decision.

    ``figures`` are computed from the records of the month, ``situation`` are the worker's judgements in codes and
    numbers. ``breaches`` and the other tuples are the worker's words.
    """

    agency: str
    organ: str
    referral_number: str
    subject_code: str
    services: tuple[str, ...]
    month: str
    period: str
    figures: tuple[LabelledText, ...]
    situation: tuple[LabelledText, ...]
    signatories: tuple[Signatory, ...]
    signed_on: str
    number: str = ""
    subject_name: str = ""
    tasks: tuple[MonthlyTask, ...] = ()
    missed_reason: tuple[str, ...] = ()
    breaches: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    progress: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    next_month: tuple[str, ...] = ()
    request: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HandoverItem:
    """A document or object that changes hands; ``quantity`` with its unit, ``medium`` 纸质 or 电子."""

    name: str
    quantity: str
    medium: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class OpenAct:
    """An act that is still to be done after the hand-over."""

    act: str
    due_on: str = ""
    responsible: str = ""


@dataclass(frozen=True, kw_only=True)
class HandoverPackage:
    """个案移交清单: cover and list of a package handed to another agency or worker.

    ``legal_ground`` is the consent or rule the transfer rests on; no transfer without one.
    """

    from_party: str
    to_party: str
    referral_number: str
    subject_code: str
    services: tuple[str, ...]
    reason: str
    legal_ground: str
    handed_over_on: str
    number: str = ""
    summary: tuple[str, ...] = ()
    package: tuple[HandoverItem, ...] = ()
    open_acts: tuple[OpenAct, ...] = ()
    cautions: tuple[str, ...] = ()
    giver: str = ""
    receiver: str = ""
    witness: str = ""


@dataclass(frozen=True, kw_only=True)
class InformationUse:
    """A class of information, who will know it and what for."""

    information: str
    readers: str
    purpose: str = ""


@dataclass(frozen=True, kw_only=True)
class ConsentForm:
    """知情同意书 (F05): read with child and guardian, signed by hand by both and by the worker.

    ``under_fourteen`` prints the rule for children below 14 (PIPL 31). ``text_version`` names the wording that was
    agreed to, so that a later change of the text does not change what was signed.
    """

    agency: str
    organ: str
    subject_name: str
    services: tuple[str, ...]
    purpose: tuple[str, ...]
    uses: tuple[InformationUse, ...]
    under_fourteen: bool
    text_version: str
    worker: str = ""
    worker_phone: str = ""
    guardian_name: str = ""
    guardian_relation: str = ""
    voluntary_parts: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()
    retention: str = ""
    complaint_contact: str = ""
    further_terms: tuple[str, ...] = ()


LetterContext = (
    ReferralLetter
    | Acknowledgement
    | InvestigationReport
    | EvaluationForm
    | ClosingReport
    | MonthlyReport
    | HandoverPackage
    | ConsentForm
)

# Template name -> what it is rendered from; the file is templates/documents/<name>.docx.
LETTERS: dict[str, type[LetterContext]] = {
    "referral_letter": ReferralLetter,
    "acknowledgement": Acknowledgement,
    "investigation_report": InvestigationReport,
    "evaluation_form": EvaluationForm,
    "closing_report": ClosingReport,
    "monthly_report": MonthlyReport,
    "handover_package": HandoverPackage,
    "consent_form": ConsentForm,
}
