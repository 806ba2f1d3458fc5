"""Addresses of the end of a case."""
from django.urls import path

from cases.views import closing

urlpatterns = [
    path("cases/<uuid:id>/closing/", closing.Closing.as_view(), name="closing"),
    path("cases/<uuid:id>/evaluate/", closing.EvaluateCase.as_view(), name="evaluate_case"),
    path("cases/<uuid:id>/close/", closing.CloseCase.as_view(), name="close_case"),
    path("cases/<uuid:id>/suspend/", closing.SuspendCase.as_view(), name="suspend_case"),
    path("cases/<uuid:id>/resume/", closing.ResumeCase.as_view(), name="resume_case"),
    path("cases/<uuid:id>/cancel/", closing.CancelCase.as_view(), name="cancel_case"),
    path("cases/<uuid:id>/transfer/", closing.TransferCase.as_view(), name="transfer_case"),
    path("cases/<uuid:id>/extend-deadline/", closing.ExtendDeadline.as_view(), name="extend_deadline"),
    path("cases/<uuid:id>/evaluation.docx", closing.DownloadEvaluation.as_view(), name="download_evaluation"),
    path("cases/<uuid:id>/closing-report.docx", closing.DownloadClosingReport.as_view(), name="download_closing_report"),
    path("follow-ups/<uuid:id>/record/", closing.RecordFollowUp.as_view(), name="record_follow_up"),
]
