"""What one process has made and not yet handed on: rows by table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from django.db import models

from cases.models import (
    Assignment,
    Case,
    CaseDecision,
    CounsellingNote,
    Evaluation,
    FollowUp,
    Report,
    ReportResponse,
    ReportSection,
    ReviewComment,
    SectionResponse,
    SectionReview,
    SectionText,
    ServiceRecord,
)
from referrals.models import BriefParagraph, HandOverPackage, Referral, ReferralGuardian, ReferralService, Remark
from socialwork.accounts.models import Certificate, LastSeen, StaffRecord, User
from socialwork.audit.models import Access, Event
from socialwork.bench.country.tables import Table
from socialwork.core.models import Series
from socialwork.deadlines.models import Deadline, DeadlinePause, DeadlineReminder
from socialwork.notifications.models import Notice
from socialwork.organisations.models import (
    Agreement,
    AgreementParty,
    AgreementService,
    AgreementVersion,
    Inspection,
    Organisation,
    Recommendation,
)
from socialwork.people.models import Circumstances, Consent, DossierKey, Guardian, Identity, Juvenile, SearchToken

# In the order in which their keys point, so that the first ones can be loaded with every key in place.
PLACES: tuple[type[models.Model], ...] = (
    Organisation,
    User,
    StaffRecord,
    Certificate,
    Agreement,
    AgreementParty,
    AgreementVersion,
    AgreementService,
    Recommendation,
    Inspection,
)
MATTERS: tuple[type[models.Model], ...] = (
    Juvenile,
    DossierKey,
    Identity,
    SearchToken,
    Circumstances,
    Guardian,
    Consent,
    Referral,
    ReferralService,
    BriefParagraph,
    ReferralGuardian,
    Remark,
    HandOverPackage,
    Case,
    Assignment,
    ServiceRecord,
    CounsellingNote,
    ReviewComment,
    Report,
    ReportSection,
    SectionText,
    SectionReview,
    ReportResponse,
    SectionResponse,
    Evaluation,
    CaseDecision,
    FollowUp,
    Deadline,
    DeadlinePause,
    DeadlineReminder,
    Event,
    Access,
    Notice,
    LastSeen,
    Series,
)


class Sheet:
    """Rows of every table, until somebody takes them."""

    def __init__(self, models_: tuple[type[models.Model], ...]) -> None:
        self.tables = {model: Table(model) for model in models_}
        self._rows: dict[type[models.Model], list[bytes]] = {model: [] for model in models_}
        self._years: dict[type[models.Model], defaultdict[int, list[bytes]]] = {}

    def add(self, model: type[models.Model], **values: object) -> None:
        """One row; values as Table.row takes them."""
        self._rows[model].append(self.tables[model].row(**values))

    def adder(self, model: type[models.Model], columns: list[str]) -> Callable[[Sequence[bytes]], None]:
        """What adds a row of these columns' fields, in the order of the table: for tables with millions of rows."""
        make, append = self.tables[model].pattern(columns), self._rows[model].append
        return lambda fields: append(make(fields))

    def years(self, model: type[models.Model]) -> defaultdict[int, list[bytes]]:
        """Lists to add rows to oneself, one for the part of each year, for tables in such parts (audit.years)."""
        return self._years.setdefault(model, defaultdict(list))

    def take(self, least: int = 1) -> Iterator[tuple[type[models.Model], int | None, int, bytes]]:
        """Hand on what has at least so many rows: model, year of the part, how many, and the rows one behind the other."""
        parts = [(model, year, rows) for model, years in self._years.items() for year, rows in years.items()]
        for model, year, rows in (*((model, None, rows) for model, rows in self._rows.items()), *parts):
            if len(rows) >= least:
                yield model, year, len(rows), b"".join(rows)
                rows.clear()
