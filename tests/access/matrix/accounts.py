"""Accounts: one's own, those of the own organisation for who keeps the staff list, administrators for the operator."""
from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from django.utils import timezone

from socialwork.accounts.models import AccessToken, Certificate, User
from tests import cast
from tests.access.matrix import EVERYBODY, Row
from tests.access.matrix.organisations import SEES_ORGAN

NO_ARGUMENT = {"args": lambda row: []}
KEEPERS = {"organ_admin", "manager", "manager_elsewhere"}
OF_WORKER = {"of": "worker_account", "ok": {"manager"}, "forbidden": {"worker"}}
OF_RECORD = {"of": "worker_record", "ok": {"manager"}, "forbidden": {"worker"}}


def with_token(world: cast.World) -> User:
    AccessToken.objects.create(user=world.worker, digest=AccessToken.digest_of("key"))
    return world.worker


def certificate(world: cast.World) -> Certificate:
    day = timezone.localdate() - dt.timedelta(days=400)
    return Certificate.objects.create(staff=world.worker.staff, kind="social_worker", number="2025-11", issued_on=day)


def opening(world: cast.World, row: Any) -> dict[str, Any]:
    return {"name": "新检察官", "login": "new.person", "roles": ["prosecutor"], "email": "", "phone": ""}


def administrator(world: cast.World, row: Any) -> dict[str, Any]:
    return {"name": "新管理员", "login": "new.admin", "role": "organ_admin", "email": "", "phone": ""}


RECORD = {
    "sex": "female", "functions": ["lead"], "languages": "粤语", "employed_on": "", "background_check_on": "2026-01-10",
    "undertaking_on": "2026-01-10", "legal_training_on": "2026-01-12", "_version": 1,
}
PERSON = {"name": "叶社工", "email": "ye@example.org", "phone": ""}
FILTER = {"worklist": "referrals:list", "name": "急件", "query": "urgency=urgent"}
CERTIFICATE = {"kind": "assistant_social_worker", "number": "2024-3", "issued_on": "2024-10-01", "valid_until": ""}

OBJECTS = {
    "worker_account": lambda world: world.worker,
    "closed_account": lambda world: world.suspended,
    "worker_with_token": with_token,
    "worker_record": lambda world: world.worker.staff,
    "certificate": certificate,
    "auditor_account": lambda world: world.auditor,
}

ROWS = [
    Row("accounts:choose_password", ok=EVERYBODY, public=True, **NO_ARGUMENT),
    Row("accounts:choose_password", "POST", ok=EVERYBODY, public=True, body={"new_password1": "x"}, **NO_ARGUMENT),
    Row("accounts:profile", ok=EVERYBODY, **NO_ARGUMENT),
    Row("accounts:save_filter", "POST", ok=EVERYBODY, body=FILTER, **NO_ARGUMENT),
    Row("accounts:remove_filter", "POST", ok=EVERYBODY, args=lambda row: [uuid4()]),
    Row("accounts:staff", ok=KEEPERS, **NO_ARGUMENT),
    Row("accounts:administrators", ok={"operator_person"}, **NO_ARGUMENT),
    Row("accounts:person", of="worker_account", ok={"manager", "worker"}),
    Row("accounts:person", of="auditor_account", ok={"organ_admin", "auditor", "operator_person"}),
    Row("accounts:edit_account", **OF_WORKER),
    Row("accounts:edit_account", "POST", body=PERSON, **OF_WORKER),
    Row("accounts:change_roles", **OF_WORKER),
    Row("accounts:change_roles", "POST", body={"roles": ["social_worker", "supervisor"]}, **OF_WORKER),
    Row("accounts:close_account", **OF_WORKER),
    Row("accounts:close_account", "POST", **OF_WORKER),
    # An administrator does not close who audits the administrators.
    Row(
        "accounts:close_account", "POST", of="auditor_account", ok={"operator_person"}, forbidden={"organ_admin", "auditor"},
        variant="auditor",
    ),
    Row("accounts:reopen_account", "POST", of="closed_account", ok={"manager"}),
    Row("accounts:renew_password", "POST", **OF_WORKER),
    Row("accounts:create_token", of="worker_account", ok={"worker"}, forbidden={"manager"}),
    # The password is wrong: right proved, nothing written.
    Row(
        "accounts:create_token", "POST", of="worker_account", ok={"worker"}, forbidden={"manager"}, body={"password": "wrong"},
        done=(400,),
    ),
    Row("accounts:revoke_token", "POST", of="worker_with_token", ok={"worker"}, forbidden={"manager"}),
    Row("accounts:edit_staff_record", **OF_RECORD),
    Row("accounts:edit_staff_record", "POST", body=RECORD, **OF_RECORD),
    Row("accounts:add_certificate", **OF_RECORD),
    Row("accounts:add_certificate", "POST", body=CERTIFICATE, **OF_RECORD),
    Row("accounts:remove_certificate", "POST", of="certificate", ok={"manager"}, forbidden={"worker"}),
    Row("accounts:open_account", of="east_court", ok={"organ_admin"}, forbidden=SEES_ORGAN - {"organ_admin"}),
    Row(
        "accounts:open_account", "POST", of="east_court", ok={"organ_admin"}, forbidden=SEES_ORGAN - {"organ_admin"},
        body=opening,
    ),
    Row("accounts:open_administrator", of="east_court", ok={"operator_person"}, forbidden=SEES_ORGAN - {"operator_person"}),
    Row(
        "accounts:open_administrator", "POST", of="east_court", ok={"operator_person"},
        forbidden=SEES_ORGAN - {"operator_person"}, body=administrator,
    ),
]
