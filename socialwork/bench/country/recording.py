"""Service records of the country: ten million of them, so every line is made with as little as possible."""
from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random

from cases.models import CounsellingNote, ReviewComment, ServiceRecord
from socialwork.bench.country.casework import Running
from socialwork.bench.country.chance import DAY, office_minute
from socialwork.bench.country.desk import Desk, pack
from socialwork.bench.country.plan import Person
from socialwork.bench.country.tables import FALSE, NULL, TRUE
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
_WAYS = list(ON_SITE.items())
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
    chance, days = desk.chance, desk.days
    lasted = 20 + int(chance.random() * 15) * 5
    ended = started + lasted
    late = chance.random() < LATE
    written = ended + (WRITTEN_WITHIN + chance.randint(60, 4_000) if late else int(5 + chance.random() ** 3 * 2_700))
    if written > days.now:
        return None
    attended = place < len(HEARD) or chance.random() >= ABSENT
    counselling = kind == "counselling"
    author = case.counsellor if counselling and case.counsellor else (case.lead if chance.random() < 0.65 else case.second)
    pk = desk.uuid(written)
    next_on = started // DAY + chance.randint(3, 14) if chance.random() < 0.6 else None
    session = sessions[kind] = sessions.get(kind, 0) + attended
    method, site = chance.choice(_WAYS)
    details, packed = _said(kind)[int(chance.random() * VARIANTS)]
    values = _absence(chance) if not attended else {}
    if kind == "interview":
        values["interviewee"] = HEARD[place] if place < len(HEARD) else chance.choice(OTHERS_HEARD)
    if not counselling and chance.random() < 0.3:
        values["co_worker_id"] = (case.second if author is case.lead else case.lead).id
    state, read = _review(desk, case, pk, written)
    if read is not None:
        values.update(reviewed_at=days.text(read), reviewed_by_id=case.supervisor.id)
    desk.sheet.add(
        ServiceRecord, id=pk, created_at=days.text(written), sealed=desk.seal(ServiceRecord, case.matter.child, pk, packed), case_id=case.id,
        agency_id=case.matter.agency.id, supervisor_id=case.supervisor.id, kind=kind, state=state, author_id=author.id,
        started_at=days.text(started), lasted=lasted, method=method, place=site, details=details.replace("#", str(max(session, 1))),
        next_on=NULL if next_on is None else days.day_text(next_on), submitted_at=days.text(written), written_late=TRUE if late else FALSE,
        **values,
    )
    facts = f'{{"kind":"{kind}","attended":{"true" if attended else "false"},"late":{"true" if late else "false"}}}'
    desk.event(written, author, "service_record.logged", TYPE, pk, case.matter.id, facts)
    if counselling and attended:
        _note(desk, case, pk, author, session, written)
    _follow(case, kind, pk, started, written, next_on, attended)
    if case.begun is None or written < case.begun:
        case.begun, case.begun_by = written, author
    return written


def _follow(case: Running, kind: str, pk: str, started: int, written: int, next_on: int | None, attended: bool) -> None:
    """What a record changes on the case."""
    side = kind == "counselling"
    if side not in case.agreed or (started, pk) > case.agreed[side][:2]:
        case.agreed[side] = (started, pk, next_on)
    if attended:
        case.first_contact = min(started, case.first_contact or started)
        case.first_of[kind] = min(started, case.first_of.get(kind, started))
    case.touch(written)


def _review(desk: Desk, case: Running, pk: str, written: int) -> tuple[str, int | None]:
    """What the supervisor made of a record, and when."""
    chance = desk.chance
    read = written + 120 + int(chance.random() * READ_WITHIN)
    if read > desk.days.now or (chance.random() < NEVER_READ and written > desk.days.now - 90 * DAY):
        return "submitted", None
    if written > desk.days.now - 60 * DAY and (chance.random() < SENT_BACK or desk.owes_a_return):
        desk.owes_a_return = False
        row = desk.uuid(read)
        said = _cached_comment()
        desk.sheet.add(
            ReviewComment, id=row, created_at=desk.text(read), record_id=pk, said_at=desk.text(read), said_by_id=case.supervisor.id,
            sealed=desk.seal(ReviewComment, case.matter.child, row, said),
        )
        desk.moved(read, case.supervisor, "service_record.returned", TYPE, pk, case.matter.id, "submitted", "returned")
        return "returned", read
    desk.event(
        read, case.supervisor, "service_record.reviewed", TYPE, pk, case.matter.id, '{"from":"submitted","to":"reviewed"}'
    )
    return "reviewed", read


def _note(desk: Desk, case: Running, record: str, counsellor: Person, session: int, written: int) -> None:
    row = desk.uuid(written)
    said = _notes()[int(desk.chance.random() * VARIANTS)]
    desk.sheet.add(
        CounsellingNote, id=row, created_at=desk.text(written), record_id=record, counsellor_id=counsellor.id, session=session,
        sealed=desk.seal(CounsellingNote, case.matter.child, row, said),
    )


def _absence(chance: Random) -> dict[str, str]:
    reason = chance.choice(ABSENCES)
    happened = TRUE if chance.random() < 0.5 else FALSE
    group = vocabulary.term("not_attended_reason", reason).extra["group"]
    return {"happened": happened, "attended": FALSE, "absence_reason": reason, "absence_class": group}


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
    said = {"summary": some(chance, book[kind]), "response": chance.choice(book["response"])}
    if chance.random() < 0.6:
        said["next_plan"] = chance.choice(book["next_plan"])
    return said


@cache
def _notes() -> list[bytes]:
    chance, book = Random("pool:notes"), words()["records"]
    return [pack({"state": chance.choice(book["state"]), "progress": some(chance, book["progress"])}) for _ in range(VARIANTS)]


@cache
def _cached_comment() -> bytes:
    return pack({"body": words()["reasons"]["returned"][0]})


def _listed(chance: Random, codes: tuple[str, ...], most: int = 2) -> str:
    return ",".join(f'"{code}"' for code in chance.sample(codes, chance.randint(1, most)))


def _contact(chance: Random) -> str:
    topics = _listed(chance, vocabulary.codes("contact_topic"))
    return f'{{"topics":[{topics}],"mood":{chance.randint(2, 5)},"cooperation":{chance.randint(2, 5)},"present":["subject"]}}'


def _family(chance: Random) -> str:
    topics, methods = _listed(chance, vocabulary.codes("fel_topic")), _listed(chance, vocabulary.codes("fel_method"))
    return f'{{"session":#,"topics":[{topics}],"methods":[{methods}],"present":["mother"],"change":{chance.randint(1, 5)}}}'


def _activity(chance: Random) -> str:
    code = chance.choice(vocabulary.codes("activity_kind")[:8])
    return f'{{"activity":"{code}","hours":{chance.randint(1, 4)},"photos":"none"}}'


def _attendance(chance: Random) -> str:
    code = chance.choice(("interrogation", "plea_signing", "announcement"))
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
