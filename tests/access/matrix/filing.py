"""Who files papers on a case and who saves them."""
from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cases.models import Case, FiledDocument
from cases.services.filing import upload_document
from socialwork.files.validation import Paper
from tests import cast
from tests.access.matrix import Row
from tests.access.matrix.cases import ON_CASE, WORKERS
from tests.socialwork.files import corpus

FILES = WORKERS | {"prosecutor"}


def filed(world: Any) -> FiledDocument:
    """The signed copy of an acknowledgement."""
    case = cast.opened(world)
    return upload_document(
        case=case, by=world.worker, at=timezone.now(), kind="signed_copy", title="回执（签章）", dated_on=timezone.localdate(),
        paper=Paper(corpus.pdf(), "pdf"), signed_copy_of=case.referral.documents.get(kind="F03"),
    )


def paper(world: Any, case: Case) -> dict[str, Any]:
    return {
        "kind": "school_proof", "title": "在校表现证明", "dated_on": timezone.localdate().isoformat(),
        "paper": SimpleUploadedFile("a.pdf", corpus.pdf()),
    }


OBJECTS = {"filed_document": filed}
ROWS = [
    Row("cases:upload_document", of="case", ok=FILES, forbidden=ON_CASE - FILES),
    Row("cases:upload_document", "POST", of="case", ok=FILES, forbidden=ON_CASE - FILES, body=paper),
    # The supervisor works with codes, and a scanned paper bears names.
    Row("cases:filed_document", of="filed_document", ok=ON_CASE - {"supervisor"}, args=lambda row: [row.case_id, row.pk]),
]
