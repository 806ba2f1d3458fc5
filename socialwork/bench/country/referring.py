"""Referrals of the country: from the draft to the agency's answer."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from referrals.models import BriefParagraph, HandOverPackage, Referral, ReferralGuardian, ReferralService, Remark
from referrals.services.clocks import NEXT_ACT
from referrals.states import ReferralState
from socialwork.bench.country.chance import between, later, one_of
from socialwork.bench.country.children import Child, register
from socialwork.bench.country.clocks import Due
from socialwork.bench.country.desk import Desk, packed
from socialwork.bench.country.kinds import AGAINST, BEHAVIOURS, CHARGES, CUSTODY, MISBEHAVIOUR, VICTIM, Service
from socialwork.bench.country.plan import Agency, Organ, Person
from socialwork.bench.country.tables import FALSE, NULL, TRUE, instant
from socialwork.bench.country.words import some, words
from socialwork.deadlines.models import DeadlinePause

TYPE = "referrals.referral"
NO_DUE = instant("9999-12-31 00:00:00+00")
IN_CUSTODY = frozenset({"detained", "arrested", "serving_sentence"})
# Where a case stands by its own: the last day of the letter, in days after the end that is expected.
SLACK = (5, 40)


@dataclass(slots=True)
class Matter:
    """One referral while it is told. Instants are minutes; `limit` is the number of the last day for the work."""

    id: bytes
    organ: Organ
    agency: Agency
    prosecutor: Person
    child: Child
    service: Service
    drafted: int
    submitted: int
    issued: int
    custody: str
    urgent: bool
    subject: dict[str, Any]
    rule: str
    limit: int
    touched: int
    answer: Due
    number: str = ""
    previous: bytes = NULL

    @property
    def parties(self) -> tuple[bytes, bytes, bytes]:
        """Organ, agency, agreement."""
        return self.organ.id, self.agency.id, self.agency.agreement

    @property
    def in_custody(self) -> bool:
        return self.custody in IN_CUSTODY


def draft(desk: Desk, number: int, organ: Organ, agency: Agency, service: Service, issued: int, lasts: int) -> Matter:
    """Register the child and fill the draft in; the letter goes out at `issued`. Writes no referral yet."""
    chance = desk.chance
    drafted = issued - between(chance, 600, 5_000)
    submitted = max(drafted + 30, issued - between(chance, 60, 1_500))
    prosecutor = organ.prosecutors[int(len(organ.prosecutors) * chance.random() ** 1.4)]
    child = register(desk, number, organ, prosecutor, drafted - 20, service)
    custody = "none" if service.subject in (VICTIM, MISBEHAVIOUR) else CUSTODY.pick(chance)
    urgent = chance.random() < 0.07
    rule = service.rule
    if rule:
        limit = desk.clocks.due(rule, issued, in_custody=custody in IN_CUSTODY).day
    else:
        limit = (issued // 1440) + lasts + between(chance, *SLACK)
    answer = desk.clocks.due(service.answer, issued, in_custody=custody in IN_CUSTODY, urgent=urgent)
    subject: dict[str, Any] = {"subject_type": service.subject, "stage": service.stage, "custody": custody, "charge": ""}
    if service.subject == MISBEHAVIOUR:
        subject["behaviours"] = chance.sample(BEHAVIOURS, between(chance, 1, 2))
    else:
        subject["charge"] = (AGAINST if service.subject == VICTIM else CHARGES).pick(chance)
    matter = Matter(
        id=desk.uuid(drafted), organ=organ, agency=agency, prosecutor=prosecutor, child=child, service=service,
        drafted=drafted, submitted=submitted, issued=issued, custody=custody, urgent=urgent, subject=subject, rule=rule,
        limit=limit, touched=drafted, answer=answer,
    )
    _brief(desk, matter, matter.id, drafted)
    desk.event(drafted, prosecutor, "referral.drafted", TYPE, matter.id, matter.id)
    desk.access(drafted + 15, prosecutor, TYPE, matter.id, matter.id, "referrals:detail")
    return matter


def send(desk: Desk, matter: Matter) -> None:
    """Submitted and approved, or sent at once by an organ that works without approval."""
    matter.number = _number(desk, matter)
    chief = matter.organ.head if matter.organ.approval else matter.prosecutor
    if matter.organ.approval:
        submit(desk, matter)
        event = desk.moved(matter.issued, chief, "referral.approved", TYPE, matter.id, matter.id, "pending_approval", "issued")
        desk.access(matter.issued - 5, chief, TYPE, matter.id, matter.id, "referrals:detail")
    else:
        matter.submitted = matter.issued
        event = desk.moved(
            matter.issued, chief, "referral.issued", TYPE, matter.id, matter.id, "draft", "issued",
            _sent_facts(matter),
        )
    desk.tell(
        event, matter.issued, [matter.agency.intake, matter.agency.manager], level="act",
        verb="referral.approved" if matter.organ.approval else "referral.issued", target=TYPE, pk=matter.id, thread=matter.id,
        label=matter.number, folder="/referrals/",
    )
    matter.touched = matter.issued


def submit(desk: Desk, matter: Matter) -> None:
    """To the head of the unit."""
    desk.moved(
        matter.submitted, matter.prosecutor, "referral.submitted", TYPE, matter.id, matter.id, "draft", "pending_approval",
        _sent_facts(matter),
    )
    matter.touched = matter.submitted


def _sent_facts(matter: Matter) -> str:
    return f'"services":["{matter.service.code}"],"override":false,"later_limit":false'


def answer_clock(desk: Desk, matter: Matter, *, ended: int | None = None, cancelled: bool = False, paused: int | None = None) -> None:
    """The clock of the agency's answer, met when it answered."""
    row = desk.clock(
        matter.answer, subject=TYPE, pk=matter.id, code=matter.service.answer, started=matter.issued, written=matter.issued,
        ended=ended, cancelled=cancelled, paused=paused, in_custody=matter.in_custody, urgent=matter.urgent,
        parties=matter.parties, referral=matter.id,
    )
    if paused is not None:
        desk.sheet.add(
            DeadlinePause, id=desk.uuid(paused), created_at=desk.moment(paused), deadline_id=row, paused_at=desk.moment(paused),
            reason="awaiting_answer", approved_by=matter.agency.intake.id,
        )
        desk.event(
            paused, matter.agency.intake, "deadline.paused", TYPE, matter.id, matter.id,
            f'{{"codes":["{matter.service.answer}"]}}',
        )


def write(desk: Desk, matter: Matter, state: str, *, due: Due | None = None, **stamps: tuple[int, Person] | str) -> None:
    """The row of the referral in the state it is in now. `stamps` are (minute, person) by name, or other columns."""
    columns: dict[str, Any] = {}
    for name, value in stamps.items():
        if isinstance(value, str):
            columns[name] = value
        else:
            columns[f"{name}_at"], columns[f"{name}_by_id"] = desk.moment(value[0]), value[1].id
    if state not in ("draft", "pending_approval") and matter.number:
        if matter.organ.approval:
            columns["approved_at"], columns["approved_by_id"] = desk.moment(matter.issued), matter.organ.head.id
        by = matter.organ.head if matter.organ.approval else matter.prosecutor
        columns.update(issued_at=desk.moment(matter.issued), issued_by_id=by.id)
    if state != "draft" or "returned_at" in columns:
        columns.update(submitted_at=desk.moment(matter.submitted), submitted_by_id=matter.prosecutor.id)
    act = NEXT_ACT[ReferralState(state)]
    desk.sheet.add(
        Referral, id=matter.id, created_at=desk.moment(matter.drafted), number=matter.number, organ_id=matter.organ.id,
        prosecutor_id=matter.prosecutor.id, juvenile_id=matter.child.id, offence_on=matter.child.offence,
        age_at_offence=matter.child.age, urgency="urgent" if matter.urgent else "routine", district_id=matter.organ.district,
        agency_id=matter.agency.id, agreement_id=matter.agency.agreement, due_on=desk.days.day(matter.limit),
        due_rule=matter.rule, state=state, next_act=act, next_due_at=due.moment if due and act else NO_DUE,
        touched_at=desk.moment(matter.touched), previous_id=matter.previous, **matter.subject, **columns,
    )


def say(desk: Desk, matter: Matter, kind: str, pool: str, by: Person, minute: int, code: str = "") -> None:
    """A reason, question or answer about the referral."""
    row = desk.uuid(minute)
    body = packed(body=one_of(desk.chance, words()["reasons"][pool]))
    desk.sheet.add(
        Remark, id=row, created_at=desk.moment(minute), referral_id=matter.id, kind=kind, code=code, said_at=desk.moment(minute),
        said_by_id=by.id, sealed=desk.seal(Remark, matter.child, row, body),
    )


def hand_on(desk: Desk, matter: Matter, reason: str, minute: int) -> None:
    """The matter goes to another agency: a new draft with everything that was written, and a package (V22)."""
    book = words()["reasons"]
    say(desk, matter, "transfer", "transfer", matter.prosecutor, minute, reason)
    pk, package = desk.uuid(minute), desk.uuid(minute)
    _brief(desk, matter, pk, minute)
    desk.event(minute, matter.prosecutor, "referral.drafted", TYPE, pk, pk)
    desk.sheet.add(
        Referral, id=pk, created_at=desk.moment(minute), organ_id=matter.organ.id, prosecutor_id=matter.prosecutor.id,
        juvenile_id=matter.child.id, offence_on=matter.child.offence, age_at_offence=matter.child.age,
        urgency="routine", district_id=matter.organ.district, state="draft", next_act="submit_referral", next_due_at=NO_DUE,
        touched_at=desk.moment(minute), previous_id=matter.id, **matter.subject,
    )
    said = packed(done=book["done"], open_matters=book["open_matters"])
    desk.sheet.add(
        HandOverPackage, id=package, created_at=desk.moment(minute), referral_id=matter.id, successor_id=pk,
        prepared_by_id=matter.prosecutor.id, sealed=desk.seal(HandOverPackage, matter.child, package, said),
    )


def answered_after(desk: Desk, matter: Matter) -> int:
    """When the agency answers: mostly within its time."""
    return later(desk.chance, matter.issued, 0.05, 1.6) if matter.service.answer == "D1" else matter.issued + between(desk.chance, 20, 300)


def _brief(desk: Desk, matter: Matter, pk: bytes, minute: int) -> None:
    """Services, paragraphs and the guardian of one referral."""
    chance, book = desk.chance, words()["brief"]
    desk.sheet.add(ReferralService, referral_id=pk, service_type=matter.service.code)
    desk.sheet.add(ReferralGuardian, referral_id=pk, guardian_id=matter.child.guardian)
    paragraphs = [("facts", "facts", TRUE), ("request", "request", TRUE)]
    if chance.random() < 0.4:
        paragraphs.append(("other", "note", FALSE))
    for position, (kind, pool, shared) in enumerate(paragraphs):
        row = desk.uuid(minute)
        body = packed(body=some(chance, book[pool]))
        desk.sheet.add(
            BriefParagraph, id=row, created_at=desk.moment(minute), referral_id=pk, kind=kind, position=position, shared=shared,
            sealed=desk.seal(BriefParagraph, matter.child, row, body),
        )


def _number(desk: Desk, matter: Matter) -> str:
    year, serial = desk.serial(matter.organ.id, "referral", matter.issued)
    return words()["number"].format(prefix=matter.organ.prefix, year=year, n=serial)
