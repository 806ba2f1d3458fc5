"""Files in an object store: sealed there, reached only through our views, and never by an address of the store."""
from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.urls import reverse

from referrals.models import IssuedDocument
from socialwork import env
from socialwork.files.places import Bucket, Folder, Lost, StoreUnreachable, place_of_files
from tests import cast
from tests.socialwork.files.object_store import KEY_ID, ObjectStore, object_store

APPS = [Path(django_settings.BASE_DIR) / app for app in ("socialwork", "cases", "referrals")]


@pytest.fixture
def store(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ObjectStore]:
    """An object store, and the product set up to use it as a deployment would."""
    with object_store() as found:
        given = {"BUCKET": "papers", "ENDPOINT": found.address, "KEY_ID": KEY_ID, "SECRET": "example-secret"}
        for name, value in given.items():
            monkeypatch.setenv(f"FILES_S3_{name}", value)
        bucket = {"BACKEND": "socialwork.files.bucket.SealedBucket", "OPTIONS": env.bucket("FILES_S3")}
        settings.STORAGES = {**settings.STORAGES, "files": bucket}
        settings.MEDIA_ROOT = tmp_path
        yield found
        assert list(tmp_path.iterdir()) == []


def letter_of(referral: Any) -> tuple[IssuedDocument, str]:
    document = IssuedDocument.objects.select_related("file").filter(referral=referral).first()
    return document, reverse("referrals:download_letter", args=[referral.pk])


def test_without_a_bucket_files_stand_in_the_folder(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FILES_S3_BUCKET", raising=False)
    assert env.bucket("FILES_S3") == {}
    assert "files" not in settings.STORAGES and isinstance(place_of_files(), Folder)


@pytest.mark.parametrize(("name", "wrong"), [("ENDPOINT", "store.example"), ("ADDRESSING", "both"), ("SECRET", "")])
def test_a_bucket_described_wrongly_stops_the_start(store: Any, monkeypatch: Any, name: str, wrong: str) -> None:
    monkeypatch.setenv(f"FILES_S3_{name}", wrong)
    with pytest.raises(ImproperlyConfigured, match=f"FILES_S3_{name}"):
        env.bucket("FILES_S3")


def test_bytes_come_back_as_they_were_put(store: ObjectStore) -> None:
    place = place_of_files()
    assert isinstance(place, Bucket)
    large = bytes(range(256)) * 50_000  # more than a client would send in one part by itself
    for name, content in {"ab/one": b"first", "ab/two": large, "cd/empty": b""}.items():
        place.put(name, content)
        kept, found = store.objects[f"papers/{name}"], place.get(name)
        assert (len(kept), len(found), kept == found == content) == (len(content), len(content), True)
    place.put("ab/one", b"second")
    assert place.get("ab/one") == b"second"
    place.remove("ab/one")
    place.remove("ab/one")
    with pytest.raises(Lost):
        place.get("ab/one")
    assert all("?" not in path for _method, path, _headers in store.requests)
    assert not any(name.lower() == "x-amz-acl" for _method, _path, headers in store.requests for name in headers)


def test_a_letter_is_sealed_there_and_opened_by_our_view(store: ObjectStore, world: Any, sign_in: Any) -> None:
    referral = cast.issued(world)
    document, address = letter_of(referral)
    kept = store.objects[f"papers/{document.file.path}"]

    page = sign_in(world.prosecutor).get(address)
    assert page.status_code == 200 and page.content.startswith(b"PK")
    assert kept != page.content and b"PK\x03\x04" not in kept[:4] and len(kept) > len(page.content)
    assert store.address not in str(page.headers) and "papers" not in str(page.headers)


def test_rights_are_asked_before_the_store(store: ObjectStore, world: Any, sign_in: Any, client: Any) -> None:
    _document, address = letter_of(cast.issued(world))
    store.requests.clear()

    assert sign_in(world.prosecutor_elsewhere).get(address).status_code == 404
    assert sign_in(world.intake_of_former).get(address).status_code == 404
    assert client.get(address).status_code == 302
    assert store.requests == []


def test_what_was_changed_or_lost_there_is_not_handed_out(store: ObjectStore, world: Any, sign_in: Any) -> None:
    document, address = letter_of(cast.issued(world))
    name, client = f"papers/{document.file.path}", sign_in(world.prosecutor)
    store.objects[name] = store.objects[name][:-1] + b"!"
    assert client.get(address).status_code == 500
    del store.objects[name]
    assert client.get(address).status_code == 500


def test_a_store_that_refuses_loses_nothing(store: ObjectStore, world: Any, sign_in: Any) -> None:
    document, address = letter_of(cast.issued(world))
    client = sign_in(world.prosecutor)
    store.refuses = True
    assert client.get(address).status_code == 500
    with pytest.raises(StoreUnreachable):
        place_of_files().put("ab/new", b"text")
    with pytest.raises(StoreUnreachable):
        place_of_files().remove(document.file.path)
    store.refuses = False
    assert client.get(address).status_code == 200


def test_a_store_that_is_down_is_said_so(settings: Any, store: ObjectStore) -> None:
    options = {**settings.STORAGES["files"]["OPTIONS"], "endpoint_url": "http://127.0.0.1:1"}
    settings.STORAGES = {**settings.STORAGES, "files": {**settings.STORAGES["files"], "OPTIONS": options}}
    with pytest.raises(StoreUnreachable):
        place_of_files().get("ab/one")


def test_nobody_is_ever_sent_to_the_store(store: ObjectStore) -> None:
    with pytest.raises(TypeError):
        storages["files"].url("ab/one")


def test_no_code_expects_files_on_this_machine() -> None:
    """Only the folder itself knows that there is one."""
    local = re.compile(r"MEDIA_ROOT|default_storage|\.file\.path\b|storage\.path\(")
    found = {
        str(file.relative_to(django_settings.BASE_DIR))
        for app in APPS
        for file in app.rglob("*.py")
        if local.search(file.read_text(encoding="utf-8"))
    }
    assert found == {
        "socialwork/settings.py", "socialwork/files/places.py", "socialwork/embedded/demo.py",
    }
