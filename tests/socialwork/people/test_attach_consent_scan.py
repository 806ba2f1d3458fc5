"""The signed paper of a consent: filed with it or later, missing in plain sight, read by those who know the child."""
from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from socialwork.audit.models import Access, Event
from socialwork.files.models import StoredFile
from socialwork.files.places import place_of_files
from socialwork.people.models import Consent
from tests import cast
from tests.access.matrix.people import signed
from tests.socialwork.files import corpus


def body(*files: tuple[str, bytes], **changes: Any) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    typed = {"kind": "service", "capacity": "minor", "given_on": today, "method": "paper", "text_version": "F05-2026-1"}
    chosen = {"scan": [SimpleUploadedFile(*file) for file in files]} if files else {}
    return {**typed, **chosen, **changes}


def record(juvenile: Any) -> str:
    return reverse("people:record_consent", args=[juvenile.pk])


def attach(row: Consent) -> str:
    return reverse("people:attach_consent_scan", args=[row.juvenile_id, row.pk])


def scan_of(row: Consent) -> str:
    return reverse("people:consent_scan", args=[row.juvenile_id, row.pk])


def page_of(sign_in: Any, person: Any, row: Consent) -> str:
    return sign_in(person).get(row.juvenile.get_absolute_url()).content.decode()


def test_the_scan_comes_with_the_consent(world: Any, sign_in: Any) -> None:
    case = cast.opened(world)
    assert sign_in(world.worker).post(record(case.juvenile), body(("林小舟签字.jpg", corpus.photograph()))).status_code == 302

    row = Consent.objects.select_related("scan", "juvenile").get()
    assert row.scan.name == f"接受服务（知情同意）_{case.juvenile.code}_{row.given_on.isoformat()}.jpg"
    assert b"\xff\xd8\xff" not in place_of_files().get(row.scan.path)[:200]
    answer = sign_in(world.prosecutor).get(scan_of(row))
    assert answer["Content-Type"] == "image/jpeg" and answer["Content-Disposition"].startswith("attachment")
    assert not Image.open(BytesIO(answer.content)).getexif() and corpus.SECRET_PLACE not in answer.content
    assert Access.objects.filter(route="people:consent_scan", action="downloaded", actor_id=world.prosecutor.pk).exists()
    assert Event.objects.get(verb="consent.recorded").facts["sha256"] == row.scan.sha256


def test_pages_photographed_one_by_one_become_one_paper(world: Any, sign_in: Any) -> None:
    case = cast.opened(world)
    pages = [("1.jpg", corpus.photograph()), ("2.png", corpus.png_with_words())]
    assert sign_in(world.worker).post(record(case.juvenile), body(*pages)).status_code == 302
    assert Consent.objects.select_related("scan").get().scan.content_type == "application/pdf"


def test_a_missing_scan_stays_in_sight_until_it_is_there(world: Any, sign_in: Any) -> None:
    case, worker = cast.opened(world), sign_in(world.worker)
    worker.post(record(case.juvenile), body())
    worker.post(record(case.juvenile), body(kind="recording", method="recorded_oral"))
    row = Consent.objects.select_related("juvenile").get(method="paper")
    page = page_of(sign_in, world.worker, row)
    assert page.count("缺扫描件") == 1 and attach(row) in page
    assert attach(row) not in page_of(sign_in, world.unit_head, row) and "缺扫描件" in page_of(sign_in, world.unit_head, row)

    sent = {"scan": SimpleUploadedFile("a.pdf", corpus.pdf()), "instead_of": ""}
    assert sign_in(world.worker).post(attach(row), sent).status_code == 302
    page = page_of(sign_in, world.worker, row)
    assert "缺扫描件" not in page and scan_of(row) in page
    assert Event.objects.filter(verb="consent.scan_attached").count() == 1


def test_who_works_with_codes_learns_that_it_is_there_and_reads_nothing(world: Any, sign_in: Any) -> None:
    row = signed(world)
    page = page_of(sign_in, world.supervisor, row)
    assert "已有扫描件" in page and scan_of(row) not in page
    assert sign_in(world.supervisor).get(scan_of(row)).status_code == 403


def test_a_scan_of_another_child_is_not_found_here(world: Any, sign_in: Any) -> None:
    row, other = signed(world), cast.opened(world).juvenile
    assert sign_in(world.prosecutor).get(reverse("people:consent_scan", args=[other.pk, row.pk])).status_code == 404
    assert sign_in(world.prosecutor).get(reverse("people:consent_scan", args=[row.juvenile_id, uuid4()])).status_code == 404


def test_two_at_once_the_second_is_told(world: Any, sign_in: Any) -> None:
    case = cast.opened(world)
    sign_in(world.worker).post(record(case.juvenile), body())
    row = Consent.objects.get()
    for person, status in ((world.worker, 302), (world.second, 409)):
        sent = {"scan": SimpleUploadedFile("a.pdf", corpus.pdf(f"/Lang ({person.login})")), "instead_of": ""}
        answer = sign_in(person).post(attach(row), sent)
        assert answer.status_code == status
    assert "已有人上传了扫描件" in answer.content.decode()
    assert StoredFile.objects.filter(thread_id=row.juvenile_id).count() == 1


def test_a_wrong_scan_is_replaced_and_its_mark_kept(world: Any, sign_in: Any) -> None:
    row = signed(world)
    wrong, sent = row.scan, {"scan": SimpleUploadedFile("a.png", corpus.picture("PNG")), "instead_of": row.scan.sha256}
    assert "替换扫描件" in page_of(sign_in, world.worker, row)
    assert sign_in(world.worker).post(attach(row), sent).status_code == 302
    row.refresh_from_db()
    assert row.scan_id != wrong.pk and StoredFile.objects.filter(pk=wrong.pk).exists()
    assert Event.objects.get(verb="consent.scan_attached").facts["replaced"] == wrong.sha256


@pytest.mark.parametrize("name", [name for name in corpus.REFUSED if "Word" not in name and "letter" not in name and "unpacks" not in name])
def test_a_harmful_file_is_refused_at_its_field_and_nothing_typed_is_lost(world: Any, sign_in: Any, name: str) -> None:
    called, content, _reason = corpus.REFUSED[name]()
    if not called:
        return  # a browser sends no file without a name
    case = cast.opened(world)
    answer = sign_in(world.worker).post(record(case.juvenile), body((called, content), witness="王同𠮷", note="在家中签署😀"))
    assert answer.status_code == 400 and list(answer.context["form"].errors) == ["scan"]
    assert "王同𠮷" in answer.content.decode() and "在家中签署😀" in answer.content.decode()
    assert not Consent.objects.exists() and not StoredFile.objects.filter(thread_id=case.juvenile_id).exists()


def test_a_good_file_beside_a_mistake_must_be_chosen_again(world: Any, sign_in: Any) -> None:
    case = cast.opened(world)
    answer = sign_in(world.worker).post(record(case.juvenile), body(("a.pdf", corpus.pdf()), given_on="9999-12-31"))
    assert answer.context["form"].has_error("scan", "again") and not Consent.objects.exists()


def test_a_double_click_records_once_and_another_file_is_another_act(world: Any, sign_in: Any) -> None:
    case, key, client = cast.opened(world), str(uuid4()), sign_in(world.worker)
    for _click in range(2):
        assert client.post(record(case.juvenile), body(("a.pdf", corpus.pdf()), _key=key)).status_code == 302
    assert Consent.objects.count() == 1
    assert client.post(record(case.juvenile), body(("a.pdf", corpus.pdf("/Lang (zh)")), _key=key)).status_code == 422


def test_too_much_at_once(world: Any, sign_in: Any, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    case = cast.opened(world)
    large = corpus.pdf(stream=b" " * 1024 * 1024)
    answer = sign_in(world.worker).post(record(case.juvenile), body(("a.pdf", large)))
    assert answer.status_code == 400 and answer.context["form"].has_error("scan", "too_large")
    answer = sign_in(world.worker).post(record(case.juvenile), body(("a.pdf", large), ("b.pdf", large), ("c.pdf", large)))
    assert answer.status_code == 413 and not Consent.objects.exists()


def test_the_api_takes_the_same_scan(world: Any, sign_in: Any) -> None:
    case, client = cast.opened(world), sign_in(world.worker)
    address = reverse("api:record_consent", args=[case.juvenile_id])
    scan = [{"name": "a.pdf", "content": b64encode(corpus.pdf()).decode()}]
    for wrong in ("a.pdf", [{"name": "a.pdf"}], [{"name": "a.pdf", "content": "§"}], ["a.pdf"]):
        assert client.post(address, body(scan=wrong), content_type="application/json").status_code == 400
    program = [{"name": "a.pdf", "content": b64encode(b"MZ").decode()}]
    answer = client.post(address, body(scan=program), content_type="application/json")
    assert answer.status_code == 400 and list(answer.json()["fields"]) == ["scan"]
    assert client.post(address, body(scan=scan), content_type="application/json").status_code == 200
    assert Consent.objects.select_related("scan").get().scan.size == len(corpus.pdf())
