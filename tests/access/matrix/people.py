"""Finding, registering and correcting children."""
from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from socialwork.files.validation import Paper
from socialwork.people.models import Consent, Guardian
from socialwork.people.services import record_consent
from tests import cast
from tests.access.matrix import Row
from tests.socialwork.files import corpus

NO_ARGUMENTS = {"args": lambda row: []}
SEARCHERS = {
    "prosecutor", "colleague", "clerk", "unit_head", "prosecutor_elsewhere", "unit_head_elsewhere", "intake", "manager", "worker",
    "second", "unassigned", "former_worker", "counsellor", "supervisor", "supervisor_elsewhere", "worker_elsewhere",
    "manager_elsewhere", "intake_of_former", "worker_of_former",
}
DRAFTERS = {"prosecutor", "colleague", "clerk", "prosecutor_elsewhere"}
# Who may know of the child behind a draft, a sent referral and an open case.
OF_DRAFT = {"prosecutor", "clerk", "unit_head"}
OF_SENT = {"prosecutor", "unit_head", "intake", "manager"}
OF_CASE = {"prosecutor", "unit_head", "intake", "manager", "worker", "second", "supervisor", "counsellor"}

OBJECTS = {
    "child_of_draft": lambda world: cast.draft(world).juvenile,
    "child_of_sent": lambda world: cast.issued(world).juvenile,
    "child_of_case": lambda world: cast.opened(world).juvenile,
    "consent": lambda world: signed(world),
    "guardian": lambda world: Guardian.objects.get(juvenile=cast.draft(world).juvenile),
}
PERSON = {"name": "林小舟", "sex": "male", "birth_on": "2011-04-01"}
GUARDIAN = {"relation": "mother", "name": "周岚"}
CONSENT = {"kind": "service", "capacity": "minor", "given_on": "2026-01-05", "method": "paper", "text_version": "F05-2026-1"}
NO_ROWS = {"guardians-TOTAL_FORMS": "0", "guardians-INITIAL_FORMS": "0"}


def rest(*known: set[str]) -> set[str]:
    """Those who may see the page's thing but not do this to it."""
    seen, may = known
    return seen - may


def signed(world: Any) -> Consent:
    """A consent with its scan."""
    child = cast.opened(world).juvenile
    return record_consent(
        juvenile=child, by=world.worker, at=timezone.now(), kind="service", capacity="minor", given_on=timezone.localdate(),
        method="paper", text_version="F05-2026-1", scan=Paper(corpus.pdf(), "pdf"),
    )


def scanned(world: Any, row: Consent) -> dict[str, Any]:
    return {"scan": SimpleUploadedFile("scan.pdf", corpus.pdf()), "instead_of": row.scan.sha256}


def of_consent(row: Consent) -> list[Any]:
    return [row.juvenile_id, row.pk]


def of_guardian(row: Any) -> list[Any]:
    return [row.juvenile_id, row.pk]


ROWS = [
    Row("people:find", ok=SEARCHERS, otherwise=403, **NO_ARGUMENTS),
    Row("people:find", "POST", ok=SEARCHERS, otherwise=403, body={"q": "林小"}, **NO_ARGUMENTS),
    Row("people:register_juvenile", ok=DRAFTERS, otherwise=403, **NO_ARGUMENTS),
    Row("people:register_juvenile", "POST", ok=DRAFTERS, otherwise=403, done=(400,), variant="empty", **NO_ARGUMENTS),
    Row(
        "people:register_juvenile", "POST", ok=DRAFTERS, otherwise=403, variant="whole",
        body=lambda world, row: {**PERSON, **NO_ROWS, "prosecutor": str(world.prosecutor.pk)}, **NO_ARGUMENTS,
    ),
    Row("people:juvenile", of="child_of_draft", ok=OF_DRAFT),
    Row("people:juvenile", of="child_of_sent", ok=OF_SENT),
    Row("people:juvenile", of="child_of_case", ok=OF_CASE),
    Row("people:correct_identity", of="child_of_draft", ok={"prosecutor", "clerk"}, forbidden={"unit_head"}),
    Row("people:correct_identity", of="child_of_case", ok={"prosecutor"}, forbidden=rest(OF_CASE, {"prosecutor"})),
    Row(
        "people:correct_identity", "POST", of="child_of_draft", ok={"prosecutor", "clerk"}, forbidden={"unit_head"},
        body={**PERSON, "_version": "1"},
    ),
    Row("people:add_guardian", of="child_of_draft", ok={"prosecutor", "clerk"}, forbidden={"unit_head"}),
    Row("people:add_guardian", "POST", of="child_of_draft", ok={"prosecutor", "clerk"}, forbidden={"unit_head"}, body=GUARDIAN),
    Row("people:add_guardian", "POST", of="child_of_case", ok={"prosecutor"}, forbidden=rest(OF_CASE, {"prosecutor"}), body=GUARDIAN),
    Row("people:change_guardian", of="guardian", ok={"prosecutor", "clerk"}, forbidden={"unit_head"}, args=of_guardian),
    Row(
        "people:change_guardian", "POST", of="guardian", ok={"prosecutor", "clerk"}, forbidden={"unit_head"},
        body={**GUARDIAN, "_version": "1"}, args=of_guardian,
    ),
    Row("people:record_consent", of="child_of_draft", ok={"prosecutor"}, forbidden={"clerk", "unit_head"}),
    Row(
        "people:record_consent", of="child_of_case", ok={"prosecutor", "worker", "second", "counsellor"},
        forbidden={"unit_head", "intake", "manager", "supervisor"},
    ),
    Row(
        "people:record_consent", "POST", of="child_of_case", ok={"prosecutor", "worker", "second", "counsellor"},
        forbidden={"unit_head", "intake", "manager", "supervisor"}, body=CONSENT,
    ),
    Row(
        "people:consent_scan", of="consent", ok={"prosecutor", "worker", "second", "counsellor", "unit_head", "intake", "manager"},
        forbidden={"supervisor"}, args=of_consent,
    ),
    Row(
        "people:attach_consent_scan", of="consent", ok={"prosecutor", "worker", "second", "counsellor"},
        forbidden={"unit_head", "intake", "manager", "supervisor"}, args=of_consent,
    ),
    Row(
        "people:attach_consent_scan", "POST", of="consent", ok={"prosecutor", "worker", "second", "counsellor"},
        forbidden={"unit_head", "intake", "manager", "supervisor"}, args=of_consent, body=scanned,
    ),
]
