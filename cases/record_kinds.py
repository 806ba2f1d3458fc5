"""What each kind of service record holds besides its words: codes and numbers, checked, stored in `details`.

One dataclass per kind (forms F20, F08, F12, F31, F23, F14; contents in domain rules, chapter 6.9). Nothing here may
hold prose: whatever a person writes goes into the sealed text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models.recording import RecordKind
from socialwork.core import vocabulary
from socialwork.core.errors import DomainError

# Who can be there besides relatives; relatives are the codes of the list `relation`.
PRESENT_OTHERS = ("subject", "teacher", "employer", "village_committee", "community_police", "prosecutor", "other")
RISK_CHANGES = ("lower", "same", "higher")
# V12: pictures show no face; nothing is uploaded here.
PHOTOS = ("none", "no_faces")
SESSIONS_AT_MOST = 200


@dataclass(frozen=True)
class Details:
    """What every kind may carry. `statutory_basis` is a law that stands in for a guardian's consent under 14 (V9)."""

    LISTS: ClassVar[Mapping[str, str]] = {}
    SCALES: ClassVar[tuple[str, ...]] = ()

    risk_change: str = ""
    statutory_basis: str = ""

    def check(self) -> None:
        """Raise DomainError for the first value that does not belong to its list or scale."""
        for name, vocabulary_list in {**self.LISTS, "statutory_basis": "law"}.items():
            value = getattr(self, name)
            for code in (value,) if isinstance(value, str) else value:
                if code and code not in vocabulary.codes(vocabulary_list):
                    raise DomainError(_("Choose one of the values offered."), code="unknown_term", field=name)
        for name in self.SCALES:
            value = getattr(self, name)
            if value is not None and not 1 <= value <= 5:
                raise DomainError(_("Choose a value from 1 to 5."), code="scale", field=name)
        if self.risk_change and self.risk_change not in RISK_CHANGES:
            raise DomainError(_("Choose one of the values offered."), code="unknown_term", field="risk_change")
        self.check_more()

    def check_more(self) -> None:
        """What only this kind asks."""

    def stored(self) -> dict[str, Any]:
        """The values that say something, as they stand in the column."""
        return {name: value for name, value in _plain(asdict(self)).items() if value not in ("", None, [], {})}

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Details:
        """The values of a stored record; a key this version does not know is left out."""
        known = {item.name: item for item in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


@dataclass(frozen=True)
class ContactDetails(Details):
    """F20: topics, how the child felt and took part (1–5), who was there, the four duties during probation."""

    LISTS: ClassVar[Mapping[str, str]] = {"topics": "contact_topic"}
    SCALES: ClassVar[tuple[str, ...]] = ("mood", "cooperation")

    topics: tuple[str, ...] = ()
    mood: int | None = None
    cooperation: int | None = None
    present: tuple[str, ...] = ()
    duties: Mapping[str, str] = field(default_factory=dict)

    def check_more(self) -> None:
        _check_present(self.present)
        for duty, finding in self.duties.items():
            if duty not in vocabulary.codes("duty") or finding not in vocabulary.codes("duty_check"):
                raise DomainError(_("Choose one of the values offered."), code="unknown_term", field="duties")


@dataclass(frozen=True)
class InterviewDetails(Details):
    """F08: whether the person read and signed the record, and whether what was said was verified."""

    read_and_signed: bool = False
    verified: bool = False


@dataclass(frozen=True)
class CounsellingDetails(Details):
    """F12: the number of the session, and whether a test was used. Everything said stands in the counselling note."""

    session: int = 1
    tested: bool = False

    def check_more(self) -> None:
        _check_session(self.session)


@dataclass(frozen=True)
class FamilySessionDetails(Details):
    """F31: topics and methods of family education (FEL 16, 17), who came, how far things changed (1–5)."""

    LISTS: ClassVar[Mapping[str, str]] = {"topics": "fel_topic", "methods": "fel_method"}
    SCALES: ClassVar[tuple[str, ...]] = ("change",)

    session: int = 1
    topics: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    change: int | None = None

    def check_more(self) -> None:
        _check_session(self.session)
        _check_present(self.present)
        if not self.topics:
            raise DomainError(_("Choose at least one topic."), code="required", field="topics")


@dataclass(frozen=True)
class ActivityDetails(Details):
    """F23: what was done and for how many hours; whether pictures were taken (none, or none that shows a face)."""

    LISTS: ClassVar[Mapping[str, str]] = {"activity": "activity_kind"}

    activity: str = ""
    hours: float = 0
    photos: str = ""

    def check_more(self) -> None:
        if not self.activity:
            raise DomainError(_("Say what was done."), code="required", field="activity")
        if not 0 <= self.hours <= 24:
            raise DomainError(_("Give between 0 and 24 hours."), code="hours", field="hours")
        if self.photos not in PHOTOS:
            raise DomainError(
                _("Declare that no picture was taken, or that no picture shows a face, a school uniform or a sign."),
                code="V12",
                field="photos",
            )


@dataclass(frozen=True)
class AttendanceDetails(Details):
    """F14: the act attended, why the legal representative was absent, and what the law asks for at a questioning."""

    LISTS: ClassVar[Mapping[str, str]] = {
        "activity": "appropriate_adult_activity",
        "representative_absence": "absence_reason",
    }

    activity: str = ""
    representative_absence: str = ""
    rights_explained: bool | None = None
    minor_agreed: bool | None = None
    transcript_read: bool | None = None
    female_staff_present: bool | None = None

    def check_more(self) -> None:
        if not self.activity:
            raise DomainError(_("Choose the act you attended."), code="required", field="activity")
        if not self.representative_absence:
            raise DomainError(
                _("Say why the legal representative was not there."), code="required", field="representative_absence"
            )


KINDS: dict[str, type[Details]] = {
    RecordKind.CONTACT: ContactDetails,
    RecordKind.INTERVIEW: InterviewDetails,
    RecordKind.COUNSELLING: CounsellingDetails,
    RecordKind.FAMILY_SESSION: FamilySessionDetails,
    RecordKind.WELFARE_ACTIVITY: ActivityDetails,
    RecordKind.ADULT_ATTENDANCE: AttendanceDetails,
}


def details_of(kind: str, stored: Mapping[str, Any]) -> Details:
    """The details of a stored record of that kind."""
    return KINDS[kind].load(stored)


def _check_present(codes: tuple[str, ...]) -> None:
    if set(codes) - set(PRESENT_OTHERS) - set(vocabulary.codes("relation")):
        raise DomainError(_("Choose one of the values offered."), code="unknown_term", field="present")


def _check_session(number: int) -> None:
    if not 1 <= number <= SESSIONS_AT_MOST:
        raise DomainError(_("Number the sessions from 1 on."), code="session", field="session")


def _plain(value: Any) -> Any:
    """Tuples as lists, mappings as dictionaries: what JSON gives back. A code that was chosen twice stands once."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        plain = [_plain(item) for item in value]
        return list(dict.fromkeys(plain)) if all(isinstance(item, str) for item in plain) else plain
    return value


def present_words(code: str) -> str:
    """Who was there: the child, a relation, or one of the others."""
    if code == "subject":
        return gettext("The minor")
    known = "relation" if code in vocabulary.codes("relation") else "interviewee"
    return vocabulary.label(known, code)
