"""Addresses of everything about a case; one list per activity."""

from cases.urls import assigning, closing, filing, monthly, planning, recording, reporting, working

app_name = "cases"

urlpatterns = [
    *working.urlpatterns,
    *assigning.urlpatterns,
    *planning.urlpatterns,
    *recording.urlpatterns,
    *filing.urlpatterns,
    *reporting.urlpatterns,
    *monthly.urlpatterns,
    *closing.urlpatterns,
]
