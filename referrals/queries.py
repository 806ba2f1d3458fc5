"""Shapes of referral pages, and the places referrals hold."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from referrals.models import BriefParagraph, HandOverPackage, IssuedDocument, Referral, ReferralService, Remark
from referrals.policies import LETTERS, SHARED, still_told
from referrals.registry import first_contact_days
from referrals.states import ENDED, HOLDING, WITH_AGENCY, ReferralState
from referrals.wording import STATE_TONES
from socialwork.access.api import permitted
from socialwork.access.prepared import KeyAmong, Shape
from socialwork.access.roles import Family, Role
from socialwork.audit.models import Access, Event
from socialwork.audit.queries import acts_of
from socialwork.core import vocabulary
from socialwork.core.statements import ask
from socialwork.organisations import capacity
from socialwork.organisations.models import Agreement, AgreementVersion, District
from socialwork.organisations.states import AgencyState
from socialwork.people.dossiers import DossierClosed, open_dossier
from socialwork.people.models import Guardian
from socialwork.people.queries import SHOWN_OF_A_CHILD, people_of
from socialwork.people.registry import Matter

# Acts on the way to the agency are the organ's own affair; the agency's story begins when it was sent.
INSIDE_THE_ORGAN = frozenset({"referral.drafted", "referral.edited", "referral.submitted", "referral.returned"})
# What came of the referral; everything later is told on the page of the case.
OF_THE_REFERRAL = ("referral.", "case.opened")


def for_list(rows: QuerySet, viewer_id: UUID) -> QuerySet:
    """The referrals of a list, whole; `seen_at` is when the person last opened it, by the record of readings."""
    looks = Access.objects.filter(actor_id=viewer_id, thread_id=OuterRef("pk"), target_id__isnull=False, outcome="ok")
    wanted = ReferralService.objects.filter(referral_id=OuterRef("pk")).order_by("pk")
    return rows.select_related("juvenile__identity", "juvenile__dossier_key").annotate(
        seen_at=Subquery(looks.order_by("-at").values("at")[:1]),
        wanted=ArraySubquery(wanted.values(line=JSONObject(service_type="service_type", quantity="quantity"))),
    )


def for_worklist(rows: QuerySet, viewer_id: UUID) -> QuerySet:
    """What a row of a worklist shows of a referral; any other column costs a query when touched."""
    return for_list(rows, viewer_id).only(
        "number", "state", "urgency", "next_act", "next_due_at", "touched_at", "issued_at", "accepted_at", "organ_id", "agency_id", "prosecutor_id",
        *SHOWN_OF_A_CHILD,
    )


NAMES = (("organ", ("name", "short_name")), ("agency", ("name", "short_name")), ("prosecutor", ("name",)))
LIST = Shape(for_worklist, NAMES)
WHOLE = Shape(for_list, NAMES)


def for_page(rows: QuerySet) -> QuerySet:
    """What the page of one referral shows."""
    return rows.select_related(
        "juvenile__identity", "juvenile__dossier_key", "juvenile__circumstances", "organ", "agency", "agreement", "prosecutor", "district", "submitted_by",
        "approved_by", "accepted_by", "declined_by", "previous",
    )


def reserved_places(agreement_ids: Sequence[UUID]) -> Mapping[tuple[UUID, str], Mapping[str, int]]:
    """Units held by referrals that wait for approval or for the agency's answer."""
    rows = (
        ReferralService.objects.filter(referral__agreement_id__in=agreement_ids, referral__state__in=HOLDING)
        .values_list("referral__agreement_id", "service_type").annotate(units=Sum("quantity")).order_by()
    )
    return {(agreement, service): {"reserved": units} for agreement, service, units in rows}


def paragraphs_for(user: Any, referral: Referral) -> list[BriefParagraph]:
    """The paragraphs of the brief this user may read, in order, opened."""
    return _opened(referral, permitted(BriefParagraph, user).filter(referral=referral).order_by("position"))


def shared_paragraphs(referral: Referral) -> list[BriefParagraph]:
    """The paragraphs chosen for the agency: what its page shows, the preview promises and the letter says."""
    return _opened(referral, BriefParagraph.objects.filter(SHARED, referral=referral).order_by("position"))


def all_paragraphs(referral: Referral) -> list[BriefParagraph]:
    """Every paragraph of a draft, for those who write it; opened. Rights were asked with the draft."""
    return _opened(referral, BriefParagraph.objects.filter(referral=referral).order_by("position"))


def named_guardians(referral: Referral) -> list[Guardian]:
    """The guardians named in the referral, whom the agency may contact, opened."""
    links = referral.guardian_links.select_related("guardian").order_by("pk")
    return _opened(referral, [link.guardian for link in links])


def remarks_for(user: Any, referral: Referral) -> list[Remark]:
    """What was said with the acts, as far as this user may read it, oldest first, opened."""
    rows = permitted(Remark, user).filter(referral=referral).select_related("said_by__organisation")
    return _opened(referral, rows.order_by("said_at", "id"))


def package_for(user: Any, referral: Referral) -> HandOverPackage | None:
    """What an earlier agency did, handed over with a transfer."""
    rows = permitted(HandOverPackage, user).filter(successor=referral).select_related("referral__agency").order_by("pk")
    return next(iter(_opened(referral, rows[:1])), None)


def documents_for(user: Any, referral: Referral) -> QuerySet[IssuedDocument]:
    """The letters of the referral this user may open, newest first. What was issued later stands with the case."""
    rows = permitted(IssuedDocument, user).filter(referral=referral, kind__in=LETTERS).select_related("file", "issued_by")
    return rows.order_by("-issued_at", "-id")


def history_for(user: Any, referral: Referral) -> list[Event]:
    """The story of the referral, newest first; an agency's begins when the referral was sent to it."""
    events = acts_of(referral.thread_id, OF_THE_REFERRAL)
    if user.organisation.family == Family.ORGAN:
        return events
    return [event for event in events if event.verb not in INSIDE_THE_ORGAN and event.at >= referral.issued_at]


def other_referrals(user: Any, referral: Referral) -> tuple[list[Referral], bool]:
    """Referrals of the same child this user may see, and whether the organ has an open one the user may not see."""
    same = Referral.objects.filter(organ_id=referral.organ_id, juvenile_id=referral.juvenile_id).exclude(pk=referral.pk)
    mine = list(permitted(Referral, user).filter(pk__in=same.values("pk")).select_related("agency").order_by("-created_at"))
    hidden = same.exclude(pk__in=[row.pk for row in mine]).exclude(state__in=ENDED).exists()
    return mine, hidden


def is_still_told(referral: Referral) -> bool:
    """Whether the content of the referral is still the agency's business (policies.still_told)."""
    return Referral.objects.filter(still_told(), pk=referral.pk).exists()


def is_told(referral: Referral) -> bool:
    """The same for a row of a list that is already loaded."""
    return referral.state in WITH_AGENCY or referral.accepted_at is not None


def hidden_referral(user: Any, juvenile: Any) -> bool:
    """Whether the organ has an open referral of the child that this user may not see."""
    mine = permitted(Referral, user).filter(juvenile=juvenile).values("pk")
    same = Referral.objects.filter(organ_id=user.organisation_id, juvenile=juvenile)
    return same.exclude(state__in=ENDED).exclude(pk__in=mine).exists()


def other_sides(user: Any) -> list[tuple[str, str]]:
    """For the filter: the agencies one's organ has agreements with, or the organs one's agency has."""
    rows = ask(_organs_of if user.organisation.family == Family.AGENCY else _agencies_of, user.organisation_id)
    return [(str(pk), name) for pk, name in sorted(set(rows), key=lambda pair: pair[1] or "") if pk]


def _organs_of(agency_id: UUID) -> QuerySet:
    rows = Agreement.objects.exclude(state="draft").filter(agency_id=agency_id)
    return rows.order_by().values_list("parties__organ_id", "parties__organ__short_name")


def _agencies_of(organ_id: UUID) -> QuerySet:
    rows = Agreement.objects.exclude(state="draft").filter(parties__organ_id=organ_id)
    return rows.order_by().values_list("agency_id", "agency__short_name")


def unread_ids(rows: Iterable[Referral]) -> set[UUID]:
    """Referrals of a list that moved since the person last opened them."""
    return {row.pk for row in rows if row.seen_at is None or row.seen_at < row.touched_at}


def approvers(referral: Referral, by: Any = None) -> QuerySet:
    """The heads of the unit who could approve; nobody approves what they submitted."""
    heads = people_of(referral.organ_id, Role.UNIT_HEAD)
    return heads.exclude(pk=by.pk) if by else heads


@dataclass(frozen=True)
class Offer:
    """An agency as a choice for one referral: what its agreement covers, what is free, how it stands to the matter.

    `missing` are wanted services the agreement does not name, `full` those without enough free places; `fits` is what
    take_places would let pass without a reason. `days` is the median number of days to the first contact.
    """

    agreement: Agreement
    free: Mapping[str, int]
    missing: tuple[str, ...]
    full: tuple[str, ...]
    covers_area: bool
    days: float | None = None
    conflicts: tuple[str, ...] = field(default=())

    @property
    def fits(self) -> bool:
        return self.covers_area and not self.missing and not self.full

    @property
    def covers(self) -> bool:
        """Service, district and date are covered, though a place may be wanting."""
        return self.covers_area and not self.missing


def agreements_of(organ_id: UUID, *, today: dt.date) -> list[Agreement]:
    """Agreements in force between the organ and agencies that are admitted."""
    rows = Agreement.objects.filter(Agreement.live(today), parties__organ_id=organ_id, agency__state=AgencyState.ACTIVE)
    return list(rows.select_related("agency").order_by("agency__short_name", "pk"))


def offers(
    *, agreements: Sequence[Agreement], wanted: Mapping[str, int], district: District | None, today: dt.date,
    organ_id: UUID, incident: str = "", subject_type: str = "", referral_id: UUID | None = None,
) -> list[Offer]:
    """Each agreement as a choice, best fit first. Rights are the caller's business.

    Conflicts (domain rules 13.4) are warnings: "other_side" when the agency works for the other side of the incident,
    "co_suspect" when for another suspect of it; workers are checked one by one when the agency assigns them.
    """
    ids = [row.pk for row in agreements]
    standing = capacity.places(ids, today=today) if ids else {}
    areas = _areas(ids, today)
    speeds = first_contact_days([row.agency_id for row in agreements])
    clashes = _conflicts(organ_id, incident, subject_type, referral_id)
    covered = set(district.area_codes) if district else set()
    found = []
    for row in agreements:
        free = {service: max(places.free, 0) for (agreement, service), places in standing.items() if agreement == row.pk}
        found.append(
            Offer(
                agreement=row, free=free, missing=tuple(code for code in wanted if code not in free),
                full=tuple(code for code, units in wanted.items() if code in free and free[code] < units),
                covers_area=bool(covered & areas.get(row.pk, set())), days=speeds.get(row.agency_id),
                conflicts=tuple(sorted(clashes.get(row.agency_id, ()))),
            )
        )
    return sorted(found, key=lambda offer: _rank(offer, wanted))


def _rank(offer: Offer, wanted: Mapping[str, int]) -> tuple[Any, ...]:
    free = min((offer.free.get(code, 0) for code in wanted), default=0)
    slow = offer.days if offer.days is not None else float("inf")
    return (not offer.fits, not offer.covers, bool(offer.conflicts), -free, slow)


def _areas(agreement_ids: Sequence[UUID], today: dt.date) -> dict[UUID, set[str]]:
    versions = AgreementVersion.objects.filter(agreement_id__in=agreement_ids, valid_from__lte=today)
    # Later versions overwrite earlier ones: the last in force counts.
    return {row.agreement_id: set(row.area) for row in versions.order_by("agreement_id", "number")}


def _conflicts(organ_id: UUID, incident: str, subject_type: str, referral_id: UUID | None) -> dict[UUID, set[str]]:
    if not incident or not subject_type:
        return {}
    side = vocabulary.term("subject_type", subject_type).extra["side"]
    same = Referral.objects.filter(
        Q(state__in=HOLDING) | Q(state="accepted"), organ_id=organ_id, incident=incident, agency__isnull=False
    ).exclude(pk=referral_id)
    found: dict[UUID, set[str]] = {}
    for agency_id, theirs in same.order_by().values_list("agency_id", "subject_type").distinct():
        other = vocabulary.term("subject_type", theirs).extra["side"] if theirs else ""
        if {side, other} == {"suspect", "victim"}:
            found.setdefault(agency_id, set()).add("other_side")
        elif side == other == "suspect":
            found.setdefault(agency_id, set()).add("co_suspect")
    return found


def matters(user: Any, juvenile_ids: Sequence[UUID]) -> dict[UUID, list[Matter]]:
    """Referrals about children, as far as this user may see them (hook of people.registry)."""
    found: dict[UUID, list[Matter]] = {}
    for row in ask(_matters, user, list(juvenile_ids)):
        found.setdefault(row.juvenile_id, []).append(
            Matter(
                title=row.number or str(_("Draft of a referral")), url=row.get_absolute_url(), label=ReferralState(row.state).label,
                tone=STATE_TONES[row.state], open=row.state not in ENDED, at=row.issued_at or row.created_at,
                district=row.district.name if row.district else "",
            )
        )
    return found


def _matters(user: Any, juvenile_ids: list[UUID]) -> QuerySet[Referral]:
    rows = permitted(Referral, user).filter(KeyAmong("%s", [juvenile_ids], of="juvenile_id")).select_related("district")
    return rows.order_by("-created_at", "-id")[:200]


def districts_near(organ: Any, agreements: Iterable[Agreement], keep: str | None, today: dt.date) -> QuerySet[District]:
    """Counties the service may take place in: those of the organ's province and of the areas its agreements name."""
    areas = {code for codes in _areas([row.pk for row in agreements], today).values() for code in codes}
    wanted = Q(province_code=organ.province_code) | Q(pk__in=areas) | Q(parent_id__in=areas) | Q(pk=keep)
    # A few cities have no counties below them and are chosen themselves.
    smallest = Q(level="county") | Q(level="prefecture", children__isnull=True)
    return District.objects.filter(wanted, smallest).select_related("parent").order_by("pk")


def _opened(referral: Referral, rows: Iterable[Any]) -> list[Any]:
    found = list(rows)
    if found:
        try:
            open_dossier(referral.juvenile_id).read(*found)
        except DossierClosed:
            for row in found:
                row.text = dict.fromkeys(row.PROSE, "")
    return found


def open_work_of(person: Any) -> int:
    """Referrals under way that would be left without their prosecutor."""
    return Referral.objects.filter(prosecutor=person, state__in=HOLDING).count()
