"""Addresses of accounts: what everybody needs first, then the own account, then the staff list."""
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from socialwork.accounts.views import filtering, own, signing, staff

app_name = "accounts"

urlpatterns = [
    path("sign-in/", login_not_required(signing.SignIn.as_view()), name="sign_in"),
    path("sign-out/", login_not_required(signing.SignOut.as_view()), name="sign_out"),
    path("choose-password/", login_not_required(signing.ChoosePassword.as_view()), name="choose_password"),
    path("change-password/", signing.ChangePassword.as_view(), name="change_password"),
    path("password-changed/", signing.PasswordChanged.as_view(), name="password_changed"),
    path("profile/", own.Profile.as_view(), name="profile"),
    path("filters/save-filter/", filtering.SaveFilter.as_view(), name="save_filter"),
    path("filters/<uuid:id>/remove-filter/", filtering.RemoveFilter.as_view(), name="remove_filter"),
    path("staff/", staff.Staff.as_view(), name="staff"),
    path("administrators/", staff.Administrators.as_view(), name="administrators"),
    path("people/<uuid:id>/", staff.Person.as_view(), name="person"),
    path("people/<uuid:id>/edit-account/", staff.EditAccount.as_view(), name="edit_account"),
    path("people/<uuid:id>/change-roles/", staff.ChangeRoles.as_view(), name="change_roles"),
    path("people/<uuid:id>/close-account/", staff.CloseAccount.as_view(), name="close_account"),
    path("people/<uuid:id>/reopen-account/", staff.ReopenAccount.as_view(), name="reopen_account"),
    path("people/<uuid:id>/renew-password/", staff.RenewPassword.as_view(), name="renew_password"),
    path("people/<uuid:id>/create-token/", own.CreateToken.as_view(), name="create_token"),
    path("people/<uuid:id>/revoke-token/", own.RevokeToken.as_view(), name="revoke_token"),
    path("staff-records/<uuid:id>/edit-staff-record/", staff.EditStaffRecord.as_view(), name="edit_staff_record"),
    path("staff-records/<uuid:id>/add-certificate/", staff.AddCertificate.as_view(), name="add_certificate"),
    path("certificates/<uuid:id>/remove-certificate/", staff.RemoveCertificate.as_view(), name="remove_certificate"),
    path("organisations/<uuid:id>/open-account/", staff.OpenAccount.as_view(), name="open_account"),
    path("organisations/<uuid:id>/open-administrator/", staff.OpenAdministrator.as_view(), name="open_administrator"),
]
