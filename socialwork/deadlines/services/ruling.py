"""Changing a rule: see the difference first, then adopt it; open deadlines follow in the same transaction."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from socialwork import audit
from socialwork.core.errors import DomainError
from socialwork.deadlines import queries
from socialwork.deadlines.models import Deadline, DeadlineRule
from socialwork.deadlines.services.clocks import COUNTED, announce, schedule_reminder, take_over
from socialwork.deadlines.wording import Kind


def preview_rule_change(*, rule: DeadlineRule) -> list[queries.DueChange]:
    """What `adopt_rule` would change, without changing anything. `rule` is a new version, not yet saved.

    Raises the same errors as adopting it.
    """
    with transaction.atomic():
        _place(rule)
        found = list(queries.changes(Deadline.objects.filter(code=rule.code)))
        transaction.set_rollback(True)
    rule._state.adding = True
    return found


def adopt_rule(*, rule: DeadlineRule, by: Any, at: datetime) -> list[queries.DueChange]:
    """Put a new version of a rule in force and move the open deadlines it touches.

    It follows the version of the same code, level and scope that is in force on its first day, which ends there. A
    clock is under the version in force on the day it started, so open clocks move only when the new version begins
    before they did. Raises DomainError for a local rule against a period fixed by law.
    """
    with transaction.atomic():
        _place(rule)
        facts = {
            "code": rule.code,
            "level": rule.level,
            "scope_id": str(rule.scope_id or ""),
            "service": rule.service,
            "amount": rule.amount,
            "unit": rule.unit,
            "effective_from": rule.effective_from.isoformat(),
        }
        audit.record("deadline_rule.adopted", rule, by=by, at=at, facts=facts)
        return recompute_open(rule=rule, at=at)


def recompute_open(
    *, rule: DeadlineRule | None = None, dry_run: bool = False, at: datetime | None = None
) -> list[queries.DueChange]:
    """Count all open deadlines (of one rule's code) again and give the differences; `dry_run` writes nothing."""
    touched = Deadline.objects.filter(code=rule.code) if rule else Deadline.objects.all()
    if dry_run:
        return list(queries.changes(touched))
    # Locked in the order every other service locks them.
    list(touched.open().select_for_update(of=("self",)).order_by("id").values_list("id", flat=True))
    found = list(queries.changes(touched))
    for change in found:
        row = change.deadline
        take_over(row, change.rule, change.terms, change.reckoned)
        if row.paused_at is None:
            schedule_reminder(row, at=at or timezone.now())
        row.save(update_fields=COUNTED)
    announce(change.deadline for change in found)
    return found


def _place(rule: DeadlineRule) -> None:
    versions = DeadlineRule.objects.filter(code=rule.code)
    from_then_on = Q(effective_until=None) | Q(effective_until__gt=rule.effective_from)
    if rule.kind == Kind.LOCAL and versions.filter(from_then_on, kind=Kind.STATUTORY).exists():
        raise DomainError(_("This period is fixed by law and cannot be set locally."), code="fixed_by_law")
    same = versions.filter(level=rule.level, scope_id=rule.scope_id, service=rule.service)
    same.filter(from_then_on, effective_from__lt=rule.effective_from).update(effective_until=rule.effective_from)
    try:
        rule.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=None if field == NON_FIELD_ERRORS else field) from error
    rule.save(force_insert=True)
