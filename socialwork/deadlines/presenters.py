"""How a deadline reads on a screen, in a notice and in the API: the same words everywhere."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from socialwork.core.dates import day_words
from socialwork.deadlines import calendar as days
from socialwork.deadlines.models import Deadline, DeadlineRule
from socialwork.deadlines.wording import Kind, Level, State, Unit

Tone = Literal["calm", "soon", "overdue", "none"]

# From this many days before the end on, the mark changes from calm to soon.
SOON_DAYS = 2
# A shape for each tone, so that no one depends on colour.
SYMBOLS: dict[Tone, str] = {"calm": "○", "soon": "△", "overdue": "◆", "none": "–"}
_LAST_SECOND = (23, 59, 59)


@dataclass(frozen=True)
class Due:
    """Distance to an end in words, with tone and shape; `iso_date` and `local_date_text` are empty without an end."""

    text: str
    tone: Tone
    iso_date: str = ""
    local_date_text: str = ""

    @property
    def symbol(self) -> str:
        return SYMBOLS[self.tone]


@dataclass(frozen=True)
class DeadlineView:
    """Everything a page shows of one deadline: sentence, distance, how it was counted, on what basis, any warning."""

    title: str
    due: Due
    period: str
    basis: str
    level: str
    state: str
    warning: str


def due_words(due_at: datetime | None, now: datetime, language: str | None = None) -> Due:
    """"3 days left", "due today", "2 days overdue" in days of Beijing; an end at a time of day also counts in hours.

    In the language of the page, which whoever writes many rows looks up once.
    Raises ValueError for an end without a time zone.
    """
    if due_at is None:
        return Due(_("No deadline"), "none")
    if due_at.tzinfo is None:
        raise ValueError("an end needs a time zone")
    last, clock = _end(due_at)
    late = now - due_at if now > due_at else None
    hours = late // timedelta(hours=1) if late and clock and late < timedelta(days=1) else None
    return _due(language or get_language(), last, clock, (last - days.local_day(now)).days, late is not None, hours)


@lru_cache(maxsize=4000)
def _end(due_at: datetime) -> tuple[date, str]:
    """The last day in Beijing, and the time of day where the period does not end with its day."""
    local = due_at.astimezone(days.LEGAL_ZONE)
    return local.date(), _clock(local)


@lru_cache(maxsize=4000)
def _due(_language: str | None, last: date, clock: str, left: int, late: bool, hours: int | None) -> Due:
    """Kept: the rows of a list end on the same days again and again, and so do the lists of everybody else."""
    tone: Tone = "overdue" if late else "soon" if left <= SOON_DAYS else "calm"
    text = _late(hours, -left) if late else _ahead(clock, left)
    return Due(text, tone, last.isoformat(), _date_text(last, clock))


def _late(hours: int | None, gone: int) -> str:
    if hours == 0:
        return _("Less than an hour overdue")
    if hours:
        return ngettext("%(hours)d hour overdue", "%(hours)d hours overdue", hours) % {"hours": hours}
    return ngettext("%(days)d day overdue", "%(days)d days overdue", gone) % {"days": gone}


def _ahead(clock: str, left: int) -> str:
    if left == 0:
        return _("Due today at %(time)s") % {"time": clock} if clock else _("Due today")
    if left == 1 and clock:
        return _("Due tomorrow at %(time)s") % {"time": clock}
    return ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left}


def _date_text(last: date, clock: str) -> str:
    text = day_words(last)
    return f"{text} {clock}" if clock else text


def _clock(local: datetime) -> str:
    """The time of day, given in Beijing, or nothing for a period that ends with its day."""
    return "" if (local.hour, local.minute, local.second) == _LAST_SECOND else f"{local:%H:%M}"


def basis_words(*, kind: str, level: str, text: str) -> str:
    """"By law: article" or "Local practice (who set it)": a local period never reads as law, even beside an article."""
    if kind == Kind.STATUTORY:
        return _("By law: %(article)s") % {"article": text}
    words = _("Local practice (%(level)s)") % {"level": Level(level).label}
    if text:
        return _("%(local)s; legal limit: %(frame)s") % {"local": words, "frame": text}
    return words


def rule_basis(rule: DeadlineRule) -> str:
    """The basis of a rule, as `basis_words` puts it."""
    return basis_words(kind=rule.kind, level=rule.level, text=rule.legal_basis or rule.legal_frame)


def period_words(amount: int, unit: str) -> str:
    """"2 working days", "48 hours"."""
    match Unit(unit):
        case Unit.HOUR:
            return ngettext("%(amount)d hour", "%(amount)d hours", amount) % {"amount": amount}
        case Unit.WORKING_DAY:
            return ngettext("%(amount)d working day", "%(amount)d working days", amount) % {"amount": amount}
        case Unit.MONTH:
            return ngettext("%(amount)d month", "%(amount)d months", amount) % {"amount": amount}
    return ngettext("%(amount)d calendar day", "%(amount)d calendar days", amount) % {"amount": amount}


def assumed(years: Sequence[int]) -> str:
    """The warning that holidays had to be assumed, or nothing."""
    if not years:
        return ""
    names = pgettext("between items of a list", ", ").join(str(year) for year in years)
    return _(
        "The State Council's holidays of %(years)s are not loaded; Monday to Friday were counted as working days."
    ) % {"years": names}


def present(deadline: Deadline, now: datetime) -> DeadlineView:
    """One deadline for a page; its rule is not read."""
    return DeadlineView(
        title=deadline.title,
        due=_due_of(deadline, now),
        period=_period_of(deadline),
        basis=basis_words(kind=deadline.kind, level=deadline.level, text=deadline.basis),
        level=str(Level(deadline.level).label),
        state=str(deadline.state.label),
        warning=assumed(deadline.assumed_years),
    )


def _period_of(deadline: Deadline) -> str:
    if deadline.due_on:
        return _("Last day set when the time started")
    started = date_format(days.local_day(deadline.started_at), "DATE_FORMAT")
    return _("%(period)s from %(date)s") % {"period": period_words(deadline.amount, deadline.unit), "date": started}


def _due_of(deadline: Deadline, now: datetime) -> Due:
    match deadline.state:
        case State.OPEN:
            return due_words(deadline.due_at, now)
        case State.PAUSED:
            since = date_format(days.local_day(deadline.paused_at or now), "DATE_FORMAT")
            return Due(_("Clock stopped since %(date)s") % {"date": since}, "none")
        case State.MET:
            text = _("Done, but late") if deadline.met_late else _("Done in time")
        case _:
            text = _("No longer needed")
    last = days.local_day(deadline.due_at)
    return Due(text, "none", last.isoformat(), _date_text(last, _clock(deadline.due_at.astimezone(days.LEGAL_ZONE))))
