"""Questions about processes by number, asked carefully: a number may have passed to a stranger since we noted it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def command_of(pid: int) -> str:
    """Return the command line of a living process; empty for one that ended, or is only waiting to be collected."""
    if pid <= 0:
        return ""
    if _PROC.joinpath("self", "stat").exists():
        try:
            state = _PROC.joinpath(str(pid), "stat").read_text().rpartition(")")[2].split()[0]
            command = _PROC.joinpath(str(pid), "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
        return "" if state in "ZX" else command.strip()
    answer = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def first_number(file: Path) -> int:
    """Return the process number on the first line of a pid file; 0 when there is none."""
    try:
        return int(file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0


def end(pid: int, *, patience: float = 5.0) -> None:
    """End a process: ask first, insist after ``patience`` seconds."""
    for request in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, request)
        except ProcessLookupError:
            return
        if wait_until_gone(pid, patience=patience):
            return


def wait_until_gone(pid: int, *, patience: float) -> bool:
    """Wait up to ``patience`` seconds for the end of a process, which may be a child of ours or not."""
    limit = time.monotonic() + patience
    while time.monotonic() < limit:
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        if not command_of(pid):
            return True
        time.sleep(0.02)
    return False
