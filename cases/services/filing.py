"""Filing a paper on a case."""
from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case, FiledDocument
from cases.services.clocks import refresh_next_act
from referrals.models import IssuedDocument
from socialwork import audit
from socialwork.access import api as access
from socialwork.core import vocabulary
from socialwork.core.errors import DomainError
from socialwork.files.services import store_file
from socialwork.files.validation import Paper
from socialwork.people.dossiers import open_dossier


def upload_document(
    *, case: Case, by: Any, at: datetime, kind: str, title: str, dated_on: dt.date, paper: Paper,
    signed_copy_of: IssuedDocument | None = None,
) -> FiledDocument:
    """File a paper that was scanned, photographed or written elsewhere; `dated_on` is the day on it.

    A signed copy (kind "signed_copy") names the issued document it is the copy of, and nothing else does. Raises DomainError
    for a day that has not come and for a signed copy without its original.
    """
    vocabulary.term("filed_document", kind)
    if dated_on > timezone.localdate(at):
        raise DomainError(_("A paper cannot bear a day that has not come."), code="future", field="dated_on")
    if (kind == FiledDocument.SIGNED_COPY) != (signed_copy_of is not None):
        raise DomainError(_("Choose the document that was signed."), code="required", field="signed_copy_of")
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("juvenile").get(pk=case.pk)
        access.require(by, "upload_document", case)
        dossier = open_dossier(case.juvenile_id)
        # The name is made of the kind, the work code and the day: it says nothing about who the child is.
        name = paper.name(vocabulary.term("filed_document", kind).zh, case.juvenile.code, dated_on.isoformat())
        file = store_file(
            content=paper.content, name=name, content_type=paper.content_type, thread_id=case.thread_id, by=by, dossier=dossier
        )
        row = FiledDocument(
            case=case, kind=kind, dated_on=dated_on, signed_copy_of=signed_copy_of, file=file, filed_by=by, created_at=at
        )
        dossier.write(row, title=title)
        row.save(force_insert=True)
        audit.record("case.document_uploaded", case, by=by, at=at, facts={"kind": kind, "sha256": file.sha256})
        refresh_next_act(case, at=at)
    return row
