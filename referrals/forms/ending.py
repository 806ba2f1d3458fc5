"""Taking a referral back, and sending the matter elsewhere."""
from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals.wording import GROUNDS
from socialwork.people.forms import one_of, prose


class WithdrawReferralForm(forms.Form):
    reason_code = one_of("withdraw_reason", required=True)
    reason = prose(_("Explanation"), longest=2000, rows=4, required=True, help_text=_("Stays inside your organ."))


class TransferReferralForm(forms.Form):
    """Reason, legal ground (V22) and the hand-over package for the agency that takes over."""

    reason_code = one_of("transfer_reason", required=True)
    reason = prose(_("Explanation"), longest=2000, required=True, help_text=_("Stays inside your organ."))
    ground = forms.ChoiceField(
        label=_("Ground on which the child's data go to another agency"), choices=GROUNDS, widget=forms.RadioSelect()
    )
    done = prose(
        _("What was done so far"), longest=3000, rows=4, required=True, help_text=_("The new agency reads this and the next two fields.")
    )
    open_matters = prose(_("What is still to be done"), longest=3000, rows=4, required=True)
    advice = prose(_("What the new agency should heed"), longest=2000)
