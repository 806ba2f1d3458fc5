"""Verbs of a referral, one module per activity."""
from referrals.services.answering import answer_information, ask_information, decline_referral, mark_accepted
from referrals.services.blocking import blockers
from referrals.services.clocks import refresh_next_act
from referrals.services.drafting import draft_referral, edit_referral
from referrals.services.ending import refer_again, transfer_referral, withdraw_referral
from referrals.services.letters import issue_acknowledgement
from referrals.services.submitting import approve_referral, issue_referral, return_referral, submit_referral

__all__ = [
    "answer_information", "approve_referral", "ask_information", "blockers", "decline_referral", "draft_referral",
    "edit_referral", "issue_acknowledgement", "issue_referral", "mark_accepted", "refer_again", "refresh_next_act", "return_referral",
    "submit_referral", "transfer_referral", "withdraw_referral",
]
