"""What the tests of agreements write down again and again."""
from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from socialwork.organisations import services
from socialwork.organisations.models import Agreement
from tests import cast

TERMS: dict[str, Any] = {
    "kind": "purchase", "procurement": "single_source", "area": [cast.EAST], "response_hours": 16, "urgent_response_hours": 4,
    "training_duty": "", "data_terms": "", "evaluation_method": "",
}
GUIDANCE: dict[str, Any] = {"service_type": "guidance", "quota": 10, "unit": "per_month", "unit_price": 600}


def today() -> dt.date:
    return timezone.localdate()


def day(number: int) -> dt.date:
    return today() + dt.timedelta(days=number)


def draft(world: cast.World, **more: Any) -> Agreement:
    """A draft of a year between the eastern organ and its agency."""
    facts = {
        "organ": world.east_court, "by": world.unit_head, "at": timezone.now(), "agency": world.east_agency,
        "number": "东检社协〔2027〕7号", "title": "合作协议", "starts_on": today(), "ends_on": day(364), "hand_over_days": 30,
        "terms": TERMS, "services": [GUIDANCE], **more,
    }
    return services.draft_agreement(**facts)


def signed(world: cast.World, **more: Any) -> Agreement:
    return services.sign_agreement(agreement=draft(world, **more), by=world.unit_head, at=timezone.now())


def change(row: Agreement, by: Any, **more: Any) -> Any:
    """Change the terms as the form would: everything said again, with what differs."""
    facts = {
        "agreement": row, "by": by, "at": timezone.now(), "version": row.version, "starts_on": row.starts_on,
        "ends_on": row.ends_on, "hand_over_days": row.hand_over_days, "valid_from": today(), "reason": "名额不足",
        "terms": TERMS, "services": [GUIDANCE], **more,
    }
    return services.change_agreement(**facts)
