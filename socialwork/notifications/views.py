"""What one was told, and how one wants to be told."""
from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from socialwork.access import listing
from socialwork.access.views import ListPage, now
from socialwork.notifications import presenters, queries, services
from socialwork.notifications.models import Notice


class NoticeList(ListPage):
    """Everything one was told, newest first."""

    model = Notice
    template_name = "notifications/list.html"
    sorts = {"new": listing.Sort("created_at", descending=True)}

    def page(self, listed: listing.Listed) -> dict[str, Any]:
        return {
            "notices": presenters.lines(listed.rows, closed=queries.closed_to(self.request.user, listed.rows)),
            "listed": listed, "next_cursor": listed.next_cursor,
            "previous_cursor": listed.previous_cursor,
        }


class ReadNotices(View):
    def post(self, request: HttpRequest) -> HttpResponse:
        services.read_notices(by=request.user, at=now())
        return redirect("notifications:list")


class MailForm(forms.Form):
    mail_digest = forms.BooleanField(label=gettext_lazy("One mail a day when something is unread"), required=False)
    mail_each = forms.BooleanField(label=gettext_lazy("A mail at once when I must act"), required=False)


class ChooseMail(View):
    """Mails carry no names and no facts, only that something waits."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        return self.show(MailForm(initial={"mail_digest": user.mail_digest, "mail_each": user.mail_each}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = MailForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=400)
        services.choose_mail(by=request.user, **form.cleaned_data)
        messages.success(request, _("Your choice is kept."))
        return redirect("notifications:list")

    def show(self, form: MailForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "title": _("How to be told"), "submit_label": _("Save"), "cancel_url": "/notices/"}
        return render(self.request, "notifications/choose_mail.html", context, status=status)
