"""Registering a child, correcting what is known, and recording consent."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from socialwork import audit
from socialwork.access import api as access
from socialwork.core import blind_index, vocabulary
from socialwork.core.errors import DomainError, Moved, Stale
from socialwork.core.identifiers import birth_on_from_id, new_work_code
from socialwork.files.models import StoredFile
from socialwork.files.services import store_file
from socialwork.files.validation import Paper
from socialwork.people.dossiers import Dossier, create_dossier, open_dossier
from socialwork.people.models import (
    Circumstances,
    Consent,
    Guardian,
    Identity,
    IdentityCheck,
    Juvenile,
    SearchToken,
)


def register_juvenile(
    *, by: Any, at: datetime, sex: str, identity: Mapping[str, Any], circumstances: Mapping[str, Any] | None = None,
    guardians: Sequence[Mapping[str, Any]] = (),
) -> Juvenile:
    """Open a dossier for a child the user's organ refers. Rights are those of the referral being drafted.

    `identity` holds the names of Identity.PROSE; `birth_on` is an ISO date. Raises DomainError when the birth date
    contradicts the ID number (V1).
    """
    check_birth(identity)
    with transaction.atomic():
        juvenile = Juvenile.objects.create(code=_free_code(), organ=by.organisation, sex=sex, registered_by=by, created_at=at)
        dossier = create_dossier(juvenile)
        row = Identity(juvenile=juvenile, created_at=at)
        dossier.write(row, **identity)
        _index(row, juvenile, identity)
        row.save(force_insert=True)
        Circumstances.objects.create(juvenile=juvenile, **(circumstances or {}))
        for guardian in guardians:
            _new_guardian(juvenile, at=at, **guardian)
        find_in(juvenile, scope_id=juvenile.organ_id)
        audit.record("juvenile.registered", juvenile, by=by, at=at)
    return juvenile


def correct_identity(*, juvenile: Juvenile, by: Any, at: datetime, version: int, sex: str, identity: Mapping[str, Any]) -> Identity:
    """Change who the child is; refused as Stale when somebody else changed it since `version`."""
    check_birth(identity)
    with transaction.atomic():
        access.require(by, "correct_identity", juvenile)
        row = Identity.objects.select_for_update().get(juvenile=juvenile)
        dossier = open_dossier(juvenile.pk)
        dossier.read(row)
        if row.version != version:
            raise Stale({**row.text, "sex": juvenile.sex})
        changed = sorted(name for name in identity if (row.text or {}).get(name, "") != identity[name])
        dossier.write(row, **identity)
        _index(row, juvenile, row.text)
        row.version += 1
        row.save()
        Juvenile.objects.filter(pk=juvenile.pk).update(sex=sex)
        scopes = SearchToken.objects.filter(juvenile=juvenile).order_by().values_list("scope_id", flat=True).distinct()
        for scope_id in list(scopes):
            find_in(juvenile, scope_id=scope_id)
        audit.record("juvenile.identity_corrected", juvenile, by=by, at=at, facts={"fields": changed})
    return row


def save_circumstances(*, juvenile: Juvenile, **values: Any) -> Circumstances:
    """Schooling and living arrangement as codes."""
    row, _created = Circumstances.objects.update_or_create(juvenile=juvenile, defaults=values)
    return row


def add_guardian(*, juvenile: Juvenile, by: Any, at: datetime, relation: str, **more: Any) -> Guardian:
    """Add a guardian or contact to a child already known; see _new_guardian for the rest."""
    with transaction.atomic():
        access.require(by, "correct_identity", juvenile)
        row = _new_guardian(juvenile, at=at, relation=relation, **more)
        audit.record("juvenile.guardian_added", juvenile, by=by, at=at, facts={"relation": relation})
    return row


def _new_guardian(
    juvenile: Juvenile, *, at: datetime, relation: str, flags: Sequence[str] = (), unavailable_reason: str = "", **prose: Any
) -> Guardian:
    """`prose` has the names of Guardian.PROSE; `flags` and `unavailable_reason` are codes."""
    row = Guardian(
        juvenile=juvenile, created_at=at, relation=relation, flags=list(flags), unavailable_reason=unavailable_reason
    )
    open_dossier(juvenile.pk).write(row, **prose)
    row.save(force_insert=True)
    return row


def change_guardian(
    *, guardian: Guardian, by: Any, at: datetime, version: int, relation: str, flags: Sequence[str],
    unavailable_reason: str = "", **prose: Any,
) -> Guardian:
    """Correct a guardian; refused as Stale when somebody else changed it since `version`."""
    with transaction.atomic():
        access.require(by, "correct_identity", guardian.juvenile)
        row = Guardian.objects.select_for_update(of=("self",)).select_related("juvenile").get(pk=guardian.pk)
        dossier = open_dossier(row.juvenile_id)
        dossier.read(row)
        if row.version != version:
            raise Stale(guardian_as_typed(row))
        dossier.write(row, **prose)
        row.relation, row.flags, row.unavailable_reason = relation, list(flags), unavailable_reason
        row.version += 1
        row.save()
        audit.record("juvenile.guardian_changed", row.juvenile, by=by, at=at, facts={"relation": relation})
    return row


def guardian_as_typed(guardian: Guardian) -> dict[str, Any]:
    """An opened guardian by the names of the form's fields."""
    codes = {name: getattr(guardian, name) for name in ("relation", "flags", "unavailable_reason")}
    return {**(guardian.text or {}), **codes}


def record_consent(
    *, juvenile: Juvenile, by: Any, at: datetime, kind: str, capacity: str, given_on: dt.date, method: str,
    text_version: str, scope: Sequence[str] = (), guardian: Guardian | None = None, substitute_reason: str = "",
    scan: Paper | None = None, **prose: Any,
) -> Consent:
    """Record that the child or a guardian agreed (domain 8). Raises DomainError for a date that lies ahead.

    `scan` is the signed paper where it is at hand; attach_consent_scan adds it later.
    """
    if given_on > timezone.localdate(at):
        raise DomainError(_("Consent cannot be given on a day that has not come."), code="future", field="given_on")
    with transaction.atomic():
        access.require(by, "record_consent", juvenile)
        row = Consent(
            juvenile=juvenile, guardian=guardian, capacity=capacity, kind=kind, scope=list(scope), text_version=text_version,
            given_on=given_on, method=method, substitute_reason=substitute_reason, recorded_by=by, created_at=at,
        )
        dossier = open_dossier(juvenile.pk)
        dossier.write(row, **prose)
        row.scan = _keep_scan(row, scan, dossier, by=by) if scan else None
        row.save(force_insert=True)
        kept = {"sha256": row.scan.sha256} if row.scan else {}
        audit.record("consent.recorded", juvenile, by=by, at=at, facts={"kind": kind, "capacity": capacity, **kept})
    return row


def attach_consent_scan(*, consent: Consent, by: Any, at: datetime, scan: Paper, instead_of: str = "") -> Consent:
    """Put the scanned paper to an agreement recorded before, or another one in the place of a wrong or unreadable one.

    `instead_of` is the SHA-256 of the scan the person had before the eyes, empty where there was none; raises Moved when
    somebody else attached one meanwhile. What is replaced stays stored, unreachable from the pages.
    """
    with transaction.atomic():
        access.require(by, "attach_consent_scan", consent.juvenile)
        row = Consent.objects.select_for_update(of=("self",)).select_related("juvenile", "scan").get(pk=consent.pk)
        before = row.scan.sha256 if row.scan else ""
        if before != instead_of:
            raise Moved(_("Somebody else has attached a scan meanwhile. Go back and look at it; replace it only if it is wrong."))
        row.scan = _keep_scan(row, scan, open_dossier(row.juvenile_id), by=by)
        row.save(update_fields=["scan"])
        replaced = {"replaced": before} if before else {}
        audit.record(
            "consent.scan_attached", row.juvenile, by=by, at=at, facts={"kind": row.kind, "sha256": row.scan.sha256, **replaced}
        )
    return row


def _keep_scan(consent: Consent, scan: Paper, dossier: Dossier, *, by: Any) -> StoredFile:
    """The name is made of the kind, the work code and the day: it says nothing about who the child is."""
    name = scan.name(vocabulary.term("consent_kind", consent.kind).zh, consent.juvenile.code, consent.given_on.isoformat())
    return store_file(
        content=scan.content, name=name, content_type=scan.content_type, thread_id=consent.juvenile_id, by=by, dossier=dossier
    )


def find_in(juvenile: Juvenile, *, scope_id: UUID) -> None:
    """Make the child findable inside one organisation by name and phone (blind tokens under that scope's key)."""
    identity = Identity.objects.get(juvenile=juvenile)
    open_dossier(juvenile.pk).read(identity)
    tokens = blind_index.name_tokens(scope_id, identity.text["name"]) if identity.text["name"] else set()
    if identity.text["phone"]:
        tokens |= set(blind_index.phone_tokens(scope_id, identity.text["phone"]))
    if identity.text["id_number"]:
        tokens.add(blind_index.exact(scope_id, "id_number", identity.text["id_number"]))
    SearchToken.objects.filter(juvenile=juvenile, scope_id=scope_id).delete()
    SearchToken.objects.bulk_create(
        SearchToken(scope_id=scope_id, token=token, sorted_at=juvenile.created_at, juvenile=juvenile) for token in sorted(tokens)
    )


def check_birth(identity: Mapping[str, Any]) -> None:
    """V1: the birth date agrees with the ID number."""
    number, born = identity.get("id_number"), identity.get("birth_on")
    try:
        said = birth_on_from_id(number).isoformat() if number and born else ""
    except ValueError:
        return  # a passport or permit: its number says nothing about birth
    if said and said != str(born):
        raise DomainError(
            _("The birth date does not agree with the ID number. Correct the one that is wrong."), code="V1", field="birth_on"
        )


def _index(row: Identity, juvenile: Juvenile, identity: Mapping[str, Any]) -> None:
    number = identity.get("id_number")
    row.number_index = blind_index.exact(juvenile.organ_id, "id_number", number) if number else None
    row.national_index = blind_index.exact("national", "id_number", number) if number else None
    if number:
        others = Identity.objects.filter(national_index=row.national_index).exclude(juvenile=juvenile)
        for other in others.order_by("pk")[:20]:
            IdentityCheck.objects.get_or_create(juvenile=juvenile, other_id=other.juvenile_id)


def _free_code() -> str:
    while True:
        code = new_work_code()
        if not Juvenile.objects.filter(code=code).exists():
            return code
