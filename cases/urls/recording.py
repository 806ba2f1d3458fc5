from django.urls import path

from cases.views import amending, recording

urlpatterns = [
    path("cases/<uuid:id>/log-contact/", recording.LogContact.as_view(), name="log_contact"),
    path("cases/<uuid:id>/log-interview/", recording.LogInterview.as_view(), name="log_interview"),
    path("cases/<uuid:id>/log-counselling/", recording.LogCounselling.as_view(), name="log_counselling"),
    path("cases/<uuid:id>/log-family-session/", recording.LogFamilySession.as_view(), name="log_family_session"),
    path("cases/<uuid:id>/log-activity/", recording.LogActivity.as_view(), name="log_activity"),
    path("cases/<uuid:id>/log-attendance/", recording.LogAttendance.as_view(), name="log_attendance"),
    path("records/<uuid:id>/amend-record/", amending.AmendRecord.as_view(), name="amend_record"),
    path("records/<uuid:id>/review-record/", amending.ReviewRecord.as_view(), name="review_record"),
    path("records/<uuid:id>/return-record/", amending.ReturnRecord.as_view(), name="return_record"),
]
