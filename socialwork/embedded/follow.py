"""Runs one program of the demo and ends it when the demo itself is gone, even when that was killed.

``python -m socialwork.embedded.follow LOCK_FILE PROGRAM ...``: the demo holds a lock on LOCK_FILE as long as it lives.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from socialwork.embedded.stack import STACK_VARIABLE, Stack

# Less than the five seconds after which honcho kills this process, and with it the last chance to clear up.
_PATIENCE = 4.0


def follow(lock: Path, command: list[str]) -> int:
    """Run ``command`` until it ends, SIGTERM arrives, or the holder of ``lock`` dies; return its status."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    asked = threading.Event()
    abandoned = threading.Event()

    def on_terminate(signum: int, frame: object) -> None:
        asked.set()

    def watch_the_demo() -> None:
        with lock.open() as file:
            fcntl.lockf(file, fcntl.LOCK_SH)  # waits for as long as the demo lives
        abandoned.set()
        asked.set()

    signal.signal(signal.SIGTERM, on_terminate)
    threading.Thread(target=watch_the_demo, daemon=True).start()
    while process.poll() is None and not asked.wait(0.2):
        pass
    status = _end(process)
    if abandoned.is_set() and os.environ.get(STACK_VARIABLE):
        Stack(Path(os.environ[STACK_VARIABLE])).stop_if_unused()
    return status


def _end(process: subprocess.Popen[bytes]) -> int:
    """Ask the program to stop; insist, with all it started, when it does not."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait()


if __name__ == "__main__":
    sys.exit(follow(Path(sys.argv[1]), sys.argv[2:]))
