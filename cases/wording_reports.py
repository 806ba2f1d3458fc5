"""Names of the parts of a report, of documents, and of the marks beside them."""
from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from socialwork.core.letters import chinese_numeral

# Sections in the order of chapter 4.2 of the domain rules; the keys are those of cases.models.reporting.SECTIONS.
SECTION_TITLES: dict[str, Any] = {
    "investigation": gettext_lazy("How the investigation was done"),
    "person": gettext_lazy("The person"),
    "family": gettext_lazy("The family"),
    "school_work": gettext_lazy("School or work"),
    "community": gettext_lazy("Community and contacts"),
    "offence": gettext_lazy("The act, and behaviour since"),
    "opinions": gettext_lazy("What others say"),
    "guardianship": gettext_lazy("Guardianship and help available"),
    "assessment": gettext_lazy("Overall assessment"),
    "recommendation": gettext_lazy("Recommendations"),
    "dissent": gettext_lazy("Dissenting opinion"),
    "attachments": gettext_lazy("List of attachments"),
}

# What belongs into a section (SPP guidelines of 2017 as the domain rules give them; local wording).
SECTION_HINTS: dict[str, Any] = {
    "investigation": gettext_lazy("Who commissioned it, who investigated, when, how, and who was heard (in code)."),
    "person": gettext_lazy("Growth, character, health, habits, interests, earlier misbehaviour."),
    "family": gettext_lazy("Members and relations, style of upbringing, work and means of the guardians."),
    "school_work": gettext_lazy("Attendance, results, conduct, relation to teachers, classmates or colleagues."),
    "community": gettext_lazy("Neighbourhood, behaviour there, friends and contacts."),
    "offence": gettext_lazy("Aim, motive, means, relation to the victim; remorse, compensation, behaviour since."),
    "opinions": gettext_lazy("What the victim's side, the school, the community and the police station said."),
    "guardianship": gettext_lazy("Who can look after the minor, what speaks for and against it, which help there is."),
    "assessment": gettext_lazy("Causes, risks, strengths, and the likelihood of re-offending with its reasons."),
    "recommendation": gettext_lazy("Advice on handling and on guidance. The decision is the prosecutor's."),
    "dissent": gettext_lazy("Only if the two investigators do not agree: each view with its reasons."),
    "attachments": gettext_lazy("One attachment a line: records, proofs, certificates handed over with the report."),
}


def section_title(key: str) -> str:
    """The title with its number, in the language of the screen."""
    number = list(SECTION_TITLES).index(key) + 1
    chinese = (get_language() or "zh").startswith("zh")
    return _("%(number)s. %(title)s") % {
        "number": chinese_numeral(number) if chinese else number, "title": SECTION_TITLES[key],
    }


# Sections that are plain text: an opinion or a list does not rest on sources.
WITHOUT_FINDINGS = frozenset({"dissent", "attachments"})

REPORT_TONES = {
    "draft": "neutral", "in_review": "info", "returned": "danger", "reviewed": "ok", "submitted": "info",
    "sent_back": "danger", "accepted": "done",
}
RESULT_TONES = {"accepted": "done", "partly": "ok", "supplement": "warn", "returned": "danger"}
GRADE_TONES = {"excellent": "ok", "good": "ok", "pass": "warn", "fail": "danger"}


def source_mark(*, interview: bool, number: int) -> str:
    """The mark of a source in the text and in the list of sources, as short as it can be."""
    return (_("I%(number)s") if interview else _("R%(number)s")) % {"number": number}
