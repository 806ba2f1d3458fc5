"""What one process has made and not yet handed on: lines by table."""

from __future__ import annotations

from collections import defaultdict

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
    """Lines of every table, until somebody takes them."""

    def __init__(self, models_: tuple[type[models.Model], ...]) -> None:
        self.tables = {model: Table(model) for model in models_}
        self._lines: dict[type[models.Model], list[str]] = defaultdict(list)

    def add(self, model: type[models.Model], **values: object) -> None:
        """One row; values as Table.line takes them."""
        self._lines[model].append(self.tables[model].line(**values))

    def lines(self, model: type[models.Model]) -> list[str]:
        """The list itself, for the tables with millions of rows."""
        return self._lines[model]

    def taken(self, model: type[models.Model]) -> tuple[int, bytes]:
        """Hand on one table: rows, and the text for COPY."""
        lines = self._lines.pop(model, [])
        return len(lines), "".join(f"{line}\n" for line in lines).encode()

    def take(self, least: int = 1) -> list[tuple[type[models.Model], int, bytes]]:
        """Hand on the tables that have at least so many rows: model, rows, and the text for COPY."""
        found = []
        for model, lines in self._lines.items():
            if len(lines) >= least:
                found.append((model, len(lines), ("\n".join(lines) + "\n").encode()))
                lines.clear()
        return found
