"""Who may read, write and answer the monthly report: the organ from its sending on, the agency's side always."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from cases.models import MonthlyReport
from cases.policies import decides, people_of, works_on
from cases.policies_reports import agency_grounds, organ_grounds
from cases.states import ACTIVE, MONTHLY
from referrals.models import IssuedDocument
from socialwork.access.policy import Ground, Policy, add_grounds, register

GOES_ON = Q(case__state__in=ACTIVE)


@register
class MonthlyReportPolicy(Policy):
    model = MonthlyReport
    machine = MONTHLY

    def view(self, user: Any) -> Sequence[Ground]:
        sent = Q(submitted_at__isnull=False)
        return [*organ_grounds(user, "case__", sent), *agency_grounds(user, "case__")]

    def write_monthly_report(self, user: Any) -> Q:
        return works_on(user, "case__") & GOES_ON

    def reply_monthly_report(self, user: Any) -> Q:
        return decides(user, "case__")

    def return_monthly_report(self, user: Any) -> Q:
        return decides(user, "case__") & GOES_ON

    def audience(self, row: Any) -> QuerySet:
        return people_of(row.case)


def _monthly_documents(user: Any) -> Sequence[Ground]:
    """A document of a monthly report is open to those who read the report."""
    monthly = Q(kind="F25")
    return [
        Ground(f"monthly_{ground.name}", monthly & ground.condition, ground.sentence)
        for ground in [*organ_grounds(user, "referral__case__"), *agency_grounds(user, "referral__case__")]
    ]


add_grounds(IssuedDocument, _monthly_documents)
