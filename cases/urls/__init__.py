"""Addresses of everything about a case; one list per activity."""

from cases.urls import assigning, closing, planning, recording, reporting, working

app_name = "cases"

urlpatterns = [
    *working.urlpatterns,
    *assigning.urlpatterns,
    *planning.urlpatterns,
    *recording.urlpatterns,
    *reporting.urlpatterns,
    *closing.urlpatterns,
]
