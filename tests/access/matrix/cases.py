"""Who may do what with cases, plans, assessments, hand-overs and service records."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from cases.services.assigning import Package, reassign_case
from cases.services.planning import propose_plan
from tests import cast
from tests.access.matrix import EVERYBODY, Row
from tests.factories.occasions import assessed, contact, guided, written_plan

ORGAN = {"prosecutor", "unit_head"}
MANAGERS = {"intake", "manager"}
WORKERS = {"worker", "second"}
ON_CASE = ORGAN | MANAGERS | WORKERS | {"supervisor", "counsellor"}
READERS = ON_CASE - {"counsellor"}
LISTING = {
    "prosecutor", "colleague", "prosecutor_elsewhere", "unit_head", "unit_head_elsewhere", "intake", "manager",
    "worker", "second", "unassigned", "former_worker", "counsellor", "supervisor", "supervisor_elsewhere",
    "worker_elsewhere", "manager_elsewhere", "intake_of_former", "worker_of_former",
}  # fmt: skip
LEADING = {"intake", "manager", "supervisor", "supervisor_elsewhere", "manager_elsewhere", "intake_of_former"}
INVALID = (400,)


def offered(world: Any) -> Any:
    """A hand-over of the lead that waits for another worker."""
    return reassign_case(
        case=cast.opened(world),
        by=world.worker,
        at=timezone.now(),
        function="lead",
        receiver=world.unassigned,
        package=Package(reason="leave", open_matters="无"),
    )


def proposed(world: Any) -> Any:
    """A plan that waits for the prosecutor."""
    return propose_plan(plan=written_plan(world, guided(world)), by=world.worker, at=timezone.now())


OBJECTS = {
    "case": cast.opened,
    "offered_hand_over": offered,
    "assessment": lambda world: assessed(world, cast.opened(world)),
    "drafted_plan": lambda world: written_plan(world, guided(world)),
    "adoptable_plan": lambda world: written_plan(world, guided(world, ("psych_counselling",))),
    "proposed_plan": proposed,
    "record": lambda world: contact(world, cast.opened(world)),
}


def form(name: str, of: str, ok: set[str], seeing: set[str]) -> list[Row]:
    """A page with a form: opened by those who may, an empty body is refused as such, others on the row get 403."""
    return [
        Row(f"cases:{name}", "GET", of=of, ok=ok, forbidden=seeing - ok),
        Row(f"cases:{name}", "POST", of=of, ok=ok, forbidden=seeing - ok, done=INVALID),
    ]


ROWS = [
    Row("cases:list", "GET", ok=LISTING, args=lambda row: []),
    Row("cases:team", "GET", ok=LEADING, args=lambda row: []),
    *(
        Row(f"cases:{name}", "GET", of="case", ok=ON_CASE)
        for name in ("detail", "plan", "records", "documents", "people")
    ),
    Row("cases:history", "GET", of="case", ok=ORGAN | MANAGERS, forbidden=WORKERS | {"supervisor", "counsellor"}),
    Row(
        "cases:document",
        "GET",
        of="case",
        ok=ON_CASE,
        args=lambda case: [case.pk, case.referral.documents.get(kind="F03").file_id],
    ),
    *form("accept_referral", "issued", MANAGERS, ORGAN | MANAGERS),
    Row("cases:assign_staff", "GET", of="case", ok=MANAGERS, forbidden=ON_CASE - MANAGERS),
    Row("cases:assign_staff", "POST", of="case", late=MANAGERS, forbidden=ON_CASE - MANAGERS),
    *form("reassign_case", "case", MANAGERS | WORKERS, ON_CASE),
    *form("accept_handover", "offered_hand_over", {"unassigned"}, MANAGERS | WORKERS | {"supervisor", "unassigned"}),
    Row(
        "cases:withdraw_handover",
        "POST",
        of="offered_hand_over",
        ok=MANAGERS | {"worker", "unassigned"},
        forbidden={"second", "supervisor"},
    ),
    *(
        row
        for name in (
            "log_contact",
            "log_interview",
            "log_family_session",
            "log_activity",
            "log_attendance",
            "assess_case",
        )
        for row in form(name, "case", WORKERS, ON_CASE)
    ),
    *form("write_plan", "case", WORKERS, ON_CASE),
    *form("log_counselling", "case", {"counsellor"}, ON_CASE),
    *form("confirm_assessment", "assessment", WORKERS | {"supervisor"}, READERS),
    Row("cases:propose_plan", "POST", of="drafted_plan", ok=WORKERS, forbidden=ON_CASE - WORKERS),
    Row("cases:adopt_plan", "POST", of="adoptable_plan", ok=WORKERS, forbidden=ON_CASE - WORKERS),
    Row("cases:approve_plan", "POST", of="proposed_plan", ok={"prosecutor"}, forbidden=ON_CASE - {"prosecutor"}),
    *form("return_plan", "proposed_plan", {"prosecutor"}, ON_CASE),
    Row("cases:record", "GET", of="record", ok=READERS),
    *form("amend_record", "record", WORKERS, READERS),
    Row("cases:review_record", "POST", of="record", ok={"supervisor"}, forbidden=READERS - {"supervisor"}),
    *form("return_record", "record", {"supervisor"}, READERS),
]
assert set(LISTING) <= EVERYBODY
