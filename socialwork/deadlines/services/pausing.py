"""Decisions of people about a running clock: stop it, start it again, grant more time. These are audited."""
from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from socialwork import audit
from socialwork.core.errors import DomainError, Moved
from socialwork.deadlines import calendar as days
from socialwork.deadlines.models import Deadline, DeadlineExtension, DeadlinePause
from socialwork.deadlines.services.clocks import COUNTED, announce, count_anew
from socialwork.deadlines.wording import Unit


def pause(
    *, subject: Model, reason: str, by: Any, at: datetime, codes: Collection[str] | None = None
) -> list[Deadline]:
    """Stop the running clocks of a row: all that may be paused, or those named.

    Gives the clocks stopped; one that is already stopped is left alone. Raises DomainError without a reason, when a
    named clock may not be paused, or when the pause would begin before the clock or inside an earlier pause.
    """
    if not reason.strip():
        raise DomainError(_("Give the reason why the time should not count."), field="reason")
    rows = Deadline.objects.running().of_subject(subject).select_related("rule").prefetch_related("pauses")
    if codes is not None:
        rows = rows.filter(code__in=codes)
    found = list(rows.select_for_update(of=("self",)).order_by("id"))
    if codes is not None and not all(row.rule.pausable for row in found):
        raise DomainError(_("This period cannot be paused."), code="not_pausable")
    stopped = [row for row in found if row.rule.pausable]
    for row in stopped:
        restarts = [each.resumed_at for each in row.pauses.all() if each.resumed_at is not None]
        if at < max([row.started_at, *restarts]):
            raise DomainError(_("A pause cannot begin before the time that already counts."), field="at")
    DeadlinePause.objects.bulk_create(
        DeadlinePause(deadline=row, paused_at=at, reason=reason.strip(), approved_by=by.pk) for row in stopped
    )
    for row in stopped:
        row.paused_at, row.next_reminder_at = at, None
        row.save(update_fields=["paused_at", "next_reminder_at"])
    _record("deadline.paused", subject, stopped, by=by, at=at)
    return stopped


def resume(
    *, subject: Model, by: Any, at: datetime, codes: Collection[str] | None = None
) -> list[Deadline]:
    """Let stopped clocks run again; each end moves by what did not count, see `rules.reckon`.

    Raises DomainError when `at` lies before the pause.
    """
    rows = Deadline.objects.paused().of_subject(subject).select_related("rule")
    if codes is not None:
        rows = rows.filter(code__in=codes)
    found = list(rows.select_for_update(of=("self",)).order_by("id"))
    for row in found:
        if row.paused_at and at < row.paused_at:
            raise DomainError(_("The clock cannot run again before it was stopped."), field="at")
        row.pauses.filter(resumed_at=None).update(resumed_at=at, resumed_by=by.pk)
        row.paused_at = None
        count_anew(row, at=at)
        row.save(update_fields=[*COUNTED, "paused_at"])
    _record("deadline.resumed", subject, found, by=by, at=at)
    return found


def extend(*, deadline: Deadline, new_due_at: datetime, reason: str, by: Any, at: datetime) -> Deadline:
    """Grant more time (domain rule V17: a prosecutor, with a reason). Periods in days end with the day of `new_due_at`.

    Raises Moved when the act is done or cancelled by now, DomainError without a reason, when the law allows no
    extension, or when the new end is not later than the present one.
    """
    if not reason.strip():
        raise DomainError(_("Give the reason for more time."), field="reason")
    open_rows = Deadline.objects.open().select_related("rule").select_for_update(of=("self",))
    row = open_rows.filter(pk=deadline.pk).first()
    if row is None:
        raise Moved()
    if not row.rule.extendable:
        raise DomainError(_("This period cannot be extended."), code="not_extendable")
    if row.unit != Unit.HOUR:
        new_due_at = days.end_of_day(days.local_day(new_due_at))
    if new_due_at <= row.due_at:
        raise DomainError(_("The new date must be later than the present one."), field="new_due_at")
    DeadlineExtension(
        deadline=row,
        old_due_at=row.due_at,
        new_due_at=new_due_at,
        reason=reason.strip(),
        approved_at=at,
        approved_by=by.pk,
    ).save(force_insert=True)
    old_due_at = row.due_at
    count_anew(row, at=at)
    if row.paused_at:
        row.next_reminder_at = None
    row.save(update_fields=COUNTED)
    facts = {"code": row.code, "old_due_at": old_due_at.isoformat(), "new_due_at": row.due_at.isoformat()}
    audit.record("deadline.extended", row, by=by, at=at, facts=facts)
    announce([row])
    return row


def _record(verb: str, subject: Model, rows: list[Deadline], *, by: Any, at: datetime) -> None:
    if rows:
        audit.record(verb, subject, by=by, at=at, facts={"codes": sorted({row.code for row in rows})})
        announce(rows)
