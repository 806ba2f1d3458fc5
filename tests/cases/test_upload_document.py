"""Filing a paper on a case: signed copies and evidence, who may, what is refused, and that it happens once."""
from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, FiledDocument
from cases.services.assigning import Package, accept_handover, reassign_case
from socialwork.audit.models import Access, Event
from socialwork.files.models import StoredFile
from socialwork.files.places import place_of_files
from socialwork.notifications.models import Notice
from socialwork.notifications.services import deliver
from tests import cast
from tests.access.matrix.filing import filed
from tests.factories.records import closed
from tests.socialwork.files import corpus


def address(case: Case) -> str:
    return reverse("cases:upload_document", args=[case.pk])


def body(**changes: Any) -> dict[str, Any]:
    file = SimpleUploadedFile(*changes.pop("file", ("林小舟在校表现.pdf", corpus.pdf())))
    return {"kind": "school_proof", "title": "在校表现证明", "dated_on": timezone.localdate().isoformat(), "paper": file, **changes}


def test_a_worker_files_and_everybody_on_the_case_reads(world: Any, sign_in: Any) -> None:
    case = cast.opened(world)
    assert sign_in(world.worker).post(address(case), body()).status_code == 302

    row = FiledDocument.objects.select_related("file").get()
    assert row.file.name == f"学校材料_{case.juvenile.code}_{row.dated_on.isoformat()}.pdf"
    assert "林小舟" not in row.file.name and corpus.pdf() not in place_of_files().get(row.file.path)
    event = Event.objects.get(verb="case.document_uploaded")
    assert event.facts == {"kind": "school_proof", "sha256": row.file.sha256}

    page = sign_in(world.prosecutor).get(reverse("cases:documents", args=[case.pk])).content.decode()
    assert "在校表现证明" in page and row.get_absolute_url() in page
    answer = sign_in(world.prosecutor).get(row.get_absolute_url())
    assert answer.content == corpus.pdf() and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment") and "sandbox" in answer["Content-Security-Policy"]
    assert Access.objects.filter(route="cases:filed_document", action="downloaded", detail="school_proof").count() == 1


def test_a_signed_copy_stands_beside_its_original(world: Any, sign_in: Any) -> None:
    row = filed(world)
    page = sign_in(world.worker).get(reverse("cases:documents", args=[row.case_id])).content.decode()
    assert "签章件已归档" in page and "回执（签章）" in page


def test_whoever_left_the_case_reads_it_no_more(world: Any, sign_in: Any) -> None:
    row = filed(world)
    at = timezone.now()
    offer = reassign_case(
        case=row.case, by=world.worker, at=at, function="lead", receiver=world.unassigned, package=Package(reason="leave", open_matters="无")
    )
    accept_handover(handover=offer, by=world.unassigned, at=at)
    assert sign_in(world.worker).get(row.get_absolute_url()).status_code == 404
    assert sign_in(world.unassigned).get(row.get_absolute_url()).status_code == 200


def test_a_paper_of_another_case_is_not_found_here(world: Any, sign_in: Any) -> None:
    row, other = filed(world), cast.opened(world)
    elsewhere = reverse("cases:filed_document", args=[other.pk, row.pk])
    assert sign_in(world.prosecutor).get(elsewhere).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "signed_copy"}, "signed_copy_of"),
        ({"kind": "signed_copy", "signed_copy_of": str(uuid4())}, "signed_copy_of"),
        ({"kind": "nothing_known"}, "kind"),
        ({"title": ""}, "title"),
        ({"dated_on": "9999-12-31"}, "dated_on"),
        ({"file": ("证明.pdf", b"MZ\x90\x00 a program")}, "paper"),
        ({"file": ("证明.exe", corpus.pdf())}, "paper"),
        ({"file": ("证明.docx", corpus.docx(word__vbaProject_dot_bin=b"x"))}, "paper"),
    ],
)
def test_what_is_refused_and_what_stays(world: Any, sign_in: Any, changes: dict[str, Any], field: str) -> None:
    case = cast.opened(world)
    before = StoredFile.objects.count()
    response = sign_in(world.worker).post(address(case), body(**{"title": "在校表现证明𠮷😀", **changes}))

    form = response.context["form"]
    assert response.status_code == 400 and form.errors[field]
    # A file does not stay chosen: the page says so where the file is.
    assert form.errors["paper"]
    assert changes.get("title", "在校表现证明𠮷😀") in response.content.decode()
    assert not FiledDocument.objects.exists() and StoredFile.objects.count() == before


def test_a_double_click_files_once_and_another_file_is_another_act(world: Any, sign_in: Any) -> None:
    case, key, client = cast.opened(world), str(uuid4()), sign_in(world.worker)
    for _click in range(2):
        assert client.post(address(case), body(_key=key)).status_code == 302
    assert FiledDocument.objects.count() == 1
    other = client.post(address(case), body(_key=key, file=("a.pdf", corpus.pdf("/Lang (zh)"))))
    assert other.status_code == 422 and FiledDocument.objects.count() == 1


def test_after_the_end_a_signed_copy_may_still_come(world: Any, sign_in: Any) -> None:
    case = closed(world)
    assert sign_in(world.prosecutor).post(address(case), body()).status_code == 302
    Case.objects.filter(pk=case.pk).update(state="cancelled")
    assert sign_in(world.prosecutor).post(address(case), body()).status_code == 409


def test_the_other_side_is_told_and_the_one_who_filed_is_not(world: Any, sign_in: Any) -> None:
    case = cast.opened(world)
    sign_in(world.worker).post(address(case), body())
    event = Event.objects.get(verb="case.document_uploaded")
    deliver(event_id=event.pk, at=timezone.now())
    told = set(Notice.objects.filter(event_id=event.pk).values_list("recipient__login", flat=True))
    assert told == {world.prosecutor.login, world.second.login}


def test_the_database_holds_signed_copies_to_their_originals(world: Any) -> None:
    row = filed(world)
    for changes in ({"signed_copy_of": None}, {"kind": "other"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FiledDocument.objects.filter(pk=row.pk).update(**changes)


def test_an_old_paper_bears_an_old_day(world: Any, sign_in: Any) -> None:
    case = cast.opened(world)
    year_ago = timezone.localdate() - dt.timedelta(days=400)
    assert sign_in(world.worker).post(address(case), body(dated_on=year_ago.isoformat())).status_code == 302
