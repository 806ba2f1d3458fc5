"""Query budgets: the most statements a GET of each page may send, whoever asks and however many rows there are.

Counted are all statements but those of the transaction itself (BEGIN, COMMIT, SAVEPOINT): the session's user, who is told to
the database in the same statement, and the entry in the record of readings make two; the row with everything its reader
may do to it is one more. Work lists stay at five or less. A page that is not here fails the test.
Lower a number when a page has become cheaper; a higher one needs a reason in the commit.
"""
from __future__ import annotations

BUDGETS: dict[str, int] = {
    "accounts:add_certificate": 4, "accounts:administrators": 4, "accounts:change_password": 1,
    "accounts:change_roles": 4, "accounts:choose_password": 1, "accounts:close_account": 3,
    "accounts:create_token": 3, "accounts:edit_account": 4, "accounts:edit_staff_record": 4,
    "accounts:open_account": 4, "accounts:open_administrator": 4, "accounts:password_changed": 1,
    "accounts:person": 9, "accounts:profile": 7, "accounts:sign_in": 1, "accounts:staff": 5,
    "cases:accept_handover": 7, "cases:accept_referral": 8, "cases:accept_section": 7, "cases:amend_record": 11,
    "cases:assess_case": 7, "cases:assign_staff": 8, "cases:cancel_case": 4, "cases:close_case": 13,
    "cases:closing": 18, "cases:comment_section": 7, "cases:confirm_assessment": 5, "cases:detail": 9,
    "cases:document": 5, "cases:documents": 10, "cases:download_closing_report": 11, "cases:download_document": 5,
    "cases:download_draft": 11, "cases:download_evaluation": 6, "cases:evaluate_case": 8, "cases:extend_deadline": 7,
    "cases:finish_service": 4, "cases:history": 7, "cases:list": 3, "cases:log_activity": 6,
    "cases:log_attendance": 5, "cases:log_contact": 6, "cases:log_counselling": 7, "cases:log_family_session": 7,
    "cases:log_interview": 6, "cases:people": 8, "cases:plan": 8, "cases:reassign_case": 20, "cases:record": 7,
    "cases:record_follow_up": 4, "cases:records": 7, "cases:report": 9, "cases:report_facts": 4,
    "cases:respond_report": 7, "cases:resume_case": 4, "cases:return_plan": 6, "cases:return_record": 5,
    "cases:return_section": 7, "cases:review_queue": 4, "cases:review_report": 12, "cases:send_report_for_review": 10,
    "cases:submit_report": 3, "cases:suspend_case": 4, "cases:team": 8, "cases:transfer_case": 4,
    "cases:filed_document": 5, "cases:upload_document": 6, "cases:write_plan": 7, "cases:write_report": 3, "cases:write_section": 9,
    "cases:monthly_report": 11, "cases:monthly_reports": 7, "cases:reply_monthly_report": 5, "cases:return_monthly_report": 5,
    "cases:write_monthly_report": 13,
    "exports:ask_export": 4, "exports:detail": 3, "exports:download_export": 4, "exports:list": 3,
    "exports:refuse_export": 4,
    "gallery": 1, "livez": 1, "readyz": 2, "save_draft": 1, "today": 7,
    "notifications:choose_mail": 1, "notifications:list": 4,
    "organisations:agreement": 12, "organisations:agreements": 7, "organisations:change_agreement": 9,
    "organisations:compare_versions": 7, "organisations:detail": 4, "organisations:draft_agreement": 8,
    "organisations:edit_organisation": 4, "organisations:list": 3, "organisations:register_organisation": 9,
    "organisations:set_caseload_limits": 4, "organisations:suspend_agreement": 5,
    "organisations:terminate_agreement": 5,
    "oversight:acts": 5, "oversight:agencies": 4, "oversight:agency": 11,
    "oversight:edit_registration": 4, "oversight:exit_agency": 4, "oversight:readings": 5,
    "oversight:readmit_agency": 4, "oversight:recommend_agency": 4, "oversight:record_inspection": 4,
    "oversight:register_agency": 5, "oversight:suspend_agency": 4,
    "people:add_guardian": 4, "people:attach_consent_scan": 4, "people:change_guardian": 7, "people:consent_scan": 5, "people:correct_identity": 4, "people:find": 2,
    "people:juvenile": 9, "people:record_consent": 5, "people:register_juvenile": 5,
    "referrals:answer_information": 5, "referrals:approve_referral": 8, "referrals:ask_information": 4,
    "referrals:decline_referral": 4, "referrals:detail": 17, "referrals:download_letter": 6,
    "referrals:draft_referral": 7, "referrals:edit_referral": 21, "referrals:inbox": 4,
    "referrals:issue_referral": 20, "referrals:list": 4, "referrals:preview_referral": 7,
    "referrals:return_referral": 4, "referrals:submit_referral": 19, "referrals:transfer_referral": 4,
    "referrals:withdraw_referral": 4,
    "statistics:board": 5,
}
