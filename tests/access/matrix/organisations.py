"""Organisations and agreements: settings for their own people, terms for the parties, nothing for anybody else."""
from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from socialwork.organisations import services
from socialwork.organisations.models import Agreement
from tests import cast
from tests.access.matrix import Row

OWN_ORGAN = {"prosecutor", "colleague", "clerk", "unit_head", "organ_admin", "auditor"}
SEES_ORGAN = OWN_ORGAN | {"operator_person"}
OWN_AGENCY = {
    "intake", "manager", "worker", "second", "unassigned", "former_worker", "counsellor", "supervisor",
}
CHOOSERS = {"prosecutor", "colleague", "unit_head", "prosecutor_elsewhere", "unit_head_elsewhere"}
SEES_AGENCY = OWN_AGENCY | CHOOSERS | {"civil_affairs", "operator_person"}
PARTIES = {"prosecutor", "colleague", "unit_head", "intake", "manager"}
LISTS_AGREEMENTS = PARTIES | {
    "prosecutor_elsewhere", "unit_head_elsewhere", "manager_elsewhere", "intake_of_former", "civil_affairs",
    "civil_affairs_elsewhere",
}


def terms(**more: Any) -> dict[str, Any]:
    """The body of the form of terms, with one service."""
    today = timezone.localdate()
    return {
        "starts_on": today, "ends_on": today + dt.timedelta(days=300), "hand_over_days": 20, "kind": "purchase",
        "procurement": "single_source", "area": [cast.EAST], "response_hours": 16, "urgent_response_hours": 4,
        "training_duty": "", "data_terms": "", "evaluation_method": "", "lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0,
        "lines-0-service_type": "guidance", "lines-0-quota": 12, "lines-0-unit": "per_month", "lines-0-unit_price": "650.00",
        **more,
    }


def drafted(world: cast.World) -> Agreement:
    """A draft between the eastern procuratorate and its agency."""
    today = timezone.localdate()
    line = {"service_type": "guidance", "quota": 10, "unit": "per_month", "unit_price": 600}
    return services.draft_agreement(
        organ=world.east_court, by=world.unit_head, at=timezone.now(), agency=world.east_agency, number="东检社协〔2027〕1号",
        title="合作协议", starts_on=today, ends_on=today + dt.timedelta(days=364), hand_over_days=30,
        terms={"kind": "purchase", "area": [cast.EAST]}, services=[line],
    )


def suspended(world: cast.World) -> Agreement:
    return services.suspend_agreement(
        agreement=world.east_agreement, by=world.unit_head, at=timezone.now(), reason="督导制度未落实"
    )


def change(world: cast.World, row: Agreement) -> dict[str, Any]:
    return terms(
        starts_on=row.starts_on, valid_from=timezone.localdate(), change_reason="增加名额", _version=row.version
    )


def new_draft(world: cast.World, row: Any) -> dict[str, Any]:
    return terms(number="东检社协〔2027〕2号", title="补充合作协议", agency=str(world.east_agency.pk))


def registration(world: cast.World, row: Any) -> dict[str, Any]:
    return {
        "name": "东湖区公安局", "short_name": "东湖公安", "kind": "police", "credit_code": "11990301001000061T",
        "district": cast.EAST, "letter_prefix": "东公", "registered_on": "", "supervising_unit": "", "assessment_grade": "",
        "contact": "", "phone": "", "address": "",
    }


def settings(world: cast.World, row: Any) -> dict[str, Any]:
    return {
        "short_name": row.short_name, "letter_prefix": "东检未委", "approval_levels": 0, "contact": "", "phone": "",
        "address": "", "_version": row.version,
    }


OBJECTS = {
    "east_court": lambda world: world.east_court,
    "east_agency": lambda world: world.east_agency,
    "operator_home": lambda world: world.operator,
    "agreement": lambda world: world.east_agreement,
    "drafted_agreement": drafted,
    "suspended_agreement": suspended,
}
OF_ORGAN = {"of": "east_court"}
LIMITS = {"caseload_warn": 20, "caseload_block": 30, "_version": 1}
NO_ARGUMENT = {"args": lambda row: []}
TERMS_ACT = {"ok": {"unit_head"}, "forbidden": (PARTIES | {"civil_affairs"}) - {"unit_head"}}
DRAFT_ACT = {"of": "drafted_agreement", "ok": {"unit_head"}, "forbidden": PARTIES - {"unit_head"}}

ROWS = [
    Row("organisations:list", ok={"operator_person"}, **NO_ARGUMENT),
    Row("organisations:detail", ok=SEES_ORGAN, **OF_ORGAN),
    Row("organisations:detail", of="east_agency", ok=SEES_AGENCY),
    Row("organisations:edit_organisation", ok={"organ_admin"}, forbidden=SEES_ORGAN - {"organ_admin"}, **OF_ORGAN),
    Row(
        "organisations:edit_organisation", "POST", ok={"organ_admin"}, forbidden=SEES_ORGAN - {"organ_admin"},
        body=settings, **OF_ORGAN,
    ),
    Row("organisations:edit_organisation", of="east_agency", ok={"manager"}, forbidden=SEES_AGENCY - {"manager"}),
    Row("organisations:set_caseload_limits", of="east_agency", ok={"manager"}, forbidden=SEES_AGENCY - {"manager"}),
    Row(
        "organisations:set_caseload_limits", "POST", of="east_agency", ok={"manager"}, forbidden=SEES_AGENCY - {"manager"},
        body=LIMITS,
    ),
    Row("organisations:register_organisation", of="operator_home", ok={"operator_person"}),
    Row("organisations:register_organisation", "POST", of="operator_home", ok={"operator_person"}, body=registration),
    Row("organisations:draft_agreement", ok={"unit_head"}, forbidden=SEES_ORGAN - {"unit_head"}, **OF_ORGAN),
    Row(
        "organisations:draft_agreement", "POST", ok={"unit_head"}, forbidden=SEES_ORGAN - {"unit_head"}, body=new_draft,
        **OF_ORGAN,
    ),
    Row("organisations:agreements", ok=LISTS_AGREEMENTS, **NO_ARGUMENT),
    Row("organisations:agreement", of="agreement", ok=PARTIES | {"civil_affairs"}),
    Row("organisations:agreement", of="drafted_agreement", ok=PARTIES),
    Row("organisations:compare_versions", of="agreement", ok=PARTIES | {"civil_affairs"}),
    Row("organisations:change_agreement", of="agreement", **TERMS_ACT),
    Row("organisations:change_agreement", "POST", of="agreement", body=change, **TERMS_ACT),
    Row("organisations:suspend_agreement", of="agreement", **TERMS_ACT),
    Row("organisations:suspend_agreement", "POST", of="agreement", body={"reason": "督导制度未落实"}, **TERMS_ACT),
    Row("organisations:terminate_agreement", of="agreement", **TERMS_ACT),
    Row(
        "organisations:terminate_agreement", "POST", of="agreement", body={"reason": "机构停业", "hand_over_days": 15},
        **TERMS_ACT,
    ),
    Row("organisations:resume_agreement", "POST", of="suspended_agreement", **TERMS_ACT),
    Row("organisations:sign_agreement", "POST", **DRAFT_ACT),
    Row("organisations:discard_agreement", "POST", **DRAFT_ACT),
    Row(
        "organisations:sign_agreement", "POST", of="agreement", late={"unit_head"}, variant="signed already",
        forbidden=(PARTIES | {"civil_affairs"}) - {"unit_head"},
    ),
]
