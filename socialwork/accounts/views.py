"""Signing in and out."""
from __future__ import annotations

from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy


class SignIn(auth_views.LoginView):
    """The only way to a session. The answer is the same for an unknown name, a wrong password and a closed account."""

    http_method_names = ["get", "head", "post", "options"]  # noqa: RUF012  (Django's own shape of the attribute)
    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True


class SignOut(auth_views.LogoutView):
    """By POST only; the browser forgets what it kept."""

    http_method_names = ["post", "options"]  # noqa: RUF012  (Django's own shape of the attribute)
    template_name = "registration/signed_out.html"
    next_page = None

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def get_success_url(self) -> str:
        return ""


class ChangePassword(auth_views.PasswordChangeView):
    http_method_names = ["get", "head", "post", "options"]  # noqa: RUF012  (Django's own shape of the attribute)
    template_name = "registration/change_password.html"
    success_url = reverse_lazy("accounts:password_changed")


class PasswordChanged(auth_views.PasswordChangeDoneView):
    template_name = "registration/password_changed.html"
