"""The pair of embedded servers and its life-time.

Every process that uses the stack holds a shared lock on one file; the last one out stops the servers. The kernel drops
the lock of a process that dies, so that a crash leaves no counter behind that would be wrong for ever.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from socialwork.embedded.account import Account
from socialwork.embedded.errors import EmbeddedServerError
from socialwork.embedded.postgres import Postgres, installed_folder
from socialwork.embedded.redis import Redis

MARK = ".socialwork-stack"
THROW_AWAY_PREFIX = "socialwork-test-"
# The data folder of a running stack, for child processes that must clear up after a parent that was killed.
STACK_VARIABLE = "SOCIALWORK_STACK"
_STARTING_SECONDS = 120


class Stack:
    """PostgreSQL and Redis whose data stands in one folder."""

    def __init__(self, data: Path, *, throw_away: bool = False) -> None:
        self._account = Account()
        self._throw_away = throw_away
        self.data = self._place(data)
        # A socket's path may have 107 bytes and no blanks, so sockets never stand inside the project folder.
        tag = hashlib.sha256(f"{self.data}|{os.geteuid()}".encode()).hexdigest()[:12]
        self.sockets = _short_folder() / f"socialwork-{tag}"
        self._postgres = Postgres(self._account, self.data, self.sockets, throw_away=throw_away)
        self._redis = Redis(self._account, self.data, self.sockets)
        self._users: IO[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to know in order to use the running stack."""
        return {
            "DATABASE_URL": self._postgres.url,
            "REDIS_URL": self._redis.url,
            "CELERY_BROKER_URL": self._redis.broker_url,
            STACK_VARIABLE: str(self.data),
        }

    def begin_with(self, cluster: Path) -> None:
        """Let the first start copy this cluster instead of making an empty one."""
        self._postgres.seed = cluster

    def copy_cluster(self, target: Path) -> None:
        """Copy the running stack's database cluster; its connections are closed for that."""
        self._postgres.copy_to(target)

    def start(self) -> Stack:
        """Start what is not running yet, and become one of its users until :meth:`stop` or the end of the process."""
        installed_folder()  # before anything is made on the disk
        try:
            self._create_folders()
            with self._gate():
                self._users = (self.data / "users.lock").open("a")
                fcntl.flock(self._users, fcntl.LOCK_SH)
                try:
                    self._postgres.start()
                    self._redis.start()
                except BaseException:
                    self._leave()
                    raise
        except PermissionError as error:
            raise EmbeddedServerError(
                f"{error.filename} cannot be used: it belongs to another account. "
                f"Start the command from that account, or remove {self.data}."
            ) from error
        os.register_at_fork(after_in_child=self._forget)
        atexit.register(self.stop)
        return self

    def _forget(self) -> None:
        """In a forked child: it inherited our lock, and would hold it on when we are long gone."""
        if self._users is not None:
            self._users.close()
            self._users = None

    def stop(self) -> None:
        """Leave the stack; the last user stops the servers."""
        if self._users is None:
            return
        atexit.unregister(self.stop)
        with self._gate():
            unused = self._leave()
        if unused:
            self._clear_away()

    def stop_if_unused(self) -> bool:
        """Stop servers that a killed process left behind; False when somebody uses them, or there is no such stack."""
        if not (self.data / MARK).exists():
            return False
        with self._gate():
            self._users = (self.data / "users.lock").open("a")
            unused = self._leave()
        if unused:
            self._clear_away()
        return unused

    def reset(self) -> None:
        """Remove the data folder, which must be one that we made and that nobody uses.

        Raises EmbeddedServerError when it is in use, or is a folder of somebody else.
        """
        if not self.data.exists():
            return
        if not (self.data / MARK).exists():
            raise EmbeddedServerError(f"{self.data} was not made by this program, so it is not removed.")
        if not self.stop_if_unused():
            raise EmbeddedServerError("The embedded database is in use by another process: stop that one first.")
        if self.data.exists():
            shutil.rmtree(self.data)

    def _place(self, data: Path) -> Path:
        """Where the data stands. A project under a closed home folder is out of reach for the account nobody."""
        data = data.absolute().resolve()
        if self._account.can_reach(data.parent):
            return data
        return Path("/var/tmp") / f"socialwork-{hashlib.sha256(str(data).encode()).hexdigest()[:10]}"

    def _create_folders(self) -> None:
        if not self.data.exists():
            self.data.parent.mkdir(parents=True, exist_ok=True)
            self.data.mkdir(mode=0o700, exist_ok=True)
            (self.data / MARK).touch()
        if self.data.is_symlink() or self.data.stat().st_uid != os.geteuid():
            raise EmbeddedServerError(
                f"{self.data} belongs to another account: start the command from that account, or remove the folder."
            )
        if self._account.is_root:
            self.data.chmod(stat.S_IMODE(self.data.stat().st_mode) | 0o011)
        if not self.sockets.exists():
            self.sockets.mkdir(mode=0o700, exist_ok=True)
            (self.sockets / MARK).touch()
        self._account.own_folder(self.sockets)

    @contextmanager
    def _gate(self) -> Iterator[None]:
        """One process at a time starts or stops."""
        with (self.data / "start.lock").open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield

    def _leave(self) -> bool:
        """Give up our use and stop the servers if it was the last one; the gate must be held."""
        users, self._users = self._users, None
        assert users is not None
        with users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._redis.stop()
            self._postgres.stop()
            if (self.sockets / MARK).exists():
                shutil.rmtree(self.sockets, ignore_errors=True)
        return True

    def _clear_away(self) -> None:
        if self._throw_away and (self.data / MARK).exists():
            shutil.rmtree(self.data, ignore_errors=True)


def servers_are_named() -> bool:
    """Whether DATABASE_URL and REDIS_URL (or their file forms) name real servers.

    Raises EmbeddedServerError when only one of the two is set: half a deployment is a mistake, not a wish.
    """
    database, redis = (
        bool(os.environ.get(name) or os.environ.get(f"{name}_FILE")) for name in ("DATABASE_URL", "REDIS_URL")
    )
    if database != redis:
        given, missing = ("DATABASE_URL", "REDIS_URL") if database else ("REDIS_URL", "DATABASE_URL")
        raise EmbeddedServerError(f"{given} is set but {missing} is not: set both, or neither for embedded servers.")
    return database


def ensure(data: Path) -> Stack | None:
    """Start the embedded servers under ``data`` unless the environment names real ones, and export their addresses."""
    if servers_are_named():
        return None
    stack = Stack(data).start()
    os.environ.update(stack.environment)
    return stack


def throw_away_stack() -> Stack:
    """Return a stack for one test run in the temporary folder, not started yet.

    What earlier runs left that were killed is cleared away first.
    """
    for left in _short_folder().glob(f"{THROW_AWAY_PREFIX}*"):
        with suppress(OSError):  # another run may be clearing the same folder away
            _clear_left_over(left)
    base = Path(tempfile.mkdtemp(prefix=THROW_AWAY_PREFIX, dir=_short_folder()))
    # registered first, so it runs last: after the stack has removed its own folder
    atexit.register(_remove_if_empty, base, os.getpid())
    if os.geteuid() == 0:
        base.chmod(0o711)
    return Stack(base / "data", throw_away=True)


def _clear_left_over(folder: Path) -> None:
    facts = folder.stat()
    # a young folder may belong to a run that is only just starting and holds no lock yet
    if facts.st_uid != os.geteuid() or time.time() - facts.st_mtime < _STARTING_SECONDS:
        return
    if Stack(folder / "data", throw_away=True).stop_if_unused():
        folder.rmdir()


def _remove_if_empty(folder: Path, owner_pid: int) -> None:
    if os.getpid() == owner_pid and folder.exists() and not any(folder.iterdir()):
        folder.rmdir()


def _short_folder() -> Path:
    """The folder for sockets: /tmp, because a TMPDIR may be long, contain blanks, and differ between two terminals."""
    temporary = Path("/tmp")
    return temporary if os.access(temporary, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
