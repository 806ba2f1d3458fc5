"""The operating-system account that the embedded servers run under.

PostgreSQL refuses to run as root. When we are root its processes become ``nobody``, which brings a second question:
can ``nobody`` reach the data folder and the binaries at all? Parent folders are never opened up for it.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from socialwork.embedded.errors import EmbeddedServerError

NOBODY = 65534


class Account:
    """The account for server processes: our own, or ``nobody`` when we are root."""

    def __init__(self) -> None:
        self.is_root = os.geteuid() == 0
        self.uid = NOBODY if self.is_root else os.geteuid()
        self._switch: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if self.is_root else {}

    def can_reach(self, folder: Path) -> bool:
        """Whether the account may walk down to ``folder``: as nobody it needs the x bit for others all the way."""
        if not self.is_root:
            return True
        existing = [place for place in (folder, *folder.parents) if place.exists()]
        return all(place.stat().st_mode & stat.S_IXOTH for place in existing)

    def own_folder(self, folder: Path) -> None:
        """Make ``folder`` a folder that only the account can read; refuse one that belongs to somebody else."""
        folder.mkdir(parents=True, exist_ok=True)
        if folder.is_symlink():
            raise EmbeddedServerError(f"{folder} is a link, but must be a folder: remove it and start again.")
        owner = folder.stat().st_uid
        if self.is_root and owner == 0:
            os.chown(folder, self.uid, self.uid)
        elif owner != self.uid:
            raise EmbeddedServerError(
                f"{folder} belongs to another account (number {owner}): start the command from that account, "
                f"or remove the folder."
            )
        folder.chmod(0o700)

    def take_over(self, folder: Path) -> None:
        """Make the account the owner of a folder that we copied, and of all in it."""
        self.own_folder(folder)
        if self.is_root:
            for place in folder.rglob("*"):
                os.chown(place, self.uid, self.uid, follow_symlinks=False)

    def within_reach(self, packages: Path, folders: Iterable[str], copy: Path) -> Path:
        """Return ``packages``, or ``copy`` with copies of its ``folders`` when the account cannot walk to them.

        The folders keep their places relative to each other, because programs look for their libraries that way.
        """
        if self.can_reach(packages):
            return packages
        if not copy.exists():
            unfinished = copy.with_name(copy.name + ".part")
            shutil.rmtree(unfinished, ignore_errors=True)
            for folder in folders:
                if (packages / folder).exists():
                    shutil.copytree(packages / folder, unfinished / folder, symlinks=True)
            for place in (unfinished, *unfinished.rglob("*")):
                if not place.is_symlink():
                    place.chmod(place.stat().st_mode | 0o055)
            unfinished.rename(copy)
        return copy

    def environment(self, home: Path) -> dict[str, str]:
        """Environment of a server process: UTF-8 whatever the caller's locale is, and no home folder it cannot read."""
        keep = {key: os.environ[key] for key in ("PATH", "TZ", "LD_LIBRARY_PATH") if key in os.environ}
        return {**keep, "LC_ALL": "C.UTF-8", "HOME": str(home)}

    def run(
        self, command: Sequence[str | Path], *, home: Path, quiet: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run a short command as the account.

        ``quiet`` is for commands that leave a server behind, which would keep a pipe for their output open for ever.
        """
        output = subprocess.DEVNULL if quiet else subprocess.PIPE
        try:
            return subprocess.run(
                [str(part) for part in command],
                cwd="/",
                env=self.environment(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                text=True,
                check=False,
                **self._switch,
            )
        except OSError as error:
            raise self._cannot_run(command[0], error) from error

    def launch(
        self, command: Sequence[str | Path], *, home: Path, log: Path, as_caller: bool = False
    ) -> subprocess.Popen[bytes]:
        """Start a server that stays, in a session of its own, so that Ctrl-C in the terminal does not reach it.

        ``as_caller`` leaves it with the caller's rights, for a program the account could not read.
        """
        try:
            with log.open("ab") as output:
                return subprocess.Popen(
                    [str(part) for part in command],
                    cwd="/",
                    env=self.environment(home),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                    **({} if as_caller else self._switch),
                )
        except OSError as error:
            raise self._cannot_run(command[0], error) from error

    def _cannot_run(self, program: str | Path, error: OSError) -> EmbeddedServerError:
        advice = " (as root it must be able to become the account nobody)" if self.is_root else ""
        return EmbeddedServerError(
            f"{program} cannot be started{advice}: {error.strerror}. "
            f"Use an ordinary account, or set DATABASE_URL and REDIS_URL."
        )
