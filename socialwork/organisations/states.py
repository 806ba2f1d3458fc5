"""Life of an agency in the registry of civil affairs, and of an agreement."""
from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from socialwork.workflow.transitions import Machine, Transition


class AgencyState(models.TextChoices):
    """Admission of an agency (domain 9.2). Organisations that are not agencies are always active."""

    CANDIDATE = "candidate", _("Candidate")
    RECOMMENDED = "recommended", _("Recommended")
    INSPECTED = "inspected", _("Inspected")
    APPROVED = "approved", _("Approved")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    EXITED = "exited", _("Exited")


A = AgencyState

AGENCY = Machine.of(
    [
        # An agency that has left may be recommended again: the credit code is registered once only.
        Transition(
            "recommend_agency", frozenset({A.CANDIDATE, A.EXITED}), A.RECOMMENDED, "agency.recommended", _("Recommend"), (),
            ("civil_affairs_officer",), _("number, day and reason of the letter"),
        ),
        Transition(
            "pass_inspection", frozenset({A.RECOMMENDED}), A.INSPECTED, "agency.inspected", _("Inspection passed"), (),
            ("civil_affairs_officer",), _("qualification, staffing, premises and systems in order"),
        ),
        Transition(
            "fail_inspection", frozenset({A.INSPECTED, A.APPROVED}), A.RECOMMENDED, "agency.inspected",
            _("Inspection not passed"), (), ("civil_affairs_officer",), _("what was found wanting"),
        ),
        Transition(
            "admit_agency", frozenset({A.INSPECTED}), A.APPROVED, "agency.admitted", _("Choose this agency"), (),
            ("unit_head",), _("an inspection passed within twelve months"),
        ),
        Transition(
            "activate_agency", frozenset({A.APPROVED}), A.ACTIVE, "agency.activated", _("Put on the active list"), (),
            ("civil_affairs_officer",), _("somebody of the agency who can sign in as its manager"),
        ),
        Transition(
            "suspend_agency", frozenset({A.ACTIVE}), A.SUSPENDED, "agency.suspended", _("Suspend the agency"), (),
            ("civil_affairs_officer",), _("a reason; no new referral, running work goes on until the organs decide"),
        ),
        Transition(
            "readmit_agency", frozenset({A.SUSPENDED}), A.ACTIVE, "agency.readmitted", _("Readmit the agency"), (),
            ("civil_affairs_officer",), _("a reason, and the latest inspection passed"),
        ),
        Transition(
            "exit_agency", frozenset(A) - {A.EXITED}, A.EXITED, "agency.exited", _("Take off the registry"), (),
            ("civil_affairs_officer",), _("a reason, and no agreement that still runs"),
        ),
    ],
    only_in={"record_inspection": frozenset({A.RECOMMENDED, A.INSPECTED, A.APPROVED, A.ACTIVE, A.SUSPENDED})},
)


class AgreementState(models.TextChoices):
    """Expiry is a date, not a state: an active agreement whose period has ended gives no access."""

    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("In force")
    SUSPENDED = "suspended", _("Suspended")
    TERMINATED = "terminated", _("Terminated")
    DISCARDED = "discarded", _("Discarded")


G = AgreementState
# Nothing was ever sent to an agency under these.
UNSIGNED = frozenset({G.DRAFT, G.DISCARDED})

AGREEMENT = Machine.of(
    [
        Transition(
            "sign_agreement", frozenset({G.DRAFT}), G.ACTIVE, "agreement.signed", _("Record the signing"), ("signed",),
            ("unit_head",), _("an active agency, at least one service, an end that has not passed"),
        ),
        Transition(
            "discard_agreement", frozenset({G.DRAFT}), G.DISCARDED, "agreement.discarded", _("Discard the draft"), (),
            ("unit_head",), "",
        ),
        Transition(
            "suspend_agreement", frozenset({G.ACTIVE}), G.SUSPENDED, "agreement.suspended", _("Suspend"), (),
            ("unit_head",), _("a reason; the agency stops working at once and hands over"),
        ),
        Transition(
            "resume_agreement", frozenset({G.SUSPENDED}), G.ACTIVE, "agreement.resumed", _("Resume"), (),
            ("unit_head",), _("an active agency, an end that has not passed"),
        ),
        Transition(
            "terminate_agreement", frozenset({G.ACTIVE, G.SUSPENDED}), G.TERMINATED, "agreement.terminated", _("Terminate"),
            (), ("unit_head",), _("a reason and the days for handing over"),
        ),
    ],
    only_in={"change_agreement": frozenset({G.DRAFT, G.ACTIVE})},
)
