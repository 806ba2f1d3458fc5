"""Service records of the country: ten million of them, so every line is made with as little as possible."""
from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random

from cases.models import CounsellingNote, ReviewComment, ServiceRecord
from cases.models.recording import RecordKind
from socialwork.bench.country.casework import Running
from socialwork.bench.country.chance import DAY, between, office_minute, one_of
from socialwork.bench.country.desk import Desk, pack
from socialwork.bench.country.plan import Person
from socialwork.bench.country.tables import FALSE, NULL, TRUE, json, number, text
from socialwork.bench.country.words import some, words
from socialwork.core import vocabulary

TYPE = "cases.servicerecord"
# Whom an investigation must hear first, each of a class of its own.
HEARD = ("subject", "guardian", "teacher")
OTHERS_HEARD = ("subject", "guardian", "teacher", "neighbour", "village_committee", "relative", "classmate")
VARIANTS = 400
LATE, ABSENT, NEVER_READ, SENT_BACK = 0.05, 0.06, 0.03, 0.01
# The supervisor has read everything that is older than this, in minutes.
READ_WITHIN = 12 * DAY
WRITTEN_WITHIN = 48 * 60
ON_SITE = {"face": "agency", "home_visit": "home", "school_visit": "school", "phone": "", "wechat": "online", "community_visit": "community"}
_WAYS = [(text(method), text(site)) for method, site in ON_SITE.items()]
NOTHING = text("")
_CAME = (TRUE, TRUE, NOTHING, NOTHING)
# Minutes, by five.
_LASTED = [number("smallint", step * 5) for step in range(20)]
_FACTS = {
    (kind, attended, late): f'{{"kind":"{kind}","attended":{str(attended).lower()},"late":{str(late).lower()}}}'
    for kind in RecordKind.values for attended in (True, False) for late in (True, False)
}
ABSENCES = ("illness", "school_exam", "forgot", "no_contact", "refused", "worker_unavailable")


def record_all(desk: Desk, case: Running, count: int, until: int) -> int:
    """Write up to so many records from the opening to that minute; gives the last moment at which one was written.

    What would lie ahead is not written: the case is under way. The first record is of a meeting that took place.
    """
    first = case.opened // DAY
    span = max(until // DAY - first, 1)
    chance = desk.chance
    starts = sorted((first + int(chance.random() * span)) * DAY + office_minute(chance) for _ in range(count))
    last = case.opened
    sessions: dict[str, int] = {}
    for place, started in enumerate(starts):
        started = max(started, case.opened + 15)
        kind = case.matter.service.records.pick(chance)
        if case.matter.service.report and place < len(HEARD):
            kind = "interview"
        written = _record(desk, case, kind, started, place, sessions)
        if written is not None:
            last = max(last, written)
    return last


def _record(desk: Desk, case: Running, kind: str, started: int, place: int, sessions: dict[str, int]) -> int | None:
    """One record; None when it would have been written after the last moment of the country."""
    chance, days, moment = desk.chance.random, desk.days, desk.moment
    lasted = 4 + int(chance() * 15)
    ended = started + lasted * 5
    late = chance() < LATE
    written = ended + (WRITTEN_WITHIN + 60 + int(chance() * 3_940) if late else int(5 + chance() ** 3 * 2_700))
    if written > days.now:
        return None
    attended = place < len(HEARD) or chance() >= ABSENT
    counselling = kind == "counselling"
    author = case.counsellor if counselling and case.counsellor else (case.lead if chance() < 0.65 else case.second)
    pk, at = desk.uuid(written), moment(written)
    next_on = started // DAY + 3 + int(chance() * 12) if chance() < 0.6 else None
    session = sessions[kind] = sessions.get(kind, 0) + attended
    details, packed = _said(kind)[int(chance() * VARIANTS)]
    happened, was_there, absence_class, absence_reason = _CAME if attended else _absence(chance)
    heard = NOTHING
    if kind == "interview":
        heard = text(HEARD[place] if place < len(HEARD) else OTHERS_HEARD[int(chance() * len(OTHERS_HEARD))])
    co_worker = NULL
    if not counselling and chance() < 0.3:
        co_worker = (case.second if author is case.lead else case.lead).id
    state, read = _review(desk, case, pk, written)
    method, site = _WAYS[int(chance() * len(_WAYS))]
    desk.record((
        pk, at, desk.seal(ServiceRecord, case.matter.child, pk, packed), case.id, case.matter.agency.id, case.supervisor.id,
        text(kind), text(state), author.id, co_worker, moment(started), _LASTED[lasted], method, site, happened, was_there,
        absence_class, absence_reason, heard, json(details.replace("#", str(max(session, 1)))),
        NULL if next_on is None else days.day(next_on), at, TRUE if late else FALSE,
        NULL if read is None else moment(read), NULL if read is None else case.supervisor.id,
    ))
    desk.event(written, author, "service_record.logged", TYPE, pk, case.matter.id, _FACTS[kind, attended, late])
    if counselling and attended:
        _note(desk, case, pk, author, session, written)
    _follow(case, kind, pk, started, written, next_on, attended)
    if case.begun is None or written < case.begun:
        case.begun, case.begun_by = written, author
    return written


def _follow(case: Running, kind: str, pk: bytes, started: int, written: int, next_on: int | None, attended: bool) -> None:
    """What a record changes on the case."""
    side = kind == "counselling"
    if side not in case.agreed or (started, pk) > case.agreed[side][:2]:
        case.agreed[side] = (started, pk, next_on)
    if attended:
        case.first_contact = min(started, case.first_contact or started)
        case.first_of[kind] = min(started, case.first_of.get(kind, started))
    case.touch(written)


def _review(desk: Desk, case: Running, pk: bytes, written: int) -> tuple[str, int | None]:
    """What the supervisor made of a record, and when."""
    chance = desk.chance
    now = desk.days.now
    read = written + 120 + int(chance.random() * READ_WITHIN)
    if read > now or (written > now - 90 * DAY and chance.random() < NEVER_READ):
        return "submitted", None
    if written > now - 60 * DAY and (chance.random() < SENT_BACK or desk.owes_a_return):
        desk.owes_a_return = False
        row = desk.uuid(read)
        said = _cached_comment()
        desk.sheet.add(
            ReviewComment, id=row, created_at=desk.moment(read), record_id=pk, said_at=desk.moment(read), said_by_id=case.supervisor.id,
            sealed=desk.seal(ReviewComment, case.matter.child, row, said),
        )
        desk.moved(read, case.supervisor, "service_record.returned", TYPE, pk, case.matter.id, "submitted", "returned")
        return "returned", read
    desk.event(
        read, case.supervisor, "service_record.reviewed", TYPE, pk, case.matter.id, '{"from":"submitted","to":"reviewed"}'
    )
    return "reviewed", read


def _note(desk: Desk, case: Running, record: bytes, counsellor: Person, session: int, written: int) -> None:
    row = desk.uuid(written)
    said = _notes()[int(desk.chance.random() * VARIANTS)]
    desk.sheet.add(
        CounsellingNote, id=row, created_at=desk.moment(written), record_id=record, counsellor_id=counsellor.id, session=session,
        sealed=desk.seal(CounsellingNote, case.matter.child, row, said),
    )


def _absence(chance: Callable[[], float]) -> tuple[bytes, bytes, bytes, bytes]:
    """Whether it happened, that the child was not there, and why not: class and reason."""
    group, reason = _reasons()[int(chance() * len(ABSENCES))]
    return TRUE if chance() < 0.5 else FALSE, FALSE, group, reason


@cache
def _reasons() -> list[tuple[bytes, bytes]]:
    terms = (vocabulary.term("not_attended_reason", reason) for reason in ABSENCES)
    return [(text(term.extra["group"]), text(term.code)) for term in terms]


# --- pools: what is said, made once; a million records share some hundreds of texts, each sealed under another key ---


@cache
def _said(kind: str) -> list[tuple[str, bytes]]:
    """Details (with # for the number of the session) and words of records of a kind."""
    chance = Random(f"pool:{kind}")
    return [(_DETAILS[kind](chance), pack(_words(kind, chance))) for _ in range(VARIANTS)]


def _words(kind: str, chance: Random) -> dict[str, str]:
    book = words()["records"]
    if kind == "counselling":
        return {}
    said = {"summary": some(chance, book[kind]), "response": one_of(chance, book["response"])}
    if chance.random() < 0.6:
        said["next_plan"] = one_of(chance, book["next_plan"])
    return said


@cache
def _notes() -> list[bytes]:
    chance, book = Random("pool:notes"), words()["records"]
    return [pack({"state": one_of(chance, book["state"]), "progress": some(chance, book["progress"])}) for _ in range(VARIANTS)]


@cache
def _cached_comment() -> bytes:
    return pack({"body": words()["reasons"]["returned"][0]})


def _listed(chance: Random, codes: tuple[str, ...], most: int = 2) -> str:
    return ",".join(f'"{code}"' for code in chance.sample(codes, between(chance, 1, most)))


def _contact(chance: Random) -> str:
    topics = _listed(chance, vocabulary.codes("contact_topic"))
    return f'{{"topics":[{topics}],"mood":{between(chance, 2, 5)},"cooperation":{between(chance, 2, 5)},"present":["subject"]}}'


def _family(chance: Random) -> str:
    topics, methods = _listed(chance, vocabulary.codes("fel_topic")), _listed(chance, vocabulary.codes("fel_method"))
    return f'{{"session":#,"topics":[{topics}],"methods":[{methods}],"present":["mother"],"change":{between(chance, 1, 5)}}}'


def _activity(chance: Random) -> str:
    code = one_of(chance, vocabulary.codes("activity_kind")[:8])
    return f'{{"activity":"{code}","hours":{between(chance, 1, 4)},"photos":"none"}}'


def _attendance(chance: Random) -> str:
    code = one_of(chance, ("interrogation", "plea_signing", "announcement"))
    return (
        f'{{"activity":"{code}","representative_absence":"cannot_attend","rights_explained":true,"minor_agreed":true,'
        '"transcript_read":true,"female_staff_present":true}'
    )


_DETAILS: dict[str, Callable[[Random], str]] = {
    "contact": _contact,
    "interview": lambda chance: f'{{"read_and_signed":true,"verified":{"true" if chance.random() < 0.5 else "false"}}}',
    "counselling": lambda chance: '{"session":#,"tested":false}',
    "family_session": _family,
    "welfare_activity": _activity,
    "adult_attendance": _attendance,
}
