"""Each reader of the environment returns its type or names the variable in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from socialwork import env


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("THING", "THING_FILE"):
        monkeypatch.delenv(name, raising=False)


def redis_url(name: str) -> str:
    return env.redis_url(1, name=name)


@pytest.mark.parametrize("reader", [env.text, env.number, env.path, env.secret, env.database_url, redis_url])
def test_a_missing_variable_is_named(reader: Callable[[str], object]) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^THING is not set: "):
        reader("THING")


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_variable_counts_as_missing(monkeypatch: pytest.MonkeyPatch, empty: str) -> None:
    monkeypatch.setenv("THING", empty)

    assert env.text("THING", "default") == "default"
    assert env.number("THING", 7) == 7
    assert env.flag("THING", True) is True
    assert env.listing("THING", ["a"]) == ["a"]
    assert env.secret("THING", "") == ""
    assert env.path("THING", Path("/srv")) == Path("/srv")


@pytest.mark.parametrize(
    ("reader", "value", "expected"),
    [
        (env.text, " 护航 ", "护航"),
        (env.number, "-3", -3),
        (env.flag, "Yes", True),
        (env.flag, "off", False),
        (env.listing, "a, b,,c ", ["a", "b", "c"]),
        (env.path, "/srv/files", Path("/srv/files")),
        (env.secret, "s3cret", "s3cret"),
    ],
)
def test_values(monkeypatch: pytest.MonkeyPatch, reader: Callable[[str], object], value: str, expected: object) -> None:
    monkeypatch.setenv("THING", value)

    assert reader("THING") == expected


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        (env.number, "many"),
        (env.flag, "perhaps"),
        (env.path, "relative/folder"),
        (env.database_url, "sqlite:///x"),
        (env.database_url, "postgres://host:port/x"),
        (env.database_url, "postgres://host"),
        (redis_url, "amqp://host"),
        (redis_url, "redis://host/first"),
    ],
)
def test_a_wrong_value_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, reader: Callable[[str], object], value: str
) -> None:
    monkeypatch.setenv("THING", value)

    with pytest.raises(ImproperlyConfigured, match=r"^THING "):
        reader("THING")


@pytest.mark.parametrize(("value", "word"), [("0", "at least 1"), ("11", "at most 10")])
def test_limits(monkeypatch: pytest.MonkeyPatch, value: str, word: str) -> None:
    monkeypatch.setenv("THING", value)

    with pytest.raises(ImproperlyConfigured, match=word):
        env.number("THING", minimum=1, maximum=10)


def test_a_secret_may_be_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from the file\n")
    monkeypatch.setenv("THING_FILE", str(file))
    assert env.secret("THING") == "from the file"

    file.write_text("\n")
    with pytest.raises(ImproperlyConfigured, match="which is empty"):
        env.secret("THING")
    file.unlink()
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        env.secret("THING")
    monkeypatch.setenv("THING", "other")
    with pytest.raises(ImproperlyConfigured, match="both set"):
        env.secret("THING")


def test_a_secret_never_stands_in_the_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", "postgres://user:hunter2@host:port/name")

    with pytest.raises(ImproperlyConfigured) as caught:
        env.database_url("THING")

    assert "hunter2" not in str(caught.value)


def test_database_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", "postgres://user:p%40ss@db:5433/work?sslmode=require")
    entry = env.database_url("THING")
    assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("db", 5433, "work")
    assert (entry["USER"], entry["PASSWORD"], entry["OPTIONS"]) == ("user", "p@ss", {"sslmode": "require"})

    monkeypatch.setenv("THING", "postgresql:///work?host=/run/postgresql&user=me")
    entry = env.database_url("THING")
    assert (entry["HOST"], entry["USER"], entry["OPTIONS"]) == ("/run/postgresql", "me", {})


@pytest.mark.parametrize(
    ("address", "next_database", "broker"),
    [
        ("redis://:pw@queue:6379/2", "redis://:pw@queue:6379/3", "redis://:pw@queue:6379/2"),
        ("rediss://queue", "rediss://queue/1", "rediss://queue"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock?db=1", "redis+socket:///run/redis.sock"),
        ("unix:///run/redis.sock?db=4", "unix:///run/redis.sock?db=5", "redis+socket:///run/redis.sock?virtual_host=4"),
    ],
)
def test_redis_address(monkeypatch: pytest.MonkeyPatch, address: str, next_database: str, broker: str) -> None:
    monkeypatch.setenv("THING", address)

    assert env.redis_url(name="THING") == address
    assert env.redis_url(1, name="THING") == next_database
    assert env.broker_url("THING") == broker
