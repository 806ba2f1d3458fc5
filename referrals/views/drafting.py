"""Beginning a referral and writing it: one page of sections, in any order."""
from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referrals import queries, services
from referrals.forms.drafting import DraftReferralForm, EditReferralForm
from referrals.models import Referral
from referrals.presenters import drafting as words
from referrals.presenters import pages
from referrals.services.blocking import blockers_of
from referrals.views.sheet import Sheet, open_sheet
from socialwork.access import api
from socialwork.access.roles import Role
from socialwork.access.views import FormPage, Page, now
from socialwork.people.models import Juvenile
from socialwork.people.presenters import full_name
from socialwork.people.queries import for_page as juvenile_page
from socialwork.people.queries import open_identity, people_of
from socialwork.people.views import KeepsVersion

SUBMIT = "submit"


class DraftReferral(FormPage):
    """Begin a referral about a child who is known. The right is one on the person's own organ.

    Without autosave: at most a prosecutor is chosen; the words come on the next page.
    """

    model = Juvenile
    template_name = "referrals/draft.html"
    title = _("Refer this child")
    submit_label = _("Begin the draft")
    autosaves = False
    form_class = DraftReferralForm

    def shape(self, rows: Any) -> Any:
        return juvenile_page(rows)

    def load(self) -> Any:
        row = super().load()
        api.require(self.request.user, "draft_referral", self.request.user.organisation)
        return row

    def make_form(self, row: Any, data: Any = None, files: Any = None) -> Any:
        user = self.request.user
        choose = None if user.has_role(Role.PROSECUTOR) else people_of(user.organisation_id, Role.PROSECUTOR)
        return DraftReferralForm(data=data, prosecutors=choose)

    def carry_out(self, row: Any, form: Any) -> Referral:
        user = self.request.user
        chosen = people_of(user.organisation_id, Role.PROSECUTOR).filter(pk=form.cleaned_data.get("prosecutor")).first()
        return services.draft_referral(by=user, at=now(), juvenile=row, prosecutor=chosen)

    def location(self, row: Any, result: Referral) -> str:
        return words.page_of(result)

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        open_identity(row)
        name = full_name(self.request.user, row)
        mine = queries.matters(self.request.user, [row.pk]).get(row.pk, [])
        return {
            "crumbs": [{"label": name, "url": row.get_absolute_url()}, {"label": self.title}], "subtitle": name,
            "matters": [{"label": matter.title, "url": matter.url, "text": matter.label} for matter in mine],
            "hidden": queries.hidden_referral(self.request.user, row), "heads": _heads(self.request.user),
        }


class EditReferral(KeepsVersion, FormPage):
    """Every part of the referral in one form; saved as it is typed, blockers are named when it is to be submitted."""

    model = Referral
    action = "edit_referral"
    form_class = EditReferralForm
    template_name = "referrals/edit.html"
    done_message = _("Saved.")
    sheet: Sheet

    def shape(self, rows: Any) -> Any:
        return queries.for_page(rows)

    def make_form(self, row: Any, data: Any = None, files: Any = None) -> Any:
        self.sheet = open_sheet(row, data=data, at=now())
        return self.sheet.form

    def carry_out(self, row: Referral, form: Any) -> Referral:
        sheet = self.sheet
        return services.edit_referral(
            referral=row, by=self.request.user, at=now(), version=self.version(),
            fields=form.columns(agency_of=sheet.agreements, proposal=sheet.proposal), services=form.wanted(),
            paragraphs=form.paragraphs(), guardians=sheet.chosen_guardians(),
        )

    def location(self, row: Referral, result: Referral) -> str:
        if self.request.POST.get("_then") != SUBMIT:
            return words.page_of(row)
        if services.blockers(result):
            return f"{words.page_of(row)}?missing=1"
        return reverse(f"referrals:{sending_act(result)}", args=[row.pk])

    def page(self, row: Referral, form: Any) -> dict[str, Any]:
        user, sheet = self.request.user, self.sheet
        others, hidden = queries.other_referrals(user, row)
        asked = self.request.method == "GET" and "missing" in self.request.GET
        return {
            **pages.heading(user, row), **sheet.parts(), "rail_label": _("Parts of the referral"),
            "blockers": words.links(blockers_of(sheet.filled)) if asked else [],
            "others": pages.earlier(others), "hidden": hidden, "heads": _heads(user) if hidden else "",
            "may_submit": bool({"submit_referral", "issue_referral"} & set(row.allowed_actions)), "submit_value": SUBMIT,
            "next": words.page_of(row), "names": "correct_identity" in api.allowed(user, row.juvenile),
            "returned": self.last_return(row),
        }

    def last_return(self, row: Referral) -> dict[str, Any] | None:
        said = [remark for remark in queries.remarks_for(self.request.user, row) if remark.kind == "return"]
        return pages.remark_rows(said[-1:], agency=False)[0] if said else None

    def show(self, row: Any, form: Any, *, key: str, theirs: Any = None, **more: Any) -> HttpResponse:
        if theirs:
            more["conflict"] = words.both_texts(theirs, self.sheet.typed())
        return super().show(row, form, key=key, theirs=theirs, **{"conflict": None, **more})


class EditReferralLive(Page):
    """The parts of the draft page that follow from what is being typed. Reads what was posted, writes nothing."""

    model = Referral
    action = "edit_referral"

    def shape(self, rows: Any) -> Any:
        return queries.for_page(rows)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.load()
        api.require(request.user, self.action, row)
        sheet = open_sheet(row, data=request.POST, at=now())
        parts = sheet.parts()
        fresh = request.POST.get("_offers") != parts["offers_mark"]
        return render(request, "referrals/_live.html", {**parts, "fresh_agencies": fresh, "live": True})


def sending_act(referral: Referral) -> str:
    """The act that sends the draft on, by the setting of the organ."""
    return "submit_referral" if referral.organ.approval_levels else "issue_referral"


def _heads(user: Any) -> str:
    return ", ".join(person.name for person in people_of(user.organisation_id, Role.UNIT_HEAD))
