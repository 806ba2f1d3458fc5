"""Addresses of oversight: the registry of agencies, the record of acts."""
from django.urls import path

from socialwork.oversight.views import agencies, auditing

app_name = "oversight"

urlpatterns = [
    path("agencies/", agencies.Agencies.as_view(), name="agencies"),
    path("agencies/<uuid:id>/", agencies.Agency.as_view(), name="agency"),
    path("agencies/<uuid:id>/register-agency/", agencies.RegisterAgency.as_view(), name="register_agency"),
    path("agencies/<uuid:id>/edit-registration/", agencies.EditRegistration.as_view(), name="edit_registration"),
    path("agencies/<uuid:id>/recommend-agency/", agencies.RecommendAgency.as_view(), name="recommend_agency"),
    path("agencies/<uuid:id>/record-inspection/", agencies.RecordInspection.as_view(), name="record_inspection"),
    path("agencies/<uuid:id>/admit-agency/", agencies.AdmitAgency.as_view(), name="admit_agency"),
    path("agencies/<uuid:id>/activate-agency/", agencies.ActivateAgency.as_view(), name="activate_agency"),
    path("agencies/<uuid:id>/suspend-agency/", agencies.SuspendAgency.as_view(), name="suspend_agency"),
    path("agencies/<uuid:id>/readmit-agency/", agencies.ReadmitAgency.as_view(), name="readmit_agency"),
    path("agencies/<uuid:id>/exit-agency/", agencies.ExitAgency.as_view(), name="exit_agency"),
    path("acts/", auditing.Acts.as_view(), name="acts"),
    path("readings/", auditing.Readings.as_view(), name="readings"),
]
