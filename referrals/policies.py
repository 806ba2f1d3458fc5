"""Who may see and move a referral."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.models import BriefParagraph, HandOverPackage, IssuedDocument, Referral, Remark
from referrals.states import MACHINE, WITH_AGENCY, ReferralState
from socialwork.access.policy import NOBODY, Ground, Policy, add_grounds, register
from socialwork.access.roles import Family, Role
from socialwork.organisations.models import Agreement
from socialwork.people.models import Juvenile

DRAFTERS = (Role.PROSECUTOR, Role.CLERK)
RECEIVERS = (Role.AGENCY_INTAKE, Role.AGENCY_MANAGER)
# What organ and agency say to each other; reasons given inside the organ stay there.
SPOKEN = (Remark.Kind.QUESTION, Remark.Kind.ANSWER, Remark.Kind.DECLINE)
# What the organ added when it was asked is part of what the work rests on.
ASKED = (Remark.Kind.QUESTION, Remark.Kind.ANSWER)
# The paragraphs a prosecutor chose for the agency: the one condition of preview, letter and the agency's own page.
SHARED = Q(shared=True)
LETTERS = ("F02", "F03")


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
                agency_id=organisation, issued_at__isnull=False, agreement__among=readable_agreements(organisation)
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

    def read_history(self, user: Any) -> Q:
        own = Q(organ_id=user.organisation_id) if user.has_role(Role.UNIT_HEAD) else NOBODY
        received = Q(issued_at__isnull=False) if user.has_role(*RECEIVERS) else NOBODY
        return _in_charge(user) | own | received

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
            return [Ground(g.name, SHARED & g.condition, g.sentence) for g in _of_the_agency(user)]
        grounds = _of_the_organ(user, "referral__")
        if user.has_role(Role.CLERK):
            drafts = Q(referral__organ_id=user.organisation_id, referral__state=ReferralState.DRAFT)
            grounds.append(Ground("clerk", drafts, _("You prepare the drafts of your organ.")))
        return grounds


@register
class RemarkPolicy(Policy):
    """Reasons of a return, an approval or a withdrawal stay inside the organ; questions and answers are for both."""

    model = Remark

    def view(self, user: Any) -> Sequence[Ground]:
        if user.organisation.family == Family.AGENCY:
            spoken = Q(kind__in=SPOKEN) & _received(user, "referral__", ended=True)
            asked = Q(kind__in=ASKED)
            on_the_case = [] if user.has_role(*RECEIVERS) else _of_the_agency(user)
            return [
                Ground("spoken", spoken, _("It was said between the organ and your agency.")),
                *(Ground(g.name, asked & g.condition, g.sentence) for g in on_the_case),
            ]
        grounds = _of_the_organ(user, "referral__")
        if user.has_role(Role.CLERK):
            returned = Q(referral__organ_id=user.organisation_id, referral__state=ReferralState.DRAFT, kind=Remark.Kind.RETURN)
            grounds.append(Ground("clerk", returned, _("You prepare the drafts of your organ.")))
        return grounds


@register
class HandOverPackagePolicy(Policy):
    """The agency that takes over reads the package once the new referral was sent to it; the one before does not.

    So do those who work on the case that comes of it: the package was written for them.
    """

    model = HandOverPackage

    def view(self, user: Any) -> Sequence[Ground]:
        if user.organisation.family == Family.AGENCY:
            sentence = _("It was prepared for your agency.")
            return [Ground(g.name, g.condition, sentence) for g in _of_the_agency(user, "successor__")]
        return _of_the_organ(user, "referral__")


@register
class IssuedDocumentPolicy(Policy):
    """Letters of the referral. Reports and forms of the case are opened by the grounds the cases app adds."""

    model = IssuedDocument

    def view(self, user: Any) -> Sequence[Ground]:
        letters = Q(kind__in=LETTERS)
        if user.organisation.family == Family.AGENCY:
            received = letters & _received(user, "referral__")
            answered = Q(kind="F03") & _received(user, "referral__", ended=True)
            return [
                Ground("received", received, _("It was sent to your agency.")),
                Ground("answered", answered, _("Your agency wrote it.")),
            ]
        return [Ground(g.name, letters & g.condition, g.sentence) for g in _of_the_organ(user, "referral__")]


def _of_the_organ(user: Any, path: str) -> list[Ground]:
    """The prosecutor in charge and the head of the unit, for rows that hang on a referral."""
    grounds = []
    if user.has_role(Role.PROSECUTOR):
        grounds.append(Ground("in_charge", Q(**{f"{path}prosecutor": user}), _("You are the prosecutor in charge.")))
    if user.has_role(Role.UNIT_HEAD):
        own = Q(**{f"{path}organ_id": user.organisation_id})
        grounds.append(Ground("unit", own, _("It belongs to a referral of your organ.")))
    return grounds


def _of_the_agency(user: Any, path: str = "referral__") -> list[Ground]:
    """Those who receive referrals, and those who work on the case that came of the one `path` leads to."""
    told = _told(user, path)
    if user.has_role(*RECEIVERS):
        return [Ground("received", told, _("The organ chose to share it with your agency."))]
    # The columns are those of cases.Case; the words of the brief go with the work, not with the agency.
    columns = {Role.SOCIAL_WORKER: ("lead", "second"), Role.SUPERVISOR: ("supervisor",), Role.COUNSELLOR: ("counsellor",)}
    return [
        Ground(column, told & Q(**{f"{path}case__{column}": user}), _("You work on the case."))
        for role, names in columns.items() if user.has_role(role) for column in names
    ]


def _told(user: Any, path: str, *, ended: bool = False) -> Q:
    """What an agency was told, under an agreement that still lets it read.

    An agency that has declined, or from which the referral was taken back before it accepted, keeps the fact but not
    the content (least necessary, Personal Information Protection Law, art. 6); `ended` asks for what it keeps.
    """
    organisation = user.organisation_id
    sent = Q(
        **{
            f"{path}agency_id": organisation, f"{path}issued_at__isnull": False,
            f"{path}agreement__among": readable_agreements(organisation),
        }
    )
    return sent if ended else sent & still_told(path)


def _received(user: Any, path: str, *, ended: bool = False) -> Q:
    """The same for those who answer referrals only."""
    return _told(user, path, ended=ended) if user.has_role(*RECEIVERS) else NOBODY


def still_told(path: str = "") -> Q:
    """Referrals whose content is still the agency's business: not yet answered, or taken up."""
    return Q(**{f"{path}state__in": WITH_AGENCY}) | Q(**{f"{path}accepted_at__isnull": False})


def _in_charge(user: Any) -> Q:
    return Q(prosecutor=user) if user.has_role(Role.PROSECUTOR) else NOBODY


def _receives(user: Any) -> Q:
    if not user.has_role(*RECEIVERS):
        return NOBODY
    return Q(agency_id=user.organisation_id, agreement__among=live_agreements(user.organisation_id))


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
                still_told(), agency_id=user.organisation_id, issued_at__isnull=False,
                agreement__among=readable_agreements(user.organisation_id),
            )
        )
        grounds.append(Ground("referral_received", Q(received), _("A referral about this child was sent to your agency.")))
    return grounds


add_grounds(Juvenile, _through_referrals)
