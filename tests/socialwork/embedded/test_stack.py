"""The embedded servers survive what happens on real desks: odd paths, two starts at once, crashes, strangers' files."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import psycopg
import pytest
import redis

from socialwork.embedded import processes, stack
from socialwork.embedded.errors import EmbeddedServerError
from socialwork.embedded.stack import MARK, Stack

Holder = Callable[[Path], "Popen[str]"]


def ask(running: Stack, statement: str) -> object:
    with psycopg.connect(running.environment["DATABASE_URL"], autocommit=True) as connection:
        row = connection.execute(statement)
        return row.fetchone()[0] if row.description else None


def server_pid(running: Stack) -> int:
    return processes.first_number(running.data / "pg" / "postmaster.pid")


def test_blank_and_chinese_path_in_a_c_locale(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    running = Stack(place / "var" / "stack").start()

    assert ask(running, "SELECT upper('é')") == "É"
    ask(running, "CREATE EXTENSION pg_trgm")
    assert ask(running, "SELECT show_trgm('观护帮教') <> '{}'") is True
    assert ask(running, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert ask(running, "SHOW log_min_error_statement") == "panic"
    with redis.Redis.from_url(running.environment["REDIS_URL"]) as client:
        assert client.ping()
    running.stop()

    assert server_pid(running) == 0
    assert not running.sockets.exists()


def test_restart_keeps_data_and_leaves_neighbours_alone(place: Path) -> None:
    canary = place / "var" / "canary"
    canary.parent.mkdir()
    canary.write_text("mine")
    first = Stack(place / "var" / "stack").start()
    ask(first, "CREATE TABLE kept AS SELECT 1 AS n")
    first.stop()

    second = Stack(place / "var" / "stack").start()
    assert ask(second, "SELECT n FROM kept") == 1
    second.stop()
    second.reset()

    assert canary.read_text() == "mine"
    assert [file.name for file in canary.parent.iterdir()] == ["canary"]


def test_reset_refuses_a_folder_it_did_not_make(place: Path) -> None:
    foreign = place / "var" / "stack"
    foreign.mkdir(parents=True)
    (foreign / "letter.txt").write_text("mine")

    with pytest.raises(EmbeddedServerError, match="was not made by this program"):
        Stack(foreign).reset()

    assert (foreign / "letter.txt").read_text() == "mine"


def test_two_that_start_at_once_share_and_the_last_one_out_stops(place: Path, holder: Holder) -> None:
    data = place / "var" / "stack"
    one, two = holder(data), holder(data)
    assert [process.stdout.readline() for process in (one, two)] == ["started\n", "started\n"]
    watched = Stack(data)
    pid = server_pid(watched)

    one.communicate("leave\n")
    assert processes.command_of(pid)
    with pytest.raises(EmbeddedServerError, match="in use by another process"):
        watched.reset()
    two.communicate("leave\n")

    assert not processes.command_of(pid)
    assert (data / MARK).exists()


def test_servers_left_by_a_killed_user_serve_the_next_one(place: Path, holder: Holder) -> None:
    data = place / "var" / "stack"
    killed = holder(data)
    killed.stdout.readline()
    pid = server_pid(Stack(data))
    killed.kill()
    killed.wait()

    running = Stack(data).start()
    assert server_pid(running) == pid
    running.stop()

    assert not processes.command_of(pid)


def test_start_after_everything_was_killed(place: Path) -> None:
    running = Stack(place / "var" / "stack").start()
    ask(running, "CREATE TABLE kept AS SELECT 1 AS n")
    for pid in (server_pid(running), processes.first_number(running.data / "redis.pid")):
        os.kill(pid, signal.SIGKILL)
        assert processes.wait_until_gone(pid, patience=10)

    again = Stack(place / "var" / "stack").start()
    assert ask(again, "SELECT n FROM kept") == 1
    with redis.Redis.from_url(again.environment["REDIS_URL"]) as client:
        assert client.ping()
    again.stop()
    running.stop()


def test_pid_file_whose_number_belongs_to_a_stranger(place: Path) -> None:
    running = Stack(place / "var" / "stack").start()
    running.stop()
    (running.data / "pg" / "postmaster.pid").write_text(f"{os.getpid()}\n{running.data / 'pg'}\n1\n5432\n/tmp\n\n")

    again = Stack(place / "var" / "stack").start()
    assert ask(again, "SELECT 1") == 1
    again.stop()


def test_data_of_another_major_version_is_named_not_touched(place: Path) -> None:
    running = Stack(place / "var" / "stack").start()
    running.stop()
    (running.data / "pg" / "PG_VERSION").write_text("17\n")

    with pytest.raises(EmbeddedServerError, match="made by PostgreSQL 17"):
        Stack(place / "var" / "stack").start()


def test_closed_parent_folder_stays_closed(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    running = Stack(closed / "var" / "stack").start()
    assert ask(running, "SELECT 1") == 1
    running.stop()

    assert closed.stat().st_mode & 0o777 == 0o700
    assert running.data.is_relative_to(closed) is (os.geteuid() != 0)
    running.reset()
    assert not running.data.exists()


def test_stand_in_for_redis_when_there_is_no_program(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socialwork.embedded.redis.Redis._server_command", lambda self: [])
    running = Stack(place / "var" / "stack").start()

    address = running.environment["REDIS_URL"]
    assert address.startswith("redis://127.0.0.1:")
    with redis.Redis.from_url(address) as client:
        client.set("case", "J-8F3K2Q")
        assert client.get("case") == b"J-8F3K2Q"
    pid = processes.first_number(running.data / "redis.pid")
    running.stop()

    assert not processes.command_of(pid)


def test_half_a_deployment_is_refused(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db/socialwork")
    monkeypatch.delenv("REDIS_URL", raising=False)

    with pytest.raises(EmbeddedServerError, match="DATABASE_URL is set but REDIS_URL is not"):
        stack.ensure(place / "var" / "stack")

    assert not (place / "var").exists()


def test_named_servers_leave_nothing_to_start(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db/socialwork")
    monkeypatch.setenv("REDIS_URL", "redis://queue:6379/0")

    assert stack.ensure(place / "var" / "stack") is None
    assert not (place / "var").exists()
