"""What the file of a case must hold before it closes, computed from the services it was asked for (domain 6.7)."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import queries_reports as queries
from cases.models import Assessment, Case, MonthlyReport, Plan, Report, ServiceRecord
from cases.queries_monthly import monthly_services
from cases.states import OWED, PlanState, ReportState
from cases.wording_monthly import month_words
from referrals.models import Referral
from socialwork.core import vocabulary
from socialwork.people.models import Consent

MINOR, GUARDIAN = "minor", "guardian"


@dataclass(frozen=True)
class Item:
    """One thing the file must hold. `kind` says what it is; `excusable` whether a reason may stand in its place."""

    code: str
    kind: str
    label: str
    there: bool
    excusable: bool = True

    @property
    def missing(self) -> bool:
        return not self.there

    @property
    def field(self) -> str:
        """Name of the form field that takes the reason."""
        return f"excuse_{self.code}"


def of_case(case: Case) -> list[Item]:
    """All items of the case, in the order of the file. `case.referral` with its services is read."""
    services = queries.services_of(case.referral)
    terms = [vocabulary.term("service_type", code) for code in services]
    found = [*_consents(case, terms)]
    if any(term.extra["needs_plan"] for term in terms):
        confirmed = Assessment.objects.filter(case=case, confirmed_at__isnull=False).exists()
        found.append(Item("assessment", "assessment", _("Pre-assessment (F15), confirmed"), confirmed))
        in_force = Plan.objects.filter(case=case, state=PlanState.APPROVED).exists()
        found.append(Item("plan", "plan", _("Plan (F16) in force"), in_force))
    found += _records(case, terms)
    found += _monthly(case, terms)
    if any(term.extra["needs_report"] for term in terms):
        accepted = Report.objects.filter(case=case, state=ReportState.ACCEPTED).exists()
        found.append(
            Item("report", "report", _("Report (F09), accepted by the prosecutor"), accepted, excusable=False)
        )
    evaluated = case.evaluated_at is not None
    found.append(Item("evaluation", "evaluation", _("Evaluation of the case (F38)"), evaluated, excusable=False))
    return found


def _consents(case: Case, terms: Sequence[Any]) -> list[Item]:
    kinds = list(dict.fromkeys(kind for term in terms for kind in term.extra["needs_consent"]))
    if not kinds:
        return []
    given = Consent.objects.filter(juvenile_id=case.juvenile_id, withdrawn_at__isnull=True, kind__in=kinds)
    capacities: dict[str, set[str]] = {}
    for kind, capacity in given.order_by().values_list("kind", "capacity"):
        # Who consents in place of an unavailable guardian signs for the guardian.
        capacities.setdefault(kind, set()).add(MINOR if capacity == MINOR else GUARDIAN)
    return [
        Item(
            f"consent_{kind}", "consent", _("Consent: %(kind)s") % {"kind": vocabulary.label("consent_kind", kind)},
            _signers(kind, case.referral) <= capacities.get(kind, set()),
        )
        for kind in kinds
    ]


def _signers(kind: str, referral: Referral) -> set[str]:
    """Whose consent the kind asks for; the minor's own from the age the list names, also when the age is not known."""
    extra = vocabulary.term("consent_kind", kind).extra
    wanted = {GUARDIAN} if set(extra["signers"]) - {"subject"} else set()
    age = referral.age_at_offence
    if "subject" in extra["signers"] and (age is None or age >= extra.get("min_subject_age", 0)):
        wanted.add(MINOR)
    return wanted


def _records(case: Case, terms: Sequence[Any]) -> list[Item]:
    kept = set(
        ServiceRecord.objects.filter(case=case, happened=True, attended=True).order_by().values_list("kind", flat=True).distinct()
    )
    return [
        Item(
            f"records_{term.code}", "records", _("Records: %(service)s") % {"service": term.label},
            bool(kept & set(term.extra["record_kinds"])),
        )
        for term in terms
    ]


def _monthly(case: Case, terms: Sequence[Any]) -> list[Item]:
    """Reports on months that ended: all of them sent, or the reason why one is missing."""
    if not {term.code for term in terms} & set(monthly_services()):
        return []
    called_for = list(MonthlyReport.objects.filter(case=case).order_by("month").values_list("month", "state"))
    if not called_for:
        return []
    owed = [month_words(month) for month, state in called_for if state in OWED]
    months = pgettext("between items of a list", ", ").join(owed)
    label = _("Monthly reports (F25): %(months)s not sent") % {"months": months} if owed else _("Monthly reports (F25)")
    return [Item("monthly_reports", "monthly", label, not owed)]
