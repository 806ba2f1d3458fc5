"""The report: its page, the section being written, the answers, sending it on, and its Word files."""
from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import documents
from cases import presenters_reports as words
from cases import queries_reports as queries
from cases.forms.reporting import ReportFactsForm, SendReportForReviewForm, WriteReportForm, WriteSectionForm
from cases.models import Case, Report, ReportSection, ServiceRecord
from cases.models.reporting import SECTIONS
from cases.queries_reports import Wording
from cases.services import reporting
from cases.states import WRITING
from cases.wording_reports import SECTION_HINTS, WITHOUT_FINDINGS, section_title
from referrals.models import IssuedDocument
from socialwork import audit
from socialwork.access import api
from socialwork.access.roles import Family
from socialwork.access.views import DetailPage, FormPage, Page, now
from socialwork.core.errors import NotVisible, Stale
from socialwork.files.services import open_file
from socialwork.people.dossiers import open_dossier
from socialwork.people.policies import knows_names
from socialwork.people.queries import with_identity


class OfReport:
    """Pages about the report of a case; their address names the case."""

    model = Report

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.with_case(rows)

    def load(self) -> Report:
        row = self.shape(self.visible()).filter(case_id=self.kwargs["id"]).first()
        if row is None:
            raise NotVisible()
        return self.found(row)

    def location(self, row: Report, result: Any) -> str:
        return words.report_url(row.case)


class KeepsVersion:
    """The version a text was begun from stays with the text: in a form shown again and in a draft taken up again.

    Once both texts were shown the newer version counts.
    """

    def show(self, row: Any, form: Any, *, key: str, saved: Any = None, status: int = 200, **more: Any) -> HttpResponse:
        typed = saved.data if saved else form.data if status == 400 else {}
        if str(typed.get("_version", "")).isdigit():
            more["version"] = typed["_version"]
        return super().show(row, form, key=key, saved=saved, status=status, **more)

    @staticmethod
    def version(form: Any) -> int:
        """The version the posted text was begun from; 0, which is always stale, when it is missing."""
        posted = str(form.data.get("_version", ""))
        return int(posted) if posted.isdigit() and len(posted) < 10 else 0


class ReportPage(DetailPage):
    """The report of a case as this person may see it: being written, in review, or as it was submitted."""

    model = Case
    template_name = "cases/reporting/report.html"

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.with_matter(rows)

    def page(self, row: Case) -> dict[str, Any]:
        user = self.request.user
        with_identity([row.juvenile])
        report = queries.with_case(api.permitted(Report, user)).filter(case=row).first()
        context = {**words.heading(user, row, _("Social investigation report")), "report": report, "state": None, "primary": None}
        if report is None:
            return {**context, **self.before(row)}
        api.allowed(user, report)
        inside = user.organisation.family == Family.AGENCY
        dossier = open_dossier(row.juvenile_id)
        sources = queries.sources(api.permitted(ServiceRecord, user), row)
        shown = self.inside(report, dossier, sources) if inside else self.submitted(report, dossier, sources)
        files = queries.documents_of(api.permitted(IssuedDocument, user), row)
        return {
            **context, **shown, "state": words.report_state(report), "primary": primary_act(report), "quiet": quiet_acts(report),
            "note": words.reading_note(report) if inside else None, "answers": words.answers(report),
            "responses": words.response_views(queries.responses_of(report, dossier)),
            "documents": words.document_views(row, files), "inside": inside,
        }

    def before(self, row: Case) -> dict[str, Any]:
        """There is no report yet, or none this person may see."""
        wanted = queries.needs_report(queries.services_of(row.referral))
        begin = {"label": _("Begin the report"), "url": reverse("cases:write_report", args=[row.pk])}
        if not wanted:
            empty = {"title": _("No service of this case ends with a report."), "reason": ""}
        elif "write_report" in row.allowed_actions:
            empty = {
                "title": _("The report has not been begun."), "action": begin,
                "reason": _("Log the interviews first: findings are linked to them."),
            }
        else:
            empty = {
                "title": _("No report has been submitted yet."),
                "reason": _("It can be read here from the day it is submitted."),
            }
        return {"empty": empty}

    def inside(self, report: Report, dossier: Any, sources: Any) -> dict[str, Any]:
        """The agency's view: the text as it stands, open sections first, comments and checks."""
        rows = queries.sections_of(report)
        texts = queries.opened(dossier, rows)
        comments = queries.comments_of(report, dossier)
        may = report.allowed_actions
        views = [
            words.section_view(
                row.key, texts[row.key], sources, state=words.writing_state(row, texts[row.key], report.state),
                comments=words.comment_views(comments.get(row.pk, ()), may_settle="write_section" in may, key=str(uuid4())),
                url=reverse("cases:write_section", args=[row.pk]) if "write_section" in may else "",
                settled=row.review == ReportSection.Review.ACCEPTED,
            )
            for row in rows
        ]
        again = queries.latest_number(report) > 0
        heard = queries.coverage(report.case)
        missing = reporting.blockers(report, texts, heard) if report.state in WRITING else []
        return {
            "sections": [view for view in views if not (again and view["settled"])],
            "settled": [view for view in views if again and view["settled"]],
            "heard": words.heard(heard), "enough": heard.enough,
            "blockers": words.blocker_links(missing, report, {row.key: row for row in rows}) if "write_section" in may else [],
        }

    def submitted(self, report: Report, dossier: Any, sources: Any) -> dict[str, Any]:
        """The organ's view: the text as it was last submitted."""
        texts = queries.fixed_texts(report, dossier, until=report.case.submitted_at)
        views = [words.section_view(key, texts.get(key), sources) for key in SECTIONS]
        return {"sections": views, "settled": [], "heard": [], "enough": True, "blockers": []}


def primary_act(report: Report) -> dict[str, Any] | None:
    """The one button: what this person is expected to do with the report now."""
    may, case = report.allowed_actions, [report.case_id]
    offered = (
        ("send_report_for_review", _("Send for review"), "cases:send_report_for_review"),
        ("review_report", _("Review"), "cases:review_report"),
        ("submit_report", _("Submit to the prosecutor"), "cases:submit_report"),
        ("respond_report", _("Answer the report"), "cases:respond_report"),
    )
    return next(({"label": label, "url": reverse(name, args=case)} for act, label, name in offered if act in may), None)


def quiet_acts(report: Report) -> list[dict[str, Any]]:
    found = []
    if "report_facts" in report.allowed_actions:
        found.append({"label": _("Three answers"), "url": reverse("cases:report_facts", args=[report.case_id])})
    if "download_draft" in report.allowed_actions:
        found.append({"label": _("Preview as Word file"), "url": reverse("cases:download_draft", args=[report.case_id])})
    return found


class WriteReport(FormPage):
    """Begin the report: from here on two authors may write."""

    model = Case
    action = "write_report"
    form_class = WriteReportForm
    autosaves: ClassVar[bool] = False
    title = gettext_lazy("Begin the report")
    submit_label = gettext_lazy("Begin the report")
    done_message = gettext_lazy("The report has begun. Write its sections in any order.")

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.with_matter(rows)

    def carry_out(self, row: Case, form: Any) -> Report:
        return reporting.write_report(case=row, by=self.request.user, at=now())

    def location(self, row: Case, result: Report) -> str:
        return words.report_url(row)

    def page(self, row: Case, form: Any) -> dict[str, Any]:
        with_identity([row.juvenile])
        return {
            **words.heading(self.request.user, row, self.title), "cancel_url": words.report_url(row),
            "follows": [
                _("A report with twelve sections, all empty."),
                _("Authors: %(lead)s and %(second)s.") % {"lead": row.lead.name, "second": row.second.name},
                _("What you type is saved as you type it."),
            ],
        }


class WriteSection(KeepsVersion, FormPage):
    """One section beside the records it is written from."""

    model = ReportSection
    action = "write_section"
    form_class = WriteSectionForm
    template_name = "cases/reporting/write_section.html"
    submit_label = gettext_lazy("Save section")
    done_message = gettext_lazy("The section is saved.")

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.with_report(rows)

    def load(self) -> ReportSection:
        row = super().load()
        case = row.report.case
        self.dossier = open_dossier(case.juvenile_id)
        self.sources = queries.sources(api.permitted(ServiceRecord, self.request.user), case)
        self.dossier.read(*(source.record for source in self.sources.values()))
        findings = list(row.findings.order_by("position").prefetch_related("sources"))
        self.dossier.read(row, *findings)
        self.wording = queries.wording_of(row, findings)
        return row

    def require(self, row: ReportSection) -> None:
        super().require(row)
        api.require(self.request.user, self.action, row.report)

    def form_arguments(self, row: ReportSection) -> dict[str, Any]:
        text = self.wording
        findings = [{"statement": said.statement, "sources": [str(pk) for pk in said.sources]} for said in text.findings]
        return {
            "initial": {"body": text.body, "unsourced_reason": text.unsourced_reason},
            "sources": words.source_choices(self.sources),
            "findings": None if row.key in WITHOUT_FINDINGS else findings,
        }

    def carry_out(self, row: ReportSection, form: WriteSectionForm) -> ReportSection:
        return reporting.write_section(
            section=row, by=self.request.user, at=now(), version=self.version(form), body=form.cleaned_data["body"],
            findings=form.said(), unsourced_reason=form.cleaned_data.get("unsourced_reason", ""),
        )

    def location(self, row: ReportSection, result: Any) -> str:
        following = SECTIONS[SECTIONS.index(row.key) + 1 :]
        if "_next" in self.request.POST and following:
            other = api.permitted(ReportSection, self.request.user).get(report_id=row.report_id, key=following[0])
            return reverse("cases:write_section", args=[other.pk])
        return f"{words.report_url(row.report.case)}#{words.anchor(row.key)}"

    def show(self, row: ReportSection, form: Any, *, theirs: Any = None, refusal: Any = None, **more: Any) -> HttpResponse:
        if isinstance(refusal, Stale):
            row.refresh_from_db(fields=["version"])
        self.theirs = theirs
        return super().show(row, form, theirs=theirs, refusal=refusal, **more)

    def page(self, row: ReportSection, form: Any) -> dict[str, Any]:
        case = row.report.case
        with_identity([case.juvenile])
        comments = queries.comments_of(row.report, self.dossier).get(row.pk, [])
        mine = "\n".join(
            part["statement"].value() or "" for part in getattr(form.formsets.get("findings"), "forms", ())
        )
        return {
            **words.heading(self.request.user, case, section_title(row.key)), "hint": SECTION_HINTS[row.key],
            "cancel_url": words.report_url(case), "source_list": words.source_list(self.sources),
            "comments": words.comment_views(comments, may_settle=True, key=str(uuid4())),
            "also": [{"label": _("Save and next section"), "name": "_next", "value": "1"}],
            "accepted": row.review == ReportSection.Review.ACCEPTED,
            "finding_rows": [{"label": _("Findings"), "old": self.theirs["findings"], "new": mine}] if self.theirs else [],
        }


class ReportFacts(OfReport, KeepsVersion, FormPage):
    """Three answers beside the text."""

    action = "report_facts"
    form_class = ReportFactsForm
    title = gettext_lazy("Three answers")
    done_message = gettext_lazy("The answers are saved.")

    def form_arguments(self, row: Report) -> dict[str, Any]:
        helped = {True: "yes", False: "no", None: ""}[row.help_available]
        return {"initial": {"guardianship": row.guardianship, "help_available": helped, "reoffending": row.reoffending}}

    def carry_out(self, row: Report, form: ReportFactsForm) -> Report:
        typed = form.cleaned_data
        return reporting.report_facts(
            report=row, by=self.request.user, at=now(), version=self.version(form), guardianship=typed["guardianship"],
            help_available=typed["help_available"] == "yes", reoffending=typed["reoffending"],
        )

    def page(self, row: Report, form: Any) -> dict[str, Any]:
        with_identity([row.case.juvenile])
        return {
            **words.heading(self.request.user, row.case, self.title), "cancel_url": words.report_url(row.case),
            "intro": _("They stand on top of the report. The decision is the prosecutor's; this is what you found."),
        }


class SendReportForReview(OfReport, FormPage):
    """What is still missing, or what follows when it is sent."""

    action = "send_report_for_review"
    form_class = SendReportForReviewForm
    template_name = "cases/reporting/send.html"
    autosaves: ClassVar[bool] = False
    title = gettext_lazy("Send the report for review")
    submit_label = gettext_lazy("Send for review")
    done_message = gettext_lazy("The report is with the supervisor.")

    def carry_out(self, row: Report, form: Any) -> Report:
        return reporting.send_report_for_review(report=row, by=self.request.user, at=now())

    def page(self, row: Report, form: Any) -> dict[str, Any]:
        case = row.case
        with_identity([case.juvenile])
        rows = queries.sections_of(row)
        dossier = open_dossier(case.juvenile_id)
        texts: dict[str, Wording] = queries.opened(dossier, rows)
        missing = reporting.blockers(row, texts, queries.coverage(case))
        unsettled = sum(
            1 for said in queries.comments_of(row, dossier).values() for comment in said if comment.settled_at is None
        )
        return {
            **words.heading(self.request.user, case, self.title), "cancel_url": words.report_url(case),
            "blockers": words.blocker_links(missing, row, {each.key: each for each in rows}), "unsettled": unsettled,
            "follows": [] if missing else sending_follows(row),
        }


def sending_follows(report: Report) -> list[str]:
    """What follows when the report is sent for review."""
    number = queries.latest_number(report) + 1
    found = [
        _("%(name)s reviews it section by section.") % {"name": report.case.supervisor.name},
        _("The text is fixed under number %(number)s and cannot be changed while it is reviewed.") % {"number": number},
    ]
    return [*found, _("What was accepted before and not changed since stays accepted.")] if number > 1 else found


class DownloadDraft(OfReport, Page):
    """The report as a Word file, as the text stands now, marked as a draft."""

    action = "download_draft"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.load()
        api.require(request.user, self.action, row)
        dossier = open_dossier(row.case.juvenile_id)
        texts = queries.opened(dossier, queries.sections_of(row))
        content = documents.report_docx(row, row.case, dossier, at=now(), texts=texts, named=knows_names(request.user))
        audit.read(row, by=request.user, route=self.route, action="downloaded", detail="F09")
        return word_file(content, documents.file_name("F09", row.case.juvenile.code, draft=True))


class DownloadDocument(Page):
    """A document of the case as it was issued; what stands on the disk is compared with its hash."""

    model = Case

    def get(self, request: HttpRequest, kind: str = "", round: int = 1, **kwargs: Any) -> HttpResponse:
        row = self.load()
        found = queries.documents_of(api.permitted(IssuedDocument, request.user), row, kind).filter(round=round).first()
        if found is None:
            raise NotVisible()
        content = open_file(found.file, dossier=open_dossier(row.juvenile_id))
        audit.read(row, by=request.user, route=self.route, action="downloaded", detail=f"{kind}/{round}")
        return word_file(content, found.file.name)


def word_file(content: bytes, name: str) -> HttpResponse:
    """A Word file to be saved, never shown inside the page."""
    response = HttpResponse(content, content_type=documents.DOCX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Length"] = str(len(content))
    return response
