"""The invented institutions, their people and agreements (fixtures/demo/people.toml)."""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from socialwork.access.roles import Family
from socialwork.accounts.models import Certificate, StaffRecord, User
from socialwork.core import vocabulary
from socialwork.demo.words import read, say
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

PASSWORD = "huhang-demo-2026"


@dataclass(frozen=True)
class Terms:
    """What one version of an agreement offers to whom, and on which days (counted from the day of loading)."""

    agreement: Agreement
    organs: frozenset[str]
    agency: str
    first: int
    last: int
    services: frozenset[str]


@dataclass
class Institutions:
    """What was made, by the keys of the file."""

    today: dt.date
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    terms: list[Terms] = field(default_factory=list)
    # Days of each worker's background checks: a story of last year happens under the check of that year.
    checks: dict[Any, list[dt.date]] = field(default_factory=dict)

    def day(self, number: int) -> dt.date:
        """A day counted from the day of loading."""
        return self.today + dt.timedelta(days=number)

    def agreement_for(self, *, organ: str, agency: str, services: Iterable[str], day: int) -> Agreement:
        """The agreement that covers these services between organ and agency on that day; LookupError when none does."""
        wanted = frozenset(services)
        for terms in self.terms:
            between_them = organ in terms.organs and agency == terms.agency
            if between_them and terms.first <= day <= terms.last and wanted <= terms.services:
                return terms.agreement
        raise LookupError(f"no agreement of {organ} and {agency} covers {sorted(wanted)} on day {day}")


def load_institutions(*, today: dt.date) -> Institutions:
    """Write the institutions, their staff and agreements as they stand today. The database must hold none of them."""
    data = read(settings.DEMO_DIR / "people.toml")
    made = Institutions(today=today)
    for entry in data["organisations"]:
        made.organisations[entry["key"]] = _organisation(entry, made)
    # One hash for all: a demonstration has one password, and hashing it sixty times would take longer than the rest.
    password = make_password(PASSWORD)
    for entry in data["staff"]:
        made.people[entry["login"]] = _person(entry, made, password)
    for entry in data["organisations"]:
        _admission(entry, made)
    for entry in data["agreements"]:
        made.agreements[entry["key"]] = _agreement(entry, made)
    return made


def _organisation(entry: dict[str, Any], made: Institutions) -> Organisation:
    district = District.objects.get(pk=entry["district"])
    qualification = entry.get("qualification", {})
    return Organisation.objects.create(
        name=entry["name"], short_name=entry["short_name"], kind=entry["kind"], family=entry["family"],
        district=district, province_code=district.province_code, credit_code=entry["credit_code"],
        letter_prefix=entry.get("letter_prefix", entry["short_name"]), address=entry["address"], phone=entry["phone"],
        contact=qualification.get("legal_representative", ""), approval_levels=entry.get("approval_levels", 1),
        state=qualification.get("state", "active"), assessment_grade=qualification.get("assessment_grade", ""),
        supervising_unit=qualification.get("supervising_unit", ""),
        registered_on=made.day(qualification["founded"]) if "founded" in qualification else None,
    )


def _person(entry: dict[str, Any], made: Institutions, password: str) -> User:
    home = made.organisations[entry["organisation"]]
    user = User.objects.create(
        login=entry["login"], name=entry["name"], phone=entry["phone"], organisation=home, roles=entry["roles"],
        is_active=entry.get("state", "active") == "active", password=password,
    )
    if home.family == Family.AGENCY:
        made.checks[user.pk] = sorted(made.day(number) for number in entry.get("background_checks", []))
        days = {"undertaking_on": "undertaking", "legal_training_on": "training", "employed_on": "joined"}
        staff = StaffRecord.objects.create(
            user=user, sex=entry.get("sex", ""), functions=entry.get("functions", []),
            background_check_on=made.checks[user.pk][-1] if made.checks[user.pk] else None,
            **{column: made.day(entry[name]) for column, name in days.items() if name in entry},
        )
        issued = made.day(entry["undertaking"] - 200)
        for kind in entry.get("certificates", []):
            Certificate.objects.create(staff=staff, kind=kind, issued_on=issued)
    return user


def _admission(entry: dict[str, Any], made: Institutions) -> None:
    agency = made.organisations[entry["key"]]
    for row in entry.get("qualification", {}).get("recommendations", []):
        Recommendation.objects.create(
            agency=agency, bureau=made.organisations[row["bureau"]], reason=row["reason"],
            letter_number=_of_year(row["letter_number"], made.day(row["day"])), recommended_on=made.day(row["day"]),
            recommended_by=made.people[row["by"]],
        )
    for row in entry.get("qualification", {}).get("inspections", []):
        companion = made.people[row["with"]]
        Inspection.objects.create(
            agency=agency, bureau=made.organisations[row["bureau"]], inspected_on=made.day(row["day"]),
            inspected_by=made.people[row["by"]], passed=row["passed"], staffing=row["staffing"],
            premises=row["premises"], systems=row["systems"],
            findings=row["findings"] + say("companion", place=companion.organisation.short_name, name=companion.name),
        )


def _agreement(entry: dict[str, Any], made: Institutions) -> Agreement:
    starts, ends, signed = (made.day(entry[name]) for name in ("start", "end", "signed"))
    row = Agreement.objects.create(
        number=_of_year(entry["number"], signed), title=entry["title"], agency=made.organisations[entry["agency"]],
        district_id=entry["district"], starts_on=starts, ends_on=ends, state=entry["state"],
        hand_over_days=entry["hand_over_days"], access_until=ends + dt.timedelta(days=entry["hand_over_days"]),
        signed_at=timezone.make_aware(dt.datetime.combine(signed, dt.time(10))),
        signed_by=made.people[entry["signed_by"]],
    )
    for key in entry["commissioners"]:
        AgreementParty.objects.create(agreement=row, organ=made.organisations[key])
    for position, version in enumerate(entry["versions"]):
        _version(row, entry, version, made)
        later = entry["versions"][position + 1:]
        made.terms.append(Terms(
            agreement=row, organs=frozenset(entry["commissioners"]), agency=entry["agency"], first=version["from_day"],
            last=later[0]["from_day"] - 1 if later else entry["end"],
            services=frozenset(line["service"] for line in version["services"]),
        ))
    return row


def _version(agreement: Agreement, entry: dict[str, Any], terms: dict[str, Any], made: Institutions) -> None:
    version = AgreementVersion.objects.create(
        agreement=agreement, number=terms["version"], valid_from=made.day(terms["from_day"]), kind=entry["type"],
        starts_on=agreement.starts_on, ends_on=agreement.ends_on, procurement=entry["procurement"], area=entry["area"],
        response_hours=terms["response_hours"], urgent_response_hours=terms["urgent_response_hours"],
        training_duty=entry["training_duty"], data_terms=entry["data_terms"],
        evaluation_method=entry["evaluation_method"], change_reason=terms["reason"], made_by=agreement.signed_by,
    )
    for line in terms["services"]:
        vocabulary.term("service_type", line["service"])
        AgreementService.objects.create(
            version=version, service_type=line["service"], quota=line["quota"], unit=line["unit"],
            unit_price=line["price"],
        )


def _of_year(number: str, day: dt.date) -> str:
    """The serial of the file with the year in which it was given, as letters carry it (GB/T 9704)."""
    return re.sub(r"(\d+\D*)$", rf"〔{day.year}〕\1", number)
