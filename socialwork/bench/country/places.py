"""Makes the institutions of the country: organs, agencies, bureaus, their people, and the agreements between them."""
from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from stdnum.cn import uscc

from socialwork.access.roles import Role
from socialwork.accounts.models import Certificate, StaffRecord, User
from socialwork.bench.country.chance import DAY, Days, Identifiers
from socialwork.bench.country.plan import Agency, Deal, Group, Organ, Person, Sizes
from socialwork.bench.country.sheet import PLACES, Sheet
from socialwork.bench.country.words import agency_name, mobile, person_name, place_name, words
from socialwork.core import vocabulary
from socialwork.organisations.models import (
    Agreement,
    AgreementParty,
    AgreementService,
    AgreementVersion,
    District,
    Inspection,
    Organisation,
    Recommendation,
)

SCREENED_WITHIN = 300
# Days before the first referral on which everybody was there and every agreement signed.
BEFORE = 60
PER_SUPERVISOR, PER_COUNSELLOR = 12, 15


class Places:
    """Writes institutions and people on a sheet and keeps what the matters need to know of them."""

    def __init__(self, sizes: Sizes, days: Days, seed: int, password: str) -> None:
        self.sizes, self.days, self.password = sizes, days, password
        self.sheet = Sheet(PLACES)
        self.chance = Random(f"{seed}:places")
        self.counties = list(District.objects.filter(level="county").order_by("code").values_list("code", "province_code"))
        self.identifiers = Identifiers(days, 0, self.chance)
        self.people = 0
        self.organisations = 0
        self.groups: list[Group] = []

    def make(self) -> list[Group]:
        """Everything, in groups of about three organs."""
        count = max(2, self.sizes.organs // 3)
        self.groups = [Group(number) for number in range(count)]
        hands = self._hands()
        for number in range(self.sizes.organs):
            self._organ(number, hands[0][number])
        for number in range(self.sizes.agencies):
            self._agency(number, hands[1][number])
        bureaus = [self._bureau(number) for number in range(self.sizes.bureaus)]
        self._operators()
        first = 0
        for group in self.groups:
            self._share_out(group)
            self._admit(group, bureaus[group.number % len(bureaus)])
            group.first_child = first
            first += group.cases * 2 + 100
        return self.groups

    def _hands(self) -> tuple[list[int], list[int]]:
        """How many prosecutors each organ and how many workers each agency has: more work, more hands."""
        sizes = self.sizes
        fixed = 2 * sizes.organs + 4 * sizes.agencies + 2 * sizes.bureaus + 2
        rest = max(sizes.people - fixed, 0)
        organs = [sizes.cases_of(number) ** 0.75 for number in range(sizes.organs)]
        agencies = [self._cases_of_agency(number) ** 0.75 for number in range(sizes.agencies)]
        return _dealt(round(rest * 0.3), organs, 2), _dealt(round(rest * 0.7), agencies, 3)

    def _cases_of_agency(self, number: int) -> int:
        return self.sizes.cases_of(number % self.sizes.organs)

    def _organisation(self, number: int, **values: Any) -> tuple[bytes, tuple[str, str]]:
        """A row of the register; gives its identifier and its district."""
        self.organisations += 1
        district = self.counties[number * 17 % len(self.counties)]
        pk = self.identifiers.give(-BEFORE * DAY)
        body = f"1199{self.organisations:013d}"
        address = words()["address"].format(
            place=place_name(number), street=self.chance.choice(words()["streets"]), n=self.chance.randint(1, 200)
        )
        self.sheet.add(
            Organisation, id=pk, created_at=self.days.moment(-BEFORE * DAY), district_id=district[0], province_code=district[1],
            credit_code=body + uscc.calc_check_digit(body), phone=mobile(self.organisations), address=address, **values,
        )
        return pk, district

    def _person(self, login: str, organisation: tuple[bytes, str], *roles: Role, staff: tuple[str, ...] = ()) -> Person:
        """Somebody of an organisation (identifier, name); `staff` are the functions of a staff record."""
        self.people += 1
        pk = self.identifiers.give(-BEFORE * DAY + self.people % 600)
        person = Person(pk, person_name(self.chance), login, tuple(str(role) for role in roles), *organisation)
        self.sheet.add(
            User, id=pk, login=login, name=person.name, phone=mobile(10_000_000 + self.people), password=self.password,
            organisation_id=organisation[0], roles=person.roles,
            created_at=self.days.moment(-BEFORE * DAY),
        )
        if staff:
            self._staff_record(person, staff)
        return person

    def _staff_record(self, person: Person, functions: tuple[str, ...]) -> None:
        """In order for every function: check within the year, undertaking, training, certificate of the field (V14)."""
        pk = self.identifiers.give(-BEFORE * DAY)
        today = self.days.number(self.days.today)
        checked = today - self.chance.randint(5, SCREENED_WITHIN)
        self.sheet.add(
            StaffRecord, id=pk, created_at=self.days.moment(-BEFORE * DAY), user_id=person.id,
            sex=self.chance.choice(("female", "male")), functions=functions,
            background_check_on=self.days.day(checked), undertaking_on=self.days.day(-BEFORE),
            legal_training_on=self.days.day(-BEFORE), employed_on=self.days.day(-BEFORE - 30),
        )
        kind = "counsellor_2" if "psychologist" in functions else "social_worker"
        self.sheet.add(
            Certificate, id=self.identifiers.give(-BEFORE * DAY), created_at=self.days.moment(-BEFORE * DAY), staff_id=pk,
            kind=kind, number=f"99{self.people:010d}", issued_on=self.days.day(-BEFORE - 400),
        )

    def _organ(self, number: int, prosecutors: int) -> None:
        place, book = place_name(number), words()
        name = book["organ"].format(place=place)
        approval = number % 10 != 9
        pk, district = self._organisation(
            number, name=name, short_name=book["organ_short"].format(place=place), kind="procuratorate_county",
            family="organ", letter_prefix=book["organ_prefix"].format(place=place), approval_levels=int(approval),
        )
        here, login = (pk, name), f"p{number:04d}"
        self.groups[number % len(self.groups)].organs.append(Organ(
            id=pk, name=name, prefix=book["organ_prefix"].format(place=place), district=district[0], approval=approval,
            head=self._person(f"{login}.head", here, Role.UNIT_HEAD),
            clerk=self._person(f"{login}.clerk", here, Role.CLERK),
            prosecutors=[self._person(f"{login}.{k:02d}", here, Role.PROSECUTOR) for k in range(prosecutors)],
        ))

    def _agency(self, number: int, workers: int) -> None:
        place, book = place_name(number), words()
        name = book["agency"].format(place=place, name=agency_name(number))
        short = book["agency_short"].format(place=place, name=agency_name(number))
        pk, _district = self._organisation(
            number, name=name, short_name=short, kind="agency_service_org", family="agency", letter_prefix=short,
            registered_on=self.days.day(-900), assessment_grade="4A" if number % 3 else "5A",
        )
        here, login = (pk, name), f"a{number:04d}"
        self.groups[number % len(self.groups)].agencies.append(Agency(
            id=pk, name=name, prefix=short, agreement=self.identifiers.give(-BEFORE * DAY),
            manager=self._person(f"{login}.manager", here, Role.AGENCY_MANAGER, staff=("agency_head",)),
            intake=self._person(f"{login}.intake", here, Role.AGENCY_INTAKE, staff=("other",)),
            supervisors=[
                self._person(f"{login}.s{k}", here, Role.SUPERVISOR, staff=("supervisor",))
                for k in range(1 + workers // PER_SUPERVISOR)
            ],
            counsellors=[
                self._person(f"{login}.c{k}", here, Role.COUNSELLOR, staff=("psychologist",))
                for k in range(1 + workers // PER_COUNSELLOR)
            ],
            workers=[
                self._person(f"{login}.{k:03d}", here, Role.SOCIAL_WORKER, staff=("lead", "second")) for k in range(workers)
            ],
        ))

    def _bureau(self, number: int) -> tuple[bytes, Person]:
        name = words()["bureau"].format(place=place_name(number))
        pk, _district = self._organisation(number, name=name, short_name=name, kind="civil_affairs", family="civil_affairs")
        officers = [self._person(f"b{number:03d}.{k}", (pk, name), Role.CIVIL_AFFAIRS_OFFICER) for k in range(2)]
        return pk, officers[0]

    def _operators(self) -> None:
        name = words()["operator"]
        pk, _district = self._organisation(0, name=name, short_name=name, kind="system_operator", family="operator")
        self._person("operator", (pk, name), Role.SYSTEM_OPERATOR)
        self._person("auditor", (pk, name), Role.AUDITOR)

    def _share_out(self, group: Group) -> None:
        """The giant of a group works with its own agency; the others with the next, and some of it with one more."""
        for place in range(len(group.organs)):
            cases = self.sizes.cases_of(group.number + place * len(self.groups))
            first = place % len(group.agencies)
            second = (place + 1) % len(group.agencies)
            beside = 0 if group.number + place * len(self.groups) < self.sizes.giants or first == second else cases // 7
            group.deals.append(Deal(place, first, cases - beside))
            if beside:
                group.deals.append(Deal(place, second, beside))

    def _admit(self, group: Group, bureau: tuple[bytes, Person]) -> None:
        """The way of every agency of the group into work: recommended, inspected, an agreement with all its organs."""
        book = words()
        for place, agency in enumerate(group.agencies):
            letter = book["letter_number"].format(
                place=place_name(group.number), year=self.days.first.year - 1, n=place + 1
            )
            common = {"created_at": self.days.moment(-BEFORE * DAY), "agency_id": agency.id, "bureau_id": bureau[0]}
            self.sheet.add(
                Recommendation, id=self.identifiers.give(-BEFORE * DAY), letter_number=letter, reason=book["recommendation"],
                recommended_on=self.days.day(-BEFORE - 20), recommended_by_id=bureau[1].id, **common,
            )
            self.sheet.add(
                Inspection, id=self.identifiers.give(-BEFORE * DAY), inspected_on=self.days.day(-BEFORE - 10),
                inspected_by_id=bureau[1].id, passed=True, staffing=book["inspection"], premises=book["inspection"],
                systems=book["inspection"], **common,
            )
            organs = [group.organs[deal.organ] for deal in group.deals if deal.agency == place] or group.organs[:1]
            yearly = sum(deal.cases for deal in group.deals if deal.agency == place) // 10
            self._agreement(agency, organs, group.number * 10 + place, max(60, yearly))

    def _agreement(self, agency: Agency, organs: list[Organ], number: int, places: int) -> None:
        book, days, made = words(), self.days, self.days.moment(-BEFORE * DAY)
        ends = days.number(days.today + dt.timedelta(days=365))
        signed_by = organs[0].head.id
        self.sheet.add(
            Agreement, id=agency.agreement, created_at=made, title=book["agreement_title"], agency_id=agency.id, state="active",
            number=book["agreement_number"].format(place=organs[0].name[:2], year=days.first.year - 1, n=number + 1),
            district_id=organs[0].district, starts_on=days.day(-BEFORE), ends_on=days.day(ends),
            access_until=days.day(ends + 30), signed_at=days.moment(-BEFORE * DAY + 600), signed_by_id=signed_by,
        )
        for organ in organs:
            self.sheet.add(
                AgreementParty, id=self.identifiers.give(-BEFORE * DAY), created_at=made, agreement_id=agency.agreement,
                organ_id=organ.id,
            )
        areas = sorted({province for code, province in self.counties for organ in organs if code == organ.district})
        today = days.number(days.today)
        for version, from_day in enumerate((-BEFORE, today - 700), start=1):
            pk = self.identifiers.give(from_day * DAY)
            self.sheet.add(
                AgreementVersion, id=pk, created_at=days.moment(from_day * DAY), agreement_id=agency.agreement, number=version,
                valid_from=days.day(from_day), starts_on=days.day(-BEFORE), ends_on=days.day(ends),
                kind="purchase", procurement="competitive_consultation", area=areas,
                training_duty=book["training_duty"], data_terms=book["data_terms"],
                evaluation_method=book["evaluation_method"], change_reason=book["change_reason"][version - 1],
                made_by_id=signed_by,
            )
            for code in vocabulary.codes("service_type"):
                self.sheet.add(
                    AgreementService, id=self.identifiers.give(from_day * DAY), created_at=days.moment(from_day * DAY),
                    version_id=pk, service_type=code, quota=places, unit="per_case", unit_price="800.00",
                )


def _dealt(total: int, weights: list[float], least: int) -> list[int]:
    """Shares of a total by weights, none below the least; the sum is the total unless the least ones are more."""
    left = max(total - least * len(weights), 0)
    whole = sum(weights)
    shares = [least + int(left * weight / whole) for weight in weights]
    for place in range(max(total - sum(shares), 0)):
        shares[place % len(shares)] += 1
    return shares
