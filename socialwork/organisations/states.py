"""Life of an agency in the registry of civil affairs, and of an agreement."""
from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from socialwork.workflow.transitions import Machine, Transition


class AgencyState(models.TextChoices):
    """Admission of an agency (domain 9.2). Organisations that are not agencies are always active."""

    CANDIDATE = "candidate", pgettext_lazy("agency", "Candidate")
    RECOMMENDED = "recommended", pgettext_lazy("agency", "Recommended")
    INSPECTED = "inspected", pgettext_lazy("agency", "Inspected")
    APPROVED = "approved", pgettext_lazy("agency", "Approved")
    ACTIVE = "active", pgettext_lazy("agency", "Active")
    SUSPENDED = "suspended", pgettext_lazy("agency", "Suspended")
    EXITED = "exited", pgettext_lazy("agency", "Exited")


A = AgencyState

AGENCY = Machine.of(
    [
        # An agency that has left may be recommended again: the credit code is registered once only.
        Transition(
            "recommend_agency", frozenset({A.CANDIDATE, A.EXITED}), A.RECOMMENDED, "agency.recommended", pgettext_lazy("agency", "Recommend"), (),
            ("civil_affairs_officer",), _("number, day and reason of the letter"),
        ),
        Transition(
            "pass_inspection", frozenset({A.RECOMMENDED}), A.INSPECTED, "agency.inspected", pgettext_lazy("agency", "Inspection passed"), (),
            ("civil_affairs_officer",), _("qualification, staffing, premises and systems in order"),
        ),
        Transition(
            "fail_inspection", frozenset({A.INSPECTED, A.APPROVED}), A.RECOMMENDED, "agency.inspected",
            pgettext_lazy("agency", "Inspection not passed"), (), ("civil_affairs_officer",), _("what was found wanting"),
        ),
        Transition(
            "admit_agency", frozenset({A.INSPECTED}), A.APPROVED, "agency.admitted", pgettext_lazy("agency", "Choose this agency"), (),
            ("unit_head",), _("an inspection passed within twelve months"),
        ),
        Transition(
            "activate_agency", frozenset({A.APPROVED}), A.ACTIVE, "agency.activated", pgettext_lazy("agency", "Put on the active list"), (),
            ("civil_affairs_officer",), _("somebody of the agency who can sign in as its manager"),
        ),
        Transition(
            "suspend_agency", frozenset({A.ACTIVE}), A.SUSPENDED, "agency.suspended", pgettext_lazy("agency", "Suspend the agency"), (),
            ("civil_affairs_officer",), _("a reason; no new referral, running work goes on until the organs decide"),
        ),
        Transition(
            "readmit_agency", frozenset({A.SUSPENDED}), A.ACTIVE, "agency.readmitted", pgettext_lazy("agency", "Readmit the agency"), (),
            ("civil_affairs_officer",), _("a reason, and the latest inspection passed"),
        ),
        Transition(
            "exit_agency", frozenset(A) - {A.EXITED}, A.EXITED, "agency.exited", pgettext_lazy("agency", "Take off the registry"), (),
            ("civil_affairs_officer",), _("a reason, and no agreement that still runs"),
        ),
    ],
    only_in={"record_inspection": frozenset({A.RECOMMENDED, A.INSPECTED, A.APPROVED, A.ACTIVE, A.SUSPENDED})},
)


class AgreementState(models.TextChoices):
    """Expiry is a date, not a state: an active agreement whose period has ended gives no access."""

    DRAFT = "draft", pgettext_lazy("agreement", "Draft")
    ACTIVE = "active", pgettext_lazy("agreement", "In force")
    SUSPENDED = "suspended", pgettext_lazy("agreement", "Suspended")
    TERMINATED = "terminated", pgettext_lazy("agreement", "Terminated")
    DISCARDED = "discarded", pgettext_lazy("agreement", "Discarded")


G = AgreementState
# Nothing was ever sent to an agency under these.
UNSIGNED = frozenset({G.DRAFT, G.DISCARDED})

AGREEMENT = Machine.of(
    [
        Transition(
            "sign_agreement", frozenset({G.DRAFT}), G.ACTIVE, "agreement.signed", pgettext_lazy("agreement", "Record the signing"), ("signed",),
            ("unit_head",), _("an active agency, at least one service, an end that has not passed"),
        ),
        Transition(
            "discard_agreement", frozenset({G.DRAFT}), G.DISCARDED, "agreement.discarded", pgettext_lazy("agreement", "Discard the draft"), (),
            ("unit_head",), "",
        ),
        Transition(
            "suspend_agreement", frozenset({G.ACTIVE}), G.SUSPENDED, "agreement.suspended", pgettext_lazy("agreement", "Suspend"), (),
            ("unit_head",), _("a reason; the agency stops working at once and hands over"),
        ),
        Transition(
            "resume_agreement", frozenset({G.SUSPENDED}), G.ACTIVE, "agreement.resumed", pgettext_lazy("agreement", "Resume"), (),
            ("unit_head",), _("an active agency, an end that has not passed"),
        ),
        Transition(
            "terminate_agreement", frozenset({G.ACTIVE, G.SUSPENDED}), G.TERMINATED, "agreement.terminated", pgettext_lazy("agreement", "Terminate"),
            (), ("unit_head",), _("a reason and the days for handing over"),
        ),
    ],
    only_in={"change_agreement": frozenset({G.DRAFT, G.ACTIVE})},
)
