"""Who may see and move what a case ends with: reports, their review and answer, evaluation, visits after closing.

All of it follows the case. The organ sees a report from its first submission on, never a draft; what of it the organ
reads is the text as it was submitted (cases.queries_reports).
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import (
    Assignment,
    CaseDecision,
    Evaluation,
    FollowUp,
    Report,
    ReportResponse,
    ReportSection,
    ReviewComment,
)
from cases.policies import decides, people_of, works_on
from cases.states import REPORT, ReportState
from referrals.models import IssuedDocument
from referrals.policies import live_agreements, readable_agreements
from socialwork.access.policy import NOBODY, Ground, Policy, add_grounds, any_of, register
from socialwork.access.roles import Role

WITH_ORGAN = (ReportState.SUBMITTED, ReportState.ACCEPTED)
WORKERS = (Assignment.Function.LEAD, Assignment.Function.SECOND)


def organ_grounds(user: Any, case: str, shown: Q | None = None) -> list[Ground]:
    """The prosecutor in charge and the head of the unit. `case` is the path to the case, `shown` a further limit."""
    limit = shown if shown is not None else Q()
    found = []
    if user.has_role(Role.PROSECUTOR):
        mine = Q(**{f"{case}prosecutor": user}) & limit
        found.append(Ground("in_charge", mine, _("You are the prosecutor in charge.")))
    if user.has_role(Role.UNIT_HEAD):
        unit = Q(**{f"{case}organ_id": user.organisation_id}) & limit
        found.append(Ground("unit", unit, _("You head the unit that referred.")))
    return found


def agency_grounds(user: Any, case: str) -> list[Ground]:
    """Manager, the two workers and the supervisor of the case, under an agreement that gives access."""
    found = []
    live = Q(**{f"{case}agreement__among": live_agreements(user.organisation_id)})
    if user.has_role(Role.AGENCY_MANAGER):
        readable = Q(
            **{
                f"{case}agency_id": user.organisation_id,
                f"{case}agreement__among": readable_agreements(user.organisation_id),
            }
        )
        found.append(Ground("agency", readable, _("It is a case of your agency under an agreement in force.")))
    if user.has_role(Role.SOCIAL_WORKER):
        found.append(Ground("lead", Q(**{f"{case}lead": user}) & live, _("You are the lead worker.")))
        found.append(Ground("second", Q(**{f"{case}second": user}) & live, _("You are the second worker.")))
    if user.has_role(Role.SUPERVISOR):
        mine = Q(**{f"{case}supervisor": user}) & live
        found.append(Ground("supervisor", mine, _("You are the supervisor of the case.")))
    return found


def reviews(user: Any, case: str, case_id: str) -> Q:
    """The supervisor of the case, unless this person works or has worked on it: nobody reviews the own work."""
    if not user.has_role(Role.SUPERVISOR):
        return NOBODY
    own = Assignment.objects.filter(case=OuterRef(case_id), worker=user, function__in=WORKERS)
    return Q(**{f"{case}supervisor": user}) & ~Q(Exists(own))


class OfCase(Policy):
    """What hangs on a case directly and is open to both sides once it exists."""

    def view(self, user: Any) -> Sequence[Ground]:
        return [*organ_grounds(user, "case__"), *agency_grounds(user, "case__")]

    def audience(self, row: Any) -> QuerySet:
        return people_of(row.case)


@register
class ReportPolicy(Policy):
    model = Report
    machine = REPORT

    def view(self, user: Any) -> Sequence[Ground]:
        submitted = Q(case__submitted_at__isnull=False)
        return [*organ_grounds(user, "case__", submitted), *agency_grounds(user, "case__")]

    def write_section(self, user: Any) -> Q:
        return works_on(user, "case__")

    def report_facts(self, user: Any) -> Q:
        return works_on(user, "case__")

    def send_report_for_review(self, user: Any) -> Q:
        return works_on(user, "case__")

    def download_draft(self, user: Any) -> Q:
        """The Word preview is of the text as it stands now: for the agency's side only."""
        return any_of(ground.condition for ground in agency_grounds(user, "case__"))

    def review_report(self, user: Any) -> Q:
        return reviews(user, "case__", "case_id")

    def finish_review(self, user: Any) -> Q:
        return reviews(user, "case__", "case_id")

    def return_for_rewriting(self, user: Any) -> Q:
        return reviews(user, "case__", "case_id")

    def submit_report(self, user: Any) -> Q:
        return reviews(user, "case__", "case_id")

    def respond_report(self, user: Any) -> Q:
        return decides(user, "case__")

    def accept_report(self, user: Any) -> Q:
        return decides(user, "case__")

    def return_report(self, user: Any) -> Q:
        return decides(user, "case__")

    def audience(self, row: Any) -> QuerySet:
        return people_of(row.case)


@register
class ReportSectionPolicy(Policy):
    """The text being worked on: the organ sees it only while the report is in its hands."""

    model = ReportSection

    def view(self, user: Any) -> Sequence[Ground]:
        in_hand = Q(report__state__in=WITH_ORGAN)
        return [*organ_grounds(user, "report__case__", in_hand), *agency_grounds(user, "report__case__")]

    def write_section(self, user: Any) -> Q:
        return works_on(user, "report__case__")

    def accept_section(self, user: Any) -> Q:
        return reviews(user, "report__case__", "report__case_id")

    def return_section(self, user: Any) -> Q:
        return reviews(user, "report__case__", "report__case_id")

    def comment_section(self, user: Any) -> Q:
        return reviews(user, "report__case__", "report__case_id")

    def audience(self, row: Any) -> QuerySet:
        return people_of(row.report.case)


@register
class ReviewCommentPolicy(Policy):
    """What supervisor and workers say to each other stays inside the agency."""

    model = ReviewComment

    def view(self, user: Any) -> Sequence[Ground]:
        on_section = [
            Ground(f"section_{ground.name}", ground.condition, ground.sentence)
            for ground in agency_grounds(user, "section__report__case__")
        ]
        on_record = [
            Ground(f"record_{ground.name}", ground.condition, ground.sentence)
            for ground in agency_grounds(user, "record__case__")
        ]
        return [*on_section, *on_record]

    def settle_comment(self, user: Any) -> Q:
        return any_of([works_on(user, "section__report__case__"), Q(record__author=user)])

    def audience(self, row: Any) -> QuerySet:
        return people_of(row.section.report.case if row.section_id else row.record.case)


@register
class ReportResponsePolicy(Policy):
    model = ReportResponse

    def view(self, user: Any) -> Sequence[Ground]:
        return [*organ_grounds(user, "report__case__"), *agency_grounds(user, "report__case__")]

    def audience(self, row: Any) -> QuerySet:
        return people_of(row.report.case)


@register
class EvaluationPolicy(OfCase):
    model = Evaluation


@register
class CaseDecisionPolicy(OfCase):
    model = CaseDecision


@register
class FollowUpPolicy(OfCase):
    model = FollowUp

    def record_follow_up(self, user: Any) -> Q:
        return works_on(user, "case__")


def _report_documents(user: Any) -> Sequence[Ground]:
    """A document of a report exists from its submission on: for the organ, and for those at the agency who see it."""
    report = Q(kind="F09")
    return [
        Ground(f"report_{ground.name}", report & ground.condition, ground.sentence)
        for ground in [*organ_grounds(user, "referral__case__"), *agency_grounds(user, "referral__case__")]
    ]


add_grounds(IssuedDocument, _report_documents)
