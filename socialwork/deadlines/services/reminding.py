"""Reminders: what has been reached is written down once and told once."""
from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from socialwork.deadlines import hooks, rules
from socialwork.deadlines.models import Deadline, DeadlineReminder

RETRY_AFTER = timedelta(minutes=10)

log = structlog.get_logger(__name__)


def remind(*, at: datetime, limit: int = 500) -> int:
    """Send the reminders whose time has come, at most `limit`, and give their number.

    It decides nothing: a deadline is overdue because of its end, whether or not this ever runs. Each reminder is
    written together with what the receivers of `hooks.reminder_due` write; a receiver that fails leaves its deadline
    for the next run and does not hold up the others. Two runs at once do not take the same rows.
    """
    rows = Deadline.objects.awaiting_reminder(at).select_related("rule").order_by("next_reminder_at", "id")
    with transaction.atomic():
        chosen = list(rows.select_for_update(of=("self",), skip_locked=True)[:limit])
        return sum(_remind_safely(deadline, at=at) for deadline in chosen)


def _remind_safely(deadline: Deadline, *, at: datetime) -> bool:
    try:
        with transaction.atomic():
            return _remind(deadline, at=at)
    except Exception as error:
        # Every receiver is foreign code: one that breaks must delay its own notice only.
        Deadline.objects.filter(pk=deadline.pk).update(next_reminder_at=at + RETRY_AFTER)
        log.error("reminder_failed", deadline=str(deadline.pk), error=type(error).__name__)
        return False


def _remind(deadline: Deadline, *, at: datetime) -> bool:
    rule, dates = deadline.rule, {"counted_from": deadline.counted_from, "due_at": deadline.due_at}
    deadline.next_reminder_at = rules.next_reminder(rule, **dates, after=at)
    deadline.save(update_fields=["next_reminder_at"])
    reached = rules.reminder_reached(rule, **dates, at=at)
    if reached is None:
        return False
    # The locked deadline keeps every other run away between the question and the insert.
    if deadline.reminders.filter(for_due_at=deadline.due_at, point=reached.point).exists():
        return False
    reminder = DeadlineReminder(
        deadline=deadline,
        for_due_at=deadline.due_at,
        point=reached.point,
        fell_due_at=reached.fell_due_at,
        roles=list(dict.fromkeys([deadline.owner_role, *rule.escalation[: reached.steps]])),
    )
    reminder.save(force_insert=True)
    hooks.reminder_due.send(sender=Deadline, deadline=deadline, reminder=reminder, roles=list(reminder.roles))
    return True
