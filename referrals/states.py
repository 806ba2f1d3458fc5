"""Life of a referral (委托) from draft until an agency has taken it up (domain 6.7, "Commission")."""
from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from socialwork.workflow.transitions import Machine, Transition


class ReferralState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PENDING_APPROVAL = "pending_approval", _("Waiting for approval")
    ISSUED = "issued", _("Sent to the agency")
    INFO_REQUESTED = "info_requested", _("Agency asks")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    TRANSFERRED = "transferred", _("Transferred")


S = ReferralState

# What the agency may ever see of a referral begins when it is sent.
SENT = frozenset({S.ISSUED, S.INFO_REQUESTED, S.ACCEPTED, S.DECLINED, S.WITHDRAWN, S.TRANSFERRED})
# States that hold a place of the agreement's quota.
HOLDING = frozenset({S.PENDING_APPROVAL, S.ISSUED, S.INFO_REQUESTED})
# States in which the agency is expected to answer.
WITH_AGENCY = frozenset({S.ISSUED, S.INFO_REQUESTED})
ENDED = frozenset({S.DECLINED, S.WITHDRAWN, S.TRANSFERRED})

MACHINE = Machine.of(
    [
        Transition(
            "submit_referral", frozenset({S.DRAFT}), S.PENDING_APPROVAL, "referral.submitted", _("Submit"), ("submitted",),
            ("prosecutor",), _("service, child, agency with an agreement in force, matters, time limit, minimum facts"),
        ),
        Transition(
            "approve_referral", frozenset({S.PENDING_APPROVAL}), S.ISSUED, "referral.approved", _("Approve and send"),
            ("approved", "issued"), ("unit_head",), _("skipped where the organ works without approval"),
        ),
        Transition(
            "return_referral", frozenset({S.PENDING_APPROVAL}), S.DRAFT, "referral.returned", _("Return"), ("returned",),
            ("unit_head",), _("a reason"),
        ),
        Transition(
            "issue_referral", frozenset({S.DRAFT}), S.ISSUED, "referral.issued", _("Send to the agency"),
            ("submitted", "issued"), ("prosecutor",), _("only where the organ works without approval"),
        ),
        Transition(
            "ask_information", frozenset({S.ISSUED}), S.INFO_REQUESTED, "referral.information_asked", _("Ask for information"),
            (), ("agency_intake", "agency_manager"), _("a question; the clock of the answer is paused"),
        ),
        Transition(
            "answer_information", frozenset({S.INFO_REQUESTED}), S.ISSUED, "referral.information_answered", _("Answer"),
            (), ("prosecutor",), _("an answer; the clock runs again"),
        ),
        Transition(
            "accept_referral", frozenset({S.ISSUED}), S.ACCEPTED, "referral.accepted", _("Accept"), ("accepted",),
            ("agency_intake", "agency_manager"), _("two workers in order and without conflict"),
        ),
        Transition(
            "decline_referral", frozenset({S.ISSUED, S.INFO_REQUESTED}), S.DECLINED, "referral.declined", _("Decline"),
            ("declined",), ("agency_intake", "agency_manager"), _("a reason"),
        ),
        Transition(
            "withdraw_referral", frozenset({S.DRAFT, S.PENDING_APPROVAL, S.ISSUED, S.INFO_REQUESTED}), S.WITHDRAWN,
            "referral.withdrawn", _("Withdraw"), ("withdrawn",), ("prosecutor",), _("a reason"),
        ),
        Transition(
            "transfer_referral", frozenset({S.ISSUED, S.INFO_REQUESTED, S.ACCEPTED, S.DECLINED}), S.TRANSFERRED,
            "referral.transferred", _("Transfer to another agency"), ("transferred",), ("prosecutor",),
            _("a reason and a hand-over package"),
        ),
    ],
    only_in={
        "edit_referral": frozenset({S.DRAFT}),
        "preview_referral": frozenset({S.DRAFT, S.PENDING_APPROVAL}),
        "refer_again": frozenset({S.DECLINED, S.WITHDRAWN}),
    },
)
