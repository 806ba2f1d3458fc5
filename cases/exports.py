"""The list of cases as a sheet: codes, states and days, no name and no word of a child."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.filters import CaseFilter
from cases.models import Case
from cases.queries import service_codes
from cases.states import CaseState
from referrals.models import NO_DUE, IssuedDocument
from socialwork import audit
from socialwork.access import api, listing
from socialwork.access.roles import Role
from socialwork.core import vocabulary
from socialwork.core.statements import ask
from socialwork.exporting import kinds
from socialwork.files.services import open_file
from socialwork.people.dossiers import DossierClosed, open_dossier
from socialwork.people.queries import people_of

ROLES = (Role.PROSECUTOR, Role.UNIT_HEAD, Role.AGENCY_MANAGER, Role.AGENCY_INTAKE, Role.SOCIAL_WORKER, Role.SUPERVISOR)
# Those who may narrow the list by worker.
CHOOSES_WORKERS = (Role.AGENCY_MANAGER, Role.AGENCY_INTAKE, Role.SUPERVISOR)
COLUMNS = (
    gettext_lazy("Case number"), gettext_lazy("Work code"), gettext_lazy("Services"), gettext_lazy("State"), gettext_lazy("Risk"),
    gettext_lazy("Organ"), gettext_lazy("Agency"), gettext_lazy("Lead worker"), gettext_lazy("Second worker"),
    gettext_lazy("Opened on"), gettext_lazy("First contact"), gettext_lazy("Due on"), gettext_lazy("Closed on"),
    gettext_lazy("Reason for closing"),
)
MOST_DOCUMENTS = 1_000
DUE_FIRST = listing.Sort("next_due_at")


def rows(user: Any, query: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    """The cells of every case the person may see and the filters leave."""
    found = listing.all_rows(Case, user, sort=DUE_FIRST, narrow=partial(_arms, user, query), shape=_shape)
    return map(_cells, found)


def workers_to_choose(user: Any) -> tuple[tuple[str, str], ...] | None:
    """Workers of the person's agency whose cases one may narrow the list to, by name; None for who chooses nobody."""
    asked = question_of_workers(user)
    return chosen_from(asked and [row for (row,) in ask(*asked)])


def question_of_workers(user: Any) -> tuple[Any, ...] | None:
    """The same as a question that can be asked beside a list (access.listing); `chosen_from` reads its answer."""
    return (_workers_of, user.organisation_id) if user.has_role(*CHOOSES_WORKERS) else None


def chosen_from(answer: Iterable[Sequence[str]] | None) -> tuple[tuple[str, str], ...] | None:
    """Key and name of each; None where nobody asked."""
    return None if answer is None else tuple((pk, name) for pk, name in answer)


def _workers_of(organisation_id: UUID) -> QuerySet:
    pair = Func(Cast("pk", TextField()), Cast("name", TextField()), template="ARRAY[%(expressions)s]", output_field=ArrayField(TextField()))
    return people_of(organisation_id, Role.SOCIAL_WORKER).values_list(pair)


def count(user: Any, query: Mapping[str, Any]) -> int:
    return _filters(user, query, api.permitted(Case, user)).qs[: kinds.MOST + 1].count()


def _arms(user: Any, query: Mapping[str, Any], found: QuerySet) -> QuerySet | list[QuerySet]:
    filters = _filters(user, query, found)
    filters.form.is_valid()
    return filters.arms(found)


def _filters(user: Any, query: Mapping[str, Any], found: QuerySet) -> CaseFilter:
    return CaseFilter(query, queryset=found, request=kinds.as_asked(user), workers=workers_to_choose(user))


def _shape(found: QuerySet) -> QuerySet:
    related = ("juvenile", "organ", "agency", "lead", "second", "referral")
    return found.select_related(*related).prefetch_related("referral__services")


def _cells(case: Case) -> list[Any]:
    services = [vocabulary.label("service_type", code) for code in service_codes(case)]
    return [
        case.number, case.juvenile.code, _(", ").join(services), CaseState(case.state).label,
        vocabulary.label("risk_level", case.risk_level) if case.risk_level else "", case.organ.name, case.agency.name,
        case.lead.name, case.second.name, timezone.localdate(case.created_at), kinds.day_of(case.first_contact_at),
        kinds.day_of(case.next_due_at) if case.next_due_at != NO_DUE else None, kinds.day_of(case.closed_at),
        vocabulary.label("closure_reason", case.closure_reason) if case.closure_reason else "",
    ]


def count_documents(user: Any, query: Mapping[str, Any]) -> int:
    """Issued documents of the cases the filters leave."""
    return _documents(user, query)[: MOST_DOCUMENTS + 1].count()


def write_documents(user: Any, query: Mapping[str, Any], lines: Sequence[str], told: kinds.Told) -> tuple[bytes, int]:
    """The documents as they were issued, in one folder per case, with a list of what is in it. Each reading is recorded."""
    target, done, listed = BytesIO(), 0, list(lines)
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        for document in _documents(user, query).select_related("file", "referral__case").order_by("referral_id", "issued_at", "pk"):
            case = document.referral.case
            try:
                content = open_file(document.file, dossier=open_dossier(document.referral.juvenile_id))
            except DossierClosed:
                continue
            done += 1
            package.writestr(f"{case.number}/{done:04d}-{document.file.name}", content)
            listed.append(f"{case.number}  {document.file.name}  {document.file.sha256}")
            audit.read(case, by=user, route="exports:make", action="downloaded", detail=document.kind)
            told(done)
        package.writestr(f"{_('About this package')}.txt", "\r\n".join(listed).encode("utf-8-sig"))
    return target.getvalue(), done


def _documents(user: Any, query: Mapping[str, Any]) -> QuerySet:
    cases = _filters(user, query, api.permitted(Case, user)).qs
    return api.permitted(IssuedDocument, user).filter(referral_id__in=cases.values("referral_id"))


kinds.register(
    kinds.sheet(
        code="cases", label=gettext_lazy("Cases"), columns=COLUMNS, roles=ROLES, list_url="cases:list", rows=rows, count=count,
    )
)
# Documents name the child: a second person always decides.
kinds.register(
    kinds.Kind(
        code="case_documents", label=gettext_lazy("Documents of cases"), roles=ROLES, list_url="cases:list",
        count=count_documents, write=write_documents, content_type="application/zip", suffix="zip", most=MOST_DOCUMENTS,
        alone_up_to=0,
    )
)
