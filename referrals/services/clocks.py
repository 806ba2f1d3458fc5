"""Clocks of a referral and the next act that stands on its row."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from referrals.models import NO_DUE, Referral
from referrals.states import ReferralState
from socialwork.core import vocabulary
from socialwork.deadlines import calendar as days
from socialwork.deadlines import rules
from socialwork.deadlines import services as clocks
from socialwork.deadlines.hooks import ExpectedClock

ANSWER = "D1"

# Who owes what in each state; the code is an action of the policy, so the button and the right are the same word.
NEXT_ACT = {
    ReferralState.DRAFT: "submit_referral",
    ReferralState.PENDING_APPROVAL: "approve_referral",
    ReferralState.ISSUED: "accept_referral",
    ReferralState.INFO_REQUESTED: "answer_information",
    ReferralState.DECLINED: "refer_again",
    ReferralState.ACCEPTED: "",
    ReferralState.WITHDRAWN: "",
    ReferralState.TRANSFERRED: "",
}


@dataclass(frozen=True)
class ProposedLimit:
    """A time limit with its reason: rule code, last day, and the rule it rests on."""

    code: str
    due_on: dt.date
    rule: Any


def propose_limit(
    *, services: list[str], stage: str, custody: str, starts_at: datetime, organ_id: Any, agreement_id: Any = None
) -> ProposedLimit | None:
    """The earliest limit the services call for at this stage (rules D2, D2b, D2c and those of other services)."""
    codes = {service: code for service in services if (code := limit_code(service, stage))}
    near, calendar = rules.rules_near(set(codes.values()), [organ_id, agreement_id]), days.stored()
    found: list[ProposedLimit] = []
    for service, code in codes.items():
        scope = rules.Scope(organ_id, agreement_id, service, None)
        try:
            rule = rules.choose(near.get(code, ()), code, scope, timezone.localdate(starts_at)).rule
        except rules.NoRule:
            continue
        terms = rules.terms_of(rule, in_custody=in_custody(custody), urgent=False, amount=None, unit=None)
        reckoned = rules.reckon(started_at=starts_at, terms=terms, calendar=calendar)
        found.append(ProposedLimit(code, timezone.localdate(reckoned.due_at), rule))
    return min(found, key=lambda limit: limit.due_on, default=None)


def limit_code(service: str, stage: str) -> str:
    """The rule of a service's limit at this stage; empty where the service has none."""
    table = vocabulary.term("service_type", service).extra["deadline"]
    return table.get(stage) or table.get("default") or ""


def propose_for(referral: Referral, *, at: datetime) -> ProposedLimit | None:
    """The limit that would be proposed for a referral as it stands, if it were sent at that instant."""
    return propose_limit(
        services=[line.service_type for line in referral.services.order_by("pk")], stage=referral.stage,
        custody=referral.custody, starts_at=at, organ_id=referral.organ_id, agreement_id=referral.agreement_id,
    )


def in_custody(custody: str) -> bool:
    """Detained or arrested: no period is prolonged by a holiday (CPL 105)."""
    return custody in {"detained", "arrested", "serving_sentence"}


def start_answer_clock(referral: Referral, *, at: datetime) -> None:
    """The agency owes an answer from the moment the referral is sent (D1; within hours where a service asks for it, D17)."""
    clocks.start(
        code=answer_rule(referral), subject=referral, organ_id=referral.organ_id, agency_id=referral.agency_id, started_at=at,
        urgent=referral.urgency != "routine", agreement_id=referral.agreement_id, referral_id=referral.pk,
        in_custody=in_custody(referral.custody),
    )


def answer_rule(referral: Referral) -> str:
    """The rule of the answer: the service's own, else the common one."""
    lines = sorted(referral.services.all(), key=lambda line: line.pk)
    own = (vocabulary.term("service_type", line.service_type).extra.get("answer") for line in lines)
    return next(filter(None, own), ANSWER)


def running_clocks() -> Iterator[ExpectedClock]:
    """Every clock that must be running because a referral waits for its agency; the nightly reconciliation compares."""
    waiting = Referral.objects.filter(state__in=(ReferralState.ISSUED, ReferralState.INFO_REQUESTED)).order_by("pk")
    for referral in waiting.prefetch_related("services").iterator(chunk_size=500):
        yield ExpectedClock(
            subject_id=referral.pk, code=answer_rule(referral), started_at=referral.issued_at,
            in_custody=in_custody(referral.custody),
        )


def refresh_next_act(referral: Referral, *, at: datetime) -> None:
    """Write the next act and its date on the row, from the state and the open clock."""
    deadline = clocks.next_open(referral._meta.label_lower, referral.pk)
    referral.next_act = NEXT_ACT[ReferralState(referral.state)]
    referral.next_due_at = deadline.due_at if deadline and referral.next_act and not deadline.paused_at else NO_DUE
    referral.touched_at = at
    Referral.objects.filter(pk=referral.pk).update(
        next_act=referral.next_act, next_due_at=referral.next_due_at, touched_at=at
    )
