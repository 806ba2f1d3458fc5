"""Stopping a case for a while, giving more time, and ending it before its aim: all of it the prosecutor's decision."""
from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case, CaseDecision
from cases.services.clocks import refresh_next_act
from cases.states import CASE
from referrals.models import Referral
from referrals.services import transfer_referral
from socialwork.access import api as access
from socialwork.core import vocabulary
from socialwork.core.errors import Blocked, DomainError, NotVisible
from socialwork.deadlines import services as clocks
from socialwork.deadlines.calendar import end_of_day
from socialwork.deadlines.models import Deadline
from socialwork.people.dossiers import open_dossier
from socialwork.workflow.transitions import run_transition

Kind = CaseDecision.Kind
# At least five years after closing. Known from a secondary source of GB/T 42380-2023 only, its text is not verified:
# a local default until a lawyer has read the standard.
KEPT_YEARS = 5


def suspend_case(*, case: Case, by: Any, at: datetime, reason_code: str, explanation: str = "") -> Case:
    """The work stops for a reason of the list `suspend_reason`, and every clock of the case that may stop, stops."""
    term = vocabulary.term("suspend_reason", reason_code)
    if term.needs_text and not explanation.strip():
        raise DomainError(_("Say what the reason is."), code="required", field="explanation")
    with transaction.atomic():
        run_transition(
            case, CASE["suspend_case"], by=by, at=at, facts={"reason": reason_code}, suspend_reason=reason_code
        )
        decide(case, Kind.SUSPEND, by=by, at=at, code=reason_code, explanation=explanation)
        clocks.pause(subject=case, reason=reason_code, by=by, at=at)
        refresh_next_act(case, at=at)
    return case


def resume_case(*, case: Case, by: Any, at: datetime, explanation: str = "") -> Case:
    """The work goes on; the clocks run for the time that was left."""
    with transaction.atomic():
        run_transition(case, CASE["resume_case"], by=by, at=at)
        decide(case, Kind.RESUME, by=by, at=at, explanation=explanation)
        clocks.resume(subject=case, by=by, at=at)
        refresh_next_act(case, at=at)
    return case


def cancel_case(*, case: Case, by: Any, at: datetime, reason_code: str, explanation: str, records: str) -> Case:
    """The prosecutor ends the matter: a reason of the list `withdraw_reason`, and what happens to the records."""
    vocabulary.term("withdraw_reason", reason_code)
    _require_text(explanation=explanation, records=records)
    with transaction.atomic():
        run_transition(
            case, CASE["cancel_case"], by=by, at=at, facts={"reason": reason_code}, closure_reason="commission_cancelled",
            retain_until=kept_until(timezone.localdate(at)),
        )
        decide(case, Kind.CANCEL, by=by, at=at, code=reason_code, explanation=explanation, records=records)
        clocks.cancel(subject=case, at=at)
        refresh_next_act(case, at=at)
    return case


def transfer_case(
    *, case: Case, by: Any, at: datetime, reason_code: str, explanation: str, legal_ground: str, done: str, open_matters: str,
    advice: str = "",
) -> Referral:
    """Another agency takes over: this case ends, and a new draft referral begins with a hand-over package.

    Nothing is handed on without consent or another legal ground (V22). Returns the draft, in which the prosecutor chooses
    the agency.
    """
    vocabulary.term("transfer_reason", reason_code)
    _require_text(explanation=explanation, legal_ground=legal_ground, done=done, open_matters=open_matters)
    with transaction.atomic():
        run_transition(
            case, CASE["transfer_case"], by=by, at=at, facts={"reason": reason_code}, closure_reason="agency_changed",
            retain_until=kept_until(timezone.localdate(at)),
        )
        decide(case, Kind.TRANSFER, by=by, at=at, code=reason_code, explanation=explanation, legal_ground=legal_ground)
        clocks.cancel(subject=case, at=at)
        draft = transfer_referral(
            referral=case.referral, by=by, at=at, reason_code=reason_code, reason=explanation, done=done,
            open_matters=open_matters, advice=advice,
        )
        refresh_next_act(case, at=at)
    return draft


def extend_deadline(*, case: Case, deadline: Deadline, by: Any, at: datetime, new_due_on: dt.date, explanation: str) -> Deadline:
    """More time for one clock of the case, with a reason (V17). Raises as deadlines.services.extend does."""
    _require_text(explanation=explanation)
    with transaction.atomic():
        access.require(by, "extend_deadline", case)
        if not Deadline.objects.of_subject(case).filter(pk=deadline.pk).exists():
            raise NotVisible()
        decision = decide(case, Kind.EXTEND, by=by, at=at, code=deadline.code, explanation=explanation)
        # The words stay sealed in the dossier; the clock keeps where to find them.
        try:
            extended = clocks.extend(
                deadline=deadline, new_due_at=end_of_day(new_due_on), reason=f"case_decision:{decision.pk}", by=by, at=at
            )
        except DomainError as refusal:
            refusal.field = "new_due_on" if refusal.field == "new_due_at" else refusal.field
            raise
        refresh_next_act(case, at=at)
    return extended


def decide(case: Case, kind: Kind, *, by: Any, at: datetime, code: str = "", **prose: Any) -> CaseDecision:
    """Keep the words of a decision under the child's dossier key."""
    row = CaseDecision(case=case, kind=kind, code=code, decided_at=at, decided_by=by, created_at=at)
    open_dossier(case.juvenile_id).write(row, **prose)
    row.save(force_insert=True)
    return row


def kept_until(ended_on: dt.date) -> dt.date:
    """Until when the agency keeps the file (V20): KEPT_YEARS after the end."""
    try:
        return ended_on.replace(year=ended_on.year + KEPT_YEARS)
    except ValueError:  # 29 February
        return ended_on.replace(year=ended_on.year + KEPT_YEARS, month=3, day=1)


def _require_text(**texts: str) -> None:
    missing: list[tuple[str | None, Any]] = [
        (name, _("Fill this in.")) for name, text in texts.items() if not text.strip()
    ]
    if missing:
        raise Blocked(missing)
