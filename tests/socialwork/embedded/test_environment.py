"""``manage.py`` on a bare machine: it makes the environment once, also when two start at once, and says what is wrong."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.socialwork.embedded.conftest import CHECKOUT, without_servers

# What manage.py hands over to; here it only reports where it runs.
DESK = """
import sys
def run(checkout, argv):
    print(sys.prefix, argv[1:], flush=True)
    return 0
"""


@pytest.fixture
def bare(place: Path) -> Path:
    """A checkout whose lock files are empty, so that an environment needs no package index."""
    package = place / "socialwork"
    (package / "embedded").mkdir(parents=True)
    (package / "requirements").mkdir()
    shutil.copy(CHECKOUT / "manage.py", place)
    shutil.copy(CHECKOUT / "socialwork" / "embedded" / "bootstrap.py", package / "embedded")
    for file in (package / "__init__.py", package / "embedded" / "__init__.py"):
        file.touch()
    (package / "embedded" / "desk.py").write_text(DESK)
    for name in ("demo", "dev"):
        (package / "requirements" / f"{name}.txt").write_text(f"# {name}\n")
    return place


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
    output, _ = process.communicate(timeout=60)
    return process.returncode, output


def test_two_starts_at_once_make_one_environment_and_the_next_start_reuses_it(bare: Path) -> None:
    both = [start(bare, "check"), start(bare, "check")]
    answers = [finish(process) for process in both]

    last_lines = [output.splitlines()[-1] for _status, output in answers]
    assert last_lines == [f"{bare / '.venv'} ['check']"] * 2, answers
    assert sorted(output.count("Preparing") for _status, output in answers) == [0, 1]

    digest = hashlib.sha256((bare / "socialwork" / "requirements" / "demo.txt").read_bytes()).hexdigest()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert json.loads((bare / ".venv" / "socialwork.json").read_text()) == {"python": version, "demo": digest}
    assert finish(start(bare, "check")) == (0, f"{bare / '.venv'} ['check']\n")

    # tests want more than the demo, and a changed lock is noticed
    assert "Preparing" in finish(start(bare, "test"))[1]
    assert "Preparing" not in finish(start(bare, "demo"))[1]


def test_a_package_that_cannot_be_had_is_explained(bare: Path) -> None:
    (bare / "socialwork" / "requirements" / "demo.txt").write_text(f"absent==1 --hash=sha256:{'0' * 64}\n")

    status, output = finish(start(bare, "demo", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(bare)))

    assert status == 1
    assert "absent" in output
    assert "pip could not install the packages" in output
    assert "Traceback" not in output
    assert not (bare / ".venv" / "socialwork.json").exists()


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
