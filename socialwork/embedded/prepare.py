"""Brings database, catalogue and demo data up to date: ``python -m socialwork.embedded.prepare``.

A process of its own, so that the demo that starts it never opens a database connection it would hand to its children.
What the loaders print goes to standard error; standard output carries only the sign-ins.
"""

from __future__ import annotations

import fcntl
import sys
from io import StringIO
from pathlib import Path

import django
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError


def prepare(gate: Path) -> str:
    """Run migrations, compile the catalogue, load reference and demo data; return the list of sign-ins.

    Everything may be run again on a prepared database. ``gate`` is a lock file: two demos of one folder take turns.
    """
    signins = StringIO()
    with gate.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        django.setup()
        call_command("compile_translations", stdout=sys.stderr)
        call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
        known = get_commands()
        if "load_reference" in known:
            call_command("load_reference", stdout=sys.stderr)
        if "load_demo" in known:
            call_command("load_demo", "--signins", stdout=signins)
    return signins.getvalue()


if __name__ == "__main__":
    try:
        sys.stdout.write(prepare(Path(sys.argv[1])))
    except CommandError as error:
        sys.exit(str(error))
