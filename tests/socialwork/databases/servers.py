"""Servers beside the one of the test run: a pooler in front of it."""
from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from socialwork.embedded.account import Account

_POOLER = """
[databases]
* = host={server} user={role}
[pgbouncer]
listen_addr =
unix_socket_dir = {folder}
unix_socket_mode = 0777
listen_port = 6432
auth_type = any
pool_mode = transaction
default_pool_size = 1
max_client_conn = 20
"""


@contextmanager
def short_folder(prefix: str) -> Iterator[Path]:
    """A folder that the servers' account owns, with a path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    Account().own_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def pgbouncer(*, server: str, role: str) -> Iterator[Path]:
    """A real PgBouncer with one server connection for everybody; yields the folder of its socket."""
    program = shutil.which("pgbouncer", path=f"{os.defpath}:/usr/sbin")
    assert program
    account = Account()
    with short_folder("sw-pool-") as folder:
        (folder / "pool.ini").write_text(_POOLER.format(server=server, role=role, folder=folder))
        account.take_over(folder)
        process = account.launch([program, folder / "pool.ini"], home=folder, log=folder / "pool.log")
        try:
            _wait_for(folder / ".s.PGSQL.6432", process, folder / "pool.log")
            yield folder
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(place: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(100):
        with socket.socket(socket.AF_UNIX) as door:
            if place.exists() and door.connect_ex(str(place)) == 0:
                return
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())
