from django.urls import path

from socialwork.people import views

app_name = "people"

urlpatterns = [
    path("find/", views.Find.as_view(), name="find"),
    path("register-juvenile/", views.RegisterJuvenile.as_view(), name="register_juvenile"),
    path("<uuid:id>/", views.JuvenilePage.as_view(), name="juvenile"),
    path("<uuid:id>/correct-identity/", views.CorrectIdentity.as_view(), name="correct_identity"),
    path("<uuid:id>/add-guardian/", views.AddGuardian.as_view(), name="add_guardian"),
    path("<uuid:id>/guardians/<uuid:guardian>/change-guardian/", views.ChangeGuardian.as_view(), name="change_guardian"),
    path("<uuid:id>/record-consent/", views.RecordConsent.as_view(), name="record_consent"),
    path("<uuid:id>/consents/<uuid:consent>/scan/", views.ConsentScan.as_view(), name="consent_scan"),
    path(
        "<uuid:id>/consents/<uuid:consent>/attach-consent-scan/", views.AttachConsentScan.as_view(), name="attach_consent_scan"
    ),
]
