"""What the counts are called, and what exactly is counted: the definition stands beside every number."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from socialwork.core import vocabulary
from socialwork.statistics import measures as m

# Derived from the details, never kept.
ACCEPTED = "accepted"
PARTS = {ACCEPTED: (m.RUNNING, m.CLOSED, m.ENDED)}
# Reasons of an end that are named where small numbers are withheld; the others are one.
NAMED_REASONS = ("goals_met", "period_expired", "commission_finished", "commission_cancelled")
OTHER_REASONS = "other_reasons"

STANDINGS: Mapping[str, Any] = {
    m.WAITING: pgettext_lazy("statistics", "Waiting for an answer"),
    ACCEPTED: pgettext_lazy("statistics", "Accepted"),
    m.RUNNING: pgettext_lazy("statistics", "Case running"),
    m.CLOSED: pgettext_lazy("statistics", "Case closed"),
    m.ENDED: pgettext_lazy("statistics", "Case ended otherwise"),
    m.DECLINED: pgettext_lazy("statistics", "Declined"),
    m.WITHDRAWN: pgettext_lazy("statistics", "Withdrawn"),
    m.TRANSFERRED: pgettext_lazy("statistics", "Passed on unanswered"),
}
PUNCTUALITY: Mapping[str, Any] = {m.IN_TIME: pgettext_lazy("statistics", "In time"), m.LATE: pgettext_lazy("statistics", "Late")}


@dataclass(frozen=True)
class Measure:
    """One table: its name, what is counted, what the total is called, and its columns by code."""

    code: str
    title: Any
    definition: Any
    total: Any
    columns: Callable[[], Mapping[str, Any]]

    @property
    def details(self) -> Sequence[str]:
        """The columns that add up to the total."""
        return [code for code in self.columns() if code not in PARTS]


def _kinds() -> Mapping[str, Any]:
    return {
        **{code: vocabulary.label("record_kind", code) for code in m.KINDS if code != m.MISSED},
        m.MISSED: pgettext_lazy("statistics", "Did not come about"),
    }


def _reasons() -> Mapping[str, Any]:
    return {term.code: term.label for term in vocabulary.terms("closure_reason")}


def named_reasons() -> Mapping[str, Any]:
    """The reasons of an end where small numbers are withheld."""
    named = {code: vocabulary.label("closure_reason", code) for code in NAMED_REASONS}
    return {**named, OTHER_REASONS: pgettext_lazy("statistics", "Other reasons")}


def _grades() -> Mapping[str, Any]:
    return {term.code: term.label for term in vocabulary.terms("evaluation_grade")}


def _timely(code: str, title: Any, definition: Any) -> Measure:
    return Measure(code, title, definition, pgettext_lazy("statistics", "All"), lambda: PUNCTUALITY)


@dataclass(frozen=True)
class Subject:
    """One page of the statistics."""

    code: str
    title: Any
    measures: Sequence[Measure]


SUBJECTS: Mapping[str, Subject] = {
    subject.code: subject
    for subject in (
        Subject("referrals", pgettext_lazy("statistics", "Referrals"), [
            Measure(
                m.REFERRALS, pgettext_lazy("statistics", "Referrals sent"),
                _("Referrals sent to an agency, in the month in which they were sent, by where they stand now. Drafts and what was "
                  "withdrawn before it was sent are not counted. Accepted are those with a case: running, closed, or ended otherwise "
                  "(cancelled, or transferred to another agency)."),
                pgettext_lazy("statistics", "Sent"), lambda: STANDINGS,
            ),
        ]),
        Subject("services", pgettext_lazy("statistics", "Services delivered"), [
            Measure(
                m.RECORDS, pgettext_lazy("statistics", "Service records"),
                _("Service records by kind, in the month in which the meeting took place. Meetings to which the person did not come, or "
                  "that did not take place, are counted apart. The time is that of the meetings at which the person was there."),
                pgettext_lazy("statistics", "All records"), _kinds,
            ),
        ]),
        Subject("timeliness", pgettext_lazy("statistics", "Timeliness"), [
            _timely(m.ANSWER, pgettext_lazy("statistics", "Answers to referrals"),
                    _("Referrals accepted or declined, in the month of the answer: in time if the agency's time limit had not ended. Time "
                      "in which the agency waited for information does not count.")),
            _timely(m.FIRST_CONTACT, pgettext_lazy("statistics", "First contacts"),
                    _("First contacts with victims and first sessions of family education, in the month in which they took place; other "
                      "services have no time limit for it.")),
            _timely(m.REPORT, pgettext_lazy("statistics", "Reports"),
                    _("Reports of social investigations and of psychological assessments, in the month in which they were submitted, and "
                      "supplements to returned reports. A time limit extended by the prosecutor counts as extended.")),
            _timely(m.MONTHLY, pgettext_lazy("statistics", "Monthly reports"),
                    _("Monthly reports on guidance, in the month in which they were sent.")),
            _timely(m.WORK, pgettext_lazy("statistics", "Services finished"),
                    _("Services for which the organ named the last day, in the month in which they were finished.")),
        ]),
        Subject("outcomes", pgettext_lazy("statistics", "Outcomes"), [
            Measure(
                m.OUTCOMES, pgettext_lazy("statistics", "Cases ended"),
                _("Cases that were closed, cancelled or transferred, in the month in which they ended, by the reason."),
                pgettext_lazy("statistics", "All cases ended"), _reasons,
            ),
            Measure(
                m.GRADES, pgettext_lazy("statistics", "Evaluations"),
                _("Evaluations of cases by the prosecutor, in the month of the evaluation, by grade; a veto item makes it the lowest."),
                pgettext_lazy("statistics", "All evaluations"), _grades,
            ),
        ]),
    )
}
