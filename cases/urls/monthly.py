"""Addresses of monthly reports."""

from django.urls import path

from cases.views import monthly

urlpatterns = [
    path("cases/<uuid:id>/monthly-reports/", monthly.MonthlyReports.as_view(), name="monthly_reports"),
    path("monthly-reports/<uuid:id>/", monthly.MonthlyReportPage.as_view(), name="monthly_report"),
    path("monthly-reports/<uuid:id>/write/", monthly.WriteMonthlyReport.as_view(), name="write_monthly_report"),
    path("monthly-reports/<uuid:id>/reply/", monthly.ReplyMonthlyReport.as_view(), name="reply_monthly_report"),
    path("monthly-reports/<uuid:id>/return/", monthly.ReturnMonthlyReport.as_view(), name="return_monthly_report"),
]
