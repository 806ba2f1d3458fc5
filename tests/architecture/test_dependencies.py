"""The lock names no registry, holds every direct dependency, and each of those says what it is for."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

CHECKOUT = Path(__file__).resolve().parents[2]
LOCKS = {name: CHECKOUT / "socialwork" / "requirements" / f"{name}.txt" for name in ("base", "s3", "demo", "dev")}
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())


def pins(name: str) -> dict[str, set[str]]:
    """Versions by package in a lock file; markers may pin one package more than once."""
    found: dict[str, set[str]] = {}
    for line in LOCKS[name].read_text().splitlines():
        if match := re.match(r"([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", line):
            found.setdefault(match[1], set()).add(match[2])
    return found


def direct(name: str) -> list[Requirement]:
    groups = PROJECT["dependency-groups"]
    wanted = list(PROJECT["project"]["dependencies"])
    wanted += PROJECT["project"]["optional-dependencies"]["s3"] if name == "s3" else []
    wanted += groups["demo"] if name in {"demo", "dev"} else []
    wanted += [entry for entry in groups["dev"] if isinstance(entry, str)] if name == "dev" else []
    return [Requirement(entry) for entry in wanted]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_address_and_hashes_everything(name: str) -> None:
    text = LOCKS[name].read_text()

    assert "://" not in text
    assert "--index-url" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_every_direct_dependency(name: str) -> None:
    locked = pins(name)
    wrong = [
        str(requirement)
        for requirement in direct(name)
        if not any(version in requirement.specifier for version in locked.get(requirement.name.lower(), ()))
    ]

    assert wrong == []


def test_each_lock_contains_the_smaller_one() -> None:
    base, demo, dev, objects = pins("base"), pins("demo"), pins("dev"), pins("s3")

    assert base.items() <= demo.items() <= dev.items()
    assert base.items() <= objects.items() <= dev.items()
    assert "boto3" in objects and "boto3" not in demo


def test_each_dependency_says_what_it_is_for() -> None:
    lines = [line.strip() for line in (CHECKOUT / "pyproject.toml").read_text().splitlines()]
    named = {str(requirement) for requirement in direct("dev")}
    silent = [
        line
        for before, line in pairwise(lines)
        if line.startswith('"') and line.endswith('",') and str(Requirement(line.strip('",'))) in named
        if not (before.startswith("# ") and before.endswith("."))
    ]

    assert len(named) > 30
    assert silent == []


def test_manage_accepts_the_pythons_that_the_lock_was_made_for() -> None:
    allowed = SpecifierSet(PROJECT["project"]["requires-python"])
    suitable = re.search(r"SUITABLE = (\(.*\))\n", (CHECKOUT / "manage.py").read_text())

    assert suitable is not None
    named = re.findall(r"\((\d+), (\d+)\)", suitable[1])
    assert [f"{major}.{minor}" for major, minor in named] == [
        f"3.{minor}" for minor in range(30) if f"3.{minor}" in allowed
    ]
