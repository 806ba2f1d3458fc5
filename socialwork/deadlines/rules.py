"""Which rule applies, and what it makes of the facts: the whole arithmetic of a deadline, without writing anything."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from socialwork.core.errors import DomainError
from socialwork.core.statements import ask
from socialwork.deadlines import calendar as days
from socialwork.deadlines.models import DeadlineRule
from socialwork.deadlines.models.rules import DeadlineRuleQuerySet
from socialwork.deadlines.wording import PRECEDENCE, Kind, Level, Unit


class NoRule(DomainError):
    """No version of a rule is in force for this act on that day; the reference data is not loaded or has a gap."""

    def __init__(self, rule: str) -> None:
        super().__init__(
            _("No deadline rule %(rule)s is in force on this day. Ask the operator of the system.") % {"rule": rule},
            code="no_rule",
        )


@dataclass(frozen=True)
class Scope:
    """What a clock belongs to, from the widest to the narrowest level that may have a rule of its own."""

    organ_id: UUID | None = None
    agreement_id: UUID | None = None
    service: str = ""
    referral_id: UUID | None = None

    def covers(self, rule: DeadlineRule) -> bool:
        """Whether the rule was set for this piece of work."""
        match rule.level:
            case Level.ORGAN:
                return rule.scope_id == self.organ_id
            case Level.AGREEMENT:
                return rule.scope_id == self.agreement_id
            case Level.SERVICE:
                return rule.service == self.service and rule.scope_id in (None, self.organ_id)
            case Level.REFERRAL:
                return rule.scope_id == self.referral_id
        return True


@dataclass(frozen=True)
class ResolvedRule:
    """The version that applies, and the level that won."""

    rule: DeadlineRule
    level: Level


@dataclass(frozen=True)
class Terms:
    """How long, and whether the last day may move: what a rule says for one clock."""

    amount: int
    unit: Unit
    roll_over: bool = False
    in_custody: bool = False


@dataclass(frozen=True)
class Span:
    """A finished pause."""

    paused_at: datetime
    resumed_at: datetime


@dataclass(frozen=True)
class Moved:
    """An end set by a person: from `approved_at` on the count goes on from `new_due_at`."""

    approved_at: datetime
    new_due_at: datetime


@dataclass(frozen=True)
class Reckoned:
    """When it is due, the years whose holidays had to be assumed (`calendar.missing_years`), what the pauses added."""

    due_at: datetime
    assumed_years: tuple[int, ...] = ()
    added: timedelta = timedelta()


def rule_for(
    code: str,
    *,
    on: date,
    organ_id: UUID | None = None,
    agreement_id: UUID | None = None,
    service: str | None = None,
    referral_id: UUID | None = None,
) -> ResolvedRule:
    """The rule for a clock of that code started on that day. Raises NoRule.

    Later levels win: installation, organ, agreement, kind of service, referral (source: domain rules, "Deadlines").
    A period fixed by law wins over all of them.
    """
    scope = Scope(organ_id, agreement_id, service or "", referral_id)
    return choose(ask(_rules_near, code, organ_id, agreement_id, referral_id), code, scope, on)


def _rules_near(code: str, *scopes: UUID | None) -> DeadlineRuleQuerySet:
    return DeadlineRule.objects.filter(code=code).near(scopes)


def rules_near(codes: Iterable[str], scopes: Iterable[UUID | None]) -> dict[str, list[DeadlineRule]]:
    """Rules by code that may hold in these scopes, in one query: for `choose`, where several clocks are looked at."""
    found: dict[str, list[DeadlineRule]] = {}
    wanted = list(codes)
    for rule in DeadlineRule.objects.filter(code__in=wanted).near(list(scopes)) if wanted else ():
        found.setdefault(rule.code, []).append(rule)
    return found


def choose(rules: Iterable[DeadlineRule], code: str, scope: Scope, on: date) -> ResolvedRule:
    """The same for rules already read; all of them must be of that code. Raises NoRule."""
    fitting = [rule for rule in rules if rule.in_force(on) and scope.covers(rule)]
    if not fitting:
        raise NoRule(code)
    winner = max(fitting, key=_rank)
    return ResolvedRule(winner, Level(winner.level))


def _rank(rule: DeadlineRule) -> tuple[bool, int, bool]:
    return rule.kind == Kind.STATUTORY, PRECEDENCE.index(Level(rule.level)), rule.scope_id is not None


def terms_of(
    rule: DeadlineRule,
    *,
    in_custody: bool = False,
    urgent: bool = False,
    amount: int | None = None,
    unit: str | None = None,
) -> Terms:
    """The rule's terms for one clock, or the amount chosen for it. Raises DomainError when that is not allowed."""
    if amount is not None or unit is not None:
        _check_choice(rule, amount=amount, unit=unit or rule.unit, in_custody=in_custody)
        chosen, counted_in = amount or 0, unit or rule.unit
    elif urgent and rule.urgent_amount:
        chosen, counted_in = rule.urgent_amount, rule.urgent_unit
    else:
        chosen, counted_in = rule.amount, rule.unit
    return Terms(amount=chosen, unit=Unit(counted_in), roll_over=rule.roll_over, in_custody=in_custody)


def named_day(started_at: datetime, due_on: date | None) -> Moved | None:
    """A last day that was named from the start, in the form `reckon` takes."""
    return Moved(started_at, days.end_of_day(due_on)) if due_on else None


def check_named_day(rule: DeadlineRule, *, started_at: datetime, due_on: date, in_custody: bool) -> None:
    """Raises DomainError when the last day may not be named, lies before the start or beyond the rule's ceiling."""
    if rule.kind == Kind.STATUTORY:
        raise DomainError(_("This period is fixed by law and cannot be chosen."), code="fixed_by_law", field="due_on")
    first = days.local_day(started_at)
    if due_on < first:
        raise DomainError(_("The last day cannot lie before the day the time starts."), field="due_on")
    ceiling = _ceiling(rule, in_custody=in_custody)
    if ceiling is None:
        return
    latest = _last_day(first, Terms(ceiling, Unit(rule.unit)), days.stored())
    if due_on > latest:
        raise DomainError(
            _("The last day can be %(day)s at the latest. %(frame)s")
            % {"day": date_format(latest, "DATE_FORMAT"), "frame": rule.legal_frame},
            code="above_ceiling",
            field="due_on",
        )


def _ceiling(rule: DeadlineRule, *, in_custody: bool) -> int | None:
    if in_custody and rule.ceiling_in_custody is not None:
        return rule.ceiling_in_custody
    return rule.ceiling_amount


def _check_choice(rule: DeadlineRule, *, amount: int | None, unit: str, in_custody: bool) -> None:
    if rule.kind == Kind.STATUTORY:
        raise DomainError(_("This period is fixed by law and cannot be chosen."), code="fixed_by_law", field="amount")
    if amount is None or amount < 1 or unit not in Unit.values:
        raise DomainError(_("Give the time limit as a number of at least 1 with its unit."), field="amount")
    ceiling = _ceiling(rule, in_custody=in_custody)
    if ceiling is not None and unit == rule.unit and amount > ceiling:
        raise DomainError(
            _("The time limit can be %(ceiling)s %(unit)s at most. %(frame)s")
            % {"ceiling": ceiling, "unit": Unit(unit).label, "frame": rule.legal_frame},
            code="above_ceiling",
            field="amount",
        )


def reckon(
    *,
    started_at: datetime,
    terms: Terms,
    calendar: days.WorkingCalendar,
    pauses: Sequence[Span] = (),
    moved: Moved | None = None,
) -> Reckoned:
    """Count from the facts alone. The result is never earlier than `started_at`.

    A pause keeps what remained of the period when the clock stopped; it runs on from the restart, and where nothing
    remained the period ends with the day of the restart. The day on which the clock stops still counts, the day on
    which it starts again does not, as the first day of a period never does (CPL 105); hours are kept to the second.
    A period that has run out is not revived by a later pause. An unfinished pause moves nothing yet.
    """
    spans = sorted(pauses, key=lambda span: span.paused_at)
    if moved is not None:
        spans = [
            Span(max(span.paused_at, moved.approved_at), span.resumed_at)
            for span in spans
            if span.resumed_at > moved.approved_at
        ]
    end = _end(started_at, terms, calendar, spans, moved)
    if not spans:
        return end
    return replace(end, added=end.due_at - _end(started_at, terms, calendar, (), moved).due_at)


def _end(
    started_at: datetime, terms: Terms, calendar: days.WorkingCalendar, spans: Sequence[Span], moved: Moved | None
) -> Reckoned:
    if terms.unit == Unit.HOUR:
        due_at = moved.new_due_at if moved else days.add_hours(started_at, terms.amount)
        for span in spans:
            if span.paused_at <= due_at:
                due_at = span.resumed_at + (due_at - span.paused_at)
        return Reckoned(due_at)
    if moved is not None and not spans:
        return Reckoned(days.end_of_day(days.local_day(moved.new_due_at)))
    return _end_in_days(started_at, terms, calendar, spans, moved)


def _end_in_days(
    started_at: datetime, terms: Terms, calendar: days.WorkingCalendar, spans: Sequence[Span], moved: Moved | None
) -> Reckoned:
    first = days.local_day(started_at)
    rolls = terms.unit == Unit.WORKING_DAY or (terms.roll_over and not terms.in_custody)
    last = days.local_day(moved.new_due_at) if moved else _last_day(first, terms, calendar)
    for span in spans:
        stopped, restarted = days.local_day(span.paused_at), days.local_day(span.resumed_at)
        if stopped <= (calendar.roll_over(last) if rolls else last):
            if terms.unit == Unit.WORKING_DAY:
                last = calendar.add_working_days(restarted, calendar.working_days_between(stopped, last))
            else:
                last = days.add_calendar_days(restarted, max(0, (last - stopped).days))
    if not rolls:
        return Reckoned(days.end_of_day(last))
    rolled = calendar.roll_over(last)
    touched_from = first if terms.unit == Unit.WORKING_DAY else last
    return Reckoned(days.end_of_day(rolled), calendar.missing_years(touched_from, rolled))


def _last_day(first: date, terms: Terms, calendar: days.WorkingCalendar) -> date:
    if terms.unit == Unit.WORKING_DAY:
        return calendar.add_working_days(first, terms.amount)
    if terms.unit == Unit.MONTH:
        return days.add_months(first, terms.amount)
    return days.add_calendar_days(first, terms.amount)


@dataclass(frozen=True)
class Reminder:
    """A point of the schedule that was reached: its name, its instant, and how many steps of the ladder it climbs."""

    point: str
    fell_due_at: datetime
    steps: int


def reminder_reached(rule: DeadlineRule, *, counted_from: datetime, due_at: datetime, at: datetime) -> Reminder | None:
    """The latest point reached at that instant, or None before the first.

    "50" and "80" percent, "due", then "overdue-1", "overdue-2" … each `repeat_hours` later and one step further up
    the ladder. Points missed while the system stood still are not sent one by one: the latest says it all.
    """
    late = at - due_at
    step = timedelta(hours=rule.repeat_hours)
    if late >= timedelta():
        count = late // step if step else 0
        if count:
            return Reminder(f"overdue-{count}", due_at + step * count, min(count, len(rule.escalation)))
        if 100 in rule.reminder_points:
            return Reminder("due", due_at, 0)
    reached = [point for point in rule.reminder_points if point < 100 and _instant(point, counted_from, due_at) <= at]
    if not reached:
        return None
    return Reminder(str(max(reached)), _instant(max(reached), counted_from, due_at), 0)


def next_reminder(rule: DeadlineRule, *, counted_from: datetime, due_at: datetime, after: datetime) -> datetime | None:
    """The first point of the schedule later than that instant, or None when there is none."""
    ahead = [_instant(point, counted_from, due_at) for point in rule.reminder_points]
    ahead = [instant for instant in ahead if instant > after]
    if rule.repeat_hours:
        step = timedelta(hours=rule.repeat_hours)
        ahead.append(due_at + step * max(1, (after - due_at) // step + 1))
    return min(ahead, default=None)


def _instant(point: int, counted_from: datetime, due_at: datetime) -> datetime:
    return counted_from + (due_at - counted_from) * point / 100
