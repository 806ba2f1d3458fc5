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
]
