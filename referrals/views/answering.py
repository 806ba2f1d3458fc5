"""Asking, answering, declining. Accepting opens a case and is a page of the cases app."""
from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from referrals import services
from referrals.forms import answering as forms
from referrals.models import Referral
from referrals.presenters import following
from referrals.views.submitting import ReferralForm
from socialwork.access.views import now


class AskInformation(ReferralForm):
    action = "ask_information"
    title = _("Ask the organ for information")
    submit_label = _("Send the question")
    done_message = _("The question is sent. Your clock stands still until the answer.")
    form_class = forms.AskInformationForm

    def carry_out(self, row: Referral, form: Any) -> Referral:
        return services.ask_information(referral=row, by=self.request.user, at=now(), **form.cleaned_data)

    def follows(self, row: Referral) -> list[Any]:
        return following.after_asking(row)


class AnswerInformation(ReferralForm):
    action = "answer_information"
    title = _("Answer the agency")
    submit_label = _("Send the answer")
    done_message = _("The answer is sent. The agency's clock runs again.")
    form_class = forms.AnswerInformationForm

    def carry_out(self, row: Referral, form: Any) -> Referral:
        return services.answer_information(referral=row, by=self.request.user, at=now(), **form.cleaned_data)

    def page(self, row: Referral, form: Any) -> dict[str, Any]:
        return {**super().page(row, form), "question": following.last_question(self.request.user, row)}

    def follows(self, row: Referral) -> list[Any]:
        return following.after_answering(row)


class DeclineReferral(ReferralForm):
    action = "decline_referral"
    title = _("Decline the referral")
    submit_label = _("Decline")
    done_message = _("Declined. The organ has your answer.")
    form_class = forms.DeclineReferralForm

    def carry_out(self, row: Referral, form: Any) -> Referral:
        return services.decline_referral(referral=row, by=self.request.user, at=now(), **form.cleaned_data)

    def follows(self, row: Referral) -> list[Any]:
        return following.after_declining(row)
