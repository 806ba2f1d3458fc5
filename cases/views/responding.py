"""The report between agency and prosecutor: submitted, answered; and services that need none."""
from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import presenters_reports as words
from cases import queries_reports as queries
from cases.forms.responding import FinishServiceForm, RespondReportForm, SubmitReportForm
from cases.models import Case, Report, ServiceRecord
from cases.models.reporting import SECTIONS
from cases.services import responding
from cases.views.reporting import OfReport
from cases.wording_reports import section_title
from socialwork.access import api
from socialwork.access.views import FormPage, now
from socialwork.people.dossiers import open_dossier
from socialwork.people.queries import with_identity


class SubmitReport(FormPage):
    """The reviewed report goes to the prosecutor."""

    model = Case
    action = "submit_report"
    form_class = SubmitReportForm
    autosaves: ClassVar[bool] = False
    title = gettext_lazy("Submit the report to the prosecutor")
    submit_label = gettext_lazy("Submit to the prosecutor")
    done_message = gettext_lazy("The report is with the prosecutor. Its document is kept with its fingerprint.")

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.with_matter(rows)

    def carry_out(self, row: Case, form: Any) -> Any:
        return responding.submit_report(case=row, by=self.request.user, at=now())

    def location(self, row: Case, result: Any) -> str:
        return words.report_url(row)

    def page(self, row: Case, form: Any) -> dict[str, Any]:
        with_identity([row.juvenile])
        return {
            **words.heading(self.request.user, row, self.title), "cancel_url": words.report_url(row),
            "follows": [
                _("%(name)s at %(organ)s receives it and answers it section by section.")
                % {"name": row.prosecutor.name, "organ": row.organ.short_name},
                _("The time limit of the report ends."),
                _("The Word file is made now and kept as it is; you can print it for signatures and seal."),
                _("The records it cites can no longer be corrected."),
            ],
        }


class RespondReport(OfReport, FormPage):
    """Section by section: accepted, partly accepted, returned, or a supplement asked for."""

    action = "respond_report"
    form_class = RespondReportForm
    template_name = "cases/reporting/respond.html"
    title = gettext_lazy("Answer the report")
    submit_label = gettext_lazy("Send the answer")
    done_message = gettext_lazy("The agency has your answer.")

    def form_arguments(self, row: Report) -> dict[str, Any]:
        return {"sections": {key: section_title(key) for key in SECTIONS}, "initial": {"result": "accepted"}}

    def carry_out(self, row: Report, form: RespondReportForm) -> Any:
        typed = form.cleaned_data
        return responding.respond_report(
            report=row, by=self.request.user, at=now(), results=form.results(), result=typed["result"],
            remark=typed["remark"], used_for=typed["used_for"],
        )

    def page(self, row: Report, form: Any) -> dict[str, Any]:
        case = row.case
        with_identity([case.juvenile])
        dossier = open_dossier(case.juvenile_id)
        sources = queries.sources(api.permitted(ServiceRecord, self.request.user), case)
        texts = queries.fixed_texts(row, dossier, until=case.submitted_at)
        responses = queries.responses_of(row, dossier)
        before = queries.fixed_texts(row, dossier, until=responses[0].submitted_at) if responses else {}
        views = [
            words.section_view(
                key, texts.get(key), sources, changes=words.changes(before.get(key), texts.get(key)),
                result=form[f"{key}-result"], remark=form[f"{key}-remark"],
            )
            for key in SECTIONS
        ]
        changed = [view for view in views if view["changes"]]
        again = bool(responses)
        return {
            **words.heading(self.request.user, case, self.title), "cancel_url": words.report_url(case),
            "answers": words.answers(row), "sections": changed if again else views,
            "unchanged": [view for view in views if again and not view["changes"]],
            "whole": [form["result"], form["used_for"], form["remark"]], "responses": words.response_views(responses),
        }


class FinishService(FormPage):
    """Services that end without a report are done."""

    model = Case
    action = "finish_service"
    form_class = FinishServiceForm
    title = gettext_lazy("Confirm that the service is finished")
    submit_label = gettext_lazy("Confirm")
    done_message = gettext_lazy("The service is finished. The evaluation is next.")

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.with_matter(rows)

    def carry_out(self, row: Case, form: FinishServiceForm) -> Any:
        return responding.finish_service(
            case=row, by=self.request.user, at=now(), remark=form.cleaned_data["remark"]
        )

    def page(self, row: Case, form: Any) -> dict[str, Any]:
        with_identity([row.juvenile])
        return {
            **words.heading(self.request.user, row, self.title), "cancel_url": row.get_absolute_url(),
            "follows": [
                _("The clocks of the services end."),
                _("You evaluate the work within ten working days (local practice), then the case is closed."),
            ],
        }
