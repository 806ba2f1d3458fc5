"""The supervisor's desk: what waits, one report section by section, one record at a time."""
from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import presenters_reports as words
from cases import queries_reports as queries
from cases.forms.reviewing import RemarkForm
from cases.models import Report, ReportSection, ReviewComment, ServiceRecord
from cases.services import reviewing
from cases.views.reporting import OfReport
from socialwork.access import api, listing
from socialwork.access.roles import Role
from socialwork.access.views import ActPage, DetailPage, FormPage, ListPage, local_time, now
from socialwork.core.drafts import discard_draft, load_drafts
from socialwork.people.dossiers import open_dossier
from socialwork.people.queries import with_identity

REMARK = "comment_section"


class ReviewQueue(ListPage):
    """Reports and records that wait for this supervisor, oldest first; records of cases that are over, apart."""

    model = Report
    action = "review_report"
    roles = (Role.SUPERVISOR,)
    template_name = "cases/reporting/review_queue.html"
    sorts: ClassVar[dict[str, listing.Sort]] = {"sent": listing.Sort("sent_at")}

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.for_queue(rows)

    def page(self, listed: listing.Listed) -> dict[str, Any]:
        user, moment = self.request.user, now()
        ended = self.request.GET.get("ended") == "1"
        records = listing.list_rows(
            ServiceRecord, user, sort=listing.Sort("submitted_at"), shape=queries.records_for_queue, action="review_record",
            narrow=lambda arm: queries.of_running_cases(arm, ended=ended), cursor=self.request.GET.get("records", ""),
        )
        with_identity([report.case.juvenile for report in listed.rows])
        with_identity([record.case.juvenile for record in records.rows])
        lists = (words.report_queue(user, listed.rows, moment), words.record_queue(user, records.rows, moment, ended=ended))
        return {
            "title": _("To review"), "listed": listed, "reports": self.paged(lists[0], "after", listed),
            "records": self.paged(lists[1], "records", records),
        }

    def paged(self, worklist: dict[str, Any], name: str, listed: listing.Listed) -> dict[str, Any]:
        """Two lists on one page, each with a cursor of its own."""
        for label, cursor in (("next_url", listed.next_cursor), ("previous_url", listed.previous_cursor)):
            if cursor:
                query = self.request.GET.copy()
                query[name] = cursor
                worklist[label] = f"?{query.urlencode()}#{worklist['id']}"
        return worklist


class ReviewReport(OfReport, DetailPage):
    """What is open first, with what changed since the last round; the rest folded."""

    action = "review_report"
    template_name = "cases/reporting/review.html"

    def page(self, row: Report) -> dict[str, Any]:
        user, case = self.request.user, row.case
        with_identity([case.juvenile])
        dossier = open_dossier(case.juvenile_id)
        sections = queries.sections_of(row)
        number = queries.latest_number(row)
        before = queries.fixed_texts(row, dossier, before=number) if number > 1 else {}
        texts, comments = queries.fixed_texts(row, dossier), queries.comments_of(row, dossier)
        sources = queries.sources(api.permitted(ServiceRecord, user), case)
        self.saved = load_drafts(user=user, form=REMARK, object_ids=[each.pk for each in sections])
        views = [
            words.section_view(
                each.key, texts.get(each.key), sources, state=words.writing_state(each, texts[each.key], row.state),
                comments=words.comment_views(comments.get(each.pk, ())), form=self.remark(each),
                changes=words.changes(before.get(each.key), texts[each.key]), open=each.review == ReportSection.Review.OPEN,
                accepted=each.review == ReportSection.Review.ACCEPTED,
            )
            for each in sections
        ]
        return {
            **words.heading(user, case, _("Review")), "number": number, "report_url": words.report_url(case),
            "open": [view for view in views if not view["accepted"]], "accepted": [view for view in views if view["accepted"]],
            "left": sum(1 for view in views if view["open"]), "answers": words.answers(row), "acts": review_acts(row, sections),
            "round_label": _("Round %(number)s") % {"number": number},
        }

    def remark(self, section: ReportSection) -> dict[str, Any]:
        """The form of one section, with what was typed and not yet sent."""
        saved = self.saved.get(section.pk)
        return {
            "key": str(uuid4()), "accept_url": reverse("cases:accept_section", args=[section.pk]),
            "return_url": reverse("cases:return_section", args=[section.pk]),
            "comment_url": reverse("cases:comment_section", args=[section.pk]),
            "autosave_url": reverse("save_draft", args=[REMARK, section.pk]),
            "quote": saved.data.get("quote", "") if saved else "", "comment": saved.data.get("comment", "") if saved else "",
            "seen": saved.saved_at.isoformat() if saved else "", "saved_at": local_time(saved.saved_at) if saved else "",
        }


def review_acts(report: Report, sections: list[ReportSection]) -> list[dict[str, Any]]:
    """How the review may end now: nothing while a section is undecided and none was returned."""
    verdicts = [section.review for section in sections]
    case = [report.case_id]
    if all(verdict == ReportSection.Review.ACCEPTED for verdict in verdicts):
        name, label = "cases:finish_review", _("Finish the review")
    elif ReportSection.Review.RETURNED in verdicts:
        name, label = "cases:return_for_rewriting", _("Return to the authors")
    else:
        return []
    return [{"label": label, "url": reverse(name, args=case), "post": True, "key": str(uuid4())}]


class OfSection:
    """What the three things a supervisor can say about a section have in common."""

    model = ReportSection
    form_class = RemarkForm
    template_name = "cases/reporting/remark.html"

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.with_report(rows)

    def act(self, row: ReportSection, form: Any) -> Any:
        done = super().act(row, form)
        discard_draft(user=self.request.user, form=REMARK, object_id=row.pk)
        return done

    def location(self, row: ReportSection, result: Any) -> str:
        following = queries.next_open(row)
        return words.review_url(row.report.case, following or row.key)

    def show(self, row: ReportSection, form: Any, **more: Any) -> HttpResponse:
        api.require(self.request.user, "review_report", row.report)
        return super().show(row, form, **more)

    def page(self, row: ReportSection, form: Any) -> dict[str, Any]:
        case = row.report.case
        with_identity([case.juvenile])
        dossier = open_dossier(case.juvenile_id)
        text = queries.fixed_texts(row.report, dossier).get(row.key)
        sources = queries.sources(api.permitted(ServiceRecord, self.request.user), case)
        return {
            **words.heading(self.request.user, case, self.title), "cancel_url": words.review_url(case, row.key),
            "section": words.section_view(row.key, text, sources),
        }

    def said(self, form: RemarkForm) -> dict[str, str]:
        return {"comment": form.cleaned_data["comment"], "quote": form.cleaned_data["quote"]}


class AcceptSection(OfSection, FormPage):
    """The section stands."""

    action = "accept_section"
    title = gettext_lazy("Accept the section")
    submit_label = gettext_lazy("Accept section")

    def carry_out(self, row: ReportSection, form: RemarkForm) -> Any:
        return reviewing.accept_section(section=row, by=self.request.user, at=now(), **self.said(form))


class ReturnSection(OfSection, FormPage):
    """The section must be rewritten."""

    action = "return_section"
    title = gettext_lazy("Return the section")
    submit_label = gettext_lazy("Return section")

    def carry_out(self, row: ReportSection, form: RemarkForm) -> Any:
        return reviewing.return_section(section=row, by=self.request.user, at=now(), **self.said(form))


class CommentSection(OfSection, FormPage):
    """Say something without deciding."""

    action = "comment_section"
    title = gettext_lazy("Comment on the section")
    submit_label = gettext_lazy("Send the comment")

    def carry_out(self, row: ReportSection, form: RemarkForm) -> Any:
        return reviewing.comment_section(section=row, by=self.request.user, at=now(), **self.said(form))

    def location(self, row: ReportSection, result: Any) -> str:
        return words.review_url(row.report.case, row.key)


class SettleComment(ActPage):
    """The author has dealt with it."""

    model = ReviewComment
    action = "settle_comment"
    done_message = gettext_lazy("The comment is settled.")

    def shape(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("section__report__case", "record__case")

    def carry_out(self, row: ReviewComment) -> Any:
        return reviewing.settle_comment(comment=row, by=self.request.user, at=now())

    def location(self, row: ReviewComment, result: Any) -> str:
        if row.section_id is None:
            return reverse("cases:record", args=[row.record_id])
        return f"{words.report_url(row.section.report.case)}#{words.anchor(row.section.key)}"


class FinishReview(OfReport, ActPage):
    """Every section is accepted."""

    action = "finish_review"
    done_message = gettext_lazy("The review is finished. Submit the report to the prosecutor.")

    def carry_out(self, row: Report) -> Any:
        return reviewing.finish_review(report=row, by=self.request.user, at=now())


class ReturnForRewriting(OfReport, ActPage):
    """The authors have it again."""

    action = "return_for_rewriting"
    done_message = gettext_lazy("The report is with its authors again.")

    def carry_out(self, row: Report) -> Any:
        return reviewing.return_for_rewriting(report=row, by=self.request.user, at=now())

    def location(self, row: Report, result: Any) -> str:
        return reverse("cases:review_queue")
