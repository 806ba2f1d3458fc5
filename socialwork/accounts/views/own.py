"""One's own account: what is known of oneself, and the key of one's programs."""
from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from socialwork.access import api
from socialwork.access.views import ActPage, DetailPage, FormPage, now
from socialwork.accounts import forms, presenters, queries, services
from socialwork.accounts.models import User


class ShownOnce:
    """An act that ends in a secret: it is shown in the answer to that act and kept nowhere.

    Sent a second time (a double click, the back button) the page says that it was shown already.
    """

    template = "accounts/shown_once.html"
    shown: Any = None

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = super().post(request, **kwargs)
        if response.status_code != 302:
            return response
        return render(request, self.template, {"back": response.headers["Location"], **self.secret(self.shown)})

    def secret(self, shown: Any) -> dict[str, Any]:
        """Title, sentences and the secret itself, or None in its place."""
        raise TypeError(f"{type(self).__name__} must define secret")


class Profile(DetailPage):
    """What the product knows of oneself."""

    model = User
    template_name = "accounts/profile.html"

    def load(self) -> Any:
        self.row = api.permitted(User, self.request.user).select_related("organisation").get(pk=self.request.user.pk)
        return self.row

    def page(self, row: Any) -> dict[str, Any]:
        token = queries.token_of(row)
        return {
            "title": row.name, "facts": presenters.account_facts(row), "roles": presenters.role_facts(row),
            "staff": presenters.staff_facts(queries.staff_of(row), now().date()),
            "certificates": presenters.certificate_lines(queries.staff_of(row)),
            "token": presenters.token_fact(token), "create_token": reverse("accounts:create_token", args=[row.pk]),
            "revoke_token": reverse("accounts:revoke_token", args=[row.pk]) if token else "",
        }


class TokenPage:
    """Acts on the key end on the own page."""

    def location(self, row: Any, result: Any) -> str:
        return reverse("accounts:profile")


class CreateToken(ShownOnce, TokenPage, FormPage):
    """A key for one's own programs. Without autosave: a password is typed, and nothing else."""

    model = User
    action = "create_token"
    title = _("Create a key for the API")
    submit_label = _("Create the key")
    form_class = forms.CreateTokenForm
    autosaves = False

    def carry_out(self, row: Any, form: Any) -> Any:
        self.shown = services.create_token(
            person=row, by=self.request.user, at=now(), password=form.cleaned_data["password"]
        )
        return self.shown

    def secret(self, shown: Any) -> dict[str, Any]:
        return {
            "title": _("The key"), "secret": shown, "label": _("Key for the API"),
            "sentences": [
                _("Copy it now: it is shown this once."),
                _("A program sends it in the header Authorization: Token <key>, and has exactly your rights."),
            ],
        }

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        own = reverse("accounts:profile")
        return {
            "crumbs": [{"label": row.name, "url": own}, {"label": self.title}], "cancel_url": own,
            "intro": _("An earlier key ends when a new one is created."),
        }


class RevokeToken(TokenPage, ActPage):
    """The key ends."""

    model = User
    action = "revoke_token"
    done_message = _("The key is taken back.")

    def carry_out(self, row: Any) -> Any:
        return services.revoke_token(person=row, by=self.request.user, at=now())
