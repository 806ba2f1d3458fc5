"""The letters of a referral: 委托函 (F02) when it is sent, 委托回执 (F03) when the agency answers. Written once, kept as issued."""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone, translation

from referrals.models import IssuedDocument, Referral
from referrals.queries import named_guardians, shared_paragraphs
from referrals.services.clocks import ANSWER
from socialwork.core import vocabulary
from socialwork.core.identifiers import full_age_on
from socialwork.core.letter_contexts import Acknowledgement, AssignedWorker, LabelledText, ReferralLetter, ServiceMatters
from socialwork.core.letters import official_date, render_letter
from socialwork.deadlines.models import Deadline
from socialwork.files.services import store_file
from socialwork.people.dossiers import open_dossier
from socialwork.people.models import Identity

REFERRAL_LETTER, ACKNOWLEDGEMENT = "F02", "F03"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Letters are official documents and always Chinese, whatever the screen's language.
LANGUAGE = "zh-hans"
URGENCY = {"urgent": "加急", "emergency": "特急"}
DUTIES = ("主办", "协办")
# How an organ speaks of itself (GB/T 9704 leaves it to usage).
SELF_REFERENCE = {"procuratorate": "我院", "court": "我院", "police": "我局", "justice_bureau": "我局", "civil_affairs": "我局"}
# Laws of the National People's Congress are quoted with the name of the State.
NATIONAL_LAWS = frozenset({"CL", "CPL", "LPM", "PDL", "FEL", "CCL", "DVL", "MHL", "PIPL"})
DIGITS = "零一二三四五六七八九"


def issue_letter(*, referral: Referral, by: Any, at: datetime) -> IssuedDocument:
    """Write and keep the 委托函 of a referral that was just sent. Called inside the transaction that sends it."""
    with translation.override(LANGUAGE):
        content = render_letter("referral_letter", _referral_letter(referral, at))
    return _keep(referral, REFERRAL_LETTER, "委托函", content, by=by, at=at)


def issue_acknowledgement(
    *, referral: Referral, by: Any, at: datetime, workers: Sequence[Any] = (), first_contact_on: dt.date | None = None
) -> IssuedDocument:
    """Write and keep the 委托回执: with workers (lead first) it accepts, without it declines for the reason on the row.

    Called inside the transaction that accepts or declines, after the row has moved.
    """
    with translation.override(LANGUAGE):
        content = render_letter("acknowledgement", _acknowledgement(referral, by, at, workers, first_contact_on))
    return _keep(referral, ACKNOWLEDGEMENT, "委托回执", content, by=by, at=at)


def _keep(referral: Referral, kind: str, name: str, content: bytes, *, by: Any, at: datetime) -> IssuedDocument:
    # The label may stand in a file system: no slash and nothing invisible; a number such as 东检未委〔2026〕1号 stays as it is.
    label = re.sub(r"[^\w〔〕-]", "_", referral.number)
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
        title=f"关于委托开展{names[0]}{'等服务' if len(names) > 1 else ''}的函",
        agency=referral.agency.name,
        signed_on=official_date(timezone.localdate(at)),
        legal_bases=_legal_bases(referral),
        agreement=f"双方签订的合作协议（{referral.agreement.number}）",
        services=names,
        subject=_subject(referral, at),
        case_facts=_case_facts(referral),
        case_brief=tuple(brief),
        matters=(ServiceMatters(service="、".join(names), points=matters),),
        time_limit=official_date(referral.due_on),
        reply_by=_reply_by(referral),
        contact_name=referral.prosecutor.name,
        contact_phone=referral.prosecutor.phone or referral.organ.phone,
        self_reference=_self_reference(referral.organ.kind),
        urgency=URGENCY.get(referral.urgency, ""),
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
        workers=tuple(_assigned(worker, duty) for worker, duty in zip(workers, DUTIES, strict=False)),
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
        # Units read "per case", "per session": the last word is what is counted.
        found.append(term.zh if line.quantity == 1 else f"{term.zh}（{line.quantity}{_counted(term.extra['unit'])}）")
    return tuple(found)


def _counted(unit: str) -> str:
    return {"per_session": "次", "per_hour": "小时", "per_month": "个月", "per_person": "人"}.get(unit, "件")


def _with_heading(row: Any) -> str:
    body = row.text["body"]
    return body if row.kind == "facts" else f"{vocabulary.label('paragraph_kind', row.kind)}：{body}"


def _subject(referral: Referral, at: datetime) -> tuple[LabelledText, ...]:
    juvenile = referral.juvenile
    identity = Identity.objects.get(juvenile=juvenile)
    open_dossier(juvenile.pk).read(identity)
    lines = [("服务对象编号", juvenile.code), ("姓名", identity.text["name"])]
    if juvenile.sex != "unspecified":
        lines.append(("性别", vocabulary.label("sex", juvenile.sex)))
    if identity.text["birth_on"]:
        age = full_age_on(dt.date.fromisoformat(identity.text["birth_on"]), timezone.localdate(at))
        lines.append(("年龄", f"{age}周岁"))
    for guardian in named_guardians(referral):
        contact = "，".join(filter(None, [guardian.text["name"], guardian.text["phone"]]))
        lines.append((f"监护人或联系人（{vocabulary.label('relation', guardian.relation)}）", contact or "未填"))
    return tuple(LabelledText(label=label, text=text) for label, text in lines if text)


def _case_facts(referral: Referral) -> tuple[LabelledText, ...]:
    lines = [("服务对象类型", vocabulary.label("subject_type", referral.subject_type))]
    if referral.charge:
        lines.append(("案由", vocabulary.label("charge", referral.charge)))
    lines.append(("诉讼阶段", vocabulary.label("stage", referral.stage)))
    lines.append(("强制措施", vocabulary.label("custody", referral.custody)))
    if referral.age_at_offence is not None:
        lines.append(("事发时年龄", f"{referral.age_at_offence}周岁"))
    return tuple(LabelledText(label=label, text=text) for label, text in lines)


def _legal_bases(referral: Referral) -> tuple[str, ...]:
    found: dict[str, None] = {}
    names = {term.extra["key"]: term.zh for term in vocabulary.terms("law")}
    for line in referral.services.order_by("pk"):
        key, _space, article = vocabulary.term("service_type", line.service_type).source.rpartition(" ")
        if key in NATIONAL_LAWS and article.isdigit():
            found[f"《中华人民共和国{names[key]}》第{article_numeral(int(article))}条"] = None
    return tuple(found)


def _reply_by(referral: Referral) -> str:
    clock = Deadline.objects.open().of_subject(referral).filter(code=ANSWER).first()
    if clock is None:
        return ""
    local = timezone.localtime(clock.due_at)
    hour = "" if (local.hour, local.minute) == (23, 59) else f"{local.hour}时{local.minute:02d}分"
    return official_date(local.date()) + hour


def _self_reference(kind: str) -> str:
    return next((word for prefix, word in SELF_REFERENCE.items() if kind.startswith(prefix)), "我单位")


def _assigned(worker: Any, duty: str) -> AssignedWorker:
    staff = getattr(worker, "staff", None)
    certificate = staff.certificates.order_by("-issued_on").first() if staff else None
    return AssignedWorker(
        duty=duty, name=worker.name, phone=worker.phone,
        certificate=vocabulary.label("certificate", certificate.kind) if certificate else "",
    )


def article_numeral(number: int) -> str:
    """1 to 999 as the articles of a law are numbered: 二百七十九, 一百零三, 十二."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones else "")
