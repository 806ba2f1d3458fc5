"""What each role is asked to do, by the next act that stands on the row: data, no rules."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from referrals.models import Referral
from socialwork.access.roles import Role

# Sentence on Today, by next act. %(label)s is the number or the work code.
SENTENCES: dict[str, Any] = {
    "submit_referral": _("Finish and submit the draft about %(label)s."),
    "approve_referral": _("Approve or return the referral about %(label)s."),
    "accept_referral": _("Answer the referral %(label)s."),
    "answer_information": _("Answer the agency's question about %(label)s."),
    "refer_again": _("The agency declined %(label)s. Refer to another one."),
    "start_case": _("Begin with %(label)s: the first contact."),
    "log_contact": _("Go on with %(label)s and log the contact."),
    "log_counselling": _("Log the counselling of %(label)s."),
    "write_plan": _("Agree on the plan of %(label)s."),
    "write_report": _("Write the report of %(label)s."),
    "write_monthly_report": _("Write the monthly report of %(label)s."),
    "approve_plan": _("Answer the plan of %(label)s."),
    "review_report": _("Review the report of %(label)s."),
    "submit_report": _("Submit the reviewed report of %(label)s."),
    "accept_report": _("Answer the report of %(label)s."),
    "evaluate_case": _("Evaluate the work on %(label)s."),
    "close_case": _("Close %(label)s."),
    "resume_case": _("%(label)s is suspended. See whether it can go on."),
    "record_follow_up": _("Visit after closing: %(label)s."),
}


# What is another act for another role: the row waits for the prosecutor, and the clerk prepares what is to be submitted.
SENTENCES_OF: dict[Role, dict[str, Any]] = {
    Role.CLERK: {"submit_referral": _("Prepare the draft about %(label)s; the prosecutor submits it.")},
}


def sentence_for(roles: Iterable[str], act: str) -> Any:
    """The sentence for a person of these roles; who may do the act itself is asked for that."""
    held = [Role(role) for role in roles]
    others = [role for role in held if act not in SENTENCES_OF.get(role, {}) and any(act in duty.acts for duty in DUTIES.get(role, ()))]
    own = next((SENTENCES_OF[role][act] for role in held if act in SENTENCES_OF.get(role, {})), None)
    return SENTENCES[act] if own is None or others else own


# A clock on the row stands for the act that ends it (rule codes of fixtures/reference/deadline_rules.toml).
CLOCK_ACTS: dict[str, str] = {
    **dict.fromkeys(("D2", "D2b", "D2c", "D2c_fast_track", "D2d"), "write_report"),
    **dict.fromkeys(("D8", "D8b"), "write_plan"),
    **dict.fromkeys(("D10", "D17b", "D19", "D20", "LIMIT"), "log_contact"),
    **dict.fromkeys(("D26", "D26_3", "D26_6", "D26_12"), "record_follow_up"),
    "D12": "write_monthly_report",
    "D17": "accept_referral",
    "D18": "log_counselling",
    "D30": "evaluate_case",
}


def codes_of(acts: Iterable[str]) -> list[str]:
    """What may stand on a row for these acts: the act itself or a clock that it ends."""
    wanted = set(acts)
    return sorted(wanted | {code for code, act in CLOCK_ACTS.items() if act in wanted})


@dataclass(frozen=True)
class Duty:
    """The acts of one model that a role is expected to do."""

    model: type[Model]
    acts: tuple[str, ...]


DUTIES: dict[Role, tuple[Duty, ...]] = {
    Role.PROSECUTOR: (
        Duty(Referral, ("submit_referral", "answer_information", "refer_again")),
        Duty(Case, ("accept_report", "evaluate_case", "approve_plan", "close_case", "resume_case")),
    ),
    Role.CLERK: (Duty(Referral, ("submit_referral",)),),
    Role.UNIT_HEAD: (Duty(Referral, ("approve_referral",)),),
    Role.AGENCY_INTAKE: (Duty(Referral, ("accept_referral",)),),
    Role.AGENCY_MANAGER: (Duty(Referral, ("accept_referral",)),),
    Role.SOCIAL_WORKER: (
        Duty(
            Case,
            ("start_case", "log_contact", "write_plan", "write_report", "write_monthly_report", "record_follow_up"),
        ),
    ),
    Role.SUPERVISOR: (Duty(Case, ("review_report", "submit_report")),),
    Role.COUNSELLOR: (Duty(Case, ("log_counselling",)),),
}
