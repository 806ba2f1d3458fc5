"""What report, review and closing pages show, from rows the caller may already see."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from cases.models import (
    Case,
    CaseDecision,
    Evaluation,
    Finding,
    FindingSource,
    FollowUp,
    Report,
    ReportResponse,
    ReportSection,
    ReviewComment,
    SectionResponse,
    SectionText,
    ServiceRecord,
)
from cases.models.recording import RecordKind
from cases.models.reporting import SECTIONS
from cases.states import ENDED
from referrals.models import IssuedDocument, Referral
from socialwork.core import vocabulary
from socialwork.people.dossiers import Dossier

REPORT_KIND = "F09"


@dataclass(frozen=True)
class Coverage:
    """Whom the services of a case want heard, and who was: classes of the vocabulary `interviewee_class`."""

    wanted: tuple[str, ...] = ()
    needed: int = 0
    heard: Mapping[str, int] = field(default_factory=dict)

    @property
    def reached(self) -> int:
        return sum(1 for name in self.wanted if self.heard.get(name))

    @property
    def enough(self) -> bool:
        return self.reached >= self.needed

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name in self.wanted if not self.heard.get(name))


@dataclass(frozen=True)
class Said:
    """A finding as it stands or stood: the statement and the records it rests on."""

    statement: str
    sources: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Wording:
    """The text of one section at one moment: body, findings, and the reason for findings without a source."""

    key: str
    body: str = ""
    findings: tuple[Said, ...] = ()
    unsourced_reason: str = ""

    @property
    def empty(self) -> bool:
        return not self.body.strip() and not self.findings

    @property
    def unsourced(self) -> int:
        return sum(1 for finding in self.findings if not finding.sources)

    @property
    def whole(self) -> str:
        """Body and findings as one text, for comparing rounds and finding quoted passages."""
        return "\n".join(filter(None, [self.body, *(finding.statement for finding in self.findings)]))


def with_case(rows: QuerySet) -> QuerySet:
    """A report with everything that stands around its pages."""
    return rows.select_related(
        "case__referral", "case__juvenile__identity", "case__juvenile__dossier_key", "case__organ", "case__agency", "case__lead", "case__second", "case__supervisor",
        "case__prosecutor", "first_author", "second_author", "reviewed_by", "read_by", "sent_by",
    )


def with_report(rows: QuerySet) -> QuerySet:
    """A section with its report and case."""
    return rows.select_related(
        "report__case__referral", "report__case__juvenile__identity", "report__case__juvenile__dossier_key", "report__case__lead", "report__case__second",
        "report__case__supervisor", "edited_by",
    )


def with_matter(rows: QuerySet) -> QuerySet:
    """A case as its closing pages show it."""
    return rows.select_related(
        "juvenile__identity", "juvenile__dossier_key", "referral", "organ", "agency", "prosecutor", "lead", "second", "supervisor", "evaluated_by",
        "closed_by",
    )


def services_of(referral: Referral) -> list[str]:
    """Codes of the services of a referral, in their order."""
    return [line.service_type for line in sorted(referral.services.all(), key=lambda line: line.pk)]


def needs_report(services: Iterable[str]) -> bool:
    """Whether one of the services ends with the twelve-section report (data of the vocabulary `service_type`)."""
    return any(vocabulary.term("service_type", code).extra["needs_report"] for code in services)


def coverage(case: Case) -> Coverage:
    """Which classes of people were heard in interviews that took place (domain 4.2, "three meetings")."""
    wanted: list[str] = []
    needed = 0
    for code in services_of(case.referral):
        extra = vocabulary.term("service_type", code).extra
        if extra["needs_report"]:
            wanted += [name for name in extra["interviewee_classes"] if name not in wanted]
            needed = max(needed, extra["min_interviewee_classes"])
    heard: dict[str, int] = {}
    met = ServiceRecord.objects.filter(case=case, kind=RecordKind.INTERVIEW, happened=True, attended=True)
    for code in met.order_by().values_list("interviewee", flat=True):
        group = vocabulary.term("interviewee", code).extra["interviewee_class"]
        heard[group] = heard.get(group, 0) + 1
    return Coverage(tuple(wanted), needed, heard)


def sections_of(report: Report) -> list[ReportSection]:
    """The sections in the order of the report, each with its findings and their sources."""
    findings = Prefetch(
        "findings",
        Finding.objects.order_by("position").prefetch_related(
            Prefetch("sources", FindingSource.objects.order_by("pk"))
        ),
    )
    rows = ReportSection.objects.filter(report=report).select_related("edited_by").prefetch_related(findings).order_by("key")
    return sorted(rows, key=lambda row: SECTIONS.index(row.key))


def opened(dossier: Dossier, sections: Sequence[ReportSection]) -> dict[str, Wording]:
    """The sections as they are being written, by key."""
    for section in sections:
        dossier.read(section, *section.findings.all())
    return {section.key: wording_of(section, section.findings.all()) for section in sections}


def wording_of(section: ReportSection, findings: Iterable[Finding]) -> Wording:
    """One opened section with its opened findings in order."""
    said = tuple(
        Said(finding.text["statement"], tuple(sorted(source.record_id for source in finding.sources.all())))
        for finding in findings
    )
    return Wording(section.key, section.text["body"], said, section.text["unsourced_reason"])


def fixed_texts(
    report: Report, dossier: Dossier, *, until: datetime | None = None, before: int | None = None
) -> dict[str, Wording]:
    """The latest fixed text of each section, by key: up to a moment, or before a number; missing when there is none."""
    newest = SectionText.objects.filter(section=OuterRef("section"))
    rows = SectionText.objects.filter(section__report=report).select_related("section")
    if until is not None:
        newest, rows = newest.filter(fixed_at__lte=until), rows.filter(fixed_at__lte=until)
    if before is not None:
        newest, rows = newest.filter(number__lt=before), rows.filter(number__lt=before)
    rows = rows.filter(number=Subquery(newest.order_by("-number").values("number")[:1])).order_by("pk")
    found = list(rows)
    dossier.read(*found)
    return {row.section.key: _as_fixed(row) for row in found}


def _as_fixed(row: SectionText) -> Wording:
    kept = row.text["findings"] or []
    said = tuple(Said(each["statement"], tuple(UUID(source) for source in each["sources"])) for each in kept)
    return Wording(row.section.key, row.text["body"], said)


def latest_number(report: Report) -> int:
    """How often the report was sent for review."""
    numbers = SectionText.objects.filter(section__report=report).order_by("-number").values_list("number", flat=True)
    return numbers.first() or 0


def comments_of(report: Report, dossier: Dossier) -> dict[UUID, list[ReviewComment]]:
    """Opened comments by section, oldest first."""
    rows = list(
        ReviewComment.objects.filter(section__report=report).select_related("said_by", "settled_by").order_by("said_at", "id")
    )
    dossier.read(*rows)
    found: dict[UUID, list[ReviewComment]] = {}
    for row in rows:
        found.setdefault(row.section_id, []).append(row)
    return found


def responses_of(report: Report, dossier: Dossier) -> list[ReportResponse]:
    """The prosecutor's answers, newest first, each with its sections and `took`, the time the answer took."""
    sections = SectionResponse.objects.select_related("section").order_by("pk")
    submitted = IssuedDocument.objects.filter(
        referral=OuterRef("report__case__referral"), kind=REPORT_KIND, round=OuterRef("round")
    )
    rows = list(
        ReportResponse.objects.filter(report=report)
        .annotate(submitted_at=Subquery(submitted.values("issued_at")[:1]))
        .select_related("responded_by").prefetch_related(Prefetch("sections", sections)).order_by("-round")
    )
    for row in rows:
        dossier.read(row, *row.sections.all())
        row.took = row.responded_at - row.submitted_at if row.submitted_at else timedelta()
    return rows


def documents_of(rows: QuerySet, case: Case, kind: str = REPORT_KIND) -> QuerySet:
    """Of the issued documents given, those of the case and kind, newest first."""
    found = rows.filter(referral_id=case.referral_id, kind=kind)
    return found.select_related("file", "issued_by").order_by("-issued_at", "-pk")


@dataclass(frozen=True)
class Source:
    """A record a finding may rest on, with its place among the interviews or among the other records of the case."""

    record: ServiceRecord
    number: int

    @property
    def interview(self) -> bool:
        return self.record.kind == RecordKind.INTERVIEW


def sources(rows: QuerySet, case: Case) -> dict[UUID, Source]:
    """Of the records given, those of the case that took place, numbered by date; counselling is nobody's source.

    All are numbered, cited or not: the same record has the same number on the screen and in the Word file.
    """
    found: dict[UUID, Source] = {}
    counted = {True: 0, False: 0}
    kept = rows.filter(case=case, happened=True, attended=True).exclude(kind=RecordKind.COUNSELLING)
    for record in kept.select_related("author").order_by("started_at", "id"):
        interview = record.kind == RecordKind.INTERVIEW
        counted[interview] += 1
        found[record.pk] = Source(record, counted[interview])
    return found


def for_queue(rows: QuerySet) -> QuerySet:
    """A row of the review queue: report with case, the number of the round, sections not decided yet."""
    texts = SectionText.objects.filter(section__report=OuterRef("pk")).order_by("-number")
    undecided = Count("sections", filter=Q(sections__review=ReportSection.Review.OPEN))
    return rows.select_related("case__juvenile__identity", "case__juvenile__dossier_key", "case__organ", "sent_by").annotate(
        number=Subquery(texts.values("number")[:1]), undecided=undecided
    )


def records_for_queue(rows: QuerySet) -> QuerySet:
    """A record that waits for the supervisor."""
    return rows.select_related("case__juvenile__identity", "case__juvenile__dossier_key", "author")


def of_running_cases(rows: QuerySet, *, ended: bool) -> QuerySet:
    """Records whose case still runs, or with `ended` those of cases that are over: they can wait, and are read apart."""
    over = [str(state) for state in ENDED]
    return rows.filter(case__state__in=over) if ended else rows.exclude(case__state__in=over)


def next_open(section: ReportSection) -> str:
    """Key of the next section of the report nobody has decided about yet, from this one on and then from the start."""
    rows = ReportSection.objects.filter(report=section.report_id, review=ReportSection.Review.OPEN).exclude(pk=section.pk)
    waiting = set(rows.order_by().values_list("key", flat=True))
    at = SECTIONS.index(section.key)
    return next((key for key in (*SECTIONS[at:], *SECTIONS[:at]) if key in waiting), "")


def evaluation_of(rows: QuerySet, case: Case, dossier: Dossier) -> Evaluation | None:
    """Of the evaluations given, that of the case, opened."""
    row = rows.filter(case=case).select_related("evaluated_by").first()
    if row:
        dossier.read(row)
    return row


def decisions_of(rows: QuerySet, case: Case, dossier: Dossier) -> list[CaseDecision]:
    """Of the decisions given, those about the case, newest first, opened."""
    found = list(rows.filter(case=case).select_related("decided_by").order_by("-decided_at", "-id"))
    dossier.read(*found)
    return found


def visits_of(rows: QuerySet, case: Case, dossier: Dossier) -> list[FollowUp]:
    """Of the visits given, those after the closing of the case, earliest first, opened."""
    found = list(rows.filter(case=case).select_related("done_by").order_by("planned_on"))
    dossier.read(*found)
    return found


def written_late(case: Case) -> tuple[int, int]:
    """How many records of the case were written late, and how many there are."""
    counted = ServiceRecord.objects.filter(case=case).aggregate(
        late=Count("pk", filter=Q(written_late=True)), all=Count("pk")
    )
    return counted["late"], counted["all"]
