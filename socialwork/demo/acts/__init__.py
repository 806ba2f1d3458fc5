"""The verbs of the stories: each carries one act out through the service of the same name, never past it."""
from __future__ import annotations

from collections.abc import Callable

from socialwork.demo.acts import children, closing, monthly, planning, recording, referring, reporting
from socialwork.demo.stage import RECORD_CONSENT, Scene

VERBS: dict[str, Callable[[Scene], None]] = {
    RECORD_CONSENT: children.record_consents,
    **{
        verb.__name__: verb
        for verb in (
            referring.draft_referral, referring.submit_referral, referring.return_referral, referring.approve_referral,
            referring.ask_information, referring.answer_information, referring.decline_referral,
            referring.withdraw_referral, referring.refer_again, referring.accept_referral,
            planning.assess_case, planning.confirm_assessment, planning.propose_plan, planning.adopt_plan,
            planning.approve_plan, planning.return_plan,
            recording.log_contact, recording.log_interview, recording.log_counselling, recording.log_family_session,
            recording.log_activity, recording.log_attendance, recording.review_record, recording.return_record,
            recording.amend_record,
            reporting.write_report, reporting.send_report_for_review, reporting.accept_section,
            reporting.return_section, reporting.submit_report, reporting.respond_report,
            monthly.send_month, monthly.reply_month, monthly.return_month,
            closing.reassign_case, closing.accept_handover, closing.suspend_case, closing.resume_case,
            closing.cancel_case, closing.transfer_referral, closing.finish_service, closing.evaluate_case,
            closing.close_case, closing.record_follow_up,
        )
    },
}
