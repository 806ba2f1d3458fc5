"""Referrals, from the draft to its end."""
from __future__ import annotations

from typing import Any

from django.utils import timezone

from referrals import services
from tests import cast
from tests.access.matrix import Row

NO_ARGUMENTS = {"args": lambda row: []}
ORGAN = {"prosecutor", "colleague", "clerk", "unit_head", "prosecutor_elsewhere", "unit_head_elsewhere"}
RECEIVERS = {"intake", "manager", "manager_elsewhere", "intake_of_former"}
ANSWERERS = {"intake", "manager"}
# Who sees a draft, one that waits for approval, and one that was sent.
OF_DRAFT, OF_PENDING, OF_SENT = {"prosecutor", "clerk", "unit_head"}, {"prosecutor", "unit_head"}, {"prosecutor", "unit_head", *ANSWERERS}
REASON = {"reason": "理由如下。"}


def asked(world: Any) -> Any:
    return services.ask_information(referral=cast.issued(world), by=world.intake, at=timezone.now(), question="家长电话？")


def declined(world: Any) -> Any:
    return services.decline_referral(
        referral=cast.issued(world), by=world.intake, at=timezone.now(), reason_code="capacity", reason="人手不足。"
    )


def without_approval(world: Any) -> Any:
    """A draft of an organ that sends without approval."""
    row = cast.filled(world)
    row.organ.approval_levels = 0
    row.organ.save()
    return row


OBJECTS = {
    "asked": asked, "declined": declined, "without_approval": without_approval,
    "accepted": lambda world: cast.opened(world).referral,
}


def edit_body(world: Any, row: Any) -> dict[str, Any]:
    return {"_version": row.version, "urgency": "urgent", "due_choice": "proposed", **no_rows("services"), **no_rows("paragraphs")}


def no_rows(prefix: str) -> dict[str, str]:
    return {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}


def page(name: str, of: str, seen: set[str], may: set[str], body: Any = None, late: str = "") -> list[Row]:
    """The two rows of a form on one referral, and where given one on a referral that has moved on."""
    name = f"referrals:{name}"
    rows = [
        Row(name, of=of, ok=may, forbidden=seen - may),
        Row(name, "POST", of=of, ok=may, forbidden=seen - may, body=body or {}),
    ]
    if late:
        rows.append(Row(name, "POST", of=late, late=may, forbidden=OF_SENT - may, body=body or {}, variant="late"))
    return rows


ROWS = [
    Row("referrals:list", ok=ORGAN, **NO_ARGUMENTS),
    Row("referrals:inbox", ok=RECEIVERS, **NO_ARGUMENTS),
    Row("referrals:draft_referral", of="child_of_draft", ok={"prosecutor", "clerk"}, forbidden={"unit_head"}),
    Row(
        "referrals:draft_referral", of="child_of_case", ok={"prosecutor"},
        forbidden={"unit_head", *ANSWERERS, "worker", "second", "supervisor", "counsellor"},
    ),
    Row(
        "referrals:draft_referral", "POST", of="child_of_draft", ok={"prosecutor", "clerk"}, forbidden={"unit_head"}, done=(302,),
        body=lambda world, row: {"prosecutor": str(world.prosecutor.pk)},
    ),
    Row("referrals:detail", of="draft", ok=OF_DRAFT),
    Row("referrals:detail", of="submitted", ok=OF_PENDING),
    Row("referrals:detail", of="issued", ok=OF_SENT),
    Row("referrals:detail", of="asked", ok=OF_SENT),
    Row("referrals:detail", of="declined", ok=OF_SENT),
    Row("referrals:detail", of="accepted", ok=OF_SENT),
    *page("edit_referral", "draft", OF_DRAFT, {"prosecutor", "clerk"}, edit_body),
    Row("referrals:edit_referral", "POST", of="submitted", late={"prosecutor"}, forbidden={"unit_head"}, body=edit_body, variant="late"),
    Row("referrals:edit_referral_live", "POST", of="draft", ok={"prosecutor", "clerk"}, forbidden={"unit_head"}, body=edit_body),
    Row("referrals:preview_referral", of="filled", ok=OF_DRAFT),
    Row("referrals:preview_referral", of="submitted", ok=OF_PENDING),
    Row("referrals:preview_referral", of="issued", late={"prosecutor", "unit_head"}, forbidden=ANSWERERS),
    *page("submit_referral", "filled", OF_DRAFT, {"prosecutor"}, late="issued"),
    *page("issue_referral", "without_approval", OF_DRAFT, {"prosecutor"}),
    Row("referrals:issue_referral", "POST", of="filled", forbidden=OF_DRAFT, variant="with_approval"),
    *page("approve_referral", "submitted", OF_PENDING, {"unit_head"}, late="issued"),
    *page("return_referral", "submitted", OF_PENDING, {"unit_head"}, REASON, late="issued"),
    *page("ask_information", "issued", OF_SENT, ANSWERERS, {"question": "家长电话？"}, late="accepted"),
    *page("answer_information", "asked", OF_SENT, {"prosecutor"}, {"answer": "见附注。"}, late="issued"),
    *page("decline_referral", "issued", OF_SENT, ANSWERERS, {"reason_code": "capacity", **REASON}, late="declined"),
    *page("withdraw_referral", "issued", OF_SENT, {"prosecutor"}, {"reason_code": "not_needed", **REASON}, late="declined"),
    *page("withdraw_referral", "draft", OF_DRAFT, {"prosecutor"}, {"reason_code": "not_needed", **REASON}),
    Row("referrals:refer_again", "POST", of="declined", ok={"prosecutor"}, forbidden=OF_SENT - {"prosecutor"}),
    Row("referrals:refer_again", "POST", of="issued", late={"prosecutor"}, forbidden=OF_SENT - {"prosecutor"}, variant="late"),
    *page(
        "transfer_referral", "issued", OF_SENT, {"prosecutor"},
        {"reason_code": "moved", **REASON, "ground": "commission", "done": "无。", "open_matters": "社会调查。"}, late="accepted",
    ),
    Row("referrals:download_letter", of="issued", ok=OF_SENT),
    Row("referrals:download_letter", of="submitted", forbidden=OF_PENDING, variant="unsent"),
    Row("referrals:download_letter", of="declined", ok={"prosecutor", "unit_head"}, variant="closed_to_the_agency"),
    Row("referrals:download_letter", of="declined", ok=OF_SENT, args=lambda row: [row.pk, "F03"], variant="answer"),
]
