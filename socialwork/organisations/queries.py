"""Shapes of the pages of organisations and agreements, and what their forms may offer."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from socialwork.access.api import permitted
from socialwork.access.roles import Family
from socialwork.organisations.models import (
    Agreement,
    AgreementParty,
    AgreementService,
    AgreementVersion,
    District,
    Inspection,
    Organisation,
    Recommendation,
    RegistryEntry,
)
from socialwork.organisations.states import AgencyState, AgreementState

Option = tuple[str, str]
OptionGroup = tuple[str, list[Option]]


def for_organisation_page(rows: QuerySet) -> QuerySet:
    """An organisation with the place it stands in."""
    return rows.select_related("district__parent")


def for_agreement_list(rows: QuerySet) -> QuerySet:
    """What a row of the list of agreements shows."""
    parties = AgreementParty.objects.select_related("organ").order_by("created_at", "id")
    return rows.select_related("agency").prefetch_related(Prefetch("parties", queryset=parties))


def for_agreement_page(rows: QuerySet) -> QuerySet:
    """An agreement with its parties and who signed it."""
    return for_agreement_list(rows).select_related("signed_by__organisation", "district")


def versions_of(agreement: Agreement, *, prices: bool) -> list[AgreementVersion]:
    """The terms from the first to the latest, each with its services; prices are not even read unless they may be seen."""
    lines = AgreementService.objects.order_by("service_type")
    if not prices:
        lines = lines.defer("unit_price")
    rows = AgreementVersion.objects.filter(agreement=agreement).select_related("made_by")
    return list(rows.prefetch_related(Prefetch("services", queryset=lines)).order_by("number"))


def latest_version(agreement: Agreement) -> AgreementVersion:
    """The terms agreed last, whether or not their day has come."""
    return AgreementVersion.objects.filter(agreement=agreement).prefetch_related("services").order_by("-number")[0]


def agencies_to_contract(user: Any) -> QuerySet[Organisation]:
    """Agencies an organ may make an agreement with: those on the active list."""
    rows = permitted(Organisation, user).filter(family=Family.AGENCY, state=AgencyState.ACTIVE)
    return rows.order_by("name")


def organs_beside(user: Any, organ: Organisation) -> QuerySet[Organisation]:
    """Other organs of the same county or prefecture, which may be parties to the same agreement."""
    around = organ.district_id if organ.district.level != "county" else organ.district.parent_id
    near = Q(district_id__in=[organ.district_id, around]) | Q(district__parent_id=around)
    rows = permitted(Organisation, user).filter(near, family=Family.ORGAN).exclude(pk=organ.pk)
    return rows.select_related("district").order_by("name")


def provinces() -> list[Option]:
    """The provinces by code."""
    return list(District.objects.filter(level="province").order_by("code").values_list("code", "name"))


def district_groups(province_code: str) -> list[OptionGroup]:
    """The divisions of a province as grouped options: counties under their prefecture, each with its full path."""
    rows = District.objects.filter(province_code=province_code).order_by("code")
    names = dict(District.objects.exclude(level="county").values_list("code", "name"))
    groups: dict[str, list[Option]] = {}
    for row in rows:
        groups.setdefault(_group_of(row, names), []).append((row.code, _path_of(row, names)))
    return list(groups.items())


def area_options(organ: Organisation, *, keep: Iterable[str] = ()) -> list[Option]:
    """The divisions an agreement of this organ may cover: its own, those beside and inside it, and those kept from before."""
    home = organ.district
    around = home.code if home.level != "county" else home.parent_id
    rows = District.objects.filter(Q(pk=home.pk) | Q(pk=around) | Q(parent_id=around) | Q(pk__in=list(keep)))
    return [(row.code, _full_name(row)) for row in rows.select_related("parent").order_by("code")]


def area_names(versions: Iterable[AgreementVersion]) -> dict[str, str]:
    """The divisions named in the areas of some versions, in words, by code."""
    codes = {code for version in versions for code in version.area}
    return {row.code: _full_name(row) for row in District.objects.filter(pk__in=codes).select_related("parent")}


def _full_name(row: District) -> str:
    return f"{row.parent.name}{row.name}" if row.parent else row.name


def _group_of(row: District, names: dict[str, str]) -> str:
    """Counties stand under their prefecture or municipality, prefectures under their province."""
    return names.get(row.parent_id or row.code, row.name)


def _path_of(row: District, names: dict[str, str]) -> str:
    parts = [names.get(row.province_code, ""), names.get(row.parent_id or "", ""), row.name]
    return "".join(dict.fromkeys(part for part in parts if part))


def recommendations_of(agency: Organisation) -> QuerySet[Recommendation]:
    """Newest first."""
    return agency.recommendations.select_related("bureau", "recommended_by").order_by("-recommended_on", "-id")


def inspections_of(agency: Organisation) -> QuerySet[Inspection]:
    """Newest first."""
    return agency.inspections.select_related("bureau", "inspected_by").order_by("-inspected_on", "-id")


def entries_of(agency: Organisation) -> QuerySet[RegistryEntry]:
    """Decisions about the agency's place in the registry, newest first."""
    return agency.registry_entries.select_related("made_by__organisation").order_by("-made_at", "-id")


def latest_inspections(agency_ids: Iterable[UUID]) -> dict[UUID, Inspection]:
    """The latest inspection of each agency."""
    rows = Inspection.objects.filter(agency_id__in=list(agency_ids)).order_by("agency_id", "inspected_on", "id")
    return {row.agency_id: row for row in rows}


def agreements_of(user: Any, agency: Organisation) -> QuerySet[Agreement]:
    """The agreements of the agency that this user may see, newest first."""
    rows = permitted(Agreement, user).filter(agency=agency)
    return for_agreement_list(rows).order_by("-created_at", "-id")


def running_agreements(agency: Organisation, *, today: dt.date) -> QuerySet[Agreement]:
    """Agreements that are in force, or suspended and could be resumed."""
    states = (AgreementState.ACTIVE, AgreementState.SUSPENDED)
    return Agreement.objects.filter(agency=agency, state__in=states, ends_on__gte=today).order_by("number")
