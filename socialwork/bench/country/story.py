"""What happened in one group of organs and agencies in ten years: every matter, from its draft to where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cases.states import CaseState
from socialwork.bench.country import casework, recording, referring, reports
from socialwork.bench.country.casework import Running
from socialwork.bench.country.chance import DAY, between, later, office_minute, one_of
from socialwork.bench.country.desk import Desk
from socialwork.bench.country.kinds import (
    CANCELLED,
    HANDED_ON,
    OTHERWISE,
    SERVICES,
    SHARES,
    SUSPENDED,
    TURNED_DOWN,
    number_of_records,
)
from socialwork.bench.country.plan import Deal
from socialwork.bench.country.referring import Matter

CASE = "case"
# Referrals that have not come to an answer yet lie in the last days: the longest they have been waiting, in days.
WAITING = {"draft": 20, "pending": 3, "issued": 2, "asked": 5}
# Endings and halts that are told once for certain, so that every state occurs at the smallest scale, too.
CERTAIN = (
    "accepted",
    "in_progress",
    "suspended",
    "in_review",
    "submitted",
    "returned",
    "report_accepted",
    "evaluated",
    "cancelled",
    "transferred",
)
REPORTED = frozenset({"in_review", "submitted", "returned"})


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A referral to be told: when its letter goes out, under which deal, and what becomes of it."""

    issued: int
    place: int
    deal: Deal
    fate: str = CASE


def tell(desk: Desk) -> Iterator[int]:
    """Tell the whole group in the order of its letters; gives the number of matters told after each."""
    for told, entry in enumerate(_entries(desk)):
        service = SERVICES["social_investigation"] if entry.fate in REPORTED else SERVICES[SHARES.pick(desk.chance)]
        lasts = between(desk.chance, *service.lasts)
        group = desk.group
        matter = referring.draft(
            desk,
            group.first_child + told,
            group.organs[entry.deal.organ],
            group.agencies[entry.deal.agency],
            service,
            entry.issued,
            lasts,
        )
        if entry.fate in OTHERWISE:
            _otherwise(desk, matter, entry.fate)
        else:
            _become_case(desk, matter, lasts, entry.fate)
        yield told + 1
    desk.close_series()


def _entries(desk: Desk) -> list[Entry]:
    chance, last = desk.chance, desk.days.now // DAY - 1
    found: list[Entry] = []

    def add(deal: Deal, fate: str, day: int) -> None:
        found.append(Entry(max(day, 5) * DAY + office_minute(chance), len(found), deal, fate))

    for deal in desk.group.deals:
        for _ in range(deal.cases):
            # More and more of it: half of all work lies in the last three years and a half.
            add(deal, CASE, int(last * chance.random() ** 0.65))
        for fate, share in OTHERWISE.items():
            count = int(deal.cases * share / 1000 + chance.random())
            for _ in range(count):
                back = (
                    int(chance.random() * WAITING[fate])
                    if fate in WAITING
                    else int(last * (1 - chance.random() ** 0.65))
                )
                add(deal, fate, last - back)
    if desk.every_state:
        for fate in (*OTHERWISE, *CERTAIN):
            add(desk.group.deals[0], fate, last - (2 if fate in WAITING else 45))
    return sorted(found, key=lambda entry: (entry.issued, entry.place))


# --- what never became a case ---


def _otherwise(desk: Desk, matter: Matter, fate: str) -> None:
    now = desk.days.now
    if fate in ("draft", "pending") or matter.issued > now:
        return _in_the_organ(desk, matter, fate)
    referring.send(desk, matter)
    answered = referring.answered_after(desk, matter)
    if fate == "declined" and answered <= now:
        return _decline(desk, matter, answered)
    if fate == "withdrawn" and answered <= now:
        return _withdraw(desk, matter, answered)
    asked = min(matter.issued + 45, now) if fate == "asked" and matter.service.answer == "D1" else None
    referring.answer_clock(desk, matter, paused=asked)
    if asked is None:
        referring.write(desk, matter, "issued", due=matter.answer)
        return None
    referring.say(desk, matter, "question", "question", matter.agency.intake, asked)
    desk.moved(
        asked,
        matter.agency.intake,
        "referral.information_asked",
        referring.TYPE,
        matter.id,
        matter.id,
        "issued",
        "info_requested",
    )
    matter.touched = asked
    referring.write(desk, matter, "info_requested")
    return None


def _in_the_organ(desk: Desk, matter: Matter, fate: str) -> None:
    """A draft, as it is or returned, or one before the head of the unit."""
    now = desk.days.now
    if fate == "draft" or matter.submitted > now or not matter.organ.approval:
        if matter.organ.approval and matter.submitted + 90 <= now and desk.chance.random() < 0.3:
            referring.submit(desk, matter)
            returned = matter.submitted + 60
            referring.say(desk, matter, "return", "returned", matter.organ.head, returned)
            desk.moved(
                returned,
                matter.organ.head,
                "referral.returned",
                referring.TYPE,
                matter.id,
                matter.id,
                "pending_approval",
                "draft",
            )
            matter.touched = returned
            referring.write(desk, matter, "draft", returned=(returned, matter.organ.head))
            return
        referring.write(desk, matter, "draft")
        return
    referring.submit(desk, matter)
    referring.write(desk, matter, "pending_approval")


def _decline(desk: Desk, matter: Matter, minute: int) -> None:
    intake, reason = matter.agency.intake, one_of(desk.chance, ("capacity", "area", "conflict"))
    referring.answer_clock(desk, matter, ended=minute)
    referring.say(desk, matter, "decline", "decline", intake, minute, reason)
    desk.moved(
        minute,
        intake,
        "referral.declined",
        referring.TYPE,
        matter.id,
        matter.id,
        "issued",
        "declined",
        f'"reason":"{reason}"',
    )
    matter.touched = minute
    referring.write(desk, matter, "declined", declined=(minute, intake), reason_code=reason)


def _withdraw(desk: Desk, matter: Matter, minute: int) -> None:
    reason = one_of(desk.chance, ("not_needed", "filled_in_error", "jurisdiction_moved"))
    referring.answer_clock(desk, matter, ended=minute, cancelled=True)
    referring.say(desk, matter, "withdraw", "withdraw", matter.prosecutor, minute, reason)
    desk.moved(
        minute,
        matter.prosecutor,
        "referral.withdrawn",
        referring.TYPE,
        matter.id,
        matter.id,
        "issued",
        "withdrawn",
        f'"reason":"{reason}"',
    )
    matter.touched = minute
    referring.write(desk, matter, "withdrawn", withdrawn=(minute, matter.prosecutor), reason_code=reason)


# --- what became a case ---


def _become_case(desk: Desk, matter: Matter, lasts: int, fate: str) -> None:
    now = desk.days.now
    if matter.issued > now:
        return _in_the_organ(desk, matter, "pending")
    referring.send(desk, matter)
    accepted = referring.answered_after(desk, matter)
    if accepted > now:
        referring.answer_clock(desk, matter)
        return referring.write(desk, matter, "issued", due=matter.answer)
    referring.answer_clock(desk, matter, ended=accepted)
    until = accepted + max(lasts, 1) * DAY
    if fate in CERTAIN:
        until = now + 20 * DAY if fate in ("in_progress", "suspended") else now - 20 * DAY
    matter.touched = accepted
    case = casework.open_case(desk, matter, accepted, until + 20 * DAY)
    _live(desk, case, until, fate)
    casework.write(desk, case)
    answered = (accepted, matter.agency.intake)
    if case.stands == CaseState.TRANSFERRED:
        handed_on = (matter.touched, matter.prosecutor)
        referring.write(desk, matter, "transferred", reason_code="moved", transferred=handed_on, accepted=answered)
    else:
        referring.write(desk, matter, "accepted", accepted=answered)
    return None


def _live(desk: Desk, case: Running, until: int, fate: str) -> None:
    """From the first record to the end, as far as it has come."""
    chance, service = desk.chance, case.matter.service
    point = chance.random()
    broken = fate in ("cancelled", "transferred") or (fate == CASE and point < CANCELLED + HANDED_ON)
    if broken:
        until = case.opened + int((until - case.opened) * chance.random())
    count = (
        0
        if fate == "accepted"
        else max(number_of_records(chance, service), len(recording.HEARD) if service.report else 1)
    )
    last = recording.record_all(desk, case, count, until)
    if case.begun is not None and case.begun_by is not None:
        case.stamp(desk, "started", case.begun, case.begun_by)
        case.stands = CaseState.IN_PROGRESS
        desk.moved(
            case.begun, case.begun_by, "case.started", casework.TYPE, case.id, case.matter.id, "accepted", "in_progress"
        )
    if fate == "accepted" or case.begun is None:
        return casework.limit_clock(desk, case, ended=None)
    ended = max(later(chance, last, 0.3, 4), until)
    if broken and ended <= desk.days.now:
        handed_on = fate == "transferred" or (fate == CASE and point >= CANCELLED)
        return _break_off(desk, case, ended, CaseState.TRANSFERRED if handed_on else CaseState.CANCELLED)
    if service.report:
        return _report(desk, case, ended, fate)
    if ended > desk.days.now or fate in ("in_progress", "suspended"):
        return _stand(desk, case, last, fate)
    casework.finish(desk, case, ended)
    casework.limit_clock(desk, case, ended=ended)
    return _wind_up(desk, case, ended, fate)


def _break_off(desk: Desk, case: Running, minute: int, state: CaseState) -> None:
    casework.break_off(desk, case, minute, state)
    casework.limit_clock(desk, case, ended=minute, cancelled=True)


def _stand(desk: Desk, case: Running, last: int, fate: str) -> None:
    """Under way; now and then the work is suspended."""
    halted = min(later(desk.chance, last, 0.2, 3), desk.days.now)
    if fate == "suspended" or (fate == CASE and desk.chance.random() < SUSPENDED):
        casework.suspend(desk, case, halted)
        casework.limit_clock(desk, case, ended=None, paused=halted)
    else:
        casework.limit_clock(desk, case, ended=None)


def _report(desk: Desk, case: Running, ended: int, fate: str) -> None:
    """Written, reviewed, submitted, answered; each step only when its time has come."""
    chance, now = desk.chance, desk.days.now
    steps = [ended]
    for least, most in ((0.3, 3), (0.1, 1.5), (0.5, 6), (1, 4), (0.5, 4)):
        steps.append(later(chance, steps[-1], least, most))
    sent, reviewed, submitted, answered, corrected, accepted = steps
    turned_down = fate == "returned" or (fate == CASE and chance.random() < TURNED_DOWN)
    if sent > now or fate in ("in_progress", "suspended"):
        return _stand(desk, case, case.touched, fate)
    with_supervisor = fate == "in_review" or reviewed > now
    pk = reports.begin_report(desk, case, sent, None if with_supervisor else reviewed)
    if with_supervisor or submitted > now:
        case.with_supervisor = "review_report" if with_supervisor else "submit_report"
        state, when = ("in_review", None) if with_supervisor else ("reviewed", reviewed)
        reports.write_report(desk, case, pk, state, sent, when)
        return casework.limit_clock(desk, case, ended=None)
    reports.submit_report(desk, case, pk, submitted)
    casework.limit_clock(desk, case, ended=submitted)
    if answered > now or fate == "submitted":
        return reports.write_report(desk, case, pk, "submitted", sent, reviewed)
    if turned_down:
        done = accepted <= now and fate != "returned"
        reports.answer_report(desk, case, pk, answered, accepted=False, corrected=corrected if done else None)
        if not done:
            return reports.write_report(desk, case, pk, "sent_back", sent, reviewed, returned=answered)
        reports.submit_report(desk, case, pk, corrected, 2)
    finished = accepted if turned_down else answered
    reports.answer_report(desk, case, pk, finished, accepted=True)
    reports.write_report(
        desk, case, pk, "accepted", sent, reviewed, returned=answered if turned_down else None, accepted=finished
    )
    return _wind_up(desk, case, finished, fate)


def _wind_up(desk: Desk, case: Running, finished: int, fate: str) -> None:
    """Evaluated and closed, each when its time has come."""
    chance, now = desk.chance, desk.days.now
    evaluated = later(chance, finished, 1, 14)
    closed = later(chance, evaluated, 0.5, 10)
    if evaluated > now or fate == "report_accepted":
        return casework.owe_evaluation(desk, case, finished, None)
    casework.owe_evaluation(desk, case, finished, evaluated)
    reports.evaluate(desk, case, evaluated)
    if closed <= now and fate != "evaluated":
        reports.close(desk, case, closed)
    return None
