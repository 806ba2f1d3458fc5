"""The invented institutions, their people and agreements (fixtures/demo/people.toml)."""
from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from socialwork.access.roles import Family
from socialwork.accounts.models import Certificate, StaffRecord, User
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

PASSWORD = "huhang-demo-2026"
WORKING_HOURS = 8
FAMILIES = {
    "procuratorate": Family.ORGAN, "commissioner": Family.ORGAN, "agency": Family.AGENCY,
    "civil_affairs": Family.CIVIL_AFFAIRS, "operator": Family.OPERATOR,
}


@dataclass
class Institutions:
    """What was made, by the keys of the file."""

    today: dt.date
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    # Days of each worker's background checks: a story of last year happens under the check of that year.
    checks: dict[Any, list[dt.date]] = field(default_factory=dict)

    def day(self, number: int) -> dt.date:
        """A day counted from the day of loading."""
        return self.today + dt.timedelta(days=number)


def read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def load_institutions(*, today: dt.date) -> Institutions:
    """Write the institutions, their staff and agreements as they would stand today. The database must hold none of them."""
    data = read(settings.DEMO_DIR / "people.toml")
    made = Institutions(today=today)
    for entry in data["organisations"]:
        made.organisations[entry["key"]] = _organisation(entry, made)
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
    word = entry.get("number_word", entry["short_name"])
    return Organisation.objects.create(
        name=entry["name"], short_name=entry["short_name"], kind=entry["org_type"], family=FAMILIES[entry["kind"]],
        district=district, province_code=district.province_code, credit_code=entry.get("credit_code", ""),
        letter_prefix=f"{word}未委" if entry["kind"] == "procuratorate" else word, address=entry.get("address", ""),
        phone=entry.get("phone", ""), approval_levels=entry.get("approval_levels", 1),
        state=qualification.get("state", "active"), assessment_grade=qualification.get("assessment_grade", ""),
        supervising_unit=qualification.get("supervising_unit", ""),
        registered_on=made.day(qualification["founded"]) if "founded" in qualification else None,
    )


def _person(entry: dict[str, Any], made: Institutions, password: str) -> User:
    home = made.organisations[entry["organisation"]]
    user = User.objects.create(
        login=entry["login"], name=entry["name"], phone=entry.get("phone", ""), organisation=home, roles=entry["roles"],
        is_active=entry.get("state", "active") == "active", password=password,
    )
    if home.family == Family.AGENCY:
        made.checks[user.pk] = sorted(made.day(number) for number in entry.get("background_checks", []))
        days = {"undertaking_on": entry.get("undertaking"), "legal_training_on": entry.get("training")}
        staff = StaffRecord.objects.create(
            user=user, sex=entry.get("sex", ""), functions=entry.get("functions", []),
            background_check_on=made.checks[user.pk][-1] if made.checks[user.pk] else None,
            **{name: made.day(number) for name, number in days.items() if number is not None},
        )
        issued = made.day(entry.get("undertaking", -900) - 200)
        for kind in entry.get("certificates", []):
            Certificate.objects.create(staff=staff, kind=kind, issued_on=issued)
    return user


def _admission(entry: dict[str, Any], made: Institutions) -> None:
    agency = made.organisations[entry["key"]]
    for number, row in enumerate(entry.get("qualification", {}).get("recommendations", []), start=1):
        bureau = made.organisations[row["by"]]
        officer = next(user for user in made.people.values() if user.organisation_id == bureau.pk)
        Recommendation.objects.create(
            agency=agency, bureau=bureau, letter_number=f"{bureau.short_name}荐〔{made.day(row['day']).year}〕{number}号",
            reason=row["note"], recommended_on=made.day(row["day"]), recommended_by=officer,
        )
    for row in entry.get("qualification", {}).get("inspections", []):
        officer = made.people[row["by"]]
        Inspection.objects.create(
            agency=agency, bureau=officer.organisation, inspected_on=made.day(row["day"]), inspected_by=officer,
            passed=row["result"] in {"approved", "passed"}, staffing="、".join(entry["qualification"].get("staffing", [])),
            premises="、".join(entry["qualification"].get("premises", [])),
            systems="、".join(entry["qualification"].get("systems", [])), findings=row["note"],
        )


def _agreement(entry: dict[str, Any], made: Institutions) -> Agreement:
    organs = [made.organisations[key] for key in entry["commissioners"]]
    signer = next(
        user for user in made.people.values() if user.organisation_id == organs[0].pk and "unit_head" in user.roles
    )
    starts, ends = made.day(entry["start"]), made.day(entry["end"])
    year = made.day(entry["signed"]).year
    row = Agreement.objects.create(
        number=f"{organs[0].letter_prefix[:-2]}社协〔{year}〕{len(made.agreements) + 1}号", title=entry["title"],
        agency=made.organisations[entry["agency"]], district_id=entry["area"][0], starts_on=starts, ends_on=ends,
        state=entry["state"] if entry["state"] in {"active", "draft"} else "active", access_until=ends + dt.timedelta(days=30),
        signed_at=timezone.make_aware(dt.datetime.combine(made.day(entry["signed"]), dt.time(10))), signed_by=signer,
    )
    for organ in organs:
        AgreementParty.objects.create(agreement=row, organ=organ)
    for terms in entry["versions"]:
        version = AgreementVersion.objects.create(
            agreement=row, number=terms["version"], valid_from=made.day(terms["from_day"]), starts_on=starts, ends_on=ends,
            kind=entry["type"], area=entry["area"], change_reason=terms.get("reason", ""), made_by=signer,
            response_hours=terms["response"]["routine_working_days"] * WORKING_HOURS,
            urgent_response_hours=terms["response"]["urgent_hours"],
        )
        for line in terms["services"]:
            vocabulary.term("service_type", line["service"])
            AgreementService.objects.create(
                version=version, service_type=line["service"], quota=line["quota"], unit=line["unit"], unit_price=line["price"]
            )
    return row
