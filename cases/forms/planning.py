"""The plan as goals with their activities, and what the prosecutor answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cases.forms.occasions import day_input, lines
from cases.services.planning import Activity, Goal
from socialwork.core import vocabulary

LONG = 2000
GOALS, ACTIVITIES = 12, 12


class ActivityRow(forms.Form):
    """What is done for a goal: by whom, how often, until when."""

    activity = forms.CharField(label=gettext_lazy("What is done"), max_length=300, widget=lines(1, 300))
    responsible = forms.ChoiceField(label=gettext_lazy("Who"))
    times = forms.IntegerField(label=gettext_lazy("How often"), min_value=1, max_value=100, initial=1)
    per = forms.ChoiceField(label=gettext_lazy("Period"))
    until = forms.DateField(label=gettext_lazy("Until"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].choices = vocabulary.choices("plan_responsible")
        self.fields["per"].choices = vocabulary.choices("plan_period")

    def value(self) -> Activity:
        data = self.cleaned_data
        return Activity(
            activity=data["activity"].strip(),
            responsible=data["responsible"],
            times=data["times"],
            per=data["per"],
            until=data["until"],
        )


class GoalRow(forms.Form):
    """A goal in words the child understands, and how one sees that it is reached."""

    goal = forms.CharField(label=gettext_lazy("Goal"), max_length=300, widget=lines(2, 300))
    measure = forms.CharField(
        label=gettext_lazy("How we see that it is reached"), max_length=300, required=False, widget=lines(1, 300)
    )
    domain = forms.ChoiceField(label=gettext_lazy("Domain"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["domain"].choices = vocabulary.choices("assessment_domain", blank=True)


GoalSet = forms.formset_factory(GoalRow, extra=0, min_num=1, validate_min=True, max_num=GOALS, can_delete=True)
ActivitySet = forms.formset_factory(ActivityRow, extra=0, max_num=ACTIVITIES, can_delete=True)


class WritePlanForm(forms.Form):
    """The plan: aim, the minor's own view, partners, and a grid of goals and activities.

    The activities of a goal are a formset of their own, `goals-<n>-activities`; `blocks` pairs each goal with it.
    """

    aim = forms.CharField(label=gettext_lazy("Aim of the plan"), max_length=LONG, widget=lines(3, LONG))
    minors_view = forms.CharField(
        label=gettext_lazy("What the minor thinks of it"),
        max_length=LONG,
        required=False,
        widget=lines(3, LONG),
        help_text=gettext_lazy("In the minor's own words, also where they disagree."),
    )
    partners = forms.CharField(
        label=gettext_lazy("Partners: family, school, employer, base"),
        max_length=LONG,
        required=False,
        widget=lines(2, LONG),
    )

    def __init__(self, *args: Any, goals: Sequence[Mapping[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        data = kwargs.get("data")
        self.goals = GoalSet(data=data, prefix="goals", initial=list(goals))
        self.formsets: dict[str, Any] = {"goals": self.goals}
        self.blocks = []
        for number, row in enumerate(self.goals.forms):
            name = f"goals-{number}-activities"
            initial = goals[number]["activities"] if number < len(goals) else [{}]
            # A goal that has just been added has no activities in the body yet.
            bound = data if data is not None and f"{name}-TOTAL_FORMS" in data else None
            activities = ActivitySet(data=bound, prefix=name, initial=list(initial))
            if bound is not None or data is None:
                self.formsets[name] = activities
            self.blocks.append((row, activities))

    @property
    def version(self) -> int:
        """The version of the plan the page was opened with, 0 for a new one."""
        text = self.data.get("_version", "")
        return int(text) if text.isdigit() else 0

    def value(self) -> list[Goal]:
        """Goals with their activities; rows marked for removal are left out."""
        found = []
        for row, activities in self.blocks:
            if not row.cleaned_data or row.cleaned_data.get("DELETE"):
                continue
            kept = [each for each in activities.forms if activities.is_bound and _kept(each)]
            data = row.cleaned_data
            found.append(
                Goal(
                    goal=data["goal"].strip(),
                    measure=data["measure"].strip(),
                    domain=data["domain"],
                    activities=[each.value() for each in kept],
                )
            )
        return found


def _kept(row: Any) -> bool:
    return bool(row.cleaned_data) and not row.cleaned_data.get("DELETE")


class ReturnPlanForm(forms.Form):
    """Why the plan is returned."""

    reason = forms.CharField(label=gettext_lazy("What should be changed"), max_length=LONG, widget=lines(4, LONG))


def proposed_until(today: dt.date) -> dt.date:
    """Three months ahead: the day an activity is proposed to end."""
    month = today.month + 3
    year, month = today.year + (month - 1) // 12, (month - 1) % 12 + 1
    return dt.date(year, month, min(today.day, 28))
