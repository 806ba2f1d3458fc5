"""Oversight: the registry for civil affairs and those who choose from it, the auditor's record."""
from __future__ import annotations

from typing import Any

from django.utils import timezone

from socialwork.access.roles import Role
from socialwork.organisations import services
from socialwork.organisations.models import Organisation
from tests import cast
from tests.access.matrix import Row
from tests.access.matrix.organisations import CHOOSERS, OWN_AGENCY, SEES_AGENCY

NO_ARGUMENT = {"args": lambda row: []}
PARTS = {name: "齐备" for name in ("qualification", "staffing", "premises", "systems")}
READS_REGISTRY = CHOOSERS | {"civil_affairs", "manager"}
# Who sees an agency that was recommended but has no accounts yet.
OUTSIDE = CHOOSERS | {"civil_affairs", "operator_person"}


def candidate(world: cast.World) -> Organisation:
    return services.register_agency(
        bureau=world.east_bureau, by=world.civil_affairs, at=timezone.now(),
        facts={"name": "初心社工服务社", "short_name": "初心社工", "kind": "agency_service_org",
               "credit_code": "52990101MJ100001XE"},
    )


def recommended(world: cast.World) -> Organisation:
    agency = candidate(world)
    services.recommend_agency(
        agency=agency, by=world.civil_affairs, at=timezone.now(), letter_number="东民社荐1号",
        recommended_on=timezone.localdate(), reason="具备未成年人服务经验",
    )
    return agency


def inspected(world: cast.World) -> Organisation:
    agency = recommended(world)
    services.record_inspection(
        agency=agency, by=world.civil_affairs, at=timezone.now(), inspected_on=timezone.localdate(), parts=PARTS,
        shortcomings=[], passed=True,
    )
    return Organisation.objects.get(pk=agency.pk)


def approved(world: cast.World) -> Organisation:
    agency = services.admit_agency(agency=inspected(world), by=world.unit_head, at=timezone.now())
    cast.person("new.manager", "齐总干事", agency, Role.AGENCY_MANAGER)
    return agency


def active(world: cast.World) -> Organisation:
    return services.activate_agency(agency=approved(world), by=world.civil_affairs, at=timezone.now())


def suspended(world: cast.World) -> Organisation:
    return services.suspend_agency(agency=active(world), by=world.civil_affairs, at=timezone.now(), reason="人员不足")


def registration(world: cast.World, row: Any) -> dict[str, Any]:
    return {
        "name": "明灯社工中心", "short_name": "明灯社工", "kind": "agency_service_org", "credit_code": "52990101MJ10000444",
        "registered_on": "2020-05-01", "supervising_unit": "", "assessment_grade": "3A", "contact": "", "phone": "",
        "address": "", "_version": row.version,
    }


INSPECTION = {**PARTS, "inspected_on": "2026-01-15", "shortcomings": [], "findings": "", "passed": "yes"}
LETTER = {"letter_number": "东民社荐9号", "recommended_on": "2026-01-10", "reason": "具备未成年人服务经验"}
REASON = {"reason": "年度复核不合格"}

OBJECTS = {
    "east_bureau": lambda world: world.east_bureau,
    "candidate_agency": candidate,
    "recommended_agency": recommended,
    "inspected_agency": inspected,
    "approved_agency": approved,
    "active_agency": active,
    "resting_agency": suspended,
}
BUREAU = {"ok": {"civil_affairs"}}
OF_AGENCY = {"of": "east_agency", "forbidden": SEES_AGENCY - {"civil_affairs"}, **BUREAU}
NEW_AGENCY = {"forbidden": OUTSIDE - {"civil_affairs"}, **BUREAU}

ROWS = [
    Row(
        "oversight:agencies", ok={"civil_affairs", "civil_affairs_elsewhere", "unit_head", "unit_head_elsewhere"},
        **NO_ARGUMENT,
    ),
    Row("oversight:agency", of="east_agency", ok=READS_REGISTRY, forbidden=(OWN_AGENCY | {"operator_person"}) - {"manager"}),
    Row("oversight:agency", of="candidate_agency", ok={"civil_affairs"}, forbidden={"operator_person"}),
    Row("oversight:register_agency", of="east_bureau", ok={"civil_affairs"}, forbidden={"operator_person"}),
    Row(
        "oversight:register_agency", "POST", of="east_bureau", ok={"civil_affairs"}, forbidden={"operator_person"},
        body=registration,
    ),
    Row("oversight:edit_registration", **OF_AGENCY),
    Row("oversight:edit_registration", "POST", body=registration, **OF_AGENCY),
    Row("oversight:recommend_agency", of="candidate_agency", forbidden={"operator_person"}, **BUREAU),
    Row("oversight:recommend_agency", "POST", of="candidate_agency", forbidden={"operator_person"}, body=LETTER, **BUREAU),
    Row("oversight:record_inspection", of="recommended_agency", **NEW_AGENCY),
    Row("oversight:record_inspection", "POST", of="recommended_agency", body=INSPECTION, **NEW_AGENCY),
    Row(
        "oversight:admit_agency", "POST", of="inspected_agency", ok={"unit_head", "unit_head_elsewhere"},
        forbidden=OUTSIDE - {"unit_head", "unit_head_elsewhere"},
    ),
    Row("oversight:activate_agency", "POST", of="approved_agency", **NEW_AGENCY),
    Row("oversight:suspend_agency", **OF_AGENCY),
    Row("oversight:suspend_agency", "POST", body=REASON, **OF_AGENCY),
    Row("oversight:readmit_agency", of="resting_agency", **NEW_AGENCY),
    Row("oversight:readmit_agency", "POST", of="resting_agency", body=REASON, **NEW_AGENCY),
    Row("oversight:exit_agency", of="active_agency", **NEW_AGENCY),
    Row("oversight:exit_agency", "POST", of="active_agency", body=REASON, **NEW_AGENCY),
    Row("oversight:acts", ok={"auditor"}, **NO_ARGUMENT),
    Row("oversight:readings", ok={"auditor"}, **NO_ARGUMENT),
]
