"""The draft page laid out: the form with what is known, what may be chosen and what is still missing."""
from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from referrals import queries
from referrals.forms.drafting import OTHER, EditReferralForm
from referrals.models import Referral
from referrals.presenters import brief, drafting
from referrals.services.blocking import Filled, ages, blockers_of
from referrals.services.clocks import propose_for, propose_limit
from referrals.services.drafting import born_on
from socialwork.organisations.models import Agreement, District
from socialwork.people.models import Guardian
from socialwork.people.queries import guardians_of, open_identity


@dataclass
class Sheet:
    """Everything the page is made of, computed from what stands in the form, saved or just typed."""

    referral: Referral
    form: EditReferralForm
    guardians: list[Guardian]
    agreements: dict[str, Agreement]
    offers: list[queries.Offer]
    proposal: Any
    filled: Filled
    district: District | None

    def chosen_guardians(self) -> list[Guardian]:
        chosen = self.form.typed_list("guardians")
        return [row for row in self.guardians if str(row.pk) in chosen]

    def parts(self) -> dict[str, Any]:
        """Values of the parts that change while one types."""
        form, missing = self.form, blockers_of(self.filled)
        chosen = form.typed("agreement")
        return {
            "rail": drafting.rail(missing, {}), "limit": drafting.limit_words(self.proposal),
            "age": drafting.age_words(self.filled),
            "service_notes": [sentence for field, sentence in missing if field == "services" and self.filled.services],
            "agencies": drafting.offer_rows(self.offers, form.wanted(), chosen), "offers_mark": self.offers_mark(),
            "brief": self.brief(),
        }

    def offers_mark(self) -> str:
        """Of what the table of agencies depends on, so that it is not replaced under somebody's hand for nothing."""
        form = self.form
        return drafting.mark(sorted(form.wanted().items()), form.typed("district"), form.typed("incident"), form.typed("subject_type"))

    def brief(self) -> dict[str, Any]:
        """What the agency would see if this were sent as it stands."""
        typed = copy.copy(self.referral)
        for name in ("subject_type", "stage", "custody", "charge", "urgency"):
            setattr(typed, name, self.form.typed(name))
        typed.behaviours = self.form.typed_list("behaviours")
        typed.district, typed.due_on = self.district, self.filled.due_on
        typed.age_at_offence = self.filled.age_at_offence
        shared = [(kind, body) for kind, body, told in self.form.paragraphs() if told]
        return brief.brief(
            typed, services=self.form.wanted(), paragraphs=shared, guardians=self.chosen_guardians(),
        )

    def typed(self) -> dict[str, Any]:
        """The form's content in the shape of a saved referral, for showing two texts side by side."""
        names = ("subject_type", "stage", "custody", "charge", "urgency", "incident")
        return {
            **{name: self.form.typed(name) for name in names}, "offence_on": self.form.typed_day("offence_on"),
            "due_on": self.filled.due_on, "behaviours": self.form.typed_list("behaviours"),
            "services": self.form.wanted(), "paragraphs": self.form.paragraphs(),
        }


def open_sheet(referral: Referral, *, data: Any, at: datetime) -> Sheet:
    """Lay the page out for a saved draft (`data` None) or for what was posted."""
    identity = open_identity(referral.juvenile)
    guardians = guardians_of(referral.juvenile)
    today = timezone.localdate(at)
    agreements = queries.agreements_of(referral.organ_id, today=today)
    districts = list(queries.districts_near(referral.organ, agreements, referral.district_id, today))
    form = EditReferralForm(
        data=data, referral=referral, guardians=drafting.guardian_choices(guardians),
        districts=drafting.district_choices(districts), **_stored(referral, at),
    )
    district = next((row for row in districts if row.pk == form.typed("district")), None)
    offers = queries.offers(
        agreements=agreements, wanted=form.wanted(), district=district, today=today, organ_id=referral.organ_id,
        incident=form.typed("incident").strip(), subject_type=_known_subject(form), referral_id=referral.pk,
    )
    form.offer([(str(offer.agreement.pk), offer.agreement.agency.short_name) for offer in offers])
    by_id = {str(row.pk): row for row in agreements}
    proposal = _proposal(referral, form, by_id, at)
    return Sheet(
        referral=referral, form=form, guardians=guardians, agreements=by_id, offers=offers, proposal=proposal,
        filled=_filled(form, by_id, proposal, born_on(identity), today), district=district,
    )


def _stored(referral: Referral, at: datetime) -> dict[str, Any]:
    proposed = propose_for(referral, at=at)
    untouched = referral.due_on is None or (proposed is not None and referral.due_on == proposed.due_on)
    links = referral.guardian_links.order_by("pk").values_list("guardian_id", flat=True)
    services = referral.services.order_by("pk").values("service_type", "quantity")
    return {
        "stored": drafting.stored(referral, guardian_ids=links, due_on_proposed=untouched),
        "services": list(services),
        "paragraphs": [
            {"kind": row.kind, "shared": row.shared, "body": row.text["body"]} for row in queries.all_paragraphs(referral) if row.text
        ],
    }


def _known_subject(form: EditReferralForm) -> str:
    typed = form.typed("subject_type")
    return typed if typed in dict(form.fields["subject_type"].choices) else ""


def _proposal(referral: Referral, form: EditReferralForm, agreements: Mapping[str, Agreement], at: datetime) -> Any:
    chosen = agreements.get(form.typed("agreement"))
    return propose_limit(
        services=list(form.wanted()), stage=form.typed("stage"), custody=form.typed("custody"), starts_at=at,
        organ_id=referral.organ_id, agreement_id=chosen.pk if chosen else None,
    )


def _filled(form: EditReferralForm, agreements: Mapping[str, Agreement], proposal: Any, born: Any, today: Any) -> Filled:
    at_event, now = ages(born, form.typed_day("offence_on"), today)
    by_hand = form.typed("due_choice") == OTHER
    chosen = agreements.get(form.typed("agreement"))
    return Filled(
        subject_type=_known_subject(form), stage=form.typed("stage"), custody=form.typed("custody"), charge=form.typed("charge"),
        behaviours=tuple(form.typed_list("behaviours")), district=form.typed("district"), agency=chosen.agency_id if chosen else None,
        due_on=form.typed_day("due_on") if by_hand else proposal.due_on if proposal else None,
        age_at_offence=at_event, age_now=now, services=tuple(form.wanted()),
        paragraphs=tuple((kind, shared) for kind, _body, shared in form.paragraphs()), today=today,
    )
