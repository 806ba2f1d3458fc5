"""Who may see and move a referral."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.models import BriefParagraph, Referral
from referrals.states import MACHINE, ReferralState
from socialwork.access.policy import NOBODY, Ground, Policy, add_grounds, register
from socialwork.access.roles import Family, Role
from socialwork.organisations.models import Agreement
from socialwork.people.models import Juvenile

DRAFTERS = (Role.PROSECUTOR, Role.CLERK)
RECEIVERS = (Role.AGENCY_INTAKE, Role.AGENCY_MANAGER)


def readable_agreements(agency_id: object) -> QuerySet:
    """Agreements that still let the agency read: in force, or in the hand-over window."""
    return Agreement.objects.filter(Agreement.readable(timezone.localdate()), agency_id=agency_id).values("pk")


def live_agreements(agency_id: object) -> QuerySet:
    """Agreements under which the agency may work today."""
    return Agreement.objects.filter(Agreement.live(timezone.localdate()), agency_id=agency_id).values("pk")


@register
class ReferralPolicy(Policy):
    model = Referral
    machine = MACHINE

    def view(self, user: Any) -> Sequence[Ground]:
        organisation = user.organisation_id
        grounds = []
        if user.has_role(Role.PROSECUTOR):
            grounds.append(Ground("in_charge", Q(prosecutor=user), _("You are the prosecutor in charge.")))
        if user.has_role(Role.CLERK):
            drafts = Q(organ_id=organisation, state=ReferralState.DRAFT)
            grounds.append(Ground("clerk", drafts, _("You prepare the drafts of your organ.")))
        if user.has_role(Role.UNIT_HEAD):
            grounds.append(Ground("unit", Q(organ_id=organisation), _("You head the unit that refers.")))
        if user.has_role(*RECEIVERS):
            received = Q(
                agency_id=organisation, issued_at__isnull=False, agreement__in=readable_agreements(organisation)
            )
            grounds.append(Ground("received", received, _("It was sent to your agency under an agreement in force.")))
        return grounds

    def edit_referral(self, user: Any) -> Q:
        return _in_charge(user) | (Q(organ_id=user.organisation_id) if user.has_role(Role.CLERK) else NOBODY)

    def submit_referral(self, user: Any) -> Q:
        return _in_charge(user) & Q(organ__approval_levels=1)

    def issue_referral(self, user: Any) -> Q:
        return _in_charge(user) & Q(organ__approval_levels=0)

    def preview_referral(self, user: Any) -> Q:
        return self.edit_referral(user) | self.approve_referral(user)

    def approve_referral(self, user: Any) -> Q:
        # Four eyes: who submitted a referral does not approve it.
        return Q(organ_id=user.organisation_id) & ~Q(submitted_by=user) if user.has_role(Role.UNIT_HEAD) else NOBODY

    def return_referral(self, user: Any) -> Q:
        return self.approve_referral(user)

    def ask_information(self, user: Any) -> Q:
        return _receives(user)

    def answer_information(self, user: Any) -> Q:
        return _in_charge(user)

    def accept_referral(self, user: Any) -> Q:
        return _receives(user)

    def decline_referral(self, user: Any) -> Q:
        return _receives(user)

    def withdraw_referral(self, user: Any) -> Q:
        return _in_charge(user)

    def transfer_referral(self, user: Any) -> Q:
        return _in_charge(user)

    def refer_again(self, user: Any) -> Q:
        return _in_charge(user)

    def download_letter(self, user: Any) -> Q:
        if user.has_role(Role.PROSECUTOR, Role.UNIT_HEAD, *RECEIVERS):
            return Q(issued_at__isnull=False)
        return NOBODY

    def audience(self, row: Referral) -> QuerySet:
        return get_user_model().objects.filter(organisation_id__in=[row.organ_id, row.agency_id])


@register
class BriefParagraphPolicy(Policy):
    """The organ sees every paragraph, the agency only those chosen for it: a row filter, not a template's courtesy."""

    model = BriefParagraph

    def view(self, user: Any) -> Sequence[Ground]:
        if user.organisation.family == Family.AGENCY:
            shared = Q(shared=True, referral__agency_id=user.organisation_id, referral__issued_at__isnull=False)
            return [Ground("shared", shared, _("The organ chose to share it with your agency."))]
        grounds = []
        if user.has_role(Role.PROSECUTOR):
            grounds.append(Ground("in_charge", Q(referral__prosecutor=user), _("You are the prosecutor in charge.")))
        if user.has_role(Role.UNIT_HEAD, Role.CLERK):
            own = Q(referral__organ_id=user.organisation_id)
            grounds.append(Ground("unit", own, _("It belongs to a referral of your organ.")))
        return grounds


def _in_charge(user: Any) -> Q:
    return Q(prosecutor=user) if user.has_role(Role.PROSECUTOR) else NOBODY


def _receives(user: Any) -> Q:
    if not user.has_role(*RECEIVERS):
        return NOBODY
    return Q(agency_id=user.organisation_id, agreement__in=live_agreements(user.organisation_id))


def _through_referrals(user: Any) -> Sequence[Ground]:
    """A child is known to those who may see a referral about the child."""
    of_child = Referral.objects.filter(juvenile=OuterRef("pk"))
    grounds = []
    if user.has_role(Role.PROSECUTOR):
        mine = Exists(of_child.filter(prosecutor=user))
        grounds.append(Ground("referral_in_charge", Q(mine), _("You are in charge of a referral about this child.")))
    if user.has_role(Role.CLERK):
        drafts = Exists(of_child.filter(organ_id=user.organisation_id, state=ReferralState.DRAFT))
        grounds.append(Ground("referral_draft", Q(drafts), _("You prepare a draft about this child.")))
    if user.has_role(*RECEIVERS):
        received = Exists(
            of_child.filter(
                agency_id=user.organisation_id, issued_at__isnull=False,
                agreement__in=readable_agreements(user.organisation_id),
            )
        )
        grounds.append(Ground("referral_received", Q(received), _("A referral about this child was sent to your agency.")))
    return grounds


add_grounds(Juvenile, _through_referrals)
