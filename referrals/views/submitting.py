"""Submitting, sending, approving, returning."""
from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals import queries, services
from referrals.forms import submitting as forms
from referrals.models import Referral
from referrals.presenters import drafting as words
from referrals.presenters import following, pages
from referrals.presenters.brief import services_of
from referrals.services.submitting import limit_is_late
from socialwork.access.views import FormPage, now
from socialwork.core.errors import Blocked
from socialwork.people.queries import open_identity
from socialwork.people.views import KeepsVersion


class ReferralForm(KeepsVersion, FormPage):
    """A form that carries one act on one referral: what follows stands above it."""

    model = Referral
    template_name = "referrals/act.html"

    def shape(self, found: Any) -> Any:
        return queries.for_page(found)

    def page(self, row: Referral, form: Any) -> dict[str, Any]:
        open_identity(row.juvenile)
        head = pages.heading(self.request.user, row)
        return {
            "crumbs": [{"label": head["title"], "url": row.get_absolute_url()}, {"label": self.title}],
            "subtitle": f"{head['title']} · {head['subtitle']}", "follows": self.follows(row), "blockers": [], "facts": [],
        }

    def follows(self, row: Referral) -> list[Any]:
        """What happens next, who acts, by when."""
        return []


class SubmitReferral(ReferralForm):
    """To the unit head. The page says what is missing, what follows, and asks for reasons where a rule is set aside."""

    action = "submit_referral"
    form_class = forms.SubmitReferralForm
    title = _("Submit the referral")
    submit_label = _("Submit the referral")
    done_message = _("Submitted. The head of the unit has it now.")
    asked: tuple[str, ...] = ()

    def shape(self, found: Any) -> Any:
        # The services are read again and again on this page.
        return super().shape(found).prefetch_related("services")

    def make_form(self, row: Referral, data: Any = None, files: Any = None) -> Any:
        self.obstacles = self.find_obstacles(row)
        asked = [name for name, needed in (("override", self.obstacles), ("limit_reason", limit_is_late(row, at=now()))) if needed]
        return forms.SubmitReferralForm(data=data, ask=tuple(asked))

    def find_obstacles(self, row: Referral) -> list[str]:
        today = timezone.localdate(now())
        chosen = [found for found in queries.agreements_of(row.organ_id, today=today) if found.pk == row.agreement_id]
        offers = queries.offers(
            agreements=chosen, wanted=services_of(row), district=row.district, today=today, organ_id=row.organ_id,
            incident=row.incident, subject_type=row.subject_type, referral_id=row.pk,
        )
        self.conflicts = following.conflict_notes(offers)
        return words.obstacles(offers[0] if offers else None)

    def carry_out(self, row: Referral, form: Any) -> Referral:
        act = services.issue_referral if self.action == "issue_referral" else services.submit_referral
        return act(referral=row, by=self.request.user, at=now(), **form.cleaned_data)

    def show(self, row: Any, form: Any, *, key: str, refusal: Any = None, **more: Any) -> HttpResponse:
        if isinstance(refusal, Blocked):
            # The last place went to somebody else while this page was open: now a reason can be given.
            self.obstacles = self.find_obstacles(row)
            if self.obstacles:
                form.ask("override")
        return super().show(row, form, key=key, refusal=refusal, **more)

    def page(self, row: Referral, form: Any) -> dict[str, Any]:
        missing = words.links(services.blockers(row), words.page_of(row))
        return {
            **super().page(row, form), "blockers": missing, "edit_url": words.page_of(row), "notes": self.conflicts,
            "obstacles": self.obstacles, "facts": following.summary(row), "cancel_url": words.page_of(row),
        }

    def follows(self, row: Referral) -> list[Any]:
        return following.after_submitting(row, approvers=queries.approvers(row, by=self.request.user))


class IssueReferral(SubmitReferral):
    """Straight to the agency, in an organ that works without approval."""

    action = "issue_referral"
    title = _("Send the referral to the agency")
    submit_label = _("Send to the agency")
    done_message = _("Sent. The agency has it now.")

    def follows(self, row: Referral) -> list[Any]:
        return following.after_sending(row, at=now())


class ApproveReferral(ReferralForm):
    """The unit head sends it to the agency."""

    action = "approve_referral"
    title = _("Approve and send")
    submit_label = _("Approve and send")
    done_message = _("Approved. The agency has the referral now.")
    form_class = forms.ApproveReferralForm

    def carry_out(self, row: Referral, form: Any) -> Referral:
        return services.approve_referral(referral=row, by=self.request.user, at=now(), remark=form.cleaned_data["remark"])

    def page(self, row: Referral, form: Any) -> dict[str, Any]:
        return {**super().page(row, form), "facts": following.summary(row)}

    def follows(self, row: Referral) -> list[Any]:
        return following.after_sending(row, at=now())


class ReturnReferral(ReferralForm):
    """Back to the prosecutor, with the reason; the reserved places are free again."""

    action = "return_referral"
    title = _("Return the referral")
    submit_label = _("Return")
    done_message = _("Returned to the prosecutor.")
    form_class = forms.ReturnReferralForm

    def carry_out(self, row: Referral, form: Any) -> Referral:
        return services.return_referral(referral=row, by=self.request.user, at=now(), reason=form.cleaned_data["reason"])

    def follows(self, row: Referral) -> list[Any]:
        return following.after_returning(row)
