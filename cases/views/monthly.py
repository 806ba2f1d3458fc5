"""Monthly reports: the months of a case, one report, writing it, and what the prosecutor answers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from cases import presenters, queries
from cases import presenters_monthly as words
from cases import queries_monthly as months
from cases.forms import monthly as forms
from cases.models import Case, MonthlyReport
from cases.queries_monthly import Figures, Month
from cases.services import monthly
from cases.services.months import MONTHLY_CLOCK
from cases.views.working import around
from socialwork.access import api
from socialwork.access.views import DetailPage, FormPage, KeepsVersion, now
from socialwork.core.errors import Stale
from socialwork.deadlines.queries import timeline as clocks_of
from socialwork.people.dossiers import open_dossier
from socialwork.people.presenters import SEPARATOR, full_name
from socialwork.people.queries import with_identity


class MonthlyReports(DetailPage):
    """The months of a case: what is due, what was sent, what was answered."""

    model = Case
    action = "read_monthly_reports"
    template_name = "cases/monthly/list.html"

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.for_page(rows)

    def page(self, row: Case) -> dict[str, Any]:
        user = self.request.user
        reports = months.reports_of(api.permitted(MonthlyReport, user), row)
        for report in reports:
            report.case = row
        running = clocks_of(row).filter(code=MONTHLY_CLOCK).open()
        clocks = {clock.occurrence: clock for clock in running}
        context = around(user, row, "monthly_reports")
        if "write_monthly_report" in row.allowed_actions:
            context["primary"] = words.write_oldest(reports)
        return {**context, "worklist": words.report_list(reports, clocks, now())}


class OnMonthlyReport:
    """Pages of one monthly report, opened."""

    model = MonthlyReport

    def shape(self, rows: QuerySet) -> QuerySet:
        return months.with_case(rows)

    def load(self) -> MonthlyReport:
        row = super().load()
        self.dossier = open_dossier(row.case.juvenile_id)
        self.dossier.read(row)
        return row

    def heading(self, row: MonthlyReport) -> dict[str, Any]:
        case = row.case
        with_identity([case.juvenile])
        title = words.title_of(row)
        return {
            "title": title,
            "crumbs": presenters.case_crumbs(self.request.user, case, title),
            "subtitle": SEPARATOR.join([case.number, full_name(self.request.user, case.juvenile)]),
        }

    def month(self, row: MonthlyReport) -> dict[str, Any]:
        """Figures and goals: as they were sent, or as the records stand now."""
        if row.submitted_at is not None and "write_monthly_report" not in row.allowed_actions:
            figures, tasks = Figures.load(row.figures), row.text["tasks"] or []
        else:
            month = Month.parse(row.month)
            figures, tasks = months.figures_of(row.case, month), months.tasks_of(row.case, month)
        return {"figures": words.figure_facts(figures), "tasks": words.task_list(tasks)}


class MonthlyReportPage(OnMonthlyReport, DetailPage):
    """One report as it was sent, or what the month has come to so far."""

    template_name = "cases/monthly/report.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = super().get(request, **kwargs)
        monthly.mark_monthly_read(report=self.row, by=request.user, at=now())
        return response

    def page(self, row: MonthlyReport) -> dict[str, Any]:
        acts, sent = words.acts(row), row.submitted_at is not None
        return {
            **self.heading(row),
            **self.month(row),
            "state": words.state_of(row),
            "course": words.course_facts(row),
            "primary": acts[0] if acts else None,
            "quiet": acts[1:],
            "answer": words.answer_of(row),
            "said": words.said_facts(row) if sent else [],
        }


class WriteMonthlyReport(OnMonthlyReport, KeepsVersion, FormPage):
    """Everything counted stands above the form; what a person judges is typed and sent in one go."""

    action = "write_monthly_report"
    form_class = forms.WriteMonthlyReportForm
    template_name = "cases/monthly/write.html"
    submit_label = gettext_lazy("Send the monthly report")
    done_message = gettext_lazy("The monthly report is with the prosecutor.")

    def load(self) -> MonthlyReport:
        row = super().load()
        month = Month.parse(row.month)
        self.figures, self.tasks = months.figures_of(row.case, month), months.tasks_of(row.case, month)
        self.was = months.risk_before(row.case, month)
        return row

    def form_arguments(self, row: MonthlyReport) -> dict[str, Any]:
        written = {name: row.text[name] for name in monthly.WRITTEN}
        codes = {name: getattr(row, name) for name in ("cooperation", "leave_days", "score", "changed")}
        initial = {**written, **codes, "risk_now": row.risk_now or self.was}
        return {"missing": bool(self.figures.contacts_missing), "initial": initial}

    def carry_out(self, row: MonthlyReport, form: forms.WriteMonthlyReportForm) -> MonthlyReport:
        return monthly.write_monthly_report(
            report=row,
            by=self.request.user,
            at=now(),
            version=self.version(),
            judgement=form.judgement(),
            text=form.text(),
        )

    def show(self, row: MonthlyReport, form: Any, *, refusal: Any = None, **more: Any) -> HttpResponse:
        if isinstance(refusal, Stale):
            row.refresh_from_db(fields=["version"])
        return super().show(row, form, refusal=refusal, **more)

    def page(self, row: MonthlyReport, form: Any) -> dict[str, Any]:
        return {
            **self.heading(row),
            "figures": words.figure_facts(self.figures),
            "tasks": words.task_list(self.tasks),
            "answer": words.answer_of(row),
            "follows": words.sending_follows(row),
        }


class ReplyMonthlyReport(OnMonthlyReport, FormPage):
    """The prosecutor's reply, beside what it answers."""

    action = "reply_monthly_report"
    form_class = forms.ReplyMonthlyReportForm
    template_name = "cases/monthly/answer.html"
    submit_label = gettext_lazy("Reply")
    done_message = gettext_lazy("The agency has your reply.")

    def carry_out(self, row: MonthlyReport, form: Any) -> MonthlyReport:
        return monthly.reply_monthly_report(
            report=row, by=self.request.user, at=now(), reply=form.cleaned_data["reply"]
        )

    def page(self, row: MonthlyReport, form: Any) -> dict[str, Any]:
        return {**self.heading(row), "said": words.said_facts(row)}


class ReturnMonthlyReport(OnMonthlyReport, FormPage):
    """The prosecutor sends the report back with a reason."""

    action = "return_monthly_report"
    form_class = forms.ReturnMonthlyReportForm
    template_name = "cases/monthly/answer.html"
    submit_label = gettext_lazy("Return")
    done_message = gettext_lazy("The report is back with the agency.")

    def carry_out(self, row: MonthlyReport, form: Any) -> MonthlyReport:
        reason = form.cleaned_data["return_reason"]
        return monthly.return_monthly_report(report=row, by=self.request.user, at=now(), return_reason=reason)

    def page(self, row: MonthlyReport, form: Any) -> dict[str, Any]:
        return {**self.heading(row), "said": words.said_facts(row)}
