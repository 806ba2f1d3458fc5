"""The children of the country: identity under a key of its own, blind indexes, the adults around them, consents."""
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from stdnum.cn import ric

from socialwork.bench.country.chance import between, one_of, work_code
from socialwork.bench.country.desk import Desk, pack, packed
from socialwork.bench.country.kinds import AGES, Service
from socialwork.bench.country.plan import Organ, Person
from socialwork.bench.country.sealing import Sealer
from socialwork.bench.country.tables import NULL, field, spelled
from socialwork.bench.country.words import mobile, person_name, place_name, words
from socialwork.core import blind_index, crypto
from socialwork.core.identifiers import full_age_on
from socialwork.people.models import Circumstances, Consent, DossierKey, Guardian, Identity, Juvenile

RELATIONS = {"mother": 0.5, "father": 0.32, "paternal_grandparent": 0.12, "maternal_grandparent": 0.06}
EDUCATION = ("junior_high", "senior_high", "vocational", "dropout_compulsory", "graduated_idle", "casual_work")
LIVING = ("both_parents", "single_mother", "single_father", "grandparents", "dormitory", "left_behind")
PARENTING = ("harsh", "indulgent", "neglect", "inconsistent", "democratic")
UNDER_14, OWN_WORD_FROM = 14, 8


@dataclass(slots=True)
class Child:
    """A child while its file is written. `born` and ages are days and completed years; `sealer` seals under the key of the dossier."""

    id: bytes
    spelled: str
    sealer: Sealer
    code: str
    sex: str
    name: str
    phone: str
    id_number: str
    born: dt.date
    offence: dt.date
    age: int
    guardian: bytes
    registered: bytes


def register(desk: Desk, number: int, organ: Organ, by: Person, minute: int, service: Service) -> Child:
    """Open a file for a child, as old as the service asks; `number` is its own in the whole country."""
    chance, days = desk.chance, desk.days
    sex = "male" if chance.random() < (0.45 if service.subject == "juvenile_victim" else 0.85) else "female"
    offence = days.date(minute) - dt.timedelta(days=between(chance, 4, 50))
    age = _age(chance.random(), *AGES[service.subject])
    born = offence - dt.timedelta(days=int(age * 365.2425) + between(chance, 3, 361))
    pk, key = desk.uuid(minute), crypto.new_data_key()
    child = Child(
        id=pk, spelled=spelled(pk), sealer=Sealer(key), code=work_code(number, desk.seed), sex=sex, name=person_name(chance), phone=mobile(number),
        id_number=_id_number(number, born, sex), born=born, offence=offence, age=full_age_on(born, offence), guardian=NULL,
        registered=days.moment(minute),
    )
    desk.sheet.add(
        Juvenile, id=pk, created_at=child.registered, code=child.code, organ_id=organ.id, sex=sex, registered_by_id=by.id
    )
    desk.sheet.add(DossierKey, juvenile_id=pk, wrapped=field(crypto.wrap_data_key(key, f"dossier|{child.spelled}")))
    _identity(desk, child, make_findable(desk, child, organ.id), minute)
    desk.sheet.add(
        Circumstances, id=desk.uuid(minute), created_at=child.registered, juvenile_id=pk, parenting=one_of(chance, PARENTING),
        education_status=one_of(chance, EDUCATION), education_level="junior", living=(one_of(chance, LIVING),),
    )
    child.guardian = _guardian(desk, child, number, minute)
    desk.event(minute, by, "juvenile.registered", "people.juvenile", pk, pk)
    return child


def make_findable(desk: Desk, child: Child, organisation: bytes) -> bytes:
    """Blind tokens of name, phone and number inside one organisation, as people.services.find_in writes them.

    Gives the field of the number's.
    """
    scope = desk.spelled(organisation)
    tokens = blind_index.name_tokens(scope, child.name) | blind_index.phone_tokens(scope, child.phone)
    exact = blind_index.exact(scope, "id_number", child.id_number)
    tokens.add(exact)
    for token in sorted(tokens):
        desk.token((organisation, field(token), child.registered, child.id))
    return field(exact)


def give_consents(desk: Desk, child: Child, service: Service, by: Person, minute: int) -> None:
    """What the service asks for, by the child and a guardian; for a child under 14 the guardian's to keeping its data."""
    kinds = [(kind, capacity) for kind in service.consents for capacity in ("minor", "guardian")]
    if child.age < UNDER_14:
        kinds.append(("personal_data_under_14", "guardian"))
    day = desk.days.day(minute // 1440)
    for kind, capacity in kinds:
        if capacity == "minor" and child.age < OWN_WORD_FROM:
            continue
        row = desk.uuid(minute)
        own = capacity == "minor"
        desk.sheet.add(
            Consent, id=row, created_at=desk.moment(minute), juvenile_id=child.id, capacity=capacity, kind=kind,
            text_version="2024", given_on=day, method="e_signature", recorded_by_id=by.id,
            guardian_id=NULL if own else child.guardian,
            sealed=desk.seal(Consent, child, row, pack({"signer": child.name}) if own else packed()),
        )
        facts = f'{{"kind":"{kind}","capacity":"{capacity}"}}'
        desk.event(minute, by, "consent.recorded", "people.juvenile", child.id, child.id, facts)


def _age(point: float, least: int, most: int) -> int:
    """The older, the more often."""
    return least + int((most - least + 1) * point**0.6)


def _id_number(number: int, born: dt.date, sex: str) -> str:
    """With a region that does not exist, so that it is nobody's; two children never share one."""
    order = number // 10_000 % 500 * 2 + (sex == "male")
    body = f"99{number % 10_000:04d}{born:%Y%m%d}{order:03d}"
    return body + ric.calc_check_digit(body + "0")


def _identity(desk: Desk, child: Child, number_index: bytes, minute: int) -> None:
    chance, book = desk.chance, words()
    home = book["household"].format(
        place=place_name(chance.randrange(3_000)), street=one_of(chance, book["streets"]), n=between(chance, 1, 300)
    )
    said: dict[str, Any] = {
        "name": child.name, "id_type": "resident_id", "id_number": child.id_number, "birth_on": child.born.isoformat(),
        "ethnicity": "han", "household": home, "address": home, "phone": child.phone, "school": one_of(chance, book["schools"]),
    }
    row = desk.uuid(minute)
    desk.sheet.add(
        Identity, id=row, created_at=child.registered, juvenile_id=child.id,
        sealed=desk.seal(Identity, child, row, pack(said)),
        number_index=number_index,
        national_index=field(blind_index.exact(blind_index.NATIONAL, "id_number", child.id_number)),
    )


def _guardian(desk: Desk, child: Child, number: int, minute: int) -> bytes:
    chance, row = desk.chance, desk.uuid(minute)
    relation = chance.choices(list(RELATIONS), list(RELATIONS.values()))[0]
    name = child.name[0] + person_name(chance)[1:] if relation != "mother" else person_name(chance)
    said = {"name": name, "phone": mobile(50_000_000 + number), "occupation": one_of(chance, words()["occupations"])}
    desk.sheet.add(
        Guardian, id=row, created_at=child.registered, juvenile_id=child.id, relation=relation,
        flags=("legal_representative",), sealed=desk.seal(Guardian, child, row, pack(said)),
    )
    return row
