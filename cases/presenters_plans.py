"""Plans and assessments in words: the grid of goals and activities, versions side by side, ratings, levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Assessment, Plan
from cases.presenters import day_words, joined, risk_of
from cases.wording import PLAN_TONES, RISK_TONES
from socialwork.core import vocabulary
from socialwork.people.presenters import label_of

OCCASIONS = {
    Assessment.Occasion.START: gettext_lazy("At the start"),
    Assessment.Occasion.MIDDLE: gettext_lazy("In the middle"),
    Assessment.Occasion.END: gettext_lazy("At the end"),
}
NOT_VALIDATED = gettext_lazy("Professional structured judgement, not a validated instrument.")
# The confirmed level sets nothing but how often contacts are held (D9, local practice).
RATING_TONES = ("ok", "neutral", "warn", "danger")


def plan_state(plan: Plan) -> dict[str, Any]:
    return {"label": plan.get_state_display(), "tone": PLAN_TONES[plan.state]}


def plan_part(plan: Plan, key: str) -> dict[str, Any]:
    """A version of the plan with its goals and activities; words opened by the caller."""
    text = plan.text or {}
    facts = [
        {"label": _("Aim"), "text": text["aim"], "wide": True},
        {"label": _("What the minor thinks of it"), "text": text["minors_view"], "wide": True},
        {"label": _("Partners"), "text": text["partners"], "wide": True},
        {"label": _("Written by"), "text": plan.written_by.name},
    ]
    if plan.decided_at:
        facts.append({"label": _("Decided"), "text": day_words(plan.decided_at), "hint": plan.decided_by.name})
    return {
        "title": _("Plan, version %(number)s") % {"number": plan.number},
        "state": plan_state(plan),
        "facts": [fact for fact in facts if fact["text"]],
        "grid": grid(plan),
        "returned": text["return_reason"],
        "actions": plan_actions(plan, key),
    }


def plan_actions(plan: Plan, key: str) -> list[dict[str, Any]]:
    """What this person may do with the plan now."""
    labels = (
        ("propose_plan", _("Send for approval"), True),
        ("adopt_plan", _("Put in force"), True),
        ("approve_plan", _("Approve"), True),
        ("return_plan", _("Return"), False),
    )
    found: list[dict[str, Any]] = []
    for verb, label, post in labels:
        if verb in plan.allowed_actions:
            entry: dict[str, Any] = {"label": label, "url": reverse(f"cases:{verb}", args=[plan.pk])}
            found.append({**entry, "post": True, "key": key} if post else entry)
    return found


def grid(plan: Plan) -> dict[str, Any]:
    """Goals × activities × who × how often × until."""
    rows = []
    for goal in plan.goals.all():
        domain = label_of("assessment_domain", goal.domain) if goal.domain else ""
        name = {"text": goal.text["goal"], "sub": joined([domain, goal.text["measure"]])}
        activities = list(goal.activities.all())
        for number, activity in enumerate(activities):
            # The goal stands in every row, so that each row can be read by itself.
            rows.append({"cells": [name if number == 0 else goal.text["goal"], *_activity_cells(activity)]})
        if not activities:
            rows.append({"cells": [name, _("No activity yet"), "", "", ""]})
    labels = (_("Goal"), _("What is done"), _("Who"), _("How often"), _("Until"))
    return {"title": _("Goals and activities"), "columns": [{"label": label} for label in labels], "rows": rows}


def _activity_cells(activity: Any) -> list[Any]:
    return [
        activity.text["activity"],
        label_of("plan_responsible", activity.responsible),
        often(activity),
        day_words(activity.until),
    ]


def often(activity: Any) -> str:
    """ "2 times per month"."""
    period = label_of("plan_period", activity.per)
    return _("%(times)s × %(period)s") % {"times": activity.times, "period": period}


def plan_words(plan: Plan) -> dict[str, str]:
    """A plan as texts to compare: aim, views, and one text for every goal."""
    text = plan.text or {}
    found = {
        str(_("Aim")): text["aim"],
        str(_("What the minor thinks of it")): text["minors_view"],
        str(_("Partners")): text["partners"],
    }
    for number, goal in enumerate(plan.goals.all(), start=1):
        parts = [goal.text["goal"], goal.text["measure"]]
        parts += [joined([cell for cell in _activity_cells(activity) if cell]) for activity in goal.activities.all()]
        found[_("Goal %(number)s") % {"number": number}] = "\n".join(part for part in parts if part)
    return found


def compare(old: Plan, new: Plan) -> list[dict[str, str]]:
    """Rows of diff.html: what differs between two versions."""
    before, after = plan_words(old), plan_words(new)
    return [
        {"label": label, "old": before.get(label, ""), "new": after.get(label, "")}
        for label in dict.fromkeys([*before, *after])
        if before.get(label, "") != after.get(label, "")
    ]


def versions(plans: Sequence[Plan], url: str, shown: int) -> list[dict[str, Any]]:
    """The versions as chips, newest first."""
    return [
        {
            "label": _("Version %(number)s") % {"number": plan.number},
            "url": f"{url}?version={plan.number}",
            "active": plan.number == shown,
            "count": None,
        }
        for plan in plans
    ]


def assessment_part(assessment: Assessment) -> dict[str, Any]:
    """An assessment with its ratings; words opened by the caller."""
    text = assessment.text or {}
    protective = joined(vocabulary.label("protective_factor", code) for code in assessment.protective)
    facts = [
        {"label": _("Protective factors"), "text": protective},
        {"label": _("Strengths"), "text": text["strengths"], "wide": True},
        {"label": _("The minor's own view"), "text": text["minors_view"], "wide": True},
        {"label": _("The guardian's view"), "text": text["guardians_view"], "wide": True},
        {"label": _("Needs to be met first"), "text": text["needs"], "wide": True},
        {"label": _("Assessed"), "text": day_words(assessment.assessed_at), "hint": assessment.assessed_by.name},
        level_fact(assessment),
        {"label": _("Why it differs"), "text": text["override_reason"], "wide": True},
    ]
    confirm = None
    if assessment.confirmed_at is None and "confirm_assessment" in assessment.allowed_actions:
        confirm = {"label": _("Confirm the level"), "url": reverse("cases:confirm_assessment", args=[assessment.pk])}
    return {
        "title": _("Assessment: %(occasion)s") % {"occasion": OCCASIONS[Assessment.Occasion(assessment.occasion)]},
        "facts": [fact for fact in facts if fact.get("text") or fact.get("state")],
        "ratings": ratings(assessment),
        "confirm": confirm,
        "note": NOT_VALIDATED,
    }


def level_fact(assessment: Assessment) -> dict[str, Any]:
    """The confirmed level, or the proposed one that waits for a person."""
    if assessment.confirmed_by:
        hint = _("confirmed by %(name)s on %(day)s") % {
            "name": assessment.confirmed_by.name,
            "day": day_words(assessment.confirmed_at),
        }
        return {"label": _("Risk level"), "state": risk_of(assessment.risk_level), "hint": hint, "text": ""}
    proposed = vocabulary.label("risk_level", assessment.proposed_risk)
    state = {"label": _("Proposed: %(level)s") % {"level": proposed}, "tone": RISK_TONES[assessment.proposed_risk]}
    return {"label": _("Risk level"), "state": state, "hint": _("not confirmed yet"), "text": ""}


def ratings(assessment: Assessment) -> dict[str, Any]:
    """Every domain with its rating, marks and facts, in the order of the list."""
    by_domain = {row.domain: row for row in assessment.ratings.all()}
    labels = {term.extra["value"]: term.label for term in vocabulary.terms("domain_rating")}
    rows = []
    for term in vocabulary.terms("assessment_domain"):
        row = by_domain.get(term.code)
        if row is None:
            continue
        marks = joined([_("strength") if row.strength else "", _("priority") if row.priority else ""])
        state = {"label": f"{row.rating} {labels[row.rating]}", "tone": RATING_TONES[row.rating]}
        rows.append({"cells": [term.label, {"state": state}, marks, row.text["facts"]]})
    columns = [
        {"label": _("Domain")},
        {"label": _("Rating")},
        {"label": _("Marks")},
        {"label": _("Facts"), "wide": True},
    ]
    return {"title": _("Ratings"), "columns": columns, "rows": rows}


def assessment_intro() -> str:
    """What an assessment is, before anything is typed."""
    return f"{NOT_VALIDATED} {_('The highest rating decides the proposed level; a person confirms it.')}"
