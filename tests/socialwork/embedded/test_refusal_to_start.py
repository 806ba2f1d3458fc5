"""Web server and worker never fall back to an embedded database: without an address they stop with one sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from socialwork.embedded.keys import new_keys
from tests.socialwork.embedded.conftest import CHECKOUT, without_servers

COMMANDS = {
    "gunicorn": ["-m", "gunicorn", "socialwork.wsgi", "--bind", "127.0.0.1:0", "--no-control-socket"],
    "worker": ["-m", "celery", "-A", "socialwork", "worker"],
    "beat": ["-m", "celery", "-A", "socialwork", "beat"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_without_an_address(command: list[str]) -> None:
    process = subprocess.run(
        [sys.executable, *command],
        cwd=CHECKOUT,
        env=without_servers(**new_keys()),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    output = process.stdout + process.stderr

    assert process.returncode != 0
    assert output.count("socialwork cannot start: DATABASE_URL is not set") == 1
    assert "Traceback" not in output


def test_a_command_with_real_servers_gets_no_made_up_keys(tmp_path: Path) -> None:
    process = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=CHECKOUT,
        env={
            name: value
            for name, value in without_servers(
                DATABASE_URL="postgres://127.0.0.1:1/none", REDIS_URL="redis://127.0.0.1:1/0"
            ).items()
            if name not in new_keys()
        },
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert process.returncode == 1
    assert process.stderr.startswith("socialwork cannot start: SECRET_KEY is not set")
