"""Signed papers in real Chromium: chosen on the doorstep, refused at their field, filed, and missing in plain sight."""
from __future__ import annotations

from typing import Any

from django.utils import timezone
from playwright.sync_api import expect

from cases.models import FiledDocument
from socialwork.people.models import Consent
from tests import cast
from tests.browser.actor import Actor, said
from tests.socialwork.files import corpus


def choose(actor: Actor, name: str, *files: tuple[str, bytes]) -> None:
    chosen = [{"name": called, "mimeType": "application/octet-stream", "buffer": content} for called, content in files]
    actor.page.set_input_files(f"[name={name}]", chosen)


def test_a_consent_signed_on_the_doorstep(world: Any, as_person: Any) -> None:
    case = cast.opened(world)
    worker = Actor(as_person(world.worker, width=360)).go("people:record_consent", case.juvenile_id)
    worker.enter(kind="service", capacity="minor", method="recorded_oral")
    expect(worker.page.locator("[name=scan]")).to_be_hidden()
    worker.enter(method="paper", given_on=timezone.localdate().isoformat(), witness="王同𠮷")
    choose(worker, "scan", ("同意书.pdf", b"MZ a program"))
    worker.press(said("Save"))
    expect(worker.page.locator("[data-error-summary]")).to_be_focused()
    assert "文件内容与扩展名不符" in worker.errors() and worker.value("witness") == "王同𠮷"
    assert not Consent.objects.exists()

    # Two pages with the camera; the double click files them once.
    choose(worker, "scan", ("1.jpg", corpus.photograph()), ("2.jpg", corpus.picture()))
    with worker.page.expect_navigation():
        worker.button(said("Save")).dblclick()
    worker.sees(said("Save the scan"))
    row = Consent.objects.select_related("scan").get()
    with worker.page.expect_download() as saving:
        worker.page.get_by_role("link", name=said("Save the scan")).click()
    assert saving.value.suggested_filename == row.scan.name and row.scan.name.endswith(".pdf")


def test_a_scan_that_follows_later(world: Any, as_person: Any) -> None:
    case = cast.opened(world)
    worker = Actor(as_person(world.worker)).go("people:record_consent", case.juvenile_id)
    worker.enter(kind="service", capacity="minor", method="paper", given_on=timezone.localdate().isoformat())
    worker.press(said("Save")).sees(said("Scan missing"))
    worker.page.get_by_role("link", name=said("Attach the scan")).click()
    worker.press(said("Attach"))
    assert worker.errors()
    choose(worker, "scan", ("扫描.pdf", corpus.pdf()))
    worker.press(said("Attach")).does_not_see(said("Scan missing"))


def test_a_paper_is_filed_without_scripts(world: Any, as_person: Any) -> None:
    case = cast.opened(world)
    page = as_person(world.prosecutor, java_script_enabled=False)
    prosecutor = Actor(page).go("cases:documents", case.pk)
    page.get_by_role("link", name=said("File a paper")).click()
    prosecutor.put("kind", "signed_copy")
    prosecutor.put("title", "委托函（盖章）")
    choose(prosecutor, "paper", ("a.pdf", corpus.pdf()))
    page.get_by_role("button", name=said("File it")).click()
    assert said("Choose the document that was signed.") in page.content()
    assert said("Choose the file again: it does not stay chosen when something has to be corrected.") in page.content()
    assert prosecutor.value("title") == "委托函（盖章）"
    prosecutor.put("signed_copy_of", str(case.referral.documents.get(kind="F02").pk))
    choose(prosecutor, "paper", ("a.pdf", corpus.pdf()))
    page.get_by_role("button", name=said("File it")).click()
    assert said("Signed copy filed") in page.content() and FiledDocument.objects.count() == 1
