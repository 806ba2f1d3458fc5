"""Starting and ending clocks. They follow from facts, so they are not events of their own in the audit."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Model

from socialwork.core.errors import Moved
from socialwork.deadlines import calendar as days
from socialwork.deadlines import hooks, queries, rules
from socialwork.deadlines.models import Deadline
from socialwork.deadlines.models.clocks import DeadlineQuerySet


def start(
    *, code: str, subject: Model, organ_id: UUID, agency_id: UUID | None = None, owner_role: str | None = None,
    owner_id: UUID | None = None, started_at: datetime, occurrence: str = "", amount: int | None = None,
    unit: str | None = None, due_on: date | None = None, in_custody: bool = False, urgent: bool = False,
    agreement_id: UUID | None = None, service: str | None = None, referral_id: UUID | None = None,
) -> Deadline:  # fmt: skip
    """Start the clock `code` for a row because a fact (`started_at`) calls for it.

    The rule decides the time limit (`rules.rule_for`), unless `amount` and `unit`, or the last day itself (`due_on`,
    which stands as named, day off or not), were chosen for this one clock. `owner_role` replaces the rule's.
    Starting the same clock again from the same fact gives the running one; from another fact it is refused.
    Raises rules.NoRule, DomainError for a choice the rule forbids, Moved.
    """
    ids = {"organ_id": organ_id, "agreement_id": agreement_id, "referral_id": referral_id}
    rule = rules.rule_for(code, on=days.local_day(started_at), service=service, **ids).rule
    terms = rules.terms_of(rule, in_custody=in_custody, urgent=urgent, amount=amount, unit=unit)
    if due_on is not None:
        rules.check_named_day(rule, started_at=started_at, due_on=due_on, in_custody=in_custody)
    named = rules.named_day(started_at, due_on)
    reckoned = rules.reckon(started_at=started_at, terms=terms, calendar=days.stored(), moved=named)
    deadline = Deadline(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, code=code, occurrence=occurrence,
        agency_id=agency_id, service=service or "", owner_role=owner_role or rule.owner_role, owner_id=owner_id,
        started_at=started_at, in_custody=in_custody, urgent=urgent, amount_chosen=amount is not None, due_on=due_on,
        **ids,
    )  # fmt: skip
    take_over(deadline, rule, terms, reckoned)
    schedule_reminder(deadline, at=started_at)
    return _insert(deadline)


def _insert(deadline: Deadline) -> Deadline:
    # Two callers at once: the constraint lets one row in, and both read that one, without breaking the transaction.
    Deadline.objects.bulk_create([deadline], ignore_conflicts=True)
    act = {name: getattr(deadline, name) for name in ("subject_type", "subject_id", "code", "occurrence")}
    standing = Deadline.objects.open().filter(**act).first()
    if standing is None or standing.started_at != deadline.started_at:
        raise Moved()
    if standing.pk == deadline.pk:
        announce([standing])
    return standing


def meet(*, subject: Model, code: str, at: datetime, occurrence: str = "") -> Deadline | None:
    """The act was done at that instant: the clock ends. None when no such clock is open: twice is no error."""
    rows = _open_for_change(subject).filter(code=code, occurrence=occurrence)
    return next(iter(_end(rows, at=at, stamp="met_at")), None)


def cancel(
    *, subject: Model, at: datetime, code: str | None = None, occurrence: str | None = None
) -> list[Deadline]:
    """The act is no longer called for. Without `code` all open clocks of the row end, e.g. when it is withdrawn."""
    rows = _open_for_change(subject)
    if code is not None:
        rows = rows.filter(code=code)
    if occurrence is not None:
        rows = rows.filter(occurrence=occurrence)
    return _end(rows, at=at, stamp="cancelled_at")


def _end(rows: DeadlineQuerySet, *, at: datetime, stamp: str) -> list[Deadline]:
    ended = list(rows)
    for deadline in ended:
        if deadline.paused_at is not None:
            stopped = max(at, deadline.paused_at)
            deadline.pauses.filter(resumed_at=None).update(resumed_at=stopped)
            count_anew(deadline, at=stopped)
            deadline.paused_at = None
        setattr(deadline, stamp, at)
        deadline.next_reminder_at = None
        deadline.save(update_fields=[*COUNTED, "paused_at", stamp])
    if ended and stamp == "met_at":
        hooks.clocks_met.send(sender=Deadline, deadlines=ended)
    announce(ended)
    return ended


def hand_over(*, subject: Model, owner_id: UUID | None, owner_role: str | None = None) -> int:
    """Another person owes the open acts of a row from now on; with `owner_role` only the acts of that role."""
    rows = Deadline.objects.open().of_subject(subject)
    if owner_role is not None:
        rows = rows.filter(owner_role=owner_role)
    changed = rows.update(owner_id=owner_id)
    if changed:
        hooks.schedule_changed.send(
            sender=Deadline, subject_type=subject._meta.label_lower, subject_ids=[subject.pk]
        )
    return changed


def change_custody(*, subject: Model, in_custody: bool, at: datetime) -> list[Deadline]:
    """The person was taken into or released from custody: ends that rest on a holiday are counted again (CPL 105)."""
    rows = list(_open_for_change(subject).exclude(in_custody=in_custody))
    for deadline in rows:
        deadline.in_custody = in_custody
        count_anew(deadline, at=at)
        deadline.save(update_fields=[*COUNTED, "in_custody"])
    announce(rows)
    return rows


# What `count_anew` and `take_over` may change on a row.
COUNTED = [
    "rule", "level", "kind", "title_en", "title_zh", "basis_en", "basis_zh",
    "amount", "unit", "counted_from", "due_at", "assumed_years", "next_reminder_at",
]  # fmt: skip


def count_anew(deadline: Deadline, *, at: datetime, calendar: days.WorkingCalendar | None = None) -> None:
    """Set the end of a locked row from its facts under the rule it has; the caller saves."""
    terms = queries.terms_under(deadline, deadline.rule)
    reckoned = queries.count_again(deadline, terms, calendar or days.stored())
    take_over(deadline, deadline.rule, terms, reckoned)
    schedule_reminder(deadline, at=at)


def take_over(deadline: Deadline, rule: rules.DeadlineRule, terms: rules.Terms, reckoned: rules.Reckoned) -> None:
    """Write a rule's words, terms and the counted end on a row; the caller saves."""
    deadline.copy_terms(
        rule,
        amount=terms.amount,
        unit=terms.unit,
        counted_from=deadline.started_at + reckoned.added,
        due_at=reckoned.due_at,
        assumed_years=list(reckoned.assumed_years),
    )


def schedule_reminder(deadline: Deadline, *, at: datetime) -> None:
    """When to look at this row next: at once if a point has been reached, which is sent only if it was not sent yet."""
    dates = {"counted_from": deadline.counted_from, "due_at": deadline.due_at}
    reached = rules.reminder_reached(deadline.rule, **dates, at=at)
    deadline.next_reminder_at = (
        reached.fell_due_at if reached else rules.next_reminder(deadline.rule, **dates, after=at)
    )


def announce(deadlines: Iterable[Deadline]) -> None:
    """Tell whoever keeps a copy of the next act."""
    subjects: dict[str, set[UUID]] = {}
    for deadline in deadlines:
        subjects.setdefault(deadline.subject_type, set()).add(deadline.subject_id)
    for subject_type, ids in subjects.items():
        hooks.schedule_changed.send(sender=Deadline, subject_type=subject_type, subject_ids=sorted(ids))


def _open_for_change(subject: Model) -> DeadlineQuerySet:
    rows = Deadline.objects.open().of_subject(subject).select_related("rule")
    return rows.select_for_update(of=("self",)).order_by("id")
