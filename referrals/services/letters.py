"""The letters of a referral: 委托函 (F02) when it is sent, 委托回执 (F03) when the agency answers. Written once, kept as issued.

They are official documents and always Chinese, whatever the screen's language: the words go through the catalogue in the
context "letter", under a language of their own.
"""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import pgettext

from referrals.models import IssuedDocument, Referral
from referrals.queries import named_guardians, shared_paragraphs
from referrals.services.clocks import answer_rule
from socialwork.core import vocabulary
from socialwork.core.identifiers import full_age_on
from socialwork.core.letter_contexts import (
    Acknowledgement,
    AssignedWorker,
    LabelledText,
    ReferralLetter,
    ServiceMatters,
)
from socialwork.core.letters import chinese_numeral, official_date, render_letter
from socialwork.deadlines.models import Deadline
from socialwork.files.services import store_file
from socialwork.people.dossiers import open_dossier
from socialwork.people.models import Identity

REFERRAL_LETTER, ACKNOWLEDGEMENT = "F02", "F03"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE = "zh-hans"
# How an organ speaks of itself, by the beginning of its kind; the rest say "our unit" (usage of official letters).
OUR_COURT, OUR_OFFICE = ("procuratorate", "court"), ("police", "justice_bureau", "civil_affairs")
# Laws of the National People's Congress are quoted with the name of the State.
NATIONAL_LAWS = frozenset({"CL", "CPL", "LPM", "PDL", "FEL", "CCL", "DVL", "MHL", "PIPL"})


def issue_letter(*, referral: Referral, by: Any, at: datetime) -> IssuedDocument:
    """Write and keep the 委托函 of a referral that was just sent. Called inside the transaction that sends it."""
    with translation.override(LANGUAGE):
        content = render_letter("referral_letter", _referral_letter(referral, at))
        name = pgettext("letter", "Referral letter")
    return _keep(referral, REFERRAL_LETTER, name, content, by=by, at=at)


def issue_acknowledgement(
    *, referral: Referral, by: Any, at: datetime, workers: Sequence[Any] = (), first_contact_on: dt.date | None = None
) -> IssuedDocument:
    """Write and keep the 委托回执: with workers (lead first) it accepts, without it declines for the reason on the row.

    Called inside the transaction that accepts or declines, after the row has moved.
    """
    with translation.override(LANGUAGE):
        content = render_letter("acknowledgement", _acknowledgement(referral, by, at, workers, first_contact_on))
        name = pgettext("letter", "Acknowledgement of a referral")
    return _keep(referral, ACKNOWLEDGEMENT, name, content, by=by, at=at)


def _keep(referral: Referral, kind: str, name: str, content: bytes, *, by: Any, at: datetime) -> IssuedDocument:
    # The name may stand in any file system: signs that some refuse are taken out, the brackets of the number stay.
    label = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]', "_", referral.number)
    file = store_file(
        content=content, name=f"{name}-{label}.docx", content_type=WORD, thread_id=referral.thread_id, by=by,
        dossier=open_dossier(referral.juvenile_id),
    )
    rounds = IssuedDocument.objects.filter(referral=referral, kind=kind).count()
    return IssuedDocument.objects.create(
        referral=referral, kind=kind, number=referral.number, round=rounds + 1, file=file, issued_at=at, issued_by=by
    )


def _referral_letter(referral: Referral, at: datetime) -> ReferralLetter:
    names = service_names(referral)
    paragraphs = shared_paragraphs(referral)
    brief = [_with_heading(row) for row in paragraphs if row.kind != "request"]
    matters = tuple(row.text["body"] for row in paragraphs if row.kind == "request")
    return ReferralLetter(
        issuing_organ=referral.organ.name,
        number=referral.number,
        title=_title(names),
        agency=referral.agency.name,
        signed_on=official_date(timezone.localdate(at)),
        legal_bases=_legal_bases(referral),
        agreement=pgettext("letter", "the cooperation agreement of both sides (%(number)s)") % {"number": referral.agreement.number},
        services=names,
        subject=_subject(referral, at),
        case_facts=_case_facts(referral),
        case_brief=tuple(brief),
        matters=(ServiceMatters(service=pgettext("letter", ", ").join(names), points=matters),),
        time_limit=official_date(referral.due_on),
        reply_by=_reply_by(referral),
        contact_name=referral.prosecutor.name,
        contact_phone=referral.prosecutor.phone or referral.organ.phone,
        self_reference=_self_reference(referral.organ.kind),
        urgency=_urgency(referral.urgency),
    )


def _acknowledgement(
    referral: Referral, by: Any, at: datetime, workers: Sequence[Any], first_contact_on: dt.date | None
) -> Acknowledgement:
    refused = "" if workers else vocabulary.label("decline_reason", referral.reason_code)
    said = [] if workers else list(referral.remarks.filter(kind="decline").order_by("-said_at")[:1])
    open_dossier(referral.juvenile_id).read(*said)
    return Acknowledgement(
        agency=referral.agency.name,
        organ=referral.organ.name,
        referral_number=referral.number,
        received_on=official_date(timezone.localdate(referral.issued_at)),
        subject_code=referral.juvenile.code,
        services=service_names(referral),
        accepted=bool(workers),
        contact_name=by.name,
        contact_phone=by.phone or referral.agency.phone,
        signed_on=official_date(timezone.localdate(at)),
        workers=tuple(_assigned(worker, lead=not number) for number, worker in enumerate(workers)),
        first_contact_on=official_date(first_contact_on) if first_contact_on else "",
        finish_on=official_date(referral.due_on) if workers else "",
        decline_reason=refused,
        decline_explanation=tuple(row.text["body"] for row in said),
    )


def service_names(referral: Referral) -> tuple[str, ...]:
    """The services wanted, with the number of units where it is more than one."""
    found = []
    for line in referral.services.order_by("pk"):
        term = vocabulary.term("service_type", line.service_type)
        counted = _counted(term.extra["unit"]) % {"number": line.quantity}
        found.append(term.zh if line.quantity == 1 else pgettext("letter", "%(service)s (%(counted)s)") % {"service": term.zh, "counted": counted})
    return tuple(found)


def _counted(unit: str) -> str:
    return {
        "per_session": pgettext("letter", "%(number)s sessions"), "per_hour": pgettext("letter", "%(number)s hours"),
        "per_month": pgettext("letter", "%(number)s months"),
    }.get(unit, pgettext("letter", "%(number)s cases"))


def _title(names: Sequence[str]) -> str:
    if len(names) > 1:
        return pgettext("letter", "Letter asking for %(service)s and further services") % {"service": names[0]}
    return pgettext("letter", "Letter asking for %(service)s") % {"service": names[0]}


def _urgency(code: str) -> str:
    return {"urgent": pgettext("letter", "Urgent"), "emergency": pgettext("letter", "Most urgent")}.get(code, "")


def _with_heading(row: Any) -> str:
    body = row.text["body"]
    if row.kind == "facts":
        return body
    return pgettext("letter", "%(heading)s: %(text)s") % {"heading": vocabulary.label("paragraph_kind", row.kind), "text": body}


def _subject(referral: Referral, at: datetime) -> tuple[LabelledText, ...]:
    juvenile = referral.juvenile
    identity = Identity.objects.get(juvenile=juvenile)
    open_dossier(juvenile.pk).read(identity)
    lines = [(pgettext("letter", "Code of the child"), juvenile.code), (pgettext("letter", "Name"), identity.text["name"])]
    if juvenile.sex != "unspecified":
        lines.append((vocabulary.list_label("sex"), vocabulary.label("sex", juvenile.sex)))
    if identity.text["birth_on"]:
        age = full_age_on(dt.date.fromisoformat(identity.text["birth_on"]), timezone.localdate(at))
        lines.append((pgettext("letter", "Age"), pgettext("letter", "%(age)s full years") % {"age": age}))
    for guardian in named_guardians(referral):
        contact = pgettext("letter", ", ").join(filter(None, [guardian.text["name"], guardian.text["phone"]]))
        words = {"relation": vocabulary.label("relation", guardian.relation)}
        lines.append((pgettext("letter", "Guardian or contact (%(relation)s)") % words, contact or pgettext("letter", "not stated")))
    return tuple(LabelledText(label=label, text=text) for label, text in lines if text)


def _case_facts(referral: Referral) -> tuple[LabelledText, ...]:
    names = ("subject_type", "charge", "stage", "custody")
    lines = [(vocabulary.list_label(name), vocabulary.label(name, getattr(referral, name))) for name in names if getattr(referral, name)]
    if referral.age_at_offence is not None:
        words = pgettext("letter", "%(age)s full years") % {"age": referral.age_at_offence}
        lines.append((pgettext("letter", "Age at the event"), words))
    return tuple(LabelledText(label=label, text=text) for label, text in lines)


def _legal_bases(referral: Referral) -> tuple[str, ...]:
    found: dict[str, None] = {}
    names = {term.extra["key"]: term.zh for term in vocabulary.terms("law")}
    for line in referral.services.order_by("pk"):
        key, _space, article = vocabulary.term("service_type", line.service_type).source.rpartition(" ")
        if key in NATIONAL_LAWS and article.isdigit():
            words = {"law": names[key], "article": article_numeral(int(article))}
            found[pgettext("letter", "%(law)s of the People's Republic of China, article %(article)s") % words] = None
    return tuple(found)


def _reply_by(referral: Referral) -> str:
    clock = Deadline.objects.open().of_subject(referral).filter(code=answer_rule(referral)).first()
    if clock is None:
        return ""
    local = timezone.localtime(clock.due_at)
    if (local.hour, local.minute) == (23, 59):
        return official_date(local.date())
    words = {"date": official_date(local.date()), "hour": local.hour, "minute": f"{local.minute:02d}"}
    return pgettext("letter", "%(date)s, %(hour)s:%(minute)s") % words


def _self_reference(kind: str) -> str:
    if kind.startswith(OUR_COURT):
        return pgettext("letter", "our procuratorate or court")
    return pgettext("letter", "our office") if kind.startswith(OUR_OFFICE) else pgettext("letter", "our unit")


def _assigned(worker: Any, *, lead: bool) -> AssignedWorker:
    staff = getattr(worker, "staff", None)
    certificate = staff.certificates.order_by("-issued_on").first() if staff else None
    return AssignedWorker(
        duty=pgettext("letter", "lead") if lead else pgettext("letter", "second"), name=worker.name, phone=worker.phone,
        certificate=vocabulary.label("certificate", certificate.kind) if certificate else "",
    )


def article_numeral(number: int) -> str:
    """1 to 999 as the articles of a law are numbered in Chinese: two hundred seventy-nine, one hundred and three."""
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return chinese_numeral(rest)
    words = {"hundreds": chinese_numeral(hundreds), "rest": chinese_numeral(rest) if rest else ""}
    if not rest:
        return pgettext("letter", "%(hundreds)s hundred") % words
    if rest < 10:
        return pgettext("letter", "%(hundreds)s hundred and %(rest)s") % words
    # Ten to nineteen are said with their one after a hundred.
    return (pgettext("letter", "%(hundreds)s hundred ten %(rest)s") if rest < 20 else pgettext("letter", "%(hundreds)s hundred %(rest)s")) % words
