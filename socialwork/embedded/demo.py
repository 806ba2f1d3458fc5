"""``manage.py demo``: the whole product on one machine, in one terminal, until Ctrl-C."""

from __future__ import annotations

import argparse
import fcntl
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from honcho.manager import SYSTEM_PRINTER_NAME, Manager
from honcho.printer import Message, Printer

from socialwork.embedded import desk
from socialwork.embedded.errors import EmbeddedServerError
from socialwork.embedded.stack import MARK, Stack

_HOST = "127.0.0.1"
_FIRST_PORT = 8000
_PORTS_TRIED = 100
_START_SECONDS = 60
_DELIBERATE = {128 + signal.SIGINT, 128 + signal.SIGTERM}


def main(checkout: Path, arguments: list[str]) -> int:
    """Prepare everything, run web server, worker and scheduler until Ctrl-C, stop what was started."""
    options = _parse(arguments)
    sys.stdout.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    if options.reset:
        _reset(checkout)
    stack = desk.prepare_environment(checkout, for_demo=True)
    print(f"Database and Redis: {f'embedded, data in {stack.data}' if stack else 'as named in the environment'}")
    # one line per request would push the sign-ins off the screen
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    _media(checkout)
    try:
        with _run_folder(checkout) as folder:
            signins = _prepare(checkout)
            port = free_port(options.port)
            if port != options.port:
                print(f"Port {options.port} is in use; taking {port}.")
            return _serve(checkout, folder, port, signins)
    except KeyboardInterrupt:
        return 130
    finally:
        if stack is not None:
            stack.stop()
            print("Stopped; the data is kept.")


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py demo", description="Run the product with invented data.")
    parser.add_argument(
        "--port", type=_port_number, default=_FIRST_PORT, help="first port to try (default %(default)s)"
    )
    parser.add_argument("--reset", action="store_true", help="throw the embedded data away and load it afresh")
    return parser.parse_args(arguments)


def _port_number(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise argparse.ArgumentTypeError(f"{value!r} is not a port: a number from 1 to 65535 is needed")
    return int(value)


def free_port(first: int) -> int:
    """Return the first port from ``first`` on that nobody listens on.

    Raises EmbeddedServerError when there is none among the next hundred.
    """
    for port in range(first, min(first + _PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_HOST, port))
            except OSError:
                continue
            return port
    raise EmbeddedServerError(f"No port from {first} on is free: choose another one with --port.")


def _reset(checkout: Path) -> None:
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        raise EmbeddedServerError("--reset throws away embedded data only, and DATABASE_URL names another database.")
    Stack(checkout / "var" / "stack").reset()
    media = checkout / "var" / "media"
    if (media / MARK).exists():
        shutil.rmtree(media)
    (checkout / "var" / "secrets.json").unlink(missing_ok=True)
    print("The embedded data was thrown away.")


def _media(checkout: Path) -> None:
    """Make the folder of uploaded files and mark it as ours, so that --reset may remove it."""
    if not os.environ.get("MEDIA_ROOT"):
        media = checkout / "var" / "media"
        if not media.exists():
            media.mkdir(parents=True, mode=0o700)
            (media / MARK).touch()


@contextmanager
def _run_folder(checkout: Path) -> Iterator[Path]:
    """A folder for this run. Its lock is held as long as this process lives; children watch it to learn of our end."""
    parent = checkout / "var" / "run"
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.iterdir():
        with suppress(OSError), (left / "alive").open("a") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left)
    folder = parent / str(os.getpid())
    folder.mkdir(exist_ok=True)
    # Such a lock, unlike flock's, is not inherited by the processes that honcho forks.
    with (folder / "alive").open("a") as alive:
        fcntl.lockf(alive, fcntl.LOCK_EX)
        yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _prepare(checkout: Path) -> str:
    """Bring database, catalogue and data up to date in a process of its own; return the list of sign-ins."""
    print("Bringing database and demo data up to date ...")
    command = [sys.executable, "-m", "socialwork.embedded.prepare", str(checkout / "var" / "prepare.lock")]
    answer = subprocess.run(command, cwd=checkout, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False)
    if answer.returncode != 0:
        raise EmbeddedServerError("Database or demo data could not be brought up to date; the lines above say why.")
    return answer.stdout


def _serve(checkout: Path, folder: Path, port: int, signins: str) -> int:
    address = f"http://{_HOST}:{port}/"
    manager = Manager(_Announcing(address, signins))
    follow = [sys.executable, "-m", "socialwork.embedded.follow", str(folder / "alive"), sys.executable, "-m"]
    environment = {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",
        # Celery objects to root at length; a demo in a container is nothing else.
        "PYTHONWARNINGS": "ignore::UserWarning:celery.platforms",
    }
    for name, program in _programs(folder, port).items():
        manager.add_process(name, f"exec {shlex.join([*follow, *program])}", env=environment, cwd=str(checkout))
    manager.loop()
    if manager.returncode in _DELIBERATE:
        return 0
    print("One of the processes ended by itself; the lines above say which and why.", file=sys.stderr)
    return manager.returncode or 1


def _programs(folder: Path, port: int) -> dict[str, list[str]]:
    web = ["gunicorn", "socialwork.wsgi", "--bind", f"{_HOST}:{port}", "--workers", "2", "--worker-class", "sync"]
    # loaded once, before the workers are forked: half the waiting
    web += ["--preload", "--log-level", "warning", "--graceful-timeout", "3", "--timeout", "60", "--no-control-socket"]
    celery = ["celery", "--app", "socialwork", "--quiet"]
    worker = [*celery, "worker", "--loglevel", "WARNING", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(folder / "beat"), "--pidfile="]
    return {"web": web, "worker": worker, "beat": beat}


class _Announcing(Printer):
    """Passes the programs' lines on without honcho's own, and says where to go once the web server answers."""

    def __init__(self, address: str, signins: str) -> None:
        super().__init__(sys.stdout)
        self._address = address
        self._signins = signins
        self._begun = False
        self._stopping = False

    def write(self, message: Message) -> None:
        # The first message comes after every process was forked: only now is a thread harmless.
        if not self._begun:
            self._begun = True
            threading.Thread(target=self._announce, daemon=True).start()
        if message.name != SYSTEM_PRINTER_NAME:
            super().write(message)
        elif message.data.startswith("SIG"):  # "SIGINT received": from now on an end is what was asked for
            self._stopping = True
        elif "stopped (rc=" in message.data and not self._stopping:
            super().write(message)

    def _announce(self) -> None:
        limit = time.monotonic() + _START_SECONDS
        while not _answers(self._address):
            if time.monotonic() > limit:
                print(f"The web server has not answered at {self._address} yet.", file=sys.stderr)
                return
            time.sleep(0.1)
        parts = [f"Ready: {self._address}", self._signins.strip(), "Stop with Ctrl-C."]
        print("", *filter(None, parts), "", sep="\n\n")


def _answers(address: str) -> bool:
    # no proxy: the user's may not know this machine
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}livez/", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
