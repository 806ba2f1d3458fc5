"""Words of referrals: acts, events, what happens next. Labels for people; the codes are those of states and events."""
from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# The tone of each state (docs/interface.md).
STATE_TONES = {
    "draft": "neutral", "pending_approval": "warn", "issued": "info", "info_requested": "warn", "accepted": "ok",
    "declined": "danger", "withdrawn": "done", "transferred": "done",
}

# Buttons, by action.
ACTIONS = {
    "edit_referral": _("Go on writing"),
    "preview_referral": _("See it as the agency will"),
    "submit_referral": _("Submit the referral"),
    "issue_referral": _("Send to the agency"),
    "approve_referral": _("Approve and send"),
    "return_referral": _("Return"),
    "ask_information": _("Ask for information"),
    "answer_information": _("Answer the question"),
    "accept_referral": _("Accept"),
    "decline_referral": _("Decline"),
    "withdraw_referral": _("Withdraw"),
    "transfer_referral": _("Transfer to another agency"),
    "refer_again": _("Refer to another agency"),
}

# The events of a referral in the past tense, by audit verb.
EVENTS = {
    "referral.drafted": _("Draft begun"),
    "referral.edited": _("Draft saved"),
    "referral.submitted": _("Submitted for approval"),
    "referral.approved": _("Approved and sent to the agency"),
    "referral.returned": _("Returned by the head of the unit"),
    "referral.issued": _("Sent to the agency"),
    "referral.information_asked": _("The agency asked for information"),
    "referral.information_answered": _("The question was answered"),
    "referral.accepted": _("Accepted by the agency"),
    "referral.declined": _("Declined by the agency"),
    "referral.withdrawn": _("Withdrawn"),
    "referral.transferred": _("Transferred to another agency"),
    "case.opened": _("Case opened"),
}
EVENT_TONES = {
    "referral.returned": "danger", "referral.declined": "danger", "referral.information_asked": "warn", "referral.accepted": "ok",
    "referral.approved": "info", "referral.issued": "info", "referral.withdrawn": "done", "referral.transferred": "done",
}

# What is to be done now: to the person who must, and to everybody else.
MINE = {
    "draft": _("Complete the draft and submit it."),
    "pending_approval": _("Approve the referral, or return it with a reason."),
    "issued": _("Answer the referral: accept it, decline it, or ask for information."),
    "info_requested": _("Answer the agency's question. Its clock stands still until then."),
    "declined": _("The agency declined. Refer to another agency."),
}
THEIRS = {
    "draft": _("The prosecutor in charge completes and submits the draft."),
    "pending_approval": _("The head of the unit approves or returns the referral."),
    "issued": _("The agency accepts, declines or asks for information."),
    "info_requested": _("The prosecutor answers the agency's question. The clock stands still."),
    "declined": _("The agency declined; the prosecutor decides how to go on."),
}

REMARKS = {
    "return": _("Reason of the return"),
    "question": _("The agency asks"),
    "answer": _("The prosecutor answers"),
    "decline": _("Reason of the agency"),
    "withdraw": _("Reason of the withdrawal"),
    "transfer": _("Reason of the transfer"),
    "approve": _("Remark with the approval"),
    "override": _("Reason for an exception"),
}

# Legal grounds of handing a child's data to another agency (V22).
GROUNDS = (
    ("consent", _("The child and a guardian agreed (Personal Information Protection Law, art. 23)")),
    ("commission", _("A State organ continues its own commission with another agency")),
    ("legal_duty", _("A duty of law: mandatory report or guardianship by civil affairs")),
)

CONFLICTS = {
    "other_side": _("Works for the other side of the same incident: other workers are needed."),
    "co_suspect": _("Works for another suspect of the same incident."),
}

# Parts of the draft page in their order: id, title.
PARTS = (
    ("person", _("Child and guardians")),
    ("facts", _("Facts and stage")),
    ("services", _("Services wanted")),
    ("brief", _("Brief for the agency")),
    ("limit", _("Time limit and urgency")),
    ("agency", _("Agency")),
)
# Where on the draft page a field of a blocker is.
PART_OF = {
    "guardians": "person", "subject_type": "facts", "stage": "facts", "custody": "facts", "charge": "facts", "behaviours": "facts",
    "offence_on": "facts", "services": "services", "paragraphs": "brief", "due_on": "limit", "limit_reason": "limit",
    "urgency": "limit", "district": "agency", "agency": "agency", "agreement": "agency",
}
# Controls a link can lead to; other fields are groups, whose part is the target.
CONTROLS = frozenset({"subject_type", "stage", "custody", "charge", "offence_on", "district"})
