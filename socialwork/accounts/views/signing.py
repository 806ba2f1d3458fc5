"""Signing in and out, and passwords."""
from __future__ import annotations

from typing import Any

from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views import View

from socialwork.access.views import now
from socialwork.accounts import forms, queries, services
from socialwork.core.errors import DomainError

BACKEND = "socialwork.access.backends.DenyByDefaultBackend"
# Who came in with a one-time password and has not chosen one yet, and where to go afterwards.
CHOOSING, AFTERWARDS = "choosing_password", "after_choosing"


class SignIn(auth_views.LoginView):
    """The only way to a session. The answer is the same for an unknown name, a wrong password and a closed account.

    A one-time password opens no session: it leads to the page where the person chooses a password.
    """

    http_method_names = ["get", "head", "post", "options"]
    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        person = form.get_user()
        if person.one_time_until is None:
            return super().form_valid(form)
        if person.one_time_until < now():
            form.add_error(None, form.get_invalid_login_error())
            return self.form_invalid(form)
        self.request.session.cycle_key()
        self.request.session[CHOOSING] = str(person.pk)
        self.request.session[AFTERWARDS] = self.get_redirect_url()
        return redirect("accounts:choose_password")


class ChoosePassword(View):
    """The first password of one's own, before anything else can be seen."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        person = self.person()
        return self.show(forms.ChoosePasswordForm(person)) if person else redirect("accounts:sign_in")

    def post(self, request: HttpRequest) -> HttpResponse:
        person = self.person()
        if person is None:
            return redirect("accounts:sign_in")
        form = forms.ChoosePasswordForm(person, request.POST)
        if not form.is_valid():
            return self.show(form, status=400)
        try:
            person = services.choose_password(person=person, at=now(), password=form.cleaned_data["new_password1"])
        except DomainError:
            return redirect("accounts:sign_in")
        afterwards = request.session.pop(AFTERWARDS, "")
        request.session.pop(CHOOSING, None)
        login(request, person, backend=BACKEND)
        ours = url_has_allowed_host_and_scheme(afterwards, allowed_hosts={request.get_host()})
        return HttpResponseRedirect(afterwards) if afterwards and ours else redirect("today")

    def person(self) -> Any:
        chosen = self.request.session.get(CHOOSING, "")
        return queries.person_choosing(chosen, now()) if chosen else None

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "form": form, "must_change": True, "submit_label": _("Choose this password"), "title": _("Choose a password"),
        }
        return render(self.request, "accounts/choose_password.html", context, status=status)


class SignOut(auth_views.LogoutView):
    """By POST only; the browser forgets what it kept."""

    http_method_names = ["post", "options"]
    template_name = "registration/signed_out.html"
    next_page = None

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def get_success_url(self) -> str:
        return ""


class ChangePassword(auth_views.PasswordChangeView):
    """The own password, with the old one in hand."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "registration/change_password.html"
    success_url = reverse_lazy("accounts:password_changed")

    def form_valid(self, form: Any) -> HttpResponse:
        password = form.cleaned_data["new_password1"]
        person = services.change_password(person=self.request.user, at=now(), password=password)
        update_session_auth_hash(self.request, person)
        return HttpResponseRedirect(self.get_success_url())


class PasswordChanged(auth_views.PasswordChangeDoneView):
    template_name = "registration/password_changed.html"
