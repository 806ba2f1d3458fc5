"""Query budgets: the most statements a GET of each page may send, whoever asks and however many rows there are.

Counted are all statements but those of the transaction itself (BEGIN, COMMIT, SAVEPOINT): telling the database who acts,
the session's user with the number of unread notices, and the entry in the record of readings make three; the row with
everything its reader may do to it is one more. Lists stay at eight or less. A page that is not here fails the test.
Lower a number when a page has become cheaper; a higher one needs a reason in the commit.
"""
from __future__ import annotations

BUDGETS: dict[str, int] = {
    "accounts:add_certificate": 5, "accounts:administrators": 5, "accounts:change_password": 2,
    "accounts:change_roles": 5, "accounts:choose_password": 2, "accounts:close_account": 4,
    "accounts:create_token": 4, "accounts:edit_account": 5, "accounts:edit_staff_record": 5,
    "accounts:open_account": 5, "accounts:open_administrator": 5, "accounts:password_changed": 2,
    "accounts:person": 10, "accounts:profile": 8, "accounts:sign_in": 2, "accounts:staff": 6,
    "cases:accept_handover": 8, "cases:accept_referral": 9, "cases:accept_section": 9, "cases:amend_record": 12,
    "cases:assess_case": 8, "cases:assign_staff": 9, "cases:cancel_case": 5, "cases:close_case": 13,
    "cases:closing": 18, "cases:comment_section": 9, "cases:confirm_assessment": 6, "cases:detail": 19,
    "cases:document": 7, "cases:documents": 13, "cases:download_closing_report": 12, "cases:download_document": 6,
    "cases:download_draft": 12, "cases:download_evaluation": 7, "cases:evaluate_case": 9, "cases:extend_deadline": 8,
    "cases:finish_service": 5, "cases:history": 10, "cases:list": 7, "cases:log_activity": 9,
    "cases:log_attendance": 7, "cases:log_contact": 9, "cases:log_counselling": 10, "cases:log_family_session": 10,
    "cases:log_interview": 9, "cases:people": 11, "cases:plan": 11, "cases:reassign_case": 21, "cases:record": 8,
    "cases:record_follow_up": 5, "cases:records": 10, "cases:report": 10, "cases:report_facts": 5,
    "cases:respond_report": 8, "cases:resume_case": 5, "cases:return_plan": 7, "cases:return_record": 6,
    "cases:return_section": 9, "cases:review_queue": 5, "cases:review_report": 14, "cases:send_report_for_review": 11,
    "cases:submit_report": 4, "cases:suspend_case": 5, "cases:team": 9, "cases:transfer_case": 5,
    "cases:write_plan": 8, "cases:write_report": 4, "cases:write_section": 11,
    "exports:ask_export": 4, "exports:detail": 4, "exports:download_export": 5, "exports:list": 4,
    "exports:refuse_export": 5,
    "gallery": 2, "livez": 2, "readyz": 3, "save_draft": 2, "today": 8,
    "notifications:choose_mail": 2, "notifications:list": 5,
    "organisations:agreement": 15, "organisations:agreements": 10, "organisations:change_agreement": 10,
    "organisations:compare_versions": 8, "organisations:detail": 5, "organisations:draft_agreement": 9,
    "organisations:edit_organisation": 5, "organisations:list": 4, "organisations:register_organisation": 10,
    "organisations:set_caseload_limits": 5, "organisations:suspend_agreement": 6,
    "organisations:terminate_agreement": 6,
    "oversight:acts": 6, "oversight:agencies": 5, "oversight:agency": 12, "oversight:counts": 6,
    "oversight:edit_registration": 5, "oversight:exit_agency": 5, "oversight:readings": 6,
    "oversight:readmit_agency": 5, "oversight:recommend_agency": 5, "oversight:record_inspection": 5,
    "oversight:register_agency": 6, "oversight:suspend_agency": 5,
    "people:add_guardian": 5, "people:change_guardian": 7, "people:correct_identity": 5, "people:find": 4,
    "people:juvenile": 10, "people:record_consent": 6, "people:register_juvenile": 6,
    "referrals:answer_information": 6, "referrals:approve_referral": 9, "referrals:ask_information": 5,
    "referrals:decline_referral": 5, "referrals:detail": 18, "referrals:download_letter": 7,
    "referrals:draft_referral": 8, "referrals:edit_referral": 24, "referrals:inbox": 7,
    "referrals:issue_referral": 24, "referrals:list": 7, "referrals:preview_referral": 8,
    "referrals:return_referral": 5, "referrals:submit_referral": 22, "referrals:transfer_referral": 5,
    "referrals:withdraw_referral": 5,
}
