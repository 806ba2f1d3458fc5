"""Places and processes for the tests of the starter, which are about folders, accounts and crashes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from socialwork.embedded.stack import Stack

CHECKOUT = Path(__file__).resolve().parents[3]

# Starts a stack, says so, and keeps it until a line arrives on standard input.
HOLDER = """
import sys
from contextlib import contextmanager
from pathlib import Path
from socialwork.embedded.stack import Stack
stack = Stack(Path(sys.argv[1])).start()
print("started", flush=True)
sys.stdin.readline()
stack.stop()
print("stopped", flush=True)
"""


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A folder with a blank and Chinese characters in its path that any account may walk into."""
    top = Path(tempfile.mkdtemp(prefix="sw-place-", dir="/tmp"))
    top.chmod(0o711)
    folder = top / "护航 项目" / ("很长的路径" * 6)
    folder.mkdir(parents=True)
    yield folder
    Stack(folder / "var" / "stack").stop_if_unused()
    shutil.rmtree(top)


@pytest.fixture
def place() -> Iterator[Path]:
    with reachable_folder() as folder:
        yield folder


@pytest.fixture
def holder() -> Iterator[Callable[[Path], subprocess.Popen[str]]]:
    """Starts processes that use the stack in the folder they are given; ends those that still run."""
    started: list[subprocess.Popen[str]] = []

    def start(data: Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(data)],
            cwd=CHECKOUT,
            env=without_servers(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def without_servers(**more: str) -> dict[str, str]:
    """The environment of a person at a desk: no addresses, no keys."""
    named = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "SOCIALWORK_", "SECRET_KEY", "DEBUG", "PYTHONDONT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(named)}
    return {**kept, **more}
