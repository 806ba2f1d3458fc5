"""A list leaves the system as a file: for a purpose, under the person's rights, for a day, above 200 rows by two."""
from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from socialwork.audit.models import Access, Event
from socialwork.core.errors import DomainError, Moved, NotVisible, NotYours
from socialwork.exporting import kinds, queries, services, tasks
from socialwork.exporting.models import Export
from socialwork.exporting.workbook import write_sheet
from socialwork.organisations.models import Agreement
from tests import cast
from tests.factories.occasions import of_others

PAYLOADS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1", "＝1+1", " =1", "=HYPERLINK(\"http://x\")", "http://x", "990101201001011234"]


def ask(world, by="worker", **more):
    user = world.people[by]
    values = {"kind": "cases", "query": "", "purpose": "statistics", **more}
    return services.ask_export(organisation=user.organisation, by=user, at=timezone.now(), **values)


def sheet_of(content):
    return load_workbook(BytesIO(content)).active


def texts(content):
    return [cell.value for row in sheet_of(content).iter_rows() for cell in row if cell.value is not None]


@pytest.fixture
def bulk(monkeypatch):
    """One row already counts as many."""
    monkeypatch.setitem(kinds._kinds, "cases", replace(kinds.kind_of("cases"), alone_up_to=0))


def test_the_sheet_shows_what_the_list_shows_and_no_name(world):
    case, other = cast.opened(world), of_others(world)
    export = services.make_export(export=ask(world), at=timezone.now())
    content = services.download_export(export=export, by=world.worker, at=timezone.now())
    found = texts(content)
    assert case.number in found
    assert case.juvenile.code in found
    assert other.number not in found
    assert not any("林小舟" in str(text) for text in found)
    assert any(world.worker.name in str(text) and "工作统计" not in str(text) for text in found[:4])
    assert export.rows == 1
    assert export.file.sha256


def test_rights_are_those_of_the_moment_it_is_made(world):
    case = cast.opened(world)
    export = ask(world)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Agreement.objects.filter(pk=case.agreement_id).update(ends_on=yesterday, access_until=yesterday)
    made = services.make_export(export=export, at=timezone.now())
    assert made.rows == 0


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_text_becomes_a_formula(text):
    content, rows = write_sheet(title=text, lines=[text], columns=[text], rows=[[text]])
    cells = [cell for row in sheet_of(content).iter_rows() for cell in row if cell.value is not None]
    assert rows == 1
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)


def test_the_file_on_the_disk_is_not_readable_and_dies_with_its_key(world, settings, django_capture_on_commit_callbacks):
    cast.opened(world)
    export = services.make_export(export=ask(world), at=timezone.now())
    place = settings.MEDIA_ROOT / export.file.path
    assert not place.read_bytes().startswith(b"PK")
    with django_capture_on_commit_callbacks(execute=True):
        tomorrow = timezone.now() + dt.timedelta(hours=25)
        assert [row.pk for row in queries.run_out(tomorrow)] == [export.pk]
        services.destroy_export(export=export, by=world.worker, at=tomorrow)
    export.refresh_from_db()
    assert (export.state, export.wrapped_key, place.exists()) == ("expired", None, False)


def test_after_its_day_it_is_not_handed_out(world):
    cast.opened(world)
    export = services.make_export(export=ask(world), at=timezone.now() - dt.timedelta(hours=25))
    with pytest.raises(Moved):
        services.download_export(export=export, by=world.worker, at=timezone.now())


def test_many_rows_need_a_second_person(world, bulk):
    cast.opened(world)
    export = ask(world)
    assert export.state == "waiting"
    with pytest.raises(Moved):
        services.make_export(export=export, at=timezone.now())
    with pytest.raises(NotYours):
        services.approve_export(export=export, by=world.worker, at=timezone.now())
    services.approve_export(export=export, by=world.manager, at=timezone.now())
    assert services.make_export(export=export, at=timezone.now()).state == "ready"
    assert Event.objects.filter(target_id=export.pk).order_by("at", "id").values_list("verb", flat=True).last() == "export.finished"


def test_a_list_that_grew_while_it_waited_is_not_made_for_one(world, monkeypatch):
    cast.opened(world)
    export = ask(world)
    monkeypatch.setitem(kinds._kinds, "cases", replace(kinds.kind_of("cases"), alone_up_to=0))
    assert tasks.make(export_id=str(export.pk), user_id=str(world.worker.pk)) is False
    export.refresh_from_db()
    assert (export.state, export.file) == ("failed", None)


def test_nobody_decides_on_the_own_export(world, bulk):
    cast.opened(world)
    export = ask(world, "manager")
    with pytest.raises(NotYours):
        services.approve_export(export=export, by=world.manager, at=timezone.now())


def test_a_refusal_gives_its_reason(world, bulk):
    cast.opened(world)
    export = ask(world)
    with pytest.raises(DomainError):
        services.refuse_export(export=export, by=world.manager, at=timezone.now(), reason=" ")
    services.refuse_export(export=export, by=world.manager, at=timezone.now(), reason="用途不清。")
    assert Export.objects.get().reason == "用途不清。"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"purpose": "curiosity"}, "purpose"),
        ({"purpose": "other"}, "remark"),
        ({"purpose": "statistics", "remark": "联系 13800000000"}, "remark"),
        ({"query": "state=closed"}, None),
    ],
)
def test_what_is_wrong_asks_for_nothing(world, more, field):
    cast.opened(world)
    with pytest.raises(DomainError) as refusal:
        ask(world, **more)
    assert refusal.value.field == field
    assert not Export.objects.exists()


def test_a_kind_that_is_not_offered_does_not_exist(world):
    with pytest.raises(NotVisible):
        ask(world, kind="referrals")
    with pytest.raises(NotVisible):
        ask(world, kind="children")


def test_made_twice_is_made_once(world):
    cast.opened(world)
    export = ask(world)
    assert tasks.make(export_id=str(export.pk), user_id=str(world.worker.pk)) is True
    assert tasks.make(export_id=str(export.pk), user_id=str(world.worker.pk)) is False
    assert Event.objects.filter(verb="export.finished").count() == 1


def test_a_failure_is_told_and_leaves_no_file(world, monkeypatch):
    cast.opened(world)
    export = ask(world)

    def break_down(*parts):
        raise RuntimeError

    monkeypatch.setitem(kinds._kinds, "cases", replace(kinds.kind_of("cases"), write=break_down))
    assert tasks.make(export_id=str(export.pk), user_id=str(world.worker.pk)) is False
    export.refresh_from_db()
    assert (export.state, export.file) == ("failed", None)


def test_lost_ones_are_sent_again(world, django_capture_on_commit_callbacks):
    cast.opened(world)
    export = ask(world)
    Export.objects.filter(pk=export.pk).update(created_at=timezone.now() - dt.timedelta(hours=1))
    with django_capture_on_commit_callbacks() as sent:
        tasks.sweep()
    assert len(sent) == 1


def test_from_the_list_to_the_file(world, sign_in):
    cast.opened(world)
    client = sign_in(world.worker)
    listed = client.get(reverse("cases:list"), {"state": "all"}).content.decode()
    address = reverse("exports:ask_export", args=[world.worker.organisation_id])
    assert address in listed
    asked = client.get(address, {"kind": "cases", "query": "state=all&after=x"})
    assert asked.context["form"]["query"].value() == "state=all"
    refused = client.post(address, {"kind": "cases", "query": "state=all", "purpose": "other", "remark": ""})
    assert refused.status_code == 400
    sent = client.post(address, {"kind": "cases", "query": "state=all", "purpose": "statistics"})
    export = Export.objects.get()
    assert sent["Location"] == export.get_absolute_url()
    waits = client.get(export.get_absolute_url())
    assert "every 2s" in waits.content.decode()
    assert client.get(export.get_absolute_url(), headers={"HX-Request": "true"}).status_code == 200
    tasks.make(export_id=str(export.pk), user_id=str(world.worker.pk))
    assert client.get(export.get_absolute_url(), headers={"HX-Request": "true"}).status_code == 286
    page = client.get(export.get_absolute_url())
    download = page.context["primary"]["url"]
    file = client.get(download)
    assert file.content.startswith(b"PK")
    assert Access.objects.filter(action="downloaded", target_id=export.pk).exists()
    assert sign_in(world.manager).get(download).status_code == 403
    assert sign_in(world.prosecutor).get(export.get_absolute_url()).status_code == 404


def test_what_it_is_needed_for_is_kept_for_the_list_it_was_typed_about(world, sign_in):
    cast.opened(world)
    client, address = sign_in(world.worker), reverse("exports:ask_export", args=[world.worker.organisation_id])
    page = client.get(f"{address}?kind=cases&query=")
    keep = page.context["autosave_url"]
    typed = {"kind": "cases", "query": "", "remark": "季度走访安排"}
    assert client.post(keep, typed).status_code == 200
    assert client.get(f"{address}?kind=cases&query=").context["form"]["remark"].value() == "季度走访安排"
    assert not client.get(f"{address}?kind=cases&query=q%3D1").context["form"]["remark"].value()
    assert sign_in(world.auditor).post(keep, typed).status_code == 404


def test_every_registered_list_answers(world):
    cast.opened(world)
    for login in ("prosecutor", "unit_head", "worker", "intake", "manager", "supervisor"):
        user = world.people[login]
        for kind in kinds.kinds_for(user):
            content, rows = kind.write(user, kinds.filters_of(""), ["由来"], lambda done: None)
            assert content.startswith(b"PK")
            assert rows == kind.count(user, kinds.filters_of("")), (login, kind.code)


def test_documents_are_packed_as_they_were_issued_and_by_two(world):
    case = cast.opened(world)
    export = ask(world, kind="case_documents")
    assert export.state == "waiting"
    services.approve_export(export=export, by=world.manager, at=timezone.now())
    made = services.make_export(export=export, at=timezone.now())
    package = ZipFile(BytesIO(services.download_export(export=made, by=world.worker, at=timezone.now())))
    inside = [name for name in package.namelist() if name.endswith(".docx")]
    assert len(inside) == made.rows > 0
    assert all(name.startswith(f"{case.number}/") for name in inside)
    listed = package.read("说明.txt").decode("utf-8-sig")
    assert all(hashlib.sha256(package.read(name)).hexdigest() in listed for name in inside)
    assert Access.objects.filter(thread_id=case.thread_id, action="downloaded").count() == made.rows
