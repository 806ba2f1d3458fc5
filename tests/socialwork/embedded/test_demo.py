"""The parts of the demo that can be tried alone: its port, its keys, and that its programs do not outlive it."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from socialwork.embedded import desk, keys, processes
from socialwork.embedded.demo import free_port
from socialwork.embedded.errors import EmbeddedServerError
from tests.socialwork.embedded.conftest import CHECKOUT, without_servers

FOLLOW = [sys.executable, "-m", "socialwork.embedded.follow"]
# A program that ignores the first request to stop, and notes its number down.
STUBBORN = (
    "import os, pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(60)"
)


def wait_for_number(file: Path) -> int:
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        if number := processes.first_number(file):
            return number
        time.sleep(0.02)
    raise AssertionError(f"{file} was not written")


def test_port_in_use_gives_the_next_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert port < free_port(port) <= port + 100


def test_no_port_left() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 65535))
        taken.listen()
        with pytest.raises(EmbeddedServerError, match="choose another one with --port"):
            free_port(65535)


def test_programs_end_when_the_demo_was_killed(tmp_path: Path) -> None:
    lock, number = tmp_path / "alive", tmp_path / "number"
    hold = (
        "import fcntl, sys, time; file = open(sys.argv[1], 'a'); fcntl.lockf(file, fcntl.LOCK_EX); print(flush=True); "
    )
    demo = subprocess.Popen([sys.executable, "-c", f"{hold}time.sleep(60)", lock], stdout=subprocess.PIPE)
    assert demo.stdout is not None
    demo.stdout.readline()
    program = [sys.executable, "-c", STUBBORN, str(number)]
    follower = subprocess.Popen([*FOLLOW, lock, *program], cwd=CHECKOUT, env=without_servers())
    pid = wait_for_number(number)

    demo.kill()
    demo.communicate()

    assert follower.wait(15) == -signal.SIGKILL % 256
    assert not processes.command_of(pid)


def test_programs_end_when_they_are_asked(tmp_path: Path) -> None:
    lock = tmp_path / "alive"
    with lock.open("a") as alive:
        fcntl.lockf(alive, fcntl.LOCK_EX)
        number = tmp_path / "number"
        note = f"echo $$ > {number}; exec sleep 60"
        follower = subprocess.Popen([*FOLLOW, lock, "sh", "-c", note], cwd=CHECKOUT, env=without_servers())
        pid = wait_for_number(number)

        follower.terminate()

        assert follower.wait(15) == -signal.SIGTERM % 256
        assert not processes.command_of(pid)


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secrets.json"
    with ThreadPoolExecutor(1) as other:
        made = keys.desk_keys(file)
        assert other.submit(keys.desk_keys, file).result() == made

    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["secrets.json"]
    assert set(made) == set(json.loads(file.read_text())) == {"SECRET_KEY", "DATA_KEY_RING", "INDEX_KEY"}
    assert made["DATA_KEY_RING"].startswith("1:")


def test_damaged_keys_are_not_replaced_behind_the_owners_back(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_text("{}")

    with pytest.raises(EmbeddedServerError, match="holds the keys of the embedded database"):
        keys.desk_keys(file)

    assert file.read_text() == "{}"


def test_keys_given_by_the_environment_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "given")
    monkeypatch.delenv("INDEX_KEY", raising=False)
    monkeypatch.setenv("INDEX_KEY_FILE", "/run/secrets/index")

    keys.export(keys.new_keys())

    assert os.environ["SECRET_KEY"] == "given"
    assert "INDEX_KEY" not in os.environ


@pytest.mark.parametrize(
    ("arguments", "parallel"),
    [([], True), (["-x", "-q"], True), (["tests/access"], False), (["-n", "0"], False), (["-k", "refer"], False)],
)
def test_the_whole_suite_runs_in_several_processes(
    arguments: list[str], parallel: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    assert desk._parallel(arguments) == (["-n", "2", "--dist", "loadfile"] if parallel else [])
