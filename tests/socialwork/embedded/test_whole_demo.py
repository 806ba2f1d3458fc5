"""The demo as a newcomer starts it, in a copy of the checkout: it answers, and Ctrl-C leaves nothing running."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from socialwork.embedded import processes, seed
from socialwork.embedded.stack import Stack
from tests.socialwork.embedded.conftest import CHECKOUT, without_servers

_NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "tests", "__pycache__", ".*_cache", "*.mo")
_PATIENCE = 1200  # seconds; on the first start the stories and all matters beside them are loaded


@pytest.fixture
def demo(place: Path) -> Iterator[subprocess.Popen[str]]:
    checkout = place / "checkout"
    shutil.copytree(CHECKOUT, checkout, ignore=_NOT_COPIED)
    stack = Stack(checkout / "var" / "stack")
    if seed.use(stack, seed.folder_for(CHECKOUT)):  # never on a build server: there every migration runs
        stack.start().stop()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", "8700"],
        cwd=checkout,
        env=without_servers(SOCIALWORK_ENVIRONMENT=sys.prefix),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    give_up = threading.Timer(_PATIENCE, process.kill)
    give_up.start()
    yield process
    give_up.cancel()
    process.kill()
    process.communicate()


def processes_of(checkout: Path) -> list[str]:
    """Command lines of living processes that name the checkout, or run in it."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (command := processes.command_of(int(entry.name))):
            try:
                folder = str((entry / "cwd").readlink())
            except OSError:  # ended in this moment, or another account's
                folder = ""
            if str(checkout) in f"{command} {folder}":
                found.append(command)
    return found


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="asks /proc which processes are left")
def test_demo_answers_and_stops(demo: subprocess.Popen[str], place: Path) -> None:
    assert demo.stdout is not None
    seen: list[str] = []
    for line in demo.stdout:
        seen.append(line)
        if "Stop with Ctrl-C." in line:
            break
    address = re.search(r"Ready: (http://127\.0\.0\.1:\d+/)", "".join(seen))
    assert address, "".join(seen)

    with urllib.request.urlopen(f"{address[1]}account/sign-in/") as page:
        assert page.status == 200
        assert 'lang="zh-Hans"' in page.read().decode()
    with urllib.request.urlopen(f"{address[1]}static/css/theme.css") as style:
        assert style.status == 200
    running = "\n".join(processes_of(place))
    assert all(program in running for program in ("gunicorn", "worker", "beat", "postgres"))

    os.kill(demo.pid, signal.SIGINT)
    rest, _ = demo.communicate(timeout=30)

    assert demo.returncode == 0, rest
    assert "Traceback" not in "".join(seen) + rest
    assert processes_of(place) == []
