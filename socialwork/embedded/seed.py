"""A migrated cluster, kept between test runs, that throw-away stacks start from as a copy.

Running all migrations costs seconds in every run and process; copying the result costs a fraction of one. A seed is
valid for one state of the migrations, the settings and the lock. Build servers do without and always migrate.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from socialwork.embedded.stack import MARK, Stack

_KEPT = 3
_DAY = 24 * 3600


def folder_for(checkout: Path) -> Path:
    """Return where the seed for the present state of the checkout stands, or would stand."""
    digest = hashlib.sha256()
    migrations = [*checkout.glob("*/migrations/*.py"), *checkout.glob("socialwork/*/migrations/*.py")]
    settings = [checkout / "socialwork" / "settings.py", checkout / "socialwork" / "requirements" / "dev.txt"]
    for file in sorted(migrations) + settings:
        digest.update(f"{file.relative_to(checkout)}\n".encode() + file.read_bytes())
    digest.update(str(os.geteuid()).encode())
    return checkout / "var" / "test-seeds" / digest.hexdigest()[:16]


def use(stack: Stack, seed: Path) -> bool:
    """Let a stack that has not started yet begin as a copy of the seed; False when there is no such seed."""
    if not (seed / MARK).exists():
        return False
    os.utime(seed)
    stack.begin_with(seed / "pg")
    return True


def grow(stack: Stack, seed: Path, checkout: Path) -> bool:
    """Run the migrations in the stack's own database and keep a copy of the cluster as ``seed``.

    False when the migrations fail or the folder cannot be written: the tests then report the first by themselves, and
    do without the second.
    """
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    environment = {**os.environ, **stack.environment, "DJANGO_SETTINGS_MODULE": "socialwork.settings"}
    if subprocess.run(migrate, cwd=checkout, env=environment, capture_output=True, check=False).returncode != 0:
        return False
    unfinished = seed.with_name(f"{seed.name}.{os.getpid()}")
    try:
        unfinished.mkdir(parents=True, mode=0o700)
        stack.copy_cluster(unfinished / "pg")
        (unfinished / MARK).touch()
        unfinished.rename(seed)
    except OSError:  # another run was faster, or the checkout belongs to somebody else
        shutil.rmtree(unfinished, ignore_errors=True)
    _forget_old(seed.parent)
    return True


def _forget_old(folder: Path) -> None:
    """Remove seeds that nobody used for a day, except the latest ones."""
    with suppress(OSError):
        by_use = sorted(folder.iterdir(), key=lambda seed: seed.stat().st_mtime, reverse=True)
        for seed in by_use[_KEPT:]:
            if time.time() - seed.stat().st_mtime > _DAY:
                shutil.rmtree(seed, ignore_errors=True)
