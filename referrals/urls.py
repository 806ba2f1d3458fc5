from django.urls import path

from referrals.views import answering, drafting, ending, lists, pages, submitting

app_name = "referrals"

urlpatterns = [
    path("referrals/", lists.ReferralList.as_view(), name="list"),
    path("referrals/inbox/", lists.ReferralInbox.as_view(), name="inbox"),
    path("people/<uuid:id>/draft-referral/", drafting.DraftReferral.as_view(), name="draft_referral"),
    path("referrals/<uuid:id>/", pages.ReferralPage.as_view(), name="detail"),
    path("referrals/<uuid:id>/edit-referral/", drafting.EditReferral.as_view(), name="edit_referral"),
    path("referrals/<uuid:id>/edit-referral/live/", drafting.EditReferralLive.as_view(), name="edit_referral_live"),
    path("referrals/<uuid:id>/preview-referral/", pages.PreviewReferral.as_view(), name="preview_referral"),
    path("referrals/<uuid:id>/submit-referral/", submitting.SubmitReferral.as_view(), name="submit_referral"),
    path("referrals/<uuid:id>/issue-referral/", submitting.IssueReferral.as_view(), name="issue_referral"),
    path("referrals/<uuid:id>/approve-referral/", submitting.ApproveReferral.as_view(), name="approve_referral"),
    path("referrals/<uuid:id>/return-referral/", submitting.ReturnReferral.as_view(), name="return_referral"),
    path("referrals/<uuid:id>/ask-information/", answering.AskInformation.as_view(), name="ask_information"),
    path("referrals/<uuid:id>/answer-information/", answering.AnswerInformation.as_view(), name="answer_information"),
    path("referrals/<uuid:id>/decline-referral/", answering.DeclineReferral.as_view(), name="decline_referral"),
    path("referrals/<uuid:id>/withdraw-referral/", ending.WithdrawReferral.as_view(), name="withdraw_referral"),
    path("referrals/<uuid:id>/refer-again/", ending.ReferAgain.as_view(), name="refer_again"),
    path("referrals/<uuid:id>/transfer-referral/", ending.TransferReferral.as_view(), name="transfer_referral"),
    path("referrals/<uuid:id>/download-letter/", pages.DownloadLetter.as_view(), name="download_letter"),
    path("referrals/<uuid:id>/download-letter/<str:kind>/", pages.DownloadLetter.as_view(), name="download_letter"),
]
