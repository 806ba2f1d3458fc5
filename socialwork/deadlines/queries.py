"""What is due. Callers pass identifiers of rows they may see; nothing here widens a right."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Prefetch, Q, Subquery

from socialwork.core.statements import ask
from socialwork.deadlines import calendar as days
from socialwork.deadlines import hooks, rules
from socialwork.deadlines.models import Deadline, DeadlineExtension, DeadlinePause, DeadlineRule
from socialwork.deadlines.models.clocks import DeadlineQuerySet
from socialwork.deadlines.wording import Level, in_chinese


@dataclass(frozen=True)
class Proposal:
    """What a clock would be if it were started: for showing a proposed time limit with its reason."""

    rule: DeadlineRule
    level: Level
    terms: rules.Terms
    due_at: datetime
    assumed_years: tuple[int, ...]


@dataclass(frozen=True)
class DueChange:
    """How one open deadline differs from what its facts and the rules now say."""

    deadline: Deadline
    rule: DeadlineRule
    terms: rules.Terms
    old_due_at: datetime
    reckoned: rules.Reckoned

    @property
    def new_due_at(self) -> datetime:
        return self.reckoned.due_at


@dataclass(frozen=True)
class Difference:
    """One finding of the reconciliation: `kind` is "moved", "stopped", "lost" or "left_over"."""

    kind: str
    subject_type: str
    subject_id: UUID
    code: str
    occurrence: str
    detail: str = ""


def next_open(subject_type: str, subject_id: UUID) -> Deadline | None:
    """The running deadline of a row that falls due first, or None. Paused ones do not fall due."""
    return next(iter(ask(_next_open, subject_type, subject_id)), None)


def _next_open(subject_type: str, subject_id: UUID) -> DeadlineQuerySet:
    return _first_due().filter(subject_type=subject_type, subject_id=subject_id)[:1]


def first_due(model: type[Model], subject_id: UUID) -> DeadlineQuerySet:
    """The running deadline of a row that falls due first, for a question of one's own (core.statements)."""
    return _next_open(model._meta.label_lower, subject_id)


def next_open_for(ids: Iterable[UUID], *, subject_type: str | None = None) -> dict[UUID, Deadline]:
    """The same for many rows at once, in one query; rows without a running deadline are missing from the answer."""
    found = _first_due().filter(subject_id__in=list(ids))
    if subject_type:
        found = found.filter(subject_type=subject_type)
    first = found.order_by("subject_id", "due_at", "id").distinct("subject_id")
    return {deadline.subject_id: deadline for deadline in first}


def title_of_act(subject_type: str, *, row: str = "pk", act: str = "next_act") -> Subquery:
    """The words of the running clock that stands as next act on a row of the outer query: read with the rows of a list."""
    running = _first_due().filter(subject_type=subject_type, subject_id=OuterRef(row), code=OuterRef(act))
    return Subquery(running.values("title_zh" if in_chinese() else "title_en")[:1])


def paused_for(ids: Iterable[UUID]) -> dict[UUID, Deadline]:
    """The paused deadline of each row that would be due first: says why a row has no next act."""
    found = Deadline.objects.paused().filter(subject_id__in=list(ids)).order_by("subject_id", "due_at", "id")
    return {deadline.subject_id: deadline for deadline in found.distinct("subject_id")}


def timeline(subject: Model) -> DeadlineQuerySet:
    """All deadlines of a row, past and coming, earliest end first, with their pauses and extensions."""
    return with_history(Deadline.objects.of_subject(subject)).order_by("due_at", "id")


def clocks_of(subject: Model) -> list[Deadline]:
    """All deadlines of a row, past and coming, earliest end first, as they stand: for showing, not for counting again."""
    return list(ask(_clocks_of, type(subject), subject.pk))


def open_clocks_of(subject: Model) -> list[Deadline]:
    """Those that are neither met nor cancelled, running or paused."""
    return list(ask(_open_clocks_of, type(subject), subject.pk))


def _clocks_of(model: type[Model], subject_id: UUID) -> DeadlineQuerySet:
    return Deadline.objects.filter(subject_type=model._meta.label_lower, subject_id=subject_id).order_by("due_at", "id")


def _open_clocks_of(model: type[Model], subject_id: UUID) -> DeadlineQuerySet:
    return _clocks_of(model, subject_id).open()


def with_history(deadlines: DeadlineQuerySet) -> DeadlineQuerySet:
    """The given deadlines with rule, pauses and extensions, whatever their number in three queries."""
    return deadlines.select_related("rule").prefetch_related(
        Prefetch("pauses", DeadlinePause.objects.order_by("paused_at", "id")),
        Prefetch("extensions", DeadlineExtension.objects.order_by("approved_at", "id")),
    )


def propose(
    code: str,
    *,
    started_at: datetime,
    organ_id: UUID,
    agreement_id: UUID | None = None,
    service: str | None = None,
    referral_id: UUID | None = None,
    in_custody: bool = False,
    urgent: bool = False,
) -> Proposal:
    """The deadline that `services.start` would write for the same facts, with its rule. Raises rules.NoRule."""
    found = rules.rule_for(
        code,
        on=days.local_day(started_at),
        organ_id=organ_id,
        agreement_id=agreement_id,
        service=service,
        referral_id=referral_id,
    )
    terms = rules.terms_of(found.rule, in_custody=in_custody, urgent=urgent)
    reckoned = rules.reckon(started_at=started_at, terms=terms, calendar=days.stored())
    return Proposal(found.rule, found.level, terms, reckoned.due_at, reckoned.assumed_years)


def terms_under(deadline: Deadline, rule: DeadlineRule) -> rules.Terms:
    """The terms of one deadline under a rule: an amount chosen for this clock stays, all else follows the rule."""
    if deadline.amount_chosen:
        return rules.Terms(deadline.amount, rules.Unit(deadline.unit), rule.roll_over, deadline.in_custody)
    return rules.terms_of(rule, in_custody=deadline.in_custody, urgent=deadline.urgent)


def count_again(deadline: Deadline, terms: rules.Terms, calendar: days.WorkingCalendar) -> rules.Reckoned:
    """The end of one deadline from its facts; reads its pauses and extensions (see `with_history`)."""
    extensions = sorted(deadline.extensions.all(), key=lambda row: (row.approved_at, row.id))
    moved = rules.named_day(deadline.started_at, deadline.due_on)
    if extensions:
        moved = rules.Moved(extensions[-1].approved_at, extensions[-1].new_due_at)
    return rules.reckon(
        started_at=deadline.started_at,
        terms=terms,
        calendar=calendar,
        pauses=[rules.Span(row.paused_at, row.resumed_at) for row in deadline.pauses.all() if row.resumed_at],
        moved=moved,
    )


def changes(deadlines: DeadlineQuerySet) -> Iterator[DueChange]:
    """Those of the given open deadlines whose rule, terms or end differ from what their facts and the rules say.

    A clock for which no rule is in force any more keeps the one it was started with.
    """
    book: dict[str, list[DeadlineRule]] = defaultdict(list)
    for rule in DeadlineRule.objects.order_by("code", "id"):
        book[rule.code].append(rule)
    calendar = days.stored()
    for row in with_history(deadlines.open()).order_by("id").iterator(chunk_size=1000):
        if change := _change_of(row, book[row.code], calendar):
            yield change


def _change_of(row: Deadline, versions: list[DeadlineRule], calendar: days.WorkingCalendar) -> DueChange | None:
    scope = rules.Scope(row.organ_id, row.agreement_id, row.service, row.referral_id)
    try:
        rule = rules.choose(versions, row.code, scope, days.local_day(row.started_at)).rule
    except rules.NoRule:
        rule = row.rule
    terms = terms_under(row, rule)
    reckoned = count_again(row, terms, calendar)
    counted = (reckoned.due_at, row.started_at + reckoned.added, list(reckoned.assumed_years))
    stored = (row.due_at, row.counted_from, row.assumed_years)
    if (rule.pk, terms.amount, terms.unit, *counted) == (row.rule_id, row.amount, row.unit, *stored):
        return None
    return DueChange(row, rule, terms, row.due_at, reckoned)


def differences() -> Iterator[Difference]:
    """The reconciliation: every open deadline against its facts, and every registered fact against the deadlines."""
    for change in changes(Deadline.objects.all()):
        row = change.deadline
        detail = f"{row.due_at.isoformat()} -> {change.new_due_at.isoformat()}"
        yield Difference("moved", row.subject_type, row.subject_id, row.code, row.occurrence, detail)
    stopped = DeadlinePause.objects.filter(deadline=OuterRef("pk"), paused_at=OuterRef("paused_at"), resumed_at=None)
    dangling = DeadlinePause.objects.filter(deadline=OuterRef("pk"), resumed_at=None)
    stamped = Q(paused_at__isnull=False)
    wrong = Deadline.objects.open().filter((stamped & ~Exists(stopped)) | (~stamped & Exists(dangling)))
    for row in wrong.order_by("id"):
        yield Difference("stopped", row.subject_type, row.subject_id, row.code, row.occurrence)
    for subject_type, source in hooks.registered_facts().items():
        yield from _against_facts(subject_type, source())


def _against_facts(subject_type: str, expected: Iterable[hooks.ExpectedClock]) -> Iterator[Difference]:
    standing = {
        (row.subject_id, row.code, row.occurrence): (row.started_at, row.in_custody)
        for row in Deadline.objects.open().filter(subject_type=subject_type).order_by("id")
    }
    for clock in expected:
        key = (clock.subject_id, clock.code, clock.occurrence)
        found = standing.pop(key, None)
        if found is None:
            yield Difference("lost", subject_type, *key)
        elif found != (clock.started_at, clock.in_custody):
            detail = f"started {found[0].isoformat()} -> {clock.started_at.isoformat()}"
            yield Difference("moved", subject_type, *key, detail=detail)
    for key in standing:
        yield Difference("left_over", subject_type, *key)


def _first_due() -> DeadlineQuerySet:
    return Deadline.objects.running().order_by("due_at", "id")
