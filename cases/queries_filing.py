"""Papers filed on a case, as far as the reader may see them."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from cases.models import Case, FiledDocument
from socialwork.access import api as access


def filed_documents_of(user: Any, case: Case) -> list[FiledDocument]:
    """Papers filed on the case, newest first, unopened."""
    rows = access.permitted(FiledDocument, user).filter(case=case).select_related("file", "filed_by")
    return list(rows.order_by("-dated_on", "-id"))


def filed_document(user: Any, case: Case, pk: UUID) -> FiledDocument | None:
    return access.permitted(FiledDocument, user).filter(case=case, pk=pk).select_related("file").first()
