"""``manage.py`` on a bare machine makes its environment once, and says what is wrong when it cannot."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.socialwork.embedded.conftest import CHECKOUT, reachable_folder, without_servers

# What manage.py hands over to; here it only reports where it runs.
DESK = """
import sys
def run(checkout, argv):
    print(sys.prefix, argv[1:], flush=True)
    return 0
"""


def make_bare_checkout(place: Path) -> None:
    """Make a checkout whose lock files are empty, so that an environment needs no package index."""
    package = place / "socialwork"
    (package / "embedded").mkdir(parents=True)
    (package / "requirements").mkdir()
    shutil.copy(CHECKOUT / "manage.py", place)
    shutil.copy(CHECKOUT / "socialwork" / "embedded" / "bootstrap.py", package / "embedded")
    for file in (package / "__init__.py", package / "embedded" / "__init__.py"):
        file.touch()
    (package / "embedded" / "desk.py").write_text(DESK)
    for name in ("demo", "dev"):
        lock_file(place, name).write_text(f"# {name}\n")


def lock_file(checkout: Path, name: str) -> Path:
    return checkout / "socialwork" / "requirements" / f"{name}.txt"


def start(checkout: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    return subprocess.Popen(
        [str(base), "manage.py", *arguments],
        cwd=checkout,
        env=without_servers(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    output, _ = process.communicate(timeout=120)
    return process.returncode, output


@pytest.fixture(scope="module")
def first_starts() -> Iterator[tuple[Path, list[tuple[int, str]]]]:
    """A checkout in which two commands were started at the same moment, and what they printed."""
    with reachable_folder() as checkout:
        make_bare_checkout(checkout)
        both = [start(checkout, "check"), start(checkout, "check")]
        yield checkout, [finish(process) for process in both]


@pytest.fixture
def checkout(first_starts: tuple[Path, list[tuple[int, str]]]) -> Iterator[Path]:
    """The checkout after its first start, with its lock files put back afterwards."""
    folder, _answers = first_starts
    yield folder
    for name in ("demo", "dev"):
        lock_file(folder, name).write_text(f"# {name}\n")
    (folder / ".venv" / "socialwork.json").unlink(missing_ok=True)
    finish(start(folder, "check"))


def test_two_starts_at_once_make_one_environment(first_starts: tuple[Path, list[tuple[int, str]]]) -> None:
    checkout, answers = first_starts

    last_lines = [output.splitlines()[-1] for _status, output in answers]
    assert last_lines == [f"{checkout / '.venv'} ['check']"] * 2, answers
    assert sorted(output.count("Preparing") for _status, output in answers) == [0, 1]

    digest = hashlib.sha256(lock_file(checkout, "demo").read_bytes()).hexdigest()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert json.loads((checkout / ".venv" / "socialwork.json").read_text()) == {"python": version, "demo": digest}


def test_the_next_start_reuses_the_environment_until_the_lock_changes(checkout: Path) -> None:
    assert finish(start(checkout, "check")) == (0, f"{checkout / '.venv'} ['check']\n")

    lock_file(checkout, "demo").write_text("# changed\n")
    assert "Preparing" in finish(start(checkout, "check"))[1]
    assert "Preparing" not in finish(start(checkout, "check"))[1]


def test_tests_want_more_than_the_demo_and_include_it(checkout: Path) -> None:
    assert "Preparing" in finish(start(checkout, "test"))[1]
    assert "Preparing" not in finish(start(checkout, "demo"))[1]


def test_a_package_that_cannot_be_had_is_explained(checkout: Path) -> None:
    lock_file(checkout, "dev").write_text(f"absent==1 --hash=sha256:{'0' * 64}\n")

    status, output = finish(start(checkout, "test", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(checkout)))

    assert status == 1
    assert "absent" in output
    assert "pip could not install the packages" in output
    assert "Traceback" not in output
    assert not (checkout / ".venv" / "socialwork.json").exists()


def run_as_version(version: tuple[int, int], path: str) -> tuple[int, str]:
    """Run manage.py in a Python that claims to be of another version."""
    pretend = f"import runpy, sys; sys.version_info = {(*version, 0, 'final', 0)}; sys.argv = ['manage.py', 'demo']; "
    process = subprocess.run(
        [sys.executable, "-c", f"{pretend} runpy.run_path('manage.py', run_name='__main__')"],
        cwd=CHECKOUT,
        env=without_servers(PATH=path),
        capture_output=True,
        text=True,
        check=False,
    )
    return process.returncode, process.stdout + process.stderr


@pytest.mark.parametrize("version", [(3, 7), (3, 10), (3, 15)])
def test_an_unsuitable_python_gets_one_sentence(version: tuple[int, int], tmp_path: Path) -> None:
    status, output = run_as_version(version, str(tmp_path))

    assert status == 1
    assert output.count("\n") == 1
    assert f"this is Python {version[0]}.{version[1]}." in output


def test_an_unsuitable_python_hands_over_to_a_suitable_one(tmp_path: Path) -> None:
    other = tmp_path / "python3.12"
    other.write_text("#!/bin/sh\necho took over: $*\n")
    other.chmod(0o755)

    assert run_as_version((3, 9), str(tmp_path)) == (0, "took over: manage.py demo\n")


def test_manage_can_be_read_by_an_old_python() -> None:
    ast.parse((CHECKOUT / "manage.py").read_text(), feature_version=(3, 7))
    assert os.access(CHECKOUT / "manage.py", os.X_OK)
