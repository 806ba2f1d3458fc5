"""The end of a case: what its file must hold, evaluation, closing, visits afterwards, and the ends before the aim."""
from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import checklist, documents
from cases import presenters_closing as closing_words
from cases import presenters_reports as words
from cases import queries_reports as queries
from cases.forms import closing as forms
from cases.models import Case, CaseDecision, Evaluation, FollowUp
from cases.services import closing, ending
from cases.views.reporting import word_file
from socialwork import audit
from socialwork.access import api
from socialwork.access.views import DetailPage, FormPage, Page, now
from socialwork.core.errors import NotVisible
from socialwork.deadlines.queries import timeline as clocks_of
from socialwork.people.dossiers import open_dossier
from socialwork.people.queries import with_identity


class OfCase:
    """Pages of one case: who it is about, and the way back to the page of its end."""

    model = Case

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.with_matter(rows)

    def location(self, row: Case, result: Any) -> str:
        return reverse("cases:closing", args=[row.pk])

    def page(self, row: Case, form: Any) -> dict[str, Any]:
        with_identity([row.juvenile])
        return {
            **words.heading(self.request.user, row, self.title), "cancel_url": reverse("cases:closing", args=[row.pk]),
            "danger": self.danger, "follows": self.follows(row),
        }

    danger = False

    def follows(self, row: Case) -> list[str]:
        """What follows, said before the act."""
        return []


class Closing(DetailPage):
    """Where the case stands on its way to the end."""

    model = Case
    template_name = "cases/closing/closing.html"

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.with_matter(rows)

    def page(self, row: Case) -> dict[str, Any]:
        user = self.request.user
        with_identity([row.juvenile])
        dossier = open_dossier(row.juvenile_id)
        evaluation = queries.evaluation_of(api.permitted(Evaluation, user), row, dossier)
        decisions = queries.decisions_of(api.permitted(CaseDecision, user), row, dossier)
        visits = queries.visits_of(api.permitted(FollowUp, user), row, dossier)
        clocks = {clock.occurrence: clock for clock in clocks_of(row) if clock.occurrence}
        excused = next((each.text["excused"] or {} for each in decisions if each.kind == CaseDecision.Kind.CLOSE), {})
        without = ["finish_service"] if queries.needs_report(queries.services_of(row.referral)) else []
        writes = any("record_follow_up" in api.allowed(user, visit) for visit in visits[:1])
        return {
            **words.heading(user, row, _("End of the case")), "facts": closing_words.end_facts(row),
            "items": closing_words.checklist_rows(row, checklist.of_case(row), excused),
            "evaluation": closing_words.evaluation_view(evaluation, row) if evaluation else None,
            "decisions": closing_words.decision_views(decisions),
            "visits": closing_words.visit_rows(row, visits, clocks, now(), may=writes),
            "acts": closing_words.acts(row, closing_words.ACTS, without=without),
            "others": closing_words.acts(row, closing_words.OTHER_ACTS),
            "report": reverse("cases:download_closing_report", args=[row.pk]) if self.has_report(decisions) else "",
        }

    @staticmethod
    def has_report(decisions: list[CaseDecision]) -> bool:
        return any(decision.kind == CaseDecision.Kind.CLOSE for decision in decisions)


class EvaluateCase(OfCase, FormPage):
    """One case, one evaluation."""

    action = "evaluate_case"
    form_class = forms.EvaluateCaseForm
    template_name = "cases/closing/evaluate.html"
    title = gettext_lazy("Evaluate the case")
    submit_label = gettext_lazy("Evaluate")
    done_message = gettext_lazy("The case is evaluated. Close it next.")

    def form_arguments(self, row: Case) -> dict[str, Any]:
        return {"parts": closing_words.parts()}

    def carry_out(self, row: Case, form: forms.EvaluateCaseForm) -> Any:
        typed = form.cleaned_data
        return closing.evaluate_case(
            case=row, by=self.request.user, at=now(), points=form.points(), vetoes=typed["vetoes"], remark=typed["remark"]
        )

    def page(self, row: Case, form: Any) -> dict[str, Any]:
        late, records = queries.written_late(row)
        return {
            **super().page(row, form), "facts": closing_words.work_facts(row, clocks_of(row), late, records),
            "intro": _("Five parts, 100 points: excellent from 90, good from 75, pass from 60. Local practice, not law."),
        }


class CloseCase(OfCase, FormPage):
    """The last page of the file."""

    action = "close_case"
    form_class = forms.CloseCaseForm
    title = gettext_lazy("Close the case")
    submit_label = gettext_lazy("Close the case")
    done_message = gettext_lazy("The case is closed.")

    def form_arguments(self, row: Case) -> dict[str, Any]:
        goals = closing.goals_of(row)
        open_dossier(row.juvenile_id).read(*goals)
        missing = [item for item in checklist.of_case(row) if item.missing and item.excusable]
        return {
            "goals": [(goal.pk, goal.text["goal"]) for goal in goals], "missing": missing, "visits": list(closing.VISITS),
            "initial": {"visits": [str(months) for months in closing.USUAL_VISITS]},
        }

    def carry_out(self, row: Case, form: forms.CloseCaseForm) -> Any:
        typed = form.cleaned_data
        return closing.close_case(
            case=row, by=self.request.user, at=now(), reason=typed["reason"], goals=form.results(), excused=form.excuses(),
            visits=[int(months) for months in typed["visits"]], explanation=typed["explanation"],
            unresolved=typed["unresolved"], client_opinion=typed["client_opinion"], guardian_opinion=typed["guardian_opinion"],
        )

    def follows(self, row: Case) -> list[str]:
        kept = ending.kept_until(timezone.localdate(now()))
        return [
            _("Nothing more can be recorded but the visits afterwards."),
            _("The agency keeps the file until %(day)s, then it is handed back or destroyed.")
            % {"day": closing_words.day_words(kept)},
        ]


class RecordFollowUp(FormPage):
    """A visit after closing."""

    model = FollowUp
    action = "record_follow_up"
    form_class = forms.RecordFollowUpForm
    title = gettext_lazy("Record the visit")
    done_message = gettext_lazy("The visit is recorded.")

    def shape(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("case__juvenile__identity", "case__juvenile__dossier_key")

    def form_arguments(self, row: FollowUp) -> dict[str, Any]:
        return {"initial": {"visited_at": timezone.localtime(now()).replace(second=0, microsecond=0)}}

    def carry_out(self, row: FollowUp, form: forms.RecordFollowUpForm) -> Any:
        typed = form.cleaned_data
        return closing.record_follow_up(
            follow_up=row, by=self.request.user, at=now(), visited_at=typed["visited_at"], reached=typed["reached"] == "yes",
            situation=typed["situation"], needs=typed["needs"],
        )

    def location(self, row: FollowUp, result: Any) -> str:
        return reverse("cases:closing", args=[row.case_id]) + "#visits"

    def page(self, row: FollowUp, form: Any) -> dict[str, Any]:
        with_identity([row.case.juvenile])
        planned = _("Planned for %(day)s.") % {"day": closing_words.day_words(row.planned_on)}
        return {
            **words.heading(self.request.user, row.case, self.title), "cancel_url": self.location(row, None), "intro": planned,
            "field_size": "field",
        }


class SuspendCase(OfCase, FormPage):
    """The work stops for a while."""

    action = "suspend_case"
    form_class = forms.SuspendCaseForm
    title = gettext_lazy("Suspend the case")
    submit_label = gettext_lazy("Suspend")
    done_message = gettext_lazy("The case is suspended; its clocks stand still.")

    def carry_out(self, row: Case, form: forms.SuspendCaseForm) -> Any:
        return ending.suspend_case(case=row, by=self.request.user, at=now(), **form.cleaned_data)

    def follows(self, row: Case) -> list[str]:
        return [_("Every clock of the case that may stop, stops."), _("The agency is told. You decide when it goes on.")]


class ResumeCase(OfCase, FormPage):
    """The work goes on."""

    action = "resume_case"
    form_class = forms.ResumeCaseForm
    title = gettext_lazy("Resume the case")
    submit_label = gettext_lazy("Resume")
    done_message = gettext_lazy("The case goes on; its clocks run.")

    def carry_out(self, row: Case, form: forms.ResumeCaseForm) -> Any:
        return ending.resume_case(case=row, by=self.request.user, at=now(), **form.cleaned_data)

    def follows(self, row: Case) -> list[str]:
        return [_("The clocks run on for the time that was left.")]


class CancelCase(OfCase, FormPage):
    """The matter ends."""

    action = "cancel_case"
    form_class = forms.CancelCaseForm
    title = gettext_lazy("Cancel the matter")
    submit_label = gettext_lazy("Cancel the matter")
    done_message = gettext_lazy("The matter is cancelled.")
    danger = True

    def carry_out(self, row: Case, form: forms.CancelCaseForm) -> Any:
        return ending.cancel_case(case=row, by=self.request.user, at=now(), **form.cleaned_data)

    def follows(self, row: Case) -> list[str]:
        return [
            _("The agency stops working; nothing more can be recorded."), _("The file is kept as long as a closed one."),
            _("This cannot be taken back; a new referral would be needed."),
        ]


class TransferCase(OfCase, FormPage):
    """Another agency takes over."""

    action = "transfer_case"
    form_class = forms.TransferCaseForm
    title = gettext_lazy("Transfer to another agency")
    submit_label = gettext_lazy("End here and begin a new referral")
    done_message = gettext_lazy("The case ended here. Choose the new agency in the draft.")
    danger = True

    def carry_out(self, row: Case, form: forms.TransferCaseForm) -> Any:
        return ending.transfer_case(case=row, by=self.request.user, at=now(), **form.cleaned_data)

    def location(self, row: Case, result: Any) -> str:
        return result.get_absolute_url()

    def follows(self, row: Case) -> list[str]:
        return [
            _("The case at %(agency)s ends.") % {"agency": row.agency.short_name},
            _("A new draft referral begins, with what you wrote as a hand-over package."),
        ]


class ExtendDeadline(OfCase, FormPage):
    """More time for one clock."""

    action = "extend_deadline"
    form_class = forms.ExtendDeadlineForm
    title = gettext_lazy("Give more time")
    submit_label = gettext_lazy("Give more time")
    done_message = gettext_lazy("The time limit has moved.")
    clocks: ClassVar[dict[str, Any]] = {}

    def form_arguments(self, row: Case) -> dict[str, Any]:
        self.clocks = {str(clock.pk): clock for clock in clocks_of(row).open() if clock.rule.extendable}
        labels = [
            (pk, _("%(title)s, until %(day)s") % {"title": clock.title, "day": closing_words.day_words(clock.due_at)})
            for pk, clock in self.clocks.items()
        ]
        chosen = self.request.GET.get("deadline", "")
        return {"deadlines": labels, "initial": {"deadline": chosen if chosen in self.clocks else ""}}

    def carry_out(self, row: Case, form: forms.ExtendDeadlineForm) -> Any:
        typed = form.cleaned_data
        return ending.extend_deadline(
            case=row, deadline=self.clocks[typed["deadline"]], by=self.request.user, at=now(), new_due_on=typed["new_due_on"],
            explanation=typed["explanation"],
        )


class DownloadEvaluation(OfCase, Page):
    """The evaluation as a Word file (F38)."""

    title = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.load()
        dossier = open_dossier(row.juvenile_id)
        evaluation = queries.evaluation_of(api.permitted(Evaluation, request.user), row, dossier)
        if evaluation is None:
            raise NotVisible()
        full = {part: most for part, (_name, most) in closing_words.parts().items()}
        content = documents.evaluation_docx(
            row, evaluation, dossier, total=evaluation.points, grade=closing.grade_of(evaluation.points), full=full
        )
        audit.read(row, by=request.user, route=self.route, action="downloaded", detail="F38")
        return word_file(content, documents.file_name("F38", row.juvenile.code))


class DownloadClosingReport(OfCase, Page):
    """The closing report as a Word file (F35)."""

    title = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.load()
        dossier = open_dossier(row.juvenile_id)
        decisions = queries.decisions_of(api.permitted(CaseDecision, request.user), row, dossier)
        if not Closing.has_report(decisions):
            raise NotVisible()
        audit.read(row, by=request.user, route=self.route, action="downloaded", detail="F35")
        return word_file(documents.closing_docx(row, dossier), documents.file_name("F35", row.juvenile.code))
