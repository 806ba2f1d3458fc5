"""What follows an act: who acts next, by when, and what becomes of what was written."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referrals import queries
from referrals.models import Referral
from referrals.presenters.brief import service_lines, services_of
from referrals.services.clocks import answer_rule, in_custody
from referrals.wording import CONFLICTS
from socialwork.core import vocabulary
from socialwork.deadlines.presenters import due_words, period_words, rule_basis
from socialwork.deadlines.queries import propose
from socialwork.deadlines.rules import NoRule
from socialwork.people.presenters import label_of


def summary(referral: Referral) -> list[dict[str, Any]]:
    """The referral in a few facts, for whoever is about to send it on."""
    facts = [
        {"label": _("Services"), "text": _(", ").join(service_lines(services_of(referral)))},
        {"label": _("Agency"), "text": referral.agency.name if referral.agency else ""},
        {"label": _("Time limit"), "text": date_format(referral.due_on, "DATE_FORMAT") if referral.due_on else ""},
        {"label": vocabulary.list_label("urgency"), "text": label_of("urgency", referral.urgency)},
        {"label": vocabulary.list_label("stage"), "text": label_of("stage", referral.stage) if referral.stage else ""},
        {"label": _("In charge"), "text": referral.prosecutor.name},
    ]
    return [fact for fact in facts if fact["text"]]


def after_submitting(referral: Referral, *, approvers: Iterable[Any]) -> list[str]:
    names = _(", ").join(person.name for person in approvers)
    if names:
        first = _("%(names)s approves it or returns it with a reason; you are told either way.") % {"names": names}
    else:
        first = _("Nobody else in your organ may approve. Ask the administrator to name a head of the unit.")
    return [
        first, _("The places under the agreement are reserved for it from now on."),
        _("The agency learns nothing before the approval. Until then you can withdraw it."),
    ]


def after_sending(referral: Referral, *, at: datetime) -> list[str]:
    agency = referral.agency.short_name if referral.agency else ""
    found = [_("%(agency)s receives it at once.") % {"agency": agency}]
    try:
        clock = propose(
            answer_rule(referral), started_at=at, organ_id=referral.organ_id, agreement_id=referral.agreement_id, referral_id=referral.pk,
            in_custody=in_custody(referral.custody), urgent=referral.urgency != "routine",
        )
    except NoRule:
        clock = None
    if clock is not None:
        due = due_words(clock.due_at, at)
        words = {"date": due.local_date_text, "period": period_words(clock.terms.amount, clock.terms.unit), "basis": rule_basis(clock.rule)}
        found.append(_("The agency answers by %(date)s (%(period)s). %(basis)s.") % words)
    return [
        *found, _("The referral letter gets its number and is kept as it was issued; print, sign and seal it."),
        _("If the agency stays silent it is reminded, then the prosecutor is told. Nothing happens by itself."),
    ]


def after_returning(referral: Referral) -> list[str]:
    return [
        _("%(name)s gets the draft back with your reason.") % {"name": referral.prosecutor.name},
        _("The reserved places are free again."),
    ]


def after_asking(referral: Referral) -> list[str]:
    return [
        _("%(name)s is told and answers.") % {"name": referral.prosecutor.name},
        _("The clock of your answer stands still until then and goes on with the time that was left."),
    ]


def after_answering(referral: Referral) -> list[str]:
    agency = referral.agency.short_name if referral.agency else ""
    return [
        _("%(agency)s reads the answer at once.") % {"agency": agency},
        _("The clock of its answer goes on with the time that was left."),
    ]


def after_declining(referral: Referral) -> list[str]:
    return [
        _("%(name)s is told and may refer to another agency.") % {"name": referral.prosecutor.name},
        _("An acknowledgement with your reason is written and kept."),
        _("What your agency was told about the child is closed to it from now on."),
    ]


def after_withdrawing(referral: Referral) -> list[str]:
    if referral.issued_at is None:
        return [_("The agency has not learnt of it and is not told."), _("What was written stays in your organ.")]
    return [
        _("The agency is told that it was withdrawn; what it was told about the child is closed to it."),
        _("Its clock ends. You may refer again with everything that was written."),
    ]


def after_transferring(referral: Referral) -> list[str]:
    agency = referral.agency.short_name if referral.agency else ""
    return [
        _("The referral to %(agency)s ends; it is told.") % {"agency": agency},
        _("A new draft with everything that was written is made for you; choose the agency there."),
        _("The hand-over package goes to the new agency when the new referral is sent."),
    ]


def conflict_notes(offers: Sequence[queries.Offer]) -> list[Any]:
    """Warnings about the chosen agency (domain rules 13.4)."""
    return [CONFLICTS[code] for offer in offers for code in offer.conflicts]


def last_question(user: Any, referral: Referral) -> str:
    """What the agency asked last."""
    asked = [remark for remark in queries.remarks_for(user, referral) if remark.kind == "question"]
    return asked[-1].text["body"] if asked and asked[-1].text else ""
