"""Who is told of what happens to a referral. Sentences carry the number or the work code, never a name."""
from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from referrals.models import Referral
from socialwork.notifications.recipients import people_of
from socialwork.notifications.registry import notify


def _label(referral: Referral) -> str:
    return referral.number or referral.juvenile.code


def _path(referral: Referral) -> str:
    return referral.get_absolute_url()


def _tell(verb: str, level: str, roles: tuple[str, ...], sentence: Any, *, once_sent: bool = False) -> None:
    def to(event: Any, referral: Referral) -> list[Any]:
        if once_sent and referral.issued_at is None:
            return []
        return people_of(referral, *roles)

    notify(verb, level=level, to=to, sentence=sentence, path=_path, label=_label)


AGENCY = ("agency_intake", "agency_manager")

_tell("referral.submitted", "act", ("unit_head",), _("A referral waits for your approval: %(label)s."))
_tell("referral.approved", "act", AGENCY, _("A referral has arrived: %(label)s. Please answer within the time limit."))
_tell("referral.approved", "know", ("prosecutor",), _("Your referral was approved and sent: %(label)s."))
_tell("referral.issued", "act", AGENCY, _("A referral has arrived: %(label)s. Please answer within the time limit."))
_tell("referral.returned", "act", ("prosecutor",), _("The unit head returned your draft: %(label)s."))
_tell("referral.information_asked", "act", ("prosecutor",), _("The agency asks for information: %(label)s."))
_tell("referral.information_answered", "act", AGENCY, _("Your question was answered: %(label)s."))
_tell("referral.accepted", "know", ("prosecutor", "unit_head"), _("The agency accepted %(label)s."))
_tell("referral.declined", "act", ("prosecutor",), _("The agency declined %(label)s. Decide where to refer."))
_tell("referral.withdrawn", "know", AGENCY, _("The prosecutor withdrew %(label)s."), once_sent=True)
_tell("referral.transferred", "know", AGENCY, _("%(label)s was transferred to another agency."))
