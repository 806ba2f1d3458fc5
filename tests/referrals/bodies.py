"""What a browser would send from the draft page, as plain dictionaries."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.utils import timezone

from referrals.models import Referral

Paragraph = tuple[str, str, bool]
FACTS: Paragraph = ("facts", "与同学夜间骑行时夺取路人挎包，次日由家长陪同到案。", True)
REQUEST: Paragraph = ("request", "了解成长经历、监护条件与帮教可能。", True)
KEPT: Paragraph = ("risk", "同案人员姓名仅供检察机关掌握。", False)


def formset(prefix: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The fields of a formset; a value of False is a box not ticked."""
    body = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        for name, value in row.items():
            if value is not False:
                body[f"{prefix}-{number}-{name}"] = "on" if value is True else str(value)
    return body


def draft_body(
    referral: Referral, *, services: Mapping[str, int] | None = None, paragraphs: Sequence[Paragraph] = (FACTS, KEPT, REQUEST),
    **changes: Any,
) -> dict[str, Any]:
    """A whole draft page for the east agency; `changes` replace single fields, None leaves one out."""
    wanted = {"social_investigation": 1} if services is None else services
    body = {
        "_key": str(uuid4()), "_version": str(referral.version), "subject_type": "juvenile_suspect", "stage": "prosecution_review",
        "custody": "bail", "charge": "snatching", "offence_on": (timezone.localdate() - dt.timedelta(days=40)).isoformat(),
        "incident": "", "urgency": "routine", "due_choice": "proposed", "due_on": "", "district": "110105", "agreement": "",
        **formset("services", [{"service_type": code, "quantity": quantity} for code, quantity in wanted.items()]),
        **formset("paragraphs", [{"kind": kind, "body": text, "shared": shared} for kind, text, shared in paragraphs]),
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def id_number(born: str = "20110418", serial: str = "001") -> str:
    """An ID number nobody has: the region 990101 is not assigned; the check character is right (GB 11643)."""
    digits = f"990101{born}{serial}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11]
