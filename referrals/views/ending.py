"""Withdrawing, referring again, transferring."""
from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from referrals import services
from referrals.forms import ending as forms
from referrals.models import Referral
from referrals.presenters import following
from referrals.presenters.drafting import page_of
from referrals.states import ReferralState
from referrals.views.submitting import ReferralForm
from socialwork.access import api
from socialwork.access.views import ActPage, now
from socialwork.core.errors import Moved


class WithdrawReferral(ReferralForm):
    action = "withdraw_referral"
    title = _("Withdraw the referral")
    submit_label = _("Withdraw")
    done_message = _("Withdrawn.")
    form_class = forms.WithdrawReferralForm

    def carry_out(self, row: Referral, form: Any) -> Referral:
        return services.withdraw_referral(referral=row, by=self.request.user, at=now(), **form.cleaned_data)

    def page(self, row: Referral, form: Any) -> dict[str, Any]:
        return {**super().page(row, form), "danger": True}

    def follows(self, row: Referral) -> list[Any]:
        return following.after_withdrawing(row)


class ReferAgain(ActPage):
    """After a refusal or withdrawal: a new draft with everything that was written."""

    model = Referral
    action = "refer_again"
    done_message = _("A new draft was made from the earlier referral. Choose the agency.")

    def carry_out(self, row: Referral) -> Referral:
        return services.refer_again(referral=row, by=self.request.user, at=now())

    def location(self, row: Referral, result: Referral) -> str:
        return page_of(result)


class TransferReferral(ReferralForm):
    """To another agency with a hand-over package. What was accepted is transferred with its case."""

    action = "transfer_referral"
    title = _("Transfer to another agency")
    submit_label = _("Transfer")
    done_message = _("Transferred. Choose the new agency in the draft.")
    form_class = forms.TransferReferralForm

    def load(self) -> Any:
        row = super().load()
        if row.state == ReferralState.ACCEPTED and api.can(self.request.user, self.action, row):
            raise Moved(_("The agency has taken it up. Transfer it from the page of the case, with its records."))
        return row

    def carry_out(self, row: Referral, form: Any) -> Referral:
        return services.transfer_referral(referral=row, by=self.request.user, at=now(), **form.cleaned_data)

    def location(self, row: Referral, result: Referral) -> str:
        return page_of(result)

    def page(self, row: Referral, form: Any) -> dict[str, Any]:
        return {**super().page(row, form), "danger": True}

    def follows(self, row: Referral) -> list[Any]:
        return following.after_transferring(row)
