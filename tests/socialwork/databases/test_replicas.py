"""Two real servers: a list may come from the standby, and nobody loses by it."""
from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from structlog.testing import capture_logs

from referrals.models import Referral
from socialwork.access import listing
from socialwork.accounts.models import AccessToken
from socialwork.audit.models import Access
from socialwork.core import replicas
from socialwork.core.middleware import ReadFromReplicaMiddleware, ReadYourWritesMiddleware
from socialwork.databases import databases
from socialwork.embedded.standby import Standby
from tests import cast
from tests.socialwork.databases.servers import short_folder

pytestmark = pytest.mark.django_db(transaction=True)
LIST = reverse("referrals:list")


@pytest.fixture(scope="module")
def copy(django_db_setup: Any) -> Iterator[Standby]:
    """A standby of the server of this run."""
    with short_folder("sw-stand-") as folder:
        standby = Standby(Path(connection.settings_dict["HOST"]), folder)
        try:
            yield standby.start()
        finally:
            standby.stop(at_once=True)


@pytest.fixture
def standby(transactional_db: None, copy: Standby, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Standby]:
    """The product as DATABASE_REPLICA_URL would set it up, with the standby well, awake and up to date."""
    known = connections.settings["default"]
    connections.settings["replica_1"] = {**known, "HOST": str(copy.folder), "CONN_HEALTH_CHECKS": False}
    # among the settings it would count as a database of the tests, which are emptied after each
    connections["replica_1"] = connections.create_connection("replica_1")
    del connections.settings["replica_1"]
    settings.REPLICAS, settings.DATABASE_ROUTERS = ["replica_1"], ["socialwork.core.replicas.Router"]
    settings.REPLICA_MAX_LAG = 600
    monkeypatch.setattr(replicas, "_known", {})
    monkeypatch.setattr(replicas, "_marks", replicas.Marks())
    copy.start()
    copy.resume()
    # the place a replica must have reached, for all of the test
    copy.catch_up(replicas._marks.due()[0])
    yield copy
    copy.start()
    copy.resume()
    connections["replica_1"].close()
    del connections["replica_1"]
    copy.catch_up(written())


def written() -> str:
    """A place in the primary's log behind which everything lies that was written so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
        place = cursor.fetchone()[0]
        # one entry more, so that the log goes on behind that place
        cursor.execute("SELECT txid_current()")
    return place


def asked(client: Client, address: str = LIST) -> tuple[Any, list[str]]:
    """A page, and what the standby was asked for it."""
    with CaptureQueriesContext(connections["replica_1"]) as statements:
        page = client.get(address)
    assert page.status_code == 200
    own = ("BEGIN", "ROLLBACK", "\nSELECT set_config")
    return page, [query["sql"] for query in statements.captured_queries if not query["sql"].startswith(own)]


def about_replicas(said: list[Any]) -> list[tuple[str, str]]:
    return [(line["event"], line.get("because", "")) for line in said if line["event"].startswith("replica_")]


def test_a_list_is_answered_by_the_standby_and_its_reading_recorded(standby: Standby, world: Any, sign_in: Any) -> None:
    row = cast.draft(world)
    standby.catch_up(written())
    client = sign_in(world.prosecutor)
    with CaptureQueriesContext(connection) as own:
        page, statements = asked(client)

    assert str(row.pk) in page.text
    assert any('FROM "referrals_referral"' in sql for sql in statements)
    assert not any('FROM "referrals_referral"' in query["sql"] for query in own.captured_queries)
    assert Access.objects.filter(actor_id=world.prosecutor.pk, route="referrals:list").count() == 1
    assert not any("django_session" in sql or "INSERT" in sql for sql in statements)


def test_what_the_session_wrote_is_on_its_next_page(standby: Standby, world: Any, sign_in: Any) -> None:
    child = cast.child(world, "prosecutor")
    standby.catch_up(written())
    client, colleague = sign_in(world.prosecutor), sign_in(world.unit_head)
    assert from_standby(colleague)
    standby.pause()
    answer = client.post(reverse("referrals:draft_referral", args=[child.pk]), {"prosecutor": str(world.prosecutor.pk)})
    drafted = answer.headers["Location"].split("/")[-3]
    assert answer.status_code == 302

    page, statements = asked(client)
    assert drafted in page.text and statements == []
    # somebody else, who wrote nothing, is still answered by the standby
    assert asked(colleague)[1] != []
    standby.resume()
    standby.catch_up(written())
    page, statements = asked(client)
    assert drafted in page.text and statements != []


def test_what_was_opened_is_no_longer_shown_as_new(standby: Standby, world: Any, sign_in: Any) -> None:
    row = cast.draft(world)
    standby.catch_up(written())
    client = sign_in(world.prosecutor)
    assert from_standby(client)
    standby.pause()

    assert asked(client, reverse("referrals:detail", args=[row.pk]))[1] != []
    assert asked(client)[1] == []


def test_only_what_declares_it_reads_from_the_standby(standby: Standby, world: Any, sign_in: Any) -> None:
    """A form is filled in against the primary."""
    row = cast.draft(world)
    standby.catch_up(written())
    client = sign_in(world.prosecutor)

    assert from_standby(client, reverse("referrals:detail", args=[row.pk]))
    standby.catch_up(written())
    assert asked(client, reverse("referrals:edit_referral", args=[row.pk]))[1] == []


@pytest.mark.parametrize(
    ("who", "name"),
    [("unit_head", "today"), ("unit_head", "statistics:board"), ("worker", "cases:list"), ("worker", "api:list_cases")],
)
def test_other_pages_that_only_show(standby: Standby, world: Any, sign_in: Any, who: str, name: str) -> None:
    standby.catch_up(written())
    assert from_standby(sign_in(world.people[who]), reverse(name))


def test_a_program_by_token_reads_from_the_primary(standby: Standby, world: Any, client: Client) -> None:
    """It keeps no cookie, so nobody knows what it has written."""
    AccessToken.objects.create(user=world.worker, digest=AccessToken.digest_of("key"))
    standby.catch_up(written())
    client.defaults["HTTP_AUTHORIZATION"] = "Token key"
    assert asked(client, reverse("api:list_cases"))[1] == []


def test_a_cookie_somebody_made_up_is_no_place(standby: Standby, world: Any, sign_in: Any) -> None:
    standby.catch_up(written())
    client = sign_in(world.prosecutor)
    client.cookies["read_after"] = "0/0'; DROP TABLE x; --"
    assert from_standby(client)
    client.cookies["read_after"] = "FFFFFFFF/FFFFFFFF"
    assert asked(client)[1] == []


def test_a_standby_that_is_down_costs_nobody_a_page(standby: Standby, world: Any, sign_in: Any) -> None:
    client = sign_in(world.prosecutor)
    standby.catch_up(written())
    assert asked(client)[1] != []
    standby.stop(at_once=True)
    with capture_logs() as said:
        assert [client.get(LIST).status_code for _time in range(3)] == [200, 200, 200]

    assert about_replicas(said) == [("replica_skipped", "no_answer")]


def test_it_is_used_again_when_it_is_back(standby: Standby, world: Any, sign_in: Any, monkeypatch: Any) -> None:
    client = sign_in(world.prosecutor)
    standby.stop(at_once=True)
    client.get(LIST)
    standby.start()
    standby.catch_up(written())
    monkeypatch.setattr(replicas._known["replica_1"], "_resting_until", 0.0)
    replicas._marks._taken.clear()
    with capture_logs() as said:
        assert from_standby(client)
    assert about_replicas(said) == [("replica_used_again", "")]


def test_one_that_ends_in_the_middle_of_a_page(standby: Standby, world: Any, sign_in: Any, monkeypatch: Any) -> None:
    row = cast.draft(world)
    standby.catch_up(written())
    client = sign_in(world.prosecutor)
    assert from_standby(client)
    list_rows, times = listing.list_rows, []

    def ends(*args: Any, **kwargs: Any) -> Any:
        found = list_rows(*args, **kwargs)
        times.append(replicas.connection_to_read().alias)
        if times == ["replica_1"]:
            with connections["replica_1"].cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return found

    monkeypatch.setattr(listing, "list_rows", ends)
    page = client.get(LIST)

    assert page.status_code == 200 and str(row.pk) in page.text
    assert times == ["replica_1", "default"]


def test_one_too_far_behind_is_skipped_and_said_once(standby: Standby, world: Any, sign_in: Any, settings: Any) -> None:
    client = sign_in(world.prosecutor)
    standby.catch_up(written())
    settings.REPLICA_MAX_LAG = 1
    standby.pause()
    cast.draft(world)
    written()
    with capture_logs() as said:
        end = time.monotonic() + 3
        while time.monotonic() < end:
            assert client.get(LIST).status_code == 200
            time.sleep(0.1)

    assert about_replicas(said) == [("replica_skipped", "too_far_behind")]
    assert asked(client)[1] == []


def test_a_server_that_is_no_standby_is_not_read_from(standby: Standby, world: Any, sign_in: Any) -> None:
    """One that was promoted lives a life of its own."""
    connections["replica_1"].settings_dict["HOST"] = connection.settings_dict["HOST"]
    client = sign_in(world.prosecutor)
    with capture_logs() as said:
        assert asked(client)[1] == []
    assert about_replicas(said) == [("replica_skipped", "not_a_standby")]


@pytest.fixture
def guarded() -> Iterator[Any]:
    """Row-level security on referrals: a row is there for the person named here, and for nobody else."""
    def guard(person: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE referrals_referral ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
                "CREATE POLICY only_one ON referrals_referral "
                f"USING (current_setting('app.user_id', true) = '{person.pk}')"
            )

    yield guard
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP POLICY IF EXISTS only_one ON referrals_referral;"
            "ALTER TABLE referrals_referral NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"
        )


def test_row_level_security_holds_on_the_standby(standby: Standby, world: Any, sign_in: Any, guarded: Any) -> None:
    row = cast.draft(world)
    guarded(world.prosecutor)
    standby.catch_up(written())

    page, statements = asked(sign_in(world.prosecutor))
    assert statements and str(row.pk) in page.text
    page, statements = asked(sign_in(world.unit_head))
    assert statements and str(row.pk) not in page.text
    with connections["replica_1"].cursor() as cursor:
        cursor.execute("SELECT count(*), current_setting('app.user_id', true) FROM referrals_referral")
        assert cursor.fetchone() == (0, "")


def test_rights_hold_on_the_standby(standby: Standby, world: Any, sign_in: Any) -> None:
    row = cast.draft(world)
    standby.catch_up(written())
    client = sign_in(world.prosecutor_elsewhere)
    page, statements = asked(client)
    assert statements and str(row.pk) not in page.text
    assert client.get(reverse("referrals:detail", args=[row.pk])).status_code == 404


def test_a_write_in_the_middle_ends_reading_from_the_standby(standby: Standby, world: Any) -> None:
    row = cast.draft(world)
    standby.catch_up(written())
    work = replicas.Work()
    token = replicas.current.set(work)
    try:
        work.read_only(user_id=str(world.prosecutor.pk), after=replicas.BEGINNING)
        read = Referral.objects.get(pk=row.pk)
        assert read._state.db == "replica_1"
        read.save()
        assert work.wrote and Referral.objects.get(pk=row.pk)._state.db == "default"
    finally:
        work.stop_reading()
        replicas.current.reset(token)


def from_standby(client: Client, address: str = LIST) -> bool:
    """Whether the standby answers, which may take a moment after it started."""
    for _attempt in range(50):
        if asked(client, address)[1]:
            return True
        time.sleep(0.1)
    return False


def test_without_the_setting_nothing_of_it_is_there(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.delenv("DATABASE_REPLICA_URL", raising=False)
    assert list(databases()) == ["default"]
    assert settings.REPLICAS == settings.DATABASE_ROUTERS == []
    for middleware in (ReadYourWritesMiddleware, ReadFromReplicaMiddleware):
        with pytest.raises(MiddlewareNotUsed):
            middleware(lambda request: HttpResponse())


def test_every_address_becomes_a_replica(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_REPLICA_URL", "postgres://a@one/name, postgres://a:b%2Cc@two/name")
    found = databases()
    assert [(found[name]["HOST"], found[name]["PASSWORD"]) for name in ("replica_1", "replica_2")] == [
        ("one", ""), ("two", "b,c"),
    ]
    assert found["replica_1"]["OPTIONS"]["connect_timeout"] == 2
    monkeypatch.setenv("DATABASE_REPLICA_URL", "mysql://one/name")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_REPLICA_URL"):
        databases()
