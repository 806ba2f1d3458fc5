"""The part every service record shares: when–where–who, how it went, and what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.queries_records import CoveredGoal
from cases.record_kinds import PRESENT_OTHERS, RISK_CHANGES, present_words
from cases.services.occasions import OUTCOMES, Occasion, Sequel
from socialwork.core import vocabulary
from socialwork.core.vocabulary import Offered

LONG = 4000
MESSAGE = 1000
OUTCOME_LABELS: Mapping[str, Any] = {
    "on_time": gettext_lazy("Came"),
    "late": gettext_lazy("Came late"),
    "not_attended": gettext_lazy("Did not come"),
    "did_not_happen": gettext_lazy("Did not take place"),
}
RISK_LABELS: Mapping[str, Any] = {
    "lower": gettext_lazy("Lower"),
    "same": gettext_lazy("The same"),
    "higher": gettext_lazy("Higher"),
}
# Offered even where the referral names no guardian.
PARENTS = ("father", "mother")
SCALE = [(number, str(number)) for number in range(1, 6)]


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


def lines(rows: int, most: int = LONG, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": most, "data-wide": True, **attrs})


def chips(**attrs: Any) -> forms.RadioSelect:
    return forms.RadioSelect(attrs={"data-chips": True, **attrs})


def many_chips(**attrs: Any) -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs={"data-chips": True, **attrs})


class RecordForm(forms.Form):
    """Base of the forms of service records. Choices come in by keyword; `amending` asks for a reason and asks nothing
    about what was told at the time."""

    # How long an occasion that ends at an earlier hour than it began may have lasted past midnight. A visit or a call
    # in the evening may; an end that lies half an hour before the beginning is a slip of the pen.
    past_midnight = dt.timedelta(hours=12)
    # Columns of the sealed text this kind asks for.
    words: Sequence[str] = ("summary",)

    on = forms.DateField(label=gettext_lazy("Day"), widget=day_input())
    started = forms.TimeField(label=gettext_lazy("From"), widget=time_input())
    ended = forms.TimeField(label=gettext_lazy("To"), widget=time_input())
    method = forms.ChoiceField(label=gettext_lazy("How"), widget=chips())
    place = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    co_worker = forms.ChoiceField(label=gettext_lazy("Together with"), required=False, widget=chips())
    outcome = forms.ChoiceField(label=gettext_lazy("How it went"), widget=chips())
    late_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes late"),
        required=False,
        min_value=1,
        max_value=600,
        widget=forms.NumberInput(attrs={"data-depends-on": "outcome=late", "inputmode": "numeric"}),
    )
    absence_reason = forms.ChoiceField(
        label=gettext_lazy("Why not"),
        required=False,
        widget=forms.Select(attrs={"data-depends-on": "outcome=not_attended|did_not_happen"}),
    )
    summary = forms.CharField(label=pgettext_lazy("record", "What happened"), max_length=LONG, widget=lines(5))
    next_on = forms.DateField(label=gettext_lazy("Next date"), required=False, widget=day_input())
    risk_change = forms.ChoiceField(label=gettext_lazy("Risk since last time"), required=False, widget=chips())
    tell = forms.BooleanField(label=gettext_lazy("Tell the prosecutor"), required=False)
    tell_prosecutor = forms.CharField(
        label=gettext_lazy("Message to the prosecutor"),
        required=False,
        max_length=MESSAGE,
        help_text=gettext_lazy("Only what the prosecutor needs; the record itself can be read there as well."),
        widget=lines(3, MESSAGE, **{"data-depends-on": "tell=on"}),
    )
    crisis = forms.ChoiceField(
        label=gettext_lazy("Crisis"),
        required=False,
        help_text=gettext_lazy(
            "Supervisor, prosecutor and agency are told at once. Harm to a child must be reported to the police."
        ),
    )
    statutory_basis = forms.ChoiceField(
        label=gettext_lazy("Law that stands in for a guardian's consent (under 14)"), required=False
    )
    overlap_confirmed = forms.BooleanField(
        label=gettext_lazy("Both records are right: they overlap in time"), required=False, widget=forms.HiddenInput()
    )
    reason = forms.CharField(label=gettext_lazy("Why is it corrected?"), max_length=500, widget=lines(2, 500))

    def __init__(
        self,
        *args: Any,
        co_workers: Sequence[Any] = (),
        goals: Sequence[CoveredGoal] = (),
        relations: Sequence[str] = (),
        ask_basis: bool = False,
        amending: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.co_workers = {str(person.pk): person for person in co_workers}
        self.covered = list(goals)
        self.relations = relations
        self.amending = amending
        self._offer()
        self._offer_goals()
        unwanted = ["tell", "tell_prosecutor", "crisis", "co_worker"] if amending else ["reason"]
        if not ask_basis and not amending:
            unwanted.append("statutory_basis")
        if not self.co_workers and "co_worker" not in unwanted:
            unwanted.append("co_worker")
        for name in unwanted:
            self.fields.pop(name, None)
        if self.data.get("overlap_confirmed"):
            self.ask_overlap()

    @property
    def version(self) -> int:
        """The version of the record the page was opened with, when one is corrected."""
        text = self.data.get("_version", "")
        return int(text) if text.isdigit() else 0

    def _offer(self) -> None:
        """Choices in the language of the screen."""
        offered = {
            "method": vocabulary.choices("method"),
            "place": vocabulary.choices("place_type", blank=True),
            "absence_reason": vocabulary.choices("not_attended_reason", blank=True, grouped=True),
            "crisis": [("", _("None")), *vocabulary.choices("crisis_type")],
            "statutory_basis": vocabulary.choices("law", blank=True),
            "outcome": [(code, OUTCOME_LABELS[code]) for code in OUTCOMES],
            "risk_change": [("", _("Not assessed")), *((code, RISK_LABELS[code]) for code in RISK_CHANGES)],
            "co_worker": [("", _("Alone")), *((key, person.name) for key, person in self.co_workers.items())],
        }
        for name, choices in offered.items():
            if name in self.fields:
                self.fields[name].choices = Offered(choices)

    def _offer_goals(self) -> None:
        """Goals of the plan as chips, each with when it was last covered; a result for each, once it is chosen."""
        if not self.covered:
            return
        self.fields["goals"] = forms.MultipleChoiceField(
            label=_("Goals covered"),
            required=False,
            widget=many_chips(),
            choices=Offered(
                (str(goal.row.pk), _("%(goal)s (%(last)s)") % {"goal": goal.words, "last": _last_words(goal)})
                for goal in self.covered
            ),
        )
        results = Offered([("", _("Touched")), *vocabulary.choices("task_result")])
        for goal in self.covered:
            rule = {"data-depends-on": f"goals={goal.row.pk}"}
            self.fields[f"result_{goal.row.pk}"] = forms.ChoiceField(
                label=goal.words, required=False, choices=results, widget=chips(**rule)
            )

    def ask_overlap(self) -> None:
        """Show the box that confirms two records of the same time."""
        self.fields["overlap_confirmed"].widget = forms.CheckboxInput()

    @property
    def goal_fields(self) -> list[str]:
        return ["goals", *(f"result_{goal.row.pk}" for goal in self.covered)] if self.covered else []

    def present_field(self) -> forms.MultipleChoiceField:
        """Who was there: the child, the relatives named in the referral, and others; what is stored stays offered."""
        stored = self.initial.get("present") or ()
        codes = dict.fromkeys(["subject", *self.relations, *PARENTS, "other_relative", *PRESENT_OTHERS, *stored])
        choices = Offered((code, present_words(code)) for code in codes)
        return forms.MultipleChoiceField(label=_("Who was there"), required=False, widget=many_chips(), choices=choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("tell") and not cleaned.get("tell_prosecutor"):
            self.add_error("tell_prosecutor", _("Write the message, or do not tell."))
        return cleaned

    def occasion(self) -> Occasion:
        """When, where, who, and how it went."""
        data = self.cleaned_data
        start, end = self._instants()
        return Occasion(
            started_at=start,
            ended_at=end,
            method=data["method"],
            place=data["place"],
            co_worker=self.co_workers.get(data.get("co_worker", "")),
            outcome=data["outcome"],
            late_minutes=data["late_minutes"] or 0,
            absence_reason=data["absence_reason"],
        )

    def _instants(self) -> tuple[dt.datetime, dt.datetime]:
        data, zone = self.cleaned_data, timezone.get_current_timezone()
        start = dt.datetime.combine(data["on"], data["started"], zone)
        end = dt.datetime.combine(data["on"], data["ended"], zone)
        next_day = end + dt.timedelta(days=1)
        return start, next_day if end < start and next_day - start <= self.past_midnight else end

    def sequel(self) -> Sequel:
        """What follows."""
        data = self.cleaned_data
        message = data.get("tell_prosecutor", "") if data.get("tell") else ""
        return Sequel(next_on=data.get("next_on"), tell_prosecutor=message, crisis=data.get("crisis", ""))

    def touched(self) -> dict[UUID, str]:
        """Goals chosen, with how far each got."""
        chosen = self.cleaned_data.get("goals") or []
        return {
            goal.row.pk: self.cleaned_data.get(f"result_{goal.row.pk}", "")
            for goal in self.covered
            if str(goal.row.pk) in chosen
        }

    def text(self) -> dict[str, str]:
        """The words of the record."""
        return {name: self.cleaned_data.get(name, "").strip() for name in self.words}

    def common(self) -> dict[str, str]:
        """Details every kind carries."""
        return {name: self.cleaned_data.get(name, "") for name in ("risk_change", "statutory_basis")}

    def follows(self) -> list[str]:
        """Fields of the third step that this form has."""
        names = ("next_plan", "next_on", "risk_change", "tell", "tell_prosecutor", "crisis")
        return [name for name in names if name in self.fields]

    def when(self) -> list[str]:
        """Fields of the first step that this form has."""
        names = ("on", "started", "ended", "method", "place", "co_worker", "statutory_basis", "overlap_confirmed")
        return [name for name in names if name in self.fields]

    def happened(self) -> list[str]:
        """Fields of the second step; every kind has its own."""
        return []

    def sections(self) -> list[dict[str, Any]]:
        """The three steps on one page, and for a correction its reason as the last."""
        steps = [
            {"title": _("1. When, where, who"), "fields": self.when(), "id": "when"},
            {"title": _("2. What happened"), "fields": self.happened(), "id": "what"},
        ]
        further = [(_("What follows"), self.follows(), "next")]
        if self.amending:
            further.append((_("Why it is corrected"), ["reason"], "why"))
        for title, fields, anchor in further:
            if fields:
                steps.append({"title": f"{len(steps) + 1}. {title}", "fields": fields, "id": anchor})
        return steps


def _last_words(goal: CoveredGoal) -> str:
    if goal.last_on is None:
        return _("not covered yet")
    return _("last %(day)s") % {"day": date_format(goal.last_on, "MONTH_DAY_FORMAT")}
