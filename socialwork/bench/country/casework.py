"""Cases of the country: opened, worked on, and ended; the row says what `refresh_next_act` would say."""
from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cases.models import Assignment, Case, CaseDecision
from cases.services.clocks import AWAITED, NAMED_DAY, NEXT_ACT, REPORT_CLOCKS
from cases.services.closing import EVALUATION
from cases.services.ending import kept_until
from cases.states import WORKING, CaseState
from socialwork.accounts.models import LastSeen
from socialwork.bench.country import children, referring
from socialwork.bench.country.chance import DAY, later, one_of
from socialwork.bench.country.clocks import LAST_SECOND, Due
from socialwork.bench.country.desk import NONE, Desk, pack
from socialwork.bench.country.plan import Person
from socialwork.bench.country.referring import NO_DUE, Matter
from socialwork.bench.country.tables import NULL, day, since
from socialwork.bench.country.words import words
from socialwork.deadlines.models import DeadlinePause

TYPE = "cases.case"
# Nobody of the country has more open cases than this, well below the agencies' own limit of 40.
MOST_OPEN = 30
SUSPENDED_FOR = {"hospital": 0.3, "subject_missing": 0.4, "awaiting_organ": 0.3}
COUNSELLED = "psych_counselling"


@dataclass(slots=True)
class Running:
    """One case while it is told. `due` are its open clocks by code, `agreed` the dates of the last contacts."""

    id: bytes
    number: str
    matter: Matter
    opened: int
    ends: int
    lead: Person
    second: Person
    supervisor: Person
    counsellor: Person | None
    touched: int
    stands: CaseState = CaseState.ACCEPTED
    due: list[tuple[Due, str]] = field(default_factory=list)
    agreed: dict[bool, tuple[int, bytes, int | None]] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    first_contact: int | None = None
    # When the first record was written: then the case is under way.
    begun: int | None = None
    begun_by: Person | None = None
    # Minutes at which clocks of a kind of session were met: kind of record to the first attended.
    first_of: dict[str, int] = field(default_factory=dict)
    # While a report lies with the supervisor: what the supervisor owes instead of the workers.
    with_supervisor: str = ""

    def touch(self, minute: int) -> None:
        self.touched = max(self.touched, minute)

    def stamp(self, desk: Desk, name: str, minute: int, by: Person) -> None:
        self.columns[f"{name}_at"], self.columns[f"{name}_by_id"] = desk.moment(minute), by.id
        self.touch(minute)


def open_case(desk: Desk, matter: Matter, accepted: int, ends: int) -> Running:
    """The agency accepts and names its people."""
    agency, chance = matter.agency, desk.chance
    lead = _worker(desk, matter, accepted, ends, None)
    second = _worker(desk, matter, accepted, ends, lead)
    year, serial = desk.serial(agency.id, "case", accepted)
    case = Running(
        id=desk.uuid(accepted), number=words()["number"].format(prefix=agency.prefix, year=year, n=serial), matter=matter, opened=accepted, ends=ends,
        lead=lead, second=second, supervisor=one_of(chance, agency.supervisors),
        counsellor=one_of(chance, agency.counsellors) if matter.service.code == COUNSELLED else None, touched=accepted,
    )
    held = since(desk.moment(accepted))
    for function in ("lead", "second", "supervisor", "counsellor"):
        worker = getattr(case, function)
        if worker is not None:
            desk.sheet.add(
                Assignment, id=desk.uuid(accepted), created_at=desk.moment(accepted), case_id=case.id, function=function,
                worker_id=worker.id, held=held, assigned_by_id=agency.intake.id,
            )
    children.make_findable(desk, matter.child, agency.id)
    children.give_consents(desk, matter.child, matter.service, lead, accepted + 30)
    desk.moved(accepted, agency.intake, "referral.accepted", referring.TYPE, matter.id, matter.id, "issued", "accepted")
    event = desk.event(accepted + 1, agency.intake, "case.opened", TYPE, case.id, matter.id)
    tell_team(desk, case, event, accepted, "case.opened", "act")
    desk.access(accepted - 10, agency.intake, referring.TYPE, matter.id, matter.id, "referrals:detail")
    desk.access(accepted + 60, lead, TYPE, case.id, matter.id, "cases:detail")
    return case


def _worker(desk: Desk, matter: Matter, accepted: int, ends: int, other: Person | None) -> Person:
    """Somebody of the agency with room for one more case; some are asked more often than others."""
    workers, chance = matter.agency.workers, desk.chance
    for tried in range(50):
        worker = workers[int(len(workers) * chance.random() ** (1.5 if tried < 10 else 1))]
        if worker is other:
            continue
        ending = [minute for minute in desk.load.get(worker.id, []) if minute > accepted]
        if len(ending) < MOST_OPEN:
            desk.load[worker.id] = [*ending, ends]
            return worker
    return next(worker for worker in workers if worker is not other)


def tell_team(desk: Desk, case: Running, event: bytes, minute: int, verb: str, level: str) -> None:
    team: list[Person | None] = [case.lead, case.second, case.supervisor, case.counsellor]
    if verb == "case.closed":
        team.append(case.matter.agency.manager)
    desk.tell(
        event, minute, team, level=level, verb=verb, target=TYPE, pk=case.id, thread=case.matter.id, label=case.number,
        folder="/cases/",
    )


def limit_clock(desk: Desk, case: Running, *, ended: int | None, cancelled: bool = False, paused: int | None = None) -> None:
    """The clock of the whole work, from the letter on; the first session or contact may be what it waits for."""
    matter = case.matter
    code = matter.rule or NAMED_DAY
    due = desk.clocks.due(code, matter.issued, in_custody=matter.in_custody, named=matter.limit)
    waits_for = {"D19": "family_session", "D20": "contact"}.get(code)
    met_by = case.first_contact if code == "D20" else case.first_of.get(waits_for or "")
    if met_by is not None:
        ended, cancelled, paused = met_by, False, None
    clock(desk, case, due, code, matter.issued, case.opened, owner=case.lead, ended=ended, cancelled=cancelled, paused=paused,
          named=matter.limit, in_custody=matter.in_custody)


def clock(
    desk: Desk, case: Running, due: Due, code: str, started: int, written: int, *, owner: Person, ended: int | None = None,
    cancelled: bool = False, paused: int | None = None, named: int | None = None, in_custody: bool = False, occurrence: bytes = NONE,
) -> None:
    """A clock of the case; while it runs it may be the next act."""
    if paused is not None and not due.rule.pausable:
        paused = None
    matter = case.matter
    row = desk.clock(
        due, subject=TYPE, pk=case.id, code=code, started=started, written=written, ended=ended, cancelled=cancelled,
        paused=paused, in_custody=in_custody, named=named, occurrence=occurrence, owner=owner.id,
        parties=matter.parties, referral=matter.id,
    )
    if ended is None and paused is None:
        case.due.append((due, code))
    if paused is not None:
        desk.sheet.add(
            DeadlinePause, id=desk.uuid(paused), created_at=desk.moment(paused), deadline_id=row, paused_at=desk.moment(paused),
            reason=case.columns["suspend_reason"], approved_by=matter.prosecutor.id,
        )
        desk.event(
            paused, matter.prosecutor, "deadline.paused", TYPE, case.id, matter.id, f'{{"codes":["{code}"]}}'
        )


def decide(desk: Desk, case: Running, kind: str, minute: int, code: str = "", by: Person | None = None, **said: str) -> None:
    """The words of a decision about the course of the case; what is excused comes as JSON."""
    row = desk.uuid(minute)
    desk.sheet.add(
        CaseDecision, id=row, created_at=desk.moment(minute), case_id=case.id, kind=kind, code=code, decided_at=desk.moment(minute),
        decided_by_id=(by or case.matter.prosecutor).id, sealed=desk.seal(CaseDecision, case.matter.child, row, _decision(**said)),
    )


@cache
def _decision(*, excused: str = "", **said: str) -> bytes:
    return pack({**said, "excused": json.loads(excused)} if excused else dict(said))


def suspend(desk: Desk, case: Running, minute: int) -> None:
    """The work stands still, and its clocks with it."""
    reason = desk.chance.choices(list(SUSPENDED_FOR), list(SUSPENDED_FOR.values()))[0]
    before = case.stands
    case.columns["suspend_reason"] = reason
    case.stamp(desk, "suspended", minute, case.matter.prosecutor)
    case.stands = CaseState.SUSPENDED
    decide(desk, case, "suspend", minute, reason, explanation=one_of(desk.chance, words()["reasons"]["suspend"]))
    desk.moved(minute, case.matter.prosecutor, "case.suspended", TYPE, case.id, case.matter.id, before, "suspended",
               f'"reason":"{reason}"')


def break_off(desk: Desk, case: Running, minute: int, state: CaseState) -> None:
    """Cancelled, or handed to another agency, before its aim."""
    book, prosecutor, before = words()["reasons"], case.matter.prosecutor, case.stands
    case.stamp(desk, "closed", minute, prosecutor)
    case.columns["retain_until"] = retained(desk, minute)
    case.stands = state
    if state == CaseState.CANCELLED:
        case.columns["closure_reason"], reason = "commission_cancelled", "subject_unavailable"
        decide(desk, case, "cancel", minute, reason, explanation=one_of(desk.chance, book["cancel"]), records=book["kept"])
        desk.moved(minute, prosecutor, "case.cancelled", TYPE, case.id, case.matter.id, before, "cancelled",
                   f'"reason":"{reason}"')
        return
    case.columns["closure_reason"], reason = "agency_changed", "moved"
    decide(desk, case, "transfer", minute, reason, explanation=one_of(desk.chance, book["transfer"]), legal_ground=book["legal_ground"])
    desk.moved(minute, prosecutor, "case.transferred", TYPE, case.id, case.matter.id, before, "transferred",
               f'"reason":"{reason}"')
    desk.moved(minute, prosecutor, "referral.transferred", referring.TYPE, case.matter.id, case.matter.id, "accepted",
               "transferred", f'"reason":"{reason}","ground":""')
    referring.hand_on(desk, case.matter, reason, minute)
    case.matter.touched = minute


def finish(desk: Desk, case: Running, minute: int) -> None:
    """The prosecutor confirms that the services are done; a case with a report is finished by its acceptance."""
    before = case.stands
    case.stamp(desk, "responded", minute, case.matter.prosecutor)
    case.stands = CaseState.REPORT_ACCEPTED
    decide(desk, case, "finish", minute, explanation=words()["reasons"]["finish"])
    desk.moved(minute, case.matter.prosecutor, "case.service_finished", TYPE, case.id, case.matter.id, before, "report_accepted")


def owe_evaluation(desk: Desk, case: Running, finished: int, evaluated: int | None) -> None:
    """The clock of the evaluation."""
    due = desk.clocks.due(EVALUATION, finished)
    clock(desk, case, due, EVALUATION, finished, finished, owner=case.matter.prosecutor, ended=evaluated)


def write(desk: Desk, case: Running) -> None:
    """The row as it stands now, and when its people last looked at it."""
    matter = case.matter
    act, due = _next_act(desk, case)
    desk.sheet.add(
        Case, id=case.id, created_at=desk.moment(case.opened), number=case.number, referral_id=matter.id, juvenile_id=matter.child.id,
        organ_id=matter.organ.id, prosecutor_id=matter.prosecutor.id, agency_id=matter.agency.id,
        agreement_id=matter.agency.agreement, district_id=matter.organ.district, lead_id=case.lead.id, second_id=case.second.id,
        supervisor_id=case.supervisor.id, counsellor_id=case.counsellor.id if case.counsellor else NULL, state=str(case.stands),
        first_contact_at=desk.moment_if(case.first_contact), next_act=act, next_due_at=due, touched_at=desk.moment(case.touched),
        **case.columns,
    )
    looked = min(later(desk.chance, case.touched, 0, 2), desk.days.now)
    seen = desk.moment(looked)
    for person in (case.lead, matter.prosecutor):
        desk.sheet.add(LastSeen, user_id=person.id, thread_id=matter.id, seen_at=seen)
        desk.access(looked, person, TYPE, case.id, matter.id, "cases:detail")


def _next_act(desk: Desk, case: Running) -> tuple[str, bytes]:
    """As cases.services.clocks.refresh_next_act: the earliest clock or agreed date, else what the state asks."""
    found: list[tuple[float, str, bytes]] = []
    if case.due and case.stands not in AWAITED:
        due, code = min(case.due, key=lambda pair: pair[0].minute)
        found.append((due.minute, case.with_supervisor if case.with_supervisor and code in REPORT_CLOCKS else code, due.moment))
    if case.stands in WORKING:
        for counselling, (_started, _pk, agreed) in case.agreed.items():
            if agreed is not None:
                found.append((agreed * DAY + LAST_SECOND, "log_counselling" if counselling else "log_contact", desk.days.last_second(agreed)))
    if not found:
        return NEXT_ACT.get(case.stands, ""), NO_DUE
    _minute, act, moment = min(found)
    return act, moment


def retained(desk: Desk, minute: int) -> bytes:
    """Until when the file is kept, as the product counts it."""
    return day(kept_until(desk.days.date(minute)))
