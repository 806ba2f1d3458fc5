"""Addresses of reports and their review."""
from django.urls import path

from cases.views import reporting, responding, reviewing

urlpatterns = [
    path("cases/review-queue/", reviewing.ReviewQueue.as_view(), name="review_queue"),
    path("cases/<uuid:id>/report/", reporting.ReportPage.as_view(), name="report"),
    path("cases/<uuid:id>/report/write/", reporting.WriteReport.as_view(), name="write_report"),
    path("cases/<uuid:id>/report/facts/", reporting.ReportFacts.as_view(), name="report_facts"),
    path("cases/<uuid:id>/report/draft.docx", reporting.DownloadDraft.as_view(), name="download_draft"),
    path(
        "cases/<uuid:id>/report/send-for-review/", reporting.SendReportForReview.as_view(), name="send_report_for_review"
    ),
    path("cases/<uuid:id>/report/review/", reviewing.ReviewReport.as_view(), name="review_report"),
    path("cases/<uuid:id>/report/finish-review/", reviewing.FinishReview.as_view(), name="finish_review"),
    path(
        "cases/<uuid:id>/report/return-for-rewriting/", reviewing.ReturnForRewriting.as_view(), name="return_for_rewriting"
    ),
    path("cases/<uuid:id>/report/submit/", responding.SubmitReport.as_view(), name="submit_report"),
    path("cases/<uuid:id>/report/respond/", responding.RespondReport.as_view(), name="respond_report"),
    path("cases/<uuid:id>/finish-service/", responding.FinishService.as_view(), name="finish_service"),
    path(
        "cases/<uuid:id>/documents/<slug:kind>/<int:round>/", reporting.DownloadDocument.as_view(), name="download_document"
    ),
    path("report-sections/<uuid:id>/write/", reporting.WriteSection.as_view(), name="write_section"),
    path("report-sections/<uuid:id>/accept/", reviewing.AcceptSection.as_view(), name="accept_section"),
    path("report-sections/<uuid:id>/return/", reviewing.ReturnSection.as_view(), name="return_section"),
    path("report-sections/<uuid:id>/comment/", reviewing.CommentSection.as_view(), name="comment_section"),
    path("review-comments/<uuid:id>/settle/", reviewing.SettleComment.as_view(), name="settle_comment"),
]
