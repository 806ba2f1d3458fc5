"""Assessment and plan: the tab that shows them, the forms that write them, the acts that decide them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import presenters, presenters_plans, queries
from cases.forms.assessing import VIEWS, AssessCaseForm, ConfirmAssessmentForm
from cases.forms.planning import ReturnPlanForm, WritePlanForm, proposed_until
from cases.models import Assessment, Case, DomainRating, Plan
from cases.queries_records import plans_with_goals, prose_of
from cases.services.assessing import assess_case, confirm_assessment
from cases.services.planning import (
    BEING_MADE,
    adopt_plan,
    approve_plan,
    propose_plan,
    return_plan,
    write_plan,
)
from cases.states import PlanState
from cases.views.working import around
from socialwork.access import api
from socialwork.access.views import ActPage, DetailPage, FormPage, now
from socialwork.people.dossiers import open_dossier
from socialwork.people.queries import with_identity


def plans_of(user: Any, case: Case) -> list[Plan]:
    """The versions this person may read, newest first, opened."""
    plans = list(plans_with_goals(api.permitted(Plan, user).filter(case=case)))
    open_dossier(case.juvenile_id).read(*prose_of(plans))
    return plans


def assessments_of(user: Any, case: Case) -> list[Assessment]:
    """The assessments this person may read, newest first, opened."""
    ratings = Prefetch("ratings", DomainRating.objects.order_by("domain"))
    rows = api.permitted(Assessment, user).filter(case=case).select_related("assessed_by", "confirmed_by", "case")
    found = list(rows.prefetch_related(ratings).order_by("-assessed_at", "-id"))
    open_dossier(case.juvenile_id).read(*found, *(line for row in found for line in row.ratings.all()))
    return found


class CasePlan(DetailPage):
    """The plan in force or being made, its versions, and the assessments it rests on."""

    model = Case
    template_name = "cases/plan.html"

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.for_page(rows)

    def page(self, row: Case) -> dict[str, Any]:
        user = self.request.user
        plans, assessments = plans_of(user, row), assessments_of(user, row)
        wanted = self.request.GET.get("version", "")
        shown = next((plan for plan in plans if str(plan.number) == wanted), plans[0] if plans else None)
        for each in [*filter(None, [shown]), *assessments[:1]]:
            api.allowed(user, each)
        former = next((plan for plan in plans if shown and plan.number < shown.number), None)
        url = self.request.path
        part = presenters_plans.plan_part(shown, str(uuid4())) if shown else None
        context = around(user, row, "plan")
        if part and part["actions"]:
            context["primary"], *part["actions"] = part["actions"]
        return {
            **context,
            "plan": part,
            "versions": presenters_plans.versions(plans, url, shown.number) if shown and len(plans) > 1 else [],
            "changes": presenters_plans.compare(former, shown) if shown and former else [],
            "former": _("Version %(number)s") % {"number": former.number} if former else "",
            "assessments": [presenters_plans.assessment_part(each) for each in assessments],
        }


class WritePlan(FormPage):
    """Goals and activities as a grid; a new version starts as a copy of the one in force."""

    model = Case
    action = "write_plan"
    template_name = "cases/write_plan.html"
    form_class = WritePlanForm
    title = gettext_lazy("Write the plan")
    submit_label = gettext_lazy("Save the plan")
    done_message = gettext_lazy("The plan is saved.")

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.for_page(rows)

    def load(self) -> Case:
        row = super().load()
        plans = plans_of(self.request.user, row)
        self.made = next((plan for plan in plans if plan.state in BEING_MADE), None)
        self.copied = next((plan for plan in plans if plan.state == PlanState.APPROVED), None)
        return row

    def form_arguments(self, row: Case) -> dict[str, Any]:
        source = self.made or self.copied
        if source is None:
            until = proposed_until(timezone.localdate(now()))
            return {"goals": [{"activities": [{"until": until, "per": "month", "responsible": "lead"}]}], "initial": {}}
        return {"goals": [_goal_initial(goal) for goal in source.goals.all()], "initial": dict(source.text or {})}

    def carry_out(self, row: Case, form: WritePlanForm) -> Plan:
        text = {name: form.cleaned_data[name].strip() for name in ("aim", "minors_view", "partners")}
        return write_plan(case=row, by=self.request.user, at=now(), version=form.version, text=text, goals=form.value())

    def location(self, row: Case, result: Plan) -> str:
        return result.get_absolute_url()

    def page(self, row: Case, form: WritePlanForm) -> dict[str, Any]:
        with_identity([row.juvenile])
        returned = (self.made.text or {})["return_reason"] if self.made else ""
        return {
            "crumbs": presenters.case_crumbs(self.request.user, row, self.title),
            "subtitle": row.number,
            "version": self.made.version if self.made else 0,
            "returned": returned,
            "blocks": form.blocks,
            "formsets": [{"formset": part} for part in form.formsets.values()],
            "copied": _("Copied from version %(number)s, which stays in force.") % {"number": self.copied.number}
            if self.copied and not self.made
            else "",
        }


def _goal_initial(goal: Any) -> dict[str, Any]:
    activities = [
        {
            "activity": each.text["activity"],
            "responsible": each.responsible,
            "times": each.times,
            "per": each.per,
            "until": each.until,
        }
        for each in goal.activities.all()
    ]
    return {"goal": goal.text["goal"], "measure": goal.text["measure"], "domain": goal.domain, "activities": activities}


class _OnPlan:
    """What the acts on a plan share: the row with its case."""

    model = Plan

    def shape(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("case__juvenile")


class ProposePlan(_OnPlan, ActPage):
    action = "propose_plan"
    done_message = gettext_lazy("The plan is with the prosecutor.")

    def carry_out(self, row: Plan) -> Plan:
        return propose_plan(plan=row, by=self.request.user, at=now())


class AdoptPlan(_OnPlan, ActPage):
    action = "adopt_plan"
    done_message = gettext_lazy("The plan is in force.")

    def carry_out(self, row: Plan) -> Plan:
        return adopt_plan(plan=row, by=self.request.user, at=now())


class ApprovePlan(_OnPlan, ActPage):
    action = "approve_plan"
    done_message = gettext_lazy("The plan is approved and in force.")

    def carry_out(self, row: Plan) -> Plan:
        return approve_plan(plan=row, by=self.request.user, at=now())


class ReturnPlan(_OnPlan, FormPage):
    """The prosecutor returns the plan with a reason."""

    action = "return_plan"
    form_class = ReturnPlanForm
    title = gettext_lazy("Return the plan")
    submit_label = gettext_lazy("Return")
    done_message = gettext_lazy("The plan is returned.")

    def carry_out(self, row: Plan, form: ReturnPlanForm) -> Plan:
        return return_plan(plan=row, by=self.request.user, at=now(), reason=form.cleaned_data["reason"])

    def page(self, row: Plan, form: ReturnPlanForm) -> dict[str, Any]:
        with_identity([row.case.juvenile])
        return {"crumbs": presenters.case_crumbs(self.request.user, row.case, self.title), "subtitle": row.case.number}


class AssessCase(FormPage):
    """Pre-assessment: ten domains on one page."""

    model = Case
    action = "assess_case"
    form_class = AssessCaseForm
    title = gettext_lazy("Assess the situation")
    submit_label = gettext_lazy("Save the assessment")
    done_message = gettext_lazy("The assessment is saved. A person confirms the level.")

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.for_page(rows)

    def load(self) -> Case:
        row = super().load()
        self.found = {each.occasion: each for each in assessments_of(self.request.user, row)}
        self.open = next((each for each in self.found.values() if each.confirmed_at is None), None)
        return row

    def form_arguments(self, row: Case) -> dict[str, Any]:
        done = {code for code, each in self.found.items() if each.confirmed_at is not None}
        occasions = [code for code in Assessment.Occasion.values if code not in done] or [Assessment.Occasion.END.value]
        initial: dict[str, Any] = {"occasion": self.open.occasion if self.open else occasions[0]}
        if self.open:
            occasions = [self.open.occasion]
            initial |= {"protective": self.open.protective, **{name: (self.open.text or {})[name] for name in VIEWS}}
            for line in self.open.ratings.all():
                values = {
                    "rating": line.rating,
                    "strength": line.strength,
                    "priority": line.priority,
                    "facts": line.text["facts"],
                }
                initial |= {f"{name}_{line.domain}": value for name, value in values.items()}
        return {"occasions": occasions, "initial": initial}

    def carry_out(self, row: Case, form: AssessCaseForm) -> Assessment:
        return assess_case(
            case=row,
            by=self.request.user,
            at=now(),
            version=form.version,
            occasion=form.cleaned_data["occasion"],
            ratings=form.ratings(),
            protective=form.cleaned_data["protective"],
            text=form.text(),
        )

    def location(self, row: Case, result: Assessment) -> str:
        return result.get_absolute_url()

    def page(self, row: Case, form: AssessCaseForm) -> dict[str, Any]:
        with_identity([row.juvenile])
        return {
            "crumbs": presenters.case_crumbs(self.request.user, row, self.title),
            "subtitle": row.number,
            "sections": form.sections(),
            "version": self.open.version if self.open else 0,
            "intro": presenters_plans.assessment_intro(),
        }


class ConfirmAssessment(FormPage):
    """A person confirms the level the ratings point to, or sets another one with a reason."""

    model = Assessment
    action = "confirm_assessment"
    template_name = "cases/confirm_assessment.html"
    form_class = ConfirmAssessmentForm
    title = gettext_lazy("Confirm the risk level")
    submit_label = gettext_lazy("Confirm")
    done_message = gettext_lazy("The level is confirmed.")

    def shape(self, rows: QuerySet) -> QuerySet:
        ratings = Prefetch("ratings", DomainRating.objects.order_by("domain"))
        return rows.select_related("case__juvenile__identity", "case__juvenile__dossier_key", "assessed_by", "confirmed_by").prefetch_related(ratings)

    def form_arguments(self, row: Assessment) -> dict[str, Any]:
        return {"initial": {"risk_level": row.proposed_risk}}

    def carry_out(self, row: Assessment, form: ConfirmAssessmentForm) -> Assessment:
        data = form.cleaned_data
        return confirm_assessment(
            assessment=row,
            by=self.request.user,
            at=now(),
            version=form.version,
            risk_level=data["risk_level"],
            override_reason=data["override_reason"],
        )

    def page(self, row: Assessment, form: ConfirmAssessmentForm) -> dict[str, Any]:
        with_identity([row.case.juvenile])
        open_dossier(row.case.juvenile_id).read(row, *row.ratings.all())
        return {
            "crumbs": presenters.case_crumbs(self.request.user, row.case, self.title),
            "subtitle": row.case.number,
            "part": presenters_plans.assessment_part(row),
            "follows": [
                _("The level becomes the level of the case. It sets how often contacts are held, and nothing else.")
            ],
        }
