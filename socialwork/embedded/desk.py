"""What ``manage.py`` does once it runs inside its environment: demo, tests, or one of Django's commands."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured

from socialwork import env
from socialwork.embedded import keys
from socialwork.embedded.errors import EmbeddedServerError
from socialwork.embedded.stack import Stack, ensure

# More processes than this make each other wait for the one test database server.
_MOST_TEST_PROCESSES = 4
# Commands about a generated country, with the size that is usual: each size has a database of its own.
_COUNTRY_SCALES = {"seed_country": 1.0, "bench": 0.01, "morning": 0.01}
# With one of these a person looks at single tests, and starting several processes would only cost time.
_SERIAL_OPTIONS = ("-n", "-k", "-s", "-h", "-p", "--num", "--dist", "--pdb", "--lf", "--ff", "--sw", "--co", "--help")


def run(checkout: str, argv: list[str]) -> int:
    """Run the command and return its status; an embedded server that cannot start is one sentence, not a traceback."""
    folder = Path(checkout)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialwork.settings")
    signal.signal(signal.SIGTERM, _leave_in_order)
    try:
        match argv[1:2]:
            case ["demo"]:
                from socialwork.embedded import demo

                return demo.main(folder, argv[2:])
            case ["test"]:
                run_tests(folder, argv[2:])
        return _run_django(folder, argv)
    except EmbeddedServerError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def data_folder(checkout: Path, argv: list[str]) -> Path:
    """Where the embedded servers keep the data of a command: a generated country never mixes with the demo."""
    usual = _COUNTRY_SCALES.get(argv[1] if len(argv) > 1 else "")
    if usual is None:
        return checkout / "var" / "stack"
    options = ArgumentParser(add_help=False)
    options.add_argument("--scale", type=float, default=usual)
    return checkout / "var" / f"country-{options.parse_known_args(argv[2:])[0].scale:g}"


def prepare_environment(checkout: Path, *, data: Path | None = None, for_demo: bool = False) -> Stack | None:
    """Start the embedded servers where none are named, and export addresses, desk keys and DEBUG.

    With real servers nothing is invented: a production command must not run with keys that were made up on the spot.
    The demo is the exception, because it is never production.
    """
    stack = ensure(data or checkout / "var" / "stack")
    if stack is not None or for_demo:
        os.environ.setdefault("DEBUG", "1")
        keys.export(keys.desk_keys(checkout / "var" / "secrets.json"))
    return stack


def run_tests(checkout: Path, arguments: list[str]) -> NoReturn:
    """Become pytest, in several processes when the whole suite is wanted."""
    os.chdir(checkout)
    sys.stdout.flush()
    command = [sys.executable, "-m", "pytest", *_parallel(arguments), *arguments]
    os.execv(sys.executable, command)


def _parallel(arguments: list[str]) -> list[str]:
    chosen = any(argument.startswith(_SERIAL_OPTIONS) or not argument.startswith("-") for argument in arguments)
    processes = min(os.cpu_count() or 1, _MOST_TEST_PROCESSES)
    return [] if chosen or processes < 2 else ["-n", str(processes), "--dist", "loadfile"]


def _run_django(checkout: Path, argv: list[str]) -> int:
    from django.core.management import execute_from_command_line

    stack = prepare_environment(checkout, data=data_folder(checkout, argv))
    try:
        from django.conf import settings

        bool(settings.INSTALLED_APPS)  # reading one setting loads them all
    except ImproperlyConfigured as error:
        env.refuse_to_start(error)
    if argv[1:] in ([], ["help"], ["--help"], ["-h"]):
        print("Of this project: demo (try everything), test (run the tests). Of Django and its apps:\n")
    try:
        execute_from_command_line(argv)
    finally:
        if stack is not None:
            from django.db import connections

            connections.close_all()
            stack.stop()
    return 0


def _leave_in_order(signum: int, frame: object) -> None:
    """Turn SIGTERM into an ordinary end, so that the stack is stopped if nobody else uses it."""
    sys.exit(128 + signum)
