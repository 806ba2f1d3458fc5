from django.contrib.auth.decorators import login_not_required
from django.urls import path

from socialwork.accounts import views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", login_not_required(views.SignIn.as_view()), name="sign_in"),
    path("sign-out/", login_not_required(views.SignOut.as_view()), name="sign_out"),
    path("change-password/", views.ChangePassword.as_view(), name="change_password"),
    path("password-changed/", views.PasswordChanged.as_view(), name="password_changed"),
]
