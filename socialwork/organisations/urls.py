"""Addresses of organisations and agreements: the parent stands before the verb."""
from django.urls import path

from socialwork.organisations.views import agreements, organisations

app_name = "organisations"

urlpatterns = [
    path("", organisations.OrganisationList.as_view(), name="list"),
    path("agreements/", agreements.AgreementList.as_view(), name="agreements"),
    path("agreements/<uuid:id>/", agreements.AgreementPage.as_view(), name="agreement"),
    path("agreements/<uuid:id>/compare-versions/", agreements.CompareVersions.as_view(), name="compare_versions"),
    path("agreements/<uuid:id>/change-agreement/", agreements.ChangeAgreement.as_view(), name="change_agreement"),
    path("agreements/<uuid:id>/sign-agreement/", agreements.SignAgreement.as_view(), name="sign_agreement"),
    path("agreements/<uuid:id>/discard-agreement/", agreements.DiscardAgreement.as_view(), name="discard_agreement"),
    path("agreements/<uuid:id>/suspend-agreement/", agreements.SuspendAgreement.as_view(), name="suspend_agreement"),
    path("agreements/<uuid:id>/resume-agreement/", agreements.ResumeAgreement.as_view(), name="resume_agreement"),
    path("agreements/<uuid:id>/terminate-agreement/", agreements.TerminateAgreement.as_view(), name="terminate_agreement"),
    path("<uuid:id>/", organisations.OrganisationPage.as_view(), name="detail"),
    path("<uuid:id>/edit-organisation/", organisations.EditOrganisation.as_view(), name="edit_organisation"),
    path("<uuid:id>/set-caseload-limits/", organisations.SetCaseloadLimits.as_view(), name="set_caseload_limits"),
    path("<uuid:id>/register-organisation/", organisations.RegisterOrganisation.as_view(), name="register_organisation"),
    path("<uuid:id>/draft-agreement/", agreements.DraftAgreement.as_view(), name="draft_agreement"),
]
