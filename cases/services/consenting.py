"""What must have been agreed to before a record of a child may stand (V8, V9; domain 8)."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from cases.models import Case
from cases.models.recording import RecordKind
from cases.queries import service_codes
from cases.queries_records import age_at, consent_gaps
from socialwork.core import vocabulary
from socialwork.core.errors import DomainError

UNDER = 14
WHO = {"subject": _("the minor"), "guardian": _("a guardian")}
# Services an organ of the State commissions by statute: no consent is asked for (CPL 277–281, CPL 279 and others).
STATUTORY = frozenset({"social_investigation", "civil_investigation", "appropriate_adult", "custody_service"})


def kinds_needed(case: Case, kind: str, *, tested: bool = False) -> list[str]:
    """Which consents a record of this kind rests on: counselling its own, a psychological test another one (PDL 51)."""
    if kind != RecordKind.COUNSELLING:
        return []
    services = service_codes(case)
    helps = [
        code
        for code in services
        if code != "psych_assessment" and kind in vocabulary.term("service_type", code).extra["record_kinds"]
    ]
    needed = ["psych_assessment"] if tested else []
    return needed if tested and not helps else [*needed, "psych_counselling"]


def missing(case: Case, kind: str, *, on: dt.date, tested: bool = False) -> list[tuple[str, str]]:
    """(kind of consent, signer) of everything that is missing for a record of that kind on that day."""
    wanted = kinds_needed(case, kind, tested=tested)
    if not wanted:
        return []
    age = age_at(case, on)
    return [(code, signer) for code in wanted for signer in consent_gaps(case, code, age=age, on=on)]


def needs_basis(case: Case, *, on: dt.date) -> bool:
    """Whether the child is under 14 and neither a guardian's consent nor a statutory commission covers the service."""
    if STATUTORY & set(service_codes(case)):
        return False
    age = age_at(case, on)
    return age is not None and age < UNDER and bool(consent_gaps(case, "personal_data_under_14", age=age, on=on))


def require_consents(
    case: Case, kind: str, *, on: dt.date, statutory_basis: str, crisis: bool, tested: bool = False
) -> None:
    """Raise DomainError with what is missing. A danger to life goes before a signature: it is asked for afterwards."""
    gaps = [] if crisis else missing(case, kind, on=on, tested=tested)
    if gaps:
        # A test alone may be left out of the session; without the other consents the session of that day has no basis.
        field = "tested" if {kind for kind, _signer in gaps} == {"psych_assessment"} else "on"
        raise DomainError(_("Before this can be recorded: %(missing)s.") % {"missing": in_words(gaps)}, code="V8", field=field)
    if not statutory_basis and needs_basis(case, on=on):
        raise DomainError(
            _("The child is under 14: record a guardian's consent first, or choose the law that allows it without."),
            code="V9",
            field="statutory_basis",
        )


def in_words(gaps: list[tuple[str, str]]) -> str:
    """ "consent to psychological counselling by the minor; consent to …"."""
    return pgettext("between items of a list", ", ").join(
        str(
            _("consent to “%(kind)s” by %(who)s") % {"kind": vocabulary.label("consent_kind", code), "who": WHO[signer]}
        )
        for code, signer in gaps
    )
