"""What must be done now, merged from the lists of the person's roles, earliest due first."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet

from cases.filters import CaseFilter, open_cases
from cases.models import Case, HandOver, ServiceRecord
from cases.models.assigning import HAS_ENDED
from cases.models.recording import RecordKind
from cases.states import WORKING
from referrals.filters import ReferralFilter
from referrals.models import NO_DUE, Referral
from referrals.services.clocks import NEXT_ACT
from socialwork.access.api import permitted
from socialwork.access.listing import Counted, Sort, capped_counts, list_rows
from socialwork.access.roles import Role
from socialwork.deadlines.calendar import end_of_day
from socialwork.notifications.models import Notice
from socialwork.today.acts import DUTIES, codes_of

MOST_ACTS = 10
# Nobody counsels in more open cases at once.
MOST_SESSIONS = 100
MOST_NEWS = 6
DUE = Sort("next_due_at")
# The one act that is still owed on a case that has ended.
AFTER_THE_END = "record_follow_up"
ORGAN = (Role.PROSECUTOR, Role.UNIT_HEAD)
TAKING_OVER = (Role.SOCIAL_WORKER, Role.SUPERVISOR, Role.COUNSELLOR)
RECEIVERS = (Role.AGENCY_INTAKE, Role.AGENCY_MANAGER)
ON_CASES = (*ORGAN, Role.AGENCY_MANAGER, Role.AGENCY_INTAKE, Role.SOCIAL_WORKER, Role.SUPERVISOR, Role.COUNSELLOR)


@dataclass(frozen=True)
class Figure:
    """A number on Today: the list it leads to and the filters of that list. It is counted with the list's own filters."""

    label: Any
    page: str
    query: str
    roles: tuple[Role, ...]
    late: bool = False

    @property
    def counted(self) -> Counted:
        model, filters = (Case, CaseFilter) if self.page == "cases:list" else (Referral, ReferralFilter)
        return Counted(model, _chosen(filters, model, self.query).filter_queryset, sort=DUE)


@cache
def _chosen(filters: type[FilterSet], model: type[Model], query: str) -> FilterSet:
    """The filters of a list with a fixed choice. They ask nobody but the clock, so one of each serves everybody."""
    built = filters(QueryDict(query), queryset=model._default_manager.none())
    built.form.is_valid()
    return built


FIGURES = (
    Figure(_("Drafts"), "referrals:list", "state=draft", ORGAN),
    Figure(_("With agencies, unanswered"), "referrals:list", "state=issued", ORGAN),
    Figure(_("To be answered"), "referrals:inbox", "state=issued", RECEIVERS),
    Figure(_("Referrals past the date"), "referrals:list", "overdue=on", ORGAN, late=True),
    Figure(_("Referrals past the date"), "referrals:inbox", "overdue=on", RECEIVERS, late=True),
    Figure(_("Cases in progress"), "cases:list", "", ON_CASES),
    Figure(_("Cases past the date"), "cases:list", "due=overdue", ON_CASES, late=True),
)


def must_act(user: Any) -> list[Any]:
    """At most MOST_ACTS referrals and cases whose next act is this person's."""
    rows: list[Any] = []
    for model, acts in _duties(user).items():
        listed = list_rows(
            model, user, sort=DUE, size=MOST_ACTS, narrow=partial(waiting_for, acts=tuple(sorted(acts))), shape=for_act,
        )
        rows.extend(listed.rows)
    if user.has_role(Role.COUNSELLOR):
        rows = _with_sessions(rows, user)
    return sorted(rows, key=lambda row: (row.next_due_at, row.created_at))[:MOST_ACTS]


def waiting_for(rows: QuerySet, acts: tuple[str, ...]) -> list[QuerySet]:
    """The rows whose next act is one of these; it is also said where such rows stand, which leads the database to them.

    A case that has ended waits for something only while a day is set for it.
    """
    waiting = rows.filter(next_act__in=codes_of(acts))
    if rows.model is Referral:
        return [waiting.filter(state__in=[state for state, act in NEXT_ACT.items() if act in acts])]
    found = [open_cases(waiting)]
    if AFTER_THE_END in acts:
        found.append(rows.filter(HAS_ENDED, next_act__in=codes_of((AFTER_THE_END,)), next_due_at__lt=NO_DUE))
    return found


def hand_overs(user: Any) -> list[HandOver]:
    """Parts of cases that are offered to this person and wait for an answer, longest waiting first."""
    rows = _offered(permitted(HandOver, user), user)
    return list(rows.select_related("case", "giver").order_by("offered_at", "id")[:MOST_ACTS])


def _offered(rows: QuerySet, user: Any) -> QuerySet:
    return rows.filter(receiver=user, accepted_at=None, withdrawn_at=None)


def _with_sessions(rows: list[Any], user: Any) -> list[Any]:
    """The sessions a counsellor agreed on join the rows: the one act a row carries may be the workers' and come first."""
    found = {row.pk: row for row in rows}
    listed = list_rows(
        Case, user, sort=DUE, size=MOST_SESSIONS, shape=for_sessions,
        narrow=lambda arm: open_cases(arm).filter(counsellor=user, state__in=WORKING),
    )
    for row in listed.rows:
        if row.session_on and row.pk not in found:
            row.next_act, row.next_due_at = "log_counselling", end_of_day(row.session_on)
            found[row.pk] = row
    return list(found.values())


def for_act(rows: QuerySet) -> QuerySet:
    """What a line of the day shows."""
    return rows.select_related("juvenile")


def for_sessions(rows: QuerySet) -> QuerySet:
    """A line of the day about a case with the day agreed at the last counselling session for the next."""
    held = ServiceRecord.objects.filter(case=OuterRef("pk"), kind=RecordKind.COUNSELLING).order_by("-started_at", "-id")
    return for_act(rows).annotate(session_on=Subquery(held.values("next_on")[:1]))


def news(user: Any) -> list[Notice]:
    """The latest unread notices."""
    rows = Notice.objects.filter(recipient=user, read_at=None).exclude(level=Notice.Level.LOG)
    return list(rows.order_by("-created_at", "-id")[:MOST_NEWS])


def figures(user: Any) -> tuple[list[tuple[Figure, int]], int]:
    """The numbers of the person's roles, and how many hand-overs wait for the person, in one query."""
    mine = [figure for figure in FIGURES if user.has_role(*figure.roles)]
    counted = [figure.counted for figure in mine]
    if user.has_role(*TAKING_OVER):
        counted.append(Counted(HandOver, lambda arm: _offered(arm, user)))
    counts = capped_counts(user, counted)
    return list(zip(mine, counts, strict=False)), sum(counts[len(mine) :])


def _duties(user: Any) -> dict[type[Model], list[str]]:
    found: dict[type[Model], list[str]] = {}
    for role in user.roles:
        for duty in DUTIES.get(Role(role), ()):
            found.setdefault(duty.model, []).extend(duty.acts)
    return found


def has_due(row: Any) -> bool:
    return row.next_due_at < NO_DUE
