"""When, where and who of a service record, and what follows from it: the rules both logging and correcting obey."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.queries_records import overlapping
from socialwork.core import vocabulary
from socialwork.core.errors import DomainError
from socialwork.core.identifiers import find_identifiers

# How an occasion went: codes of the form; the columns of the record repeat them as facts.
OUTCOMES = ("on_time", "late", "not_attended", "did_not_happen")
LONGEST = dt.timedelta(hours=24)
# Work may begin on a telephone call, before the letter; a day further back than this is a slip of the pen (local).
BEFORE_THE_LETTER = dt.timedelta(days=30)


@dataclass(frozen=True)
class Occasion:
    """When, where, who, and how it went. `outcome` is on_time, late, not_attended or did_not_happen."""

    started_at: datetime
    ended_at: datetime
    method: str = ""
    place: str = ""
    co_worker: Any = None
    outcome: str = "on_time"
    late_minutes: int = 0
    absence_reason: str = ""

    @property
    def present(self) -> bool:
        """Whether the person served (or interviewed) was there."""
        return self.outcome in ("on_time", "late")

    def co_worker_of(self, case: Case) -> bool:
        """Whether the second person belongs to this case."""
        return self.co_worker is not None and self.co_worker.pk in (case.lead_id, case.second_id, case.counsellor_id)

    def columns(self) -> dict[str, Any]:
        """The columns of a record; its clock shows minutes, as the forms do, so that a correction sees no other time."""
        reason = "" if self.present else self.absence_reason
        return {
            "started_at": self.started_at.replace(second=0, microsecond=0),
            "lasted": int((self.ended_at - self.started_at).total_seconds() // 60),
            "method": self.method,
            "place": self.place,
            "co_worker": self.co_worker,
            "happened": self.outcome != "did_not_happen",
            "attended": self.present,
            "late_minutes": self.late_minutes if self.outcome == "late" else 0,
            "absence_reason": reason,
            # The class follows from the reason, so nobody judges a child twice.
            "absence_class": vocabulary.term("not_attended_reason", reason).extra["group"] if reason else "",
        }


@dataclass(frozen=True)
class Sequel:
    """What follows: the next date, a message to the prosecutor, a crisis."""

    next_on: dt.date | None = None
    tell_prosecutor: str = ""
    crisis: str = ""


NOTHING = Sequel()


def check_occasion(occasion: Occasion, case: Case, *, by: Any, at: datetime) -> None:
    """V6, V7 and the facts of the outcome. Raises DomainError at the field that is wrong."""
    if occasion.ended_at <= occasion.started_at:
        raise DomainError(_("The end must lie after the beginning."), code="V6", field="ended")
    if occasion.ended_at - occasion.started_at > LONGEST:
        raise DomainError(_("Longer than a day: correct the times."), code="V6", field="ended")
    if occasion.ended_at > at:
        raise DomainError(_("This lies in the future: record it when it is over."), code="V7", field="ended")
    sent_at = case.referral.issued_at
    if sent_at is not None and occasion.started_at < sent_at - BEFORE_THE_LETTER:
        day = date_format(timezone.localdate(sent_at))
        raise DomainError(
            _("The referral was sent on %(day)s; this lies more than 30 days before it. Check the day.") % {"day": day},
            code="V7",
            field="on",
        )
    for field, name, value in (("method", "method", occasion.method), ("place", "place_type", occasion.place)):
        if value and value not in vocabulary.codes(name):
            raise DomainError(_("Choose one of the values offered."), code="unknown_term", field=field)
    if occasion.outcome not in OUTCOMES:
        raise DomainError(_("Choose one of the values offered."), code="unknown_term", field="outcome")
    if occasion.outcome == "late" and not 1 <= occasion.late_minutes <= 600:
        raise DomainError(_("Say how many minutes late."), code="required", field="late_minutes")
    if not occasion.present and occasion.absence_reason not in vocabulary.codes("not_attended_reason"):
        raise DomainError(_("Choose why it did not come about."), code="required", field="absence_reason")
    if occasion.co_worker is not None and (occasion.co_worker.pk == by.pk or not occasion.co_worker_of(case)):
        raise DomainError(_("Choose another person who works on this case."), code="co_worker", field="co_worker")


def check_sequel(sequel: Sequel, occasion: Occasion) -> None:
    """A next date after this one, a known crisis, no numbers of persons in a message (V24)."""
    if sequel.next_on and sequel.next_on < timezone.localdate(occasion.started_at):
        raise DomainError(_("The next date must lie after this one."), code="next_on", field="next_on")
    if sequel.crisis and sequel.crisis not in vocabulary.codes("crisis_type"):
        raise DomainError(_("Choose one of the values offered."), code="unknown_term", field="crisis")
    if find_identifiers(sequel.tell_prosecutor):
        raise DomainError(
            _("The message contains an ID or phone number. Take it out: the prosecutor knows who is meant."),
            code="V24",
            field="tell_prosecutor",
        )


def refuse_overlap(
    occasion: Occasion, *, by: Any, confirmed: bool, activity_id: UUID | None = None, besides: UUID | None = None
) -> None:
    """V6: one worker at two places at once is a warning that can be confirmed."""
    if confirmed or occasion.outcome == "did_not_happen":
        return
    found = overlapping(by, occasion.started_at, occasion.ended_at, besides=[besides] if besides else [])
    others = [row for row in found if activity_id is None or row.activity_id != activity_id]
    if others:
        began = date_format(timezone.localtime(others[0].started_at), "DATETIME_FORMAT")
        raise DomainError(
            _("You have another record in the same time (%(began)s). Correct the times, or confirm that both hold.")
            % {"began": began},
            code="overlap",
            field="overlap_confirmed",
        )
