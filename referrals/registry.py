"""Questions referrals put to the apps above: what a case has become of, and how fast an agency begins."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

# agency ids -> median days from the referral's issue to the first contact, of cases that have had one.
Speeds = Callable[[Sequence[UUID]], Mapping[UUID, float]]
# (user, referral) -> {label, url} of the case that came of it, or None when there is none or it is not theirs to see.
CaseLink = Callable[[Any, Any], Mapping[str, Any] | None]


@dataclass
class Answers:
    """What the apps above have registered."""

    speeds: Speeds | None = None
    case_link: CaseLink | None = None


answers = Answers()


def register_first_contact(speeds: Speeds) -> None:
    """Say how many days agencies take to the first contact (median)."""
    answers.speeds = speeds


def register_case_link(case_link: CaseLink) -> None:
    """Say where the case of an accepted referral is shown."""
    answers.case_link = case_link


def first_contact_days(agency_ids: Sequence[UUID]) -> Mapping[UUID, float]:
    """Median days to the first contact by agency; agencies without a contact yet are missing."""
    return answers.speeds(agency_ids) if answers.speeds and agency_ids else {}


def case_link(user: Any, referral: Any) -> Mapping[str, Any] | None:
    """Where the referral's case is shown to this user."""
    return answers.case_link(user, referral) if answers.case_link else None
